"""What is monitored: goals, targets, indicators, proposals and agendas, as facts with source and certainty.

from sojourn import framework
facts = framework.load()
"""

from __future__ import annotations

from sojourn.framework.reading import Framework, load

__all__ = ["Framework", "load"]
