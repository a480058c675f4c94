"""What is monitored: goals, targets, indicators, proposals and agendas, as facts with source and certainty.

    from sojourn import framework
    facts = framework.load()
    framework.gaps(facts, here={"10.7.2": ("SG_CPA_MIGRP",)})
    framework.crosswalk(facts, "compact", "sdg")

The facts are in `facts/`, one CSV file each; `framework.availability` counts what a release holds of them, and
`framework.core_set.choose` chooses a core set of indicators from an office's own feasibility file.
"""

from __future__ import annotations

from sojourn.framework.availability import availability
from sojourn.framework.crosswalk import SCHEMES, Link, crosswalk
from sojourn.framework.questions import TargetCoverage, gaps, shared, subjects
from sojourn.framework.reading import Framework, load

__all__ = [
    "SCHEMES",
    "Framework",
    "Link",
    "TargetCoverage",
    "availability",
    "crosswalk",
    "gaps",
    "load",
    "shared",
    "subjects",
]
