"""`sojourn country`: everything about one country, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sojourn import areas, console
from sojourn.commands.composites import NO_PARTS, beside
from sojourn.commands.current import current
from sojourn.console import basis, interval, number, table, unit
from sojourn.release import Release
from sojourn.release.country import profile

_FLOWS = {
    # flow of SJ_EXTERNAL_FINANCE: in words, and what would fill it
    "REMITTANCES": ("remittances received", "BX.TRF.PWKR.CD.DT"),
    "REMITTANCES_PAID": ("remittances paid", "BM.TRF.PWKR.CD.DT"),
    "ODA": ("official development assistance", "DT.ODA.ALLD.CD"),
    "FDI": ("foreign direct investment", "BX.KLT.DINV.CD.WD"),
}

_GROUPS = {
    "FOREIGN": "foreign-born",
    "NATIVE": "native-born",
    "CITIZEN": "citizens",
    "FOREIGNER": "foreigners",
    "STATELESS": "stateless people",
    "REGULAR": "in regular stay",
    "IRREGULAR": "in irregular stay",
}
"""Codes of migratory status, as people read them."""


def _print_financing(numbers: pl.DataFrame) -> None:
    """Print remittances beside aid and direct investment; a flow without a number says what would fill it."""
    own = numbers.filter(series="SJ_EXTERNAL_FINANCE")
    lines = []
    for flow, (words, code) in _FLOWS.items():
        found = own.filter(breakdown=f"FLOW={flow}")
        if found.is_empty():
            lines.append((words, "–", "no data", f"could come from wdi: {code} (sojourn fetch wdi)"))
        for row in found.iter_rows(named=True):
            lines.append((words, row["period"], number(row["value"]), row["source"]))
    columns = [("financing", "code"), ("period", "code"), ("million US$", "right"), ("source", "left")]
    table("Remittances beside aid and direct investment: different things, never added", columns, lines)


def print_country(area: str, release: str | None, *, limit: int, as_json: bool) -> None:
    """Print the profile of a country."""
    opened = current(release)
    found = profile(opened, area)
    if as_json:
        console.print_json({"release": opened.name, "as_of": opened.manifest.as_of} | found.as_dict())
        return
    known = opened.series()
    totals = _of_all_ages(found.numbers.filter(breakdown="", sex="_T"))
    # The rank of a composite index stands below the index, and needs no line of its own.
    ranks = [
        pair[1] for code in totals["series"] if (pair := known[code].get("composite")) and pair[0] == code
    ]
    totals = totals.filter(~pl.col("series").is_in(ranks))
    lines = [
        line
        for row in totals.head(limit).iter_rows(named=True)
        for line in _lines(opened, known[row["series"]], row)
    ]
    columns = [
        ("series", "left"),
        ("period", "code"),
        ("value", "right"),
        ("interval", "right"),
        ("basis", "code"),
    ]
    table(f"{areas.name(found.area)} ({found.area}), as of {opened.manifest.as_of}", columns, lines)
    console.out.print("Where no interval stands, the error is not known.", style="dim")
    console.out.print(f"{found.numbers.height:,} numbers with their breakdowns: --json", style="dim")
    _print_financing(found.numbers)
    if found.corridors:
        counted = ", ".join(f"{series} {count:,}" for series, count in found.corridors.items())
        console.out.print(f"corridors and flows: {counted}", style="dim")
    missing = [
        [gap.series, gap.name, gap.why, "; ".join(gap.from_whom), "; ".join(gap.sources)]
        for gap in found.gaps
    ]
    gap_columns = [
        ("series", "code"),
        ("name", "left"),
        ("missing because", "left"),
        ("should come from", "left"),
        ("filled by", "left"),
    ]
    table("What is missing", gap_columns, missing)


def _lines(release: Release, meaning: Mapping[str, Any], row: Mapping[str, Any]) -> list[list[Any]]:
    """Write one number; below a composite index its components and its rank, which are never left out."""
    value = f"{number(row['value'])} {unit(row['unit'])}".strip() if row["value"] is not None else "not known"
    own = [
        ": ".join([meaning["name"], *filter(None, [_who(row)])]),
        row["period"],
        value,
        interval(dict(row)) if row["upper"] is not None else "",
        basis(row["basis"]),
    ]
    hidden = beside(release, meaning, [row["area"]]).get((row["area"], row["period"]))
    if hidden is None:
        return [own]
    parts = hidden.parts or ((NO_PARTS, None),)
    below = [[f"  part {name}", row["period"], number(score), "", ""] for name, score in parts]
    if row["series"] == meaning["composite"][0]:
        below.append(["  rank", row["period"], hidden.rank, "", ""])
    return [own, *below]


def _who(row: Mapping[str, Any]) -> str:
    """Say of whom a number is: nothing of everybody, else such as "foreign-born"."""
    codes = [row[name] for name in ("nativity", "citizenship", "legal_status")]
    return ", ".join(_GROUPS.get(code, code.lower()) for code in codes if code != "_T")


def _of_all_ages(numbers: pl.DataFrame) -> pl.DataFrame:
    """Keep the widest ages of each series: all, or those that it is about, such as 15 and over."""
    codes = numbers["age"].unique().sort().to_list()
    span = pl.col("age").replace_strict(codes, [span_of(code) for code in codes], return_dtype=pl.Int64)
    return numbers.filter(span == span.max().over("series"))


def span_of(age: str) -> int:
    """Count the years of age that a code holds, those without an end up to 200; 0 where it says none.

    >>> span_of("_T"), span_of("Y_GE15"), span_of("Y15T24")
    (201, 186, 10)
    """
    if age == "_T":
        return 201
    first, _, last = age.removeprefix("Y").removeprefix("_GE").partition("T")
    if not first.isdigit():
        return 0
    return (int(last) if last.isdigit() else 200) - int(first) + 1
