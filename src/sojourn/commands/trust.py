"""`sojourn problems`, `differences`, `verify` and `diff`: why a release can be trusted, or not."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sojourn import areas, console, project
from sojourn.commands.current import current
from sojourn.console import table
from sojourn.release.compare import compare
from sojourn.release.differences import open_difference, summary
from sojourn.release.find import find_series
from sojourn.release.folder import locate, releases
from sojourn.release.headline import preferences
from sojourn.release.verify import verify


def print_problems(release: str | None, *, as_json: bool, as_csv: bool) -> None:
    """List rejected rows and emptied cells, and what readers noted about each file."""
    opened = current(release)
    found = opened.problems()
    if console.print_frame(found, as_json=as_json, as_csv=as_csv):
        return
    keys = ["file", "sheet", "column", "problem", "action"]
    counts = found.group_by(keys).agg(
        pl.len().alias("cells"), pl.col("row").min().alias("first row"), pl.col("value").drop_nulls().first()
    )
    rows = counts.sort(keys).select(pl.col(keys).fill_null(""), "cells", "first row", "value")
    columns = [(name, "right" if name in ("cells", "first row") else "left") for name in rows.columns]
    table("", columns, ([cell if cell is not None else "" for cell in row] for row in rows.iter_rows()))
    console.out.print(f"{found.height:,} in all; --csv lists each.\n", style="dim")
    for one in opened.manifest.inputs:
        for note in one.notes:
            console.out.print(f"{one.file}: {note}")


def print_differences(
    release: str | None,
    series: str | None,
    *,
    details: bool,
    by_year: bool,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Compare computed with published numbers."""
    opened = current(release)
    pairs = opened.differences()
    if series:
        codes = find_series(series, opened.series())
        compared = set(pairs["series"])
        # Of the series that a text may mean, the first that has something to compare.
        code = next((one for one in codes if one in compared), codes[0])
        pairs = pairs.filter(series=code)
    shown = pairs.filter(open_difference()) if details else summary(pairs, by_year=by_year)
    if console.print_frame(shown, as_json=as_json, as_csv=as_csv):
        return
    if details:
        wanted = [
            "series",
            "area",
            "counterpart",
            "period",
            "breakdown",
            "computed",
            "published",
            "difference",
        ]
        shown = shown.sort(pl.col("difference").abs(), descending=True).select(*wanted, "published_source")
    right = {"computed", "published", "difference", "compared", "agree", "differ", "largest_difference"}
    columns = [(name.replace("_", " "), "right" if name in right else "left") for name in shown.columns]
    if details:
        places = pl.col("area", "counterpart").map_elements(
            lambda code: areas.name(code) if code else "", return_dtype=pl.String
        )
        shown = shown.with_columns(places)
    lines = ([_figure(cell) for cell in row] for row in shown.head(limit).iter_rows())
    table("computed minus published", columns, lines)
    if shown.height > limit:
        console.out.print(f"{shown.height - limit:,} more rows: --limit, --csv", style="dim")
    open_ = pairs.filter(open_difference()).height
    revised = pairs.filter(~pl.col("agrees")).height - open_
    console.out.print(
        f"{pairs.height:,} compared; {open_:,} open (--open lists them), {revised:,} revised by their publisher.",
        style="dim",
    )
    if open_:
        console.out.print("Where a reason is known, sojourn compare SERIES gives it.", style="dim")


def _figure(value: object) -> str:
    """Four decimals, none above a thousand, or two digits where that would print nothing but zeros.

    >>> _figure(8.851), _figure(17184286.0), _figure(1.5e-06), _figure(2167), _figure("check")
    ('8.8510', '17,184,286', '1.5e-06', '2,167', 'check')
    """
    if isinstance(value, int) or (isinstance(value, float) and abs(value) >= 1000):
        return f"{value:,.0f}"
    if isinstance(value, float):
        return f"{value:.4f}" if value == 0 or abs(value) >= 0.0005 else f"{value:.2g}"
    return str(value)


def print_verdict(name: str | None, *, as_json: bool) -> bool:
    """Check a release and print the verdict; tell whether it is sound."""
    path = Path(name) if name and Path(name).is_dir() and not releases(Path(name)) else None
    verdict = verify(path or locate(name, project.load().releases))
    if as_json:
        console.print_json({"release": str(verdict.path), "sound": verdict.sound, "faults": verdict.faults})
    elif verdict.sound:
        console.out.print(f"sound: {verdict.files} files of {verdict.path} are as published", style="green")
    else:
        console.out.print(f"damaged: {verdict.path}", style="bold red")
        for fault in verdict.faults:
            console.out.print(f"  {fault}")
    return verdict.sound


def print_comparison(before: str, after: str, *, limit: int, as_json: bool) -> None:
    """Say what changed between two releases."""
    old, new = current(before), current(after)
    preferred = preferences(new.series())
    found = compare(old.observations(), new.observations(), old.manifest, new.manifest, preferred)
    if as_json:
        parts = {"added": found.added.height, "removed": found.removed.height, "unchanged": found.unchanged}
        console.print_json(parts | {"changed": found.changed.to_dicts(), "reasons": found.reasons})
        return
    console.out.print(
        f"{old.name} → {new.name}: {found.changed.height:,} changed, {found.added.height:,} new, ", end=""
    )
    console.out.print(f"{found.removed.height:,} gone, {found.unchanged:,} as before")
    for reason in found.reasons:
        console.out.print(f"  {reason}", style="dim")
    if found.changed.height:
        columns = ["series", "area", "counterpart", "period", "breakdown", "before", "after", "change"]
        lines = (
            [f"{cell:.6g}" if isinstance(cell, float) else cell or "" for cell in row]
            for row in found.changed.select(columns).head(limit).iter_rows()
        )
        right = {"before", "after", "change"}
        table("largest changes", [(name, "right" if name in right else "left") for name in columns], lines)
