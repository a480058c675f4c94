"""Everything that `sojourn registry verify` looks at: the chain and the texts that it seals, and what stands beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sojourn.web.registry.services import attaching, audit, proving, retracing
from sojourn.web.registry.services.audit import Broken

Stage = Callable[[], Iterator[Broken]]
Report = Callable[[str, int, int], None]

OF_THE_ROWS: Mapping[str, Stage] = {
    "rows": proving.rows_changed,
    "states": proving.states_changed,
    "what stands beside records": retracing.strayed,
    "files": attaching.changed_files,
}
"""Whether rows and files are what texts and trail say."""


def faults(noted: tuple[int, str] | None = None, report: Report | None = None) -> Iterator[Broken]:
    """Find whatever was changed past the program.

    Args:
        noted: number and seal of a head of the trail that was noted earlier.
        report: told each stage as it begins.
    """
    stages = {**_of_the_trail(noted), **OF_THE_ROWS}
    for place, (name, find) in enumerate(stages.items()):
        if report is not None:
            report(f"verifying {name}", place, len(stages))
        yield from find()


def of_the_trail(noted: tuple[int, str] | None = None) -> Iterator[Broken]:
    """Find faults of the chain itself, of the texts whose digests it holds, and of what guards both."""
    for find in _of_the_trail(noted).values():
        yield from find()


def of_the_rows() -> Iterator[Broken]:
    """Find rows and files that are not what texts and trail say."""
    for find in OF_THE_ROWS.values():
        yield from find()


def _of_the_trail(noted: tuple[int, str] | None) -> Mapping[str, Stage]:
    return {
        "events": lambda: audit.broken(noted),
        "texts": audit.texts_changed,
        "triggers": audit.triggers_missing,
    }
