"""`sojourn compare`: what several sources say of the same number, how far apart they are, and why."""

from __future__ import annotations

from typing import Any

import polars as pl
from rich.text import Text

from sojourn import areas, console
from sojourn.commands.current import current
from sojourn.console import number, place, table
from sojourn.errors import NotFoundError
from sojourn.release import Release
from sojourn.release.coherence import OPEN, pairs_of, summary
from sojourn.release.find import find_series


def show_comparison(
    text: str | None,
    filters: dict[str, list[str] | None],
    *,
    only_open: bool,
    release: str | None,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the agreement of each two sources, or pair by pair where an area, period or `only_open` is given."""
    opened = current(release)
    wanted: dict[str, Any] = {name: values for name, values in filters.items() if values}
    found = _pairs(opened, text, wanted)
    pair_by_pair = bool(wanted) or only_open
    counted = summary(found)
    shown = found.filter(kind=OPEN) if only_open else found
    if pair_by_pair:
        # The largest difference first, whatever its sign.
        shown = shown.sort(pl.col("difference").abs(), descending=True, nulls_last=True, maintain_order=True)
    if console.print_frame(shown if pair_by_pair else counted, as_json=as_json, as_csv=as_csv):
        return
    if pair_by_pair:
        _print_pairs(shown, limit)
    else:
        _print_summary(counted)
    _print_totals(found)
    console.out.print(f"release {opened.name}, as of {opened.manifest.as_of}", style="dim")


def _pairs(release: Release, text: str | None, wanted: dict[str, Any]) -> pl.DataFrame:
    """Pair the sources of the series that a text means: the first of them that has two."""
    known = release.series()
    codes: list[str | None] = [*find_series(text, known)] if text else [None]
    for code in codes:
        found = pairs_of(release, **wanted, **({} if code is None else {"series": code}))
        if found.height:
            return found
    named = f" of {codes[0]}" if codes[0] else ""
    where = ", ".join(one for values in wanted.values() for one in values)
    raise NotFoundError(
        f"No two sources of this release give the same number{named}" + (f" for {where}" if where else ""),
        where=str(release.path),
        accepted="series with several sources: "
        + ", ".join(sorted(set(summary(pairs_of(release))["series"]))),
        advice="Leave out an option, or build with another source's files.",
    )


def _print_summary(counted: pl.DataFrame) -> None:
    columns = [("one source, and another", "left"), ("compared", "right"), ("equal", "right")]
    columns += [("explained", "right"), ("open", "right"), ("median |%|", "right"), ("largest", "right")]
    columns += [("because of", "wide")]
    lines: list[list[str | Text]] = []
    for (series,), own in counted.group_by("series", maintain_order=True):
        lines.append([Text(series, style="bold"), *[""] * 7])
        for row in own.iter_rows(named=True):
            counts = [f"{row[name]:,}" for name in ("compared", "equal", "explained", "open")]
            sizes = [_percent(row["median_relative"]), number(row["largest_difference"])]
            sources = f"{row['source']}\n{row['other_source']}".replace("+", " +")
            lines.append([Text(sources, overflow="fold"), *counts, *sizes, row["reasons"]])
    table("the same number from two sources", columns, lines)


def _print_pairs(found: pl.DataFrame, limit: int) -> None:
    several = found["series"].n_unique() > 1
    columns = [*([("series", "code")] if several else []), ("area", "left"), ("period", "code")]
    columns += [
        ("of", "left"),
        ("one source", "left"),
        ("says", "right"),
        ("another", "left"),
        ("says", "right"),
    ]
    columns += [("difference", "right"), ("%", "right"), ("because of", "left")]
    lines = [
        [
            *([row["series"]] if several else []),
            place(row),
            row["period"],
            _of(row),
            _source(row["source"]),
            number(row["value"]),
            _source(row["other_source"]),
            number(row["other_value"]),
            number(row["difference"]),
            _percent(row["relative"]),
            row["kind"],
        ]
        for row in found.head(limit).iter_rows(named=True)
    ]
    table("difference: the second source less the first", columns, lines)
    if found.height > limit:
        console.out.print(f"{found.height - limit:,} more pairs: --limit, --csv", style="dim")
    reasons = found.head(limit).filter(pl.col("reason") != "")
    for kind, reason, certainty in (
        reasons.select("kind", "reason", "certainty").unique(maintain_order=True).rows()
    ):
        console.out.print(f"{kind}: {reason} ({certainty})", style="dim")


def _print_totals(found: pl.DataFrame) -> None:
    counts = dict(found.group_by("kind").len().sort("kind").iter_rows())
    told = ", ".join(f"{kind} {count:,}" for kind, count in counts.items())
    console.out.print(f"{found.height:,} pairs: {told}.")
    if counts.get(OPEN):
        console.out.print("No reason is known for the open ones: --only-open lists them.", style="dim")


def _of(row: dict[str, Any]) -> str:
    parts = [
        row[name] for name in ("sex", "age", "nativity", "citizenship", "legal_status") if row[name] != "_T"
    ]
    return " ".join([*parts, row["breakdown"]]).strip()


def _source(text: str) -> Text:
    """Let a table break a source before its edition, and never cut it off.

    >>> str(_source("unhcr_population@to-2025+wpp@2019"))
    'unhcr_population @to-2025 +wpp @2019'
    """
    return Text(text.replace("@", " @").replace("+", " +"), overflow="fold")


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if abs(value) < 1000 else f"{value:,.0f}"


def print_others(release: Release, code: str, area: str, period: str | None) -> None:
    """Print, for one series and area, the numbers of all sources of each period: the link of an observation."""
    wanted: dict[str, Any] = {"area": [area], **({"period": [period]} if period else {})}
    found = pairs_of(release, series=code, **wanted).filter(
        pl.col("counterpart") == "", breakdown="", sex="_T"
    )
    if not found.height:
        name = areas.name(areas.resolve(area))
        console.out.print(f"\nOnly one source of this release gives the number for {name}.")
        return
    console.out.print("\nOther sources for the same number", style="bold")
    _print_pairs(found.sort("period", "source", "other_source", descending=[True, False, False]), 12)


def print_agreement(release: Release, code: str) -> None:
    """Print how far the sources of a series agree, where it has several."""
    found = pairs_of(release, series=code)
    if not found.height:
        return
    console.out.print("\nSources of the same number", style="bold")
    for row in summary(found).iter_rows(named=True):
        why = f" ({row['reasons']})" if row["reasons"] else ""
        console.out.print(
            f"{row['source']} and {row['other_source']}: {row['equal']:,} of {row['compared']:,} equal, "
            f"{row['open']:,} open; median {_percent(row['median_relative'])} %, "
            f"largest {number(row['largest_difference'])}{why}"
        )
    console.out.print(f"sojourn compare {code} --area AREA lays them side by side.", style="dim")
