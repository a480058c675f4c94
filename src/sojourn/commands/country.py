"""`sojourn country`: everything about one country, and what is missing."""

from __future__ import annotations

from sojourn import areas, console
from sojourn.commands.current import current
from sojourn.console import basis, interval, number, table, unit
from sojourn.release.country import profile


def print_country(area: str, release: str | None, *, limit: int, as_json: bool) -> None:
    """Print the profile of a country."""
    opened = current(release)
    found = profile(opened, area)
    if as_json:
        console.print_json({"release": opened.name, "as_of": opened.manifest.as_of} | found.as_dict())
        return
    known = opened.series()
    totals = found.numbers.filter(breakdown="", sex="_T", age="_T")
    lines = [
        [
            known[row["series"]]["name"],
            row["period"],
            f"{number(row['value'])} {unit(row['unit'])}".strip(),
            interval(row),
            basis(row["basis"]),
        ]
        for row in totals.head(limit).iter_rows(named=True)
    ]
    columns = [
        ("series", "left"),
        ("period", "code"),
        ("value", "right"),
        ("interval", "right"),
        ("basis", "code"),
    ]
    table(f"{areas.name(found.area)} ({found.area}), as of {opened.manifest.as_of}", columns, lines)
    console.out.print(f"{found.numbers.height:,} numbers with their breakdowns: --json", style="dim")
    if found.corridors:
        counted = ", ".join(f"{series} {count:,}" for series, count in found.corridors.items())
        console.out.print(f"corridors and flows: {counted}", style="dim")
    missing = [[gap.series, gap.name, gap.why, "; ".join(gap.sources)] for gap in found.gaps]
    gap_columns = [
        ("series", "code"),
        ("name", "left"),
        ("missing because", "left"),
        ("could come from", "left"),
    ]
    table("What is missing", gap_columns, missing)
