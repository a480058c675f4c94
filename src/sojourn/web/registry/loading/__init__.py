"""Brings the facts of `sojourn.framework` into the registry: published, with their sources, certainty and wording.

    from sojourn.web.registry.loading import load_facts
    load_facts()

It can be run again at any time: a fact that has not changed is left alone, one that has is a new version, and one
that a person has edited since is theirs, and is counted.
"""

from __future__ import annotations

from sojourn.web.registry.loading.all import load_facts
from sojourn.web.registry.loading.put import Loaded

__all__ = ["Loaded", "load_facts"]
