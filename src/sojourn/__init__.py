"""Sojourn measures international migration and holds the promises made about it to those measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sojourn.release.gate import Release, open_release

__version__ = "0.1.0"
__all__ = ["Release", "__version__", "open_release"]


def __getattr__(name: str) -> object:
    """Load the release reader on first use, so that `import sojourn` costs nothing."""
    if name in ("Release", "open_release"):
        from sojourn.release import gate

        return getattr(gate, name)
    raise AttributeError(f"module 'sojourn' has no attribute {name!r}")
