"""`sojourn survey simulate`: the file of an invented country, to learn and to test with."""

from __future__ import annotations

from pathlib import Path

from sojourn import console
from sojourn.errors import UsageError
from sojourn.simulate import Country, write
from sojourn.sources.microdata.conversion import disk_errors


def show_simulation(file: Path, households: int, year: int, seed: int, *, whole: bool, as_json: bool) -> None:
    """Write the simulated survey or population and say what it is.

    Raises:
        UsageError: the file is already there, or its ending names no format.
        SourceError: it cannot be written.
    """
    if file.suffix not in (".parquet", ".csv"):
        raise UsageError(f"{file.name} names no format", accepted="a name that ends in .parquet or .csv")
    if file.exists():
        raise UsageError(
            "The file is already there", where=file, advice="Name another file, or delete this one."
        )
    draft = file.with_name(f".unfinished-{file.name}")
    try:
        with console.progress() as report, disk_errors(file.parent):
            report("inventing people", 0, 1)
            rows = write(draft, Country(households=households, year=year), seed, whole=whole)
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    what = "everybody, with the truth" if whole else "a sample with 80 replicate weights"
    if as_json:
        console.print_json(
            {"file": str(file), "rows": rows, "seed": seed, "households": households, "what": what}
        )
        return
    console.out.print(
        console.plain(f"{file}: {rows:,} invented persons of {households:,} households: {what}")
    )
    if not whole:
        console.out.print("Its mapping comes with this program: --mapping simulated_country", style="dim")
