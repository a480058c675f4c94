"""Everything that `sojourn registry verify` looks at: the chain and the texts that it seals, and what stands beside."""

from __future__ import annotations

from collections.abc import Iterator

from sojourn.web.registry.services import attaching, audit, proving, retracing
from sojourn.web.registry.services.audit import Broken


def faults(noted: tuple[int, str] | None = None) -> Iterator[Broken]:
    """Find whatever was changed past the program.

    Args:
        noted: number and seal of a head of the trail that was noted earlier.
    """
    yield from of_the_trail(noted)
    yield from of_the_rows()


def of_the_trail(noted: tuple[int, str] | None = None) -> Iterator[Broken]:
    """Find faults of the chain itself, of the texts whose digests it holds, and of what guards both."""
    yield from audit.broken(noted)
    yield from audit.texts_changed()
    yield from audit.triggers_missing()


def of_the_rows() -> Iterator[Broken]:
    """Find rows and files that are not what texts and trail say."""
    yield from proving.rows_changed()
    yield from proving.states_changed()
    yield from retracing.strayed()
    yield from attaching.changed_files()
