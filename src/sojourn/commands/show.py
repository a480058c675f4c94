"""`sojourn show`: numbers with their errors."""

from __future__ import annotations

from typing import Any

import polars as pl

from sojourn import console, observations
from sojourn.commands.composites import beside
from sojourn.commands.current import current
from sojourn.console import basis, interval, number, place, table, unit
from sojourn.errors import NotFoundError
from sojourn.release import Release
from sojourn.release.find import find_series

PERSONS = ("sex", "age", "nativity", "citizenship", "legal_status")
"""Columns that say of whom a number is."""

_EVERYBODY = "_T"


def show_series(
    text: str,
    filters: dict[str, list[str] | None],
    *,
    breakdown: str | None,
    release: str | None,
    every: bool,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print numbers of the series that a text means."""
    opened = current(release)
    known = opened.series()
    codes = find_series(text, known)
    wanted = {name: values for name, values in filters.items() if values}
    code, found = _first_found(opened, codes, wanted, breakdown, every)
    if not found.height:
        raise NotFoundError(
            f"The release holds no such number of {code}",
            where=str(opened.path),
            accepted=_available(opened, code),
            advice="Leave out an option, or see what there is with: sojourn show " + code + " --csv",
        )
    if not wanted and not (as_json or as_csv):
        found = opened.latest(found, every_source=every)
    if console.print_frame(found.with_columns(observations.basis()), as_json=as_json, as_csv=as_csv):
        return
    shown = found if breakdown == "all" else of_everybody(found)
    _print_numbers(opened, code, known[code], shown, limit, latest_only=not wanted)
    if shown.height < found.height:
        parts = [name for name in PERSONS if found[name].n_unique() > 1]
        console.out.print(f"Also by {', '.join(parts)}: --breakdown all, --csv", style="dim")
    others = [f"{one} ({known[one]['name']})" for one in codes if one != code][:4]
    if others:
        console.out.print(f"Also meant by {text!r}: " + "; ".join(others), style="dim")


def _first_found(
    release: Release, codes: list[str], wanted: dict[str, list[str]], breakdown: str | None, every: bool
) -> tuple[str, pl.DataFrame]:
    """Take the first of the series that a text may mean in which there is something to show."""
    shown = pl.DataFrame()
    for code in codes:
        # Typed keywords: each filter takes a list of texts.
        found = release.observations(series=code, **wanted, only_headline=not every)  # type: ignore[arg-type]
        if breakdown != "all":
            totals = found.filter(pl.col("breakdown") == (breakdown or ""))
            found = totals if totals.height or breakdown else found
        if found.height:
            return code, found
        shown = found
    return codes[0], shown


def of_everybody(found: pl.DataFrame) -> pl.DataFrame:
    """Leave out the parts of a total by sex, age and the like, where the total stands beside them."""
    beside = ["area", "counterpart", "period", "breakdown"]
    for name in PERSONS:
        total = pl.col(name) == _EVERYBODY
        found = found.filter(total | ~total.any().over(beside))
    return found


def _available(release: Release, code: str) -> str:
    every = release.observations(series=code)
    if not every.height:
        return "series with numbers: see 'sojourn list series'"
    breakdowns = sorted(every["breakdown"].unique())[:8]
    return (
        f"{every['area'].n_unique()} areas; periods {every['period'].min()!s} to {every['period'].max()!s}; "
        f"breakdowns {', '.join(repr(one) for one in breakdowns)}"
    )


def _print_numbers(
    release: Release,
    code: str,
    meaning: dict[str, Any],
    found: pl.DataFrame,
    limit: int,
    *,
    latest_only: bool,
) -> None:
    labelled = found.with_columns(observations.basis())
    order = pl.col("area").str.contains(r"^(001|G20|WB_|\d)").not_()
    rows = labelled.sort(order, "area", "counterpart", "period", "breakdown", *PERSONS).head(limit)
    head = f"{code}  {meaning['name']}"
    if meaning["target"] is not None:
        head += f"\ntarget: {meaning['target']:g} {unit(meaning['unit'])} by {meaning['target_year']}"
    several = [name for name in (*PERSONS, "breakdown") if rows[name].n_unique() > 1]
    sources = rows["source"].unique().sort().to_list()
    columns = [("area", "left"), ("period", "code"), *((name, "left") for name in several)]
    columns += [(unit(meaning["unit"]) or "number", "right")]
    # A column that says "not known" in every row says it better once, below the table.
    bounded = rows["lower"].is_not_null().any()
    counted = rows["n"].is_not_null().any()
    columns += [("interval", "right")] if bounded else []
    columns += [("n", "right")] if counted else []
    columns += [("basis", "code"), *([("source", "left")] if len(sources) > 1 else [])]
    hidden = beside(release, meaning, rows["area"].to_list())
    columns += [("rank", "right"), ("parts", "left")] if hidden else []
    lines = []
    for row in rows.iter_rows(named=True):
        line = [place(row), row["period"], *(row[name].replace(";", "; ") for name in several)]
        line += [number(row["value"]), *([interval(row)] if bounded else [])]
        line += [*([number(row["n"])] if counted else []), basis(row["basis"])]
        line += [row["source"]] if len(sources) > 1 else []
        own = hidden.get((row["area"], row["period"])) if not row["breakdown"] else None
        line += [own.rank, own.in_words()] if own else ["", ""] if hidden else []
        lines.append(line)
    table(head, columns, lines)
    _print_notes(labelled, rows, limit)
    if latest_only:
        console.out.print("The newest number of each area; --area or --period shows history.", style="dim")
    if meaning["limits"]:
        console.out.print(f"Mind: {meaning['limits']}", style="dim")
    console.out.print(f"release {release.name}, as of {release.manifest.as_of}", style="dim")


def _print_notes(found: pl.DataFrame, rows: pl.DataFrame, limit: int) -> None:
    """Say below a table what its rows share: error, source, method, why a number is not there."""
    if rows["lower"].null_count() == rows.height:
        reasons = (
            rows["note"].str.extract(r"no error is known: ([^;]+)").drop_nulls().unique(maintain_order=True)
        )
        because = f": {console.plain(reasons[0])}" if len(reasons) == 1 else ""
        console.out.print(f"The error of these numbers is not known{because}.", style="dim")
    if rows["source"].n_unique() == 1:
        console.out.print(f"source {rows['source'][0]}", style="dim")
    for method in rows["method"].unique(maintain_order=True).head(3):
        console.out.print(f"method {method}", style="dim")
    if rows.filter(pl.col("lower").is_not_null() & pl.col("level").is_null()).height:
        console.out.print("* a range of stated doubts, no probability interval", style="dim")
    for why in rows.filter(pl.col("value").is_null())["note"].unique(maintain_order=True).head(3):
        console.out.print(f"no number: {why}", style="dim")
    if found.height > limit:
        console.out.print(f"{found.height - limit:,} more rows: --limit, --area, --csv", style="dim")
