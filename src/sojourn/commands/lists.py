"""`sojourn list`: sources, indicators, series, areas and releases."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sojourn import areas, console, discovery, project
from sojourn.commands.current import current
from sojourn.console import table
from sojourn.errors import NotFoundError
from sojourn.release.folder import releases
from sojourn.release.gate import read_manifest


def print_sources(*, as_json: bool, as_csv: bool) -> None:
    """List official sources: size, licence, registration, how to get them."""
    frame = pl.DataFrame(
        [
            {
                "source": one.name,
                "title": one.title,
                "publisher": one.publisher,
                "licence": one.licence,
                "files": len(one.downloads),
                "bytes": sum(each.size or 0 for each in one.downloads) or None,
                "registration": one.registration,
                "by_hand": one.by_hand or "",
                "page": one.page,
            }
            for one in (*discovery.sources(), *discovery.packaged_sources())
        ]
    )
    if console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        return
    packaged = {one.name for one in discovery.packaged_sources()}
    lines = []
    for row in frame.iter_rows(named=True):
        how = "comes with a package" if row["source"] in packaged else row["by_hand"] or "sojourn fetch"
        size = f"{row['bytes'] / 1e6:.1f} MB" if row["bytes"] else ""
        lines.append(
            [row["source"], row["title"], row["licence"], size, "yes" if row["registration"] else "no", how]
        )
    columns = [("source", "code"), ("title", "left"), ("licence", "left"), ("size", "right")]
    table("", [*columns, ("registration", "left"), ("how", "left")], lines)


def print_indicators(*, as_json: bool, as_csv: bool) -> None:
    """List indicators and their series."""
    frame = pl.DataFrame(
        [
            {
                "indicator": one.code,
                "name": one.name,
                "series": ", ".join(series.code for series in one.series),
            }
            for one in discovery.indicators()
        ]
    ).sort("indicator", "name")
    if not console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        table("", [("indicator", "left"), ("name", "left"), ("series", "left")], frame.iter_rows())


def print_series(*, as_json: bool, as_csv: bool) -> None:
    """List series and what they mean."""
    frame = pl.DataFrame(
        [
            {
                "series": code,
                "indicator": indicator.code,
                "name": one.name,
                "unit": one.unit,
                "area": one.area_role,
            }
            for code, (indicator, one) in discovery.series().items()
        ]
    ).sort("series")
    if not console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        table("", [(name, "left") for name in frame.columns], frame.iter_rows())


def print_areas(*, as_json: bool, as_csv: bool) -> None:
    """List countries, regions and groups."""
    frame = areas.table().select("area", "kind", "name", "alpha2", "m49", "sdg_region", "worldbank_region")
    if not console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        table("", [(name, "left") for name in frame.columns], frame.fill_null("").iter_rows())


def print_releases(*, as_json: bool, as_csv: bool) -> None:
    """List the releases of the current project, newest first."""
    root = project.load().releases
    manifests = [(path, read_manifest(path)) for path in reversed(releases(root))]
    schema: dict[str, pl.DataType] = {
        "release": pl.String(),
        "as_of": pl.Date(),
        "not_before": pl.Datetime("us", "UTC"),
        "numbers": pl.Int64(),
        "code": pl.String(),
        "previous": pl.String(),
    }
    rows = [
        (path.name, one.as_of, one.not_before, one.observations, one.code, one.previous or "")
        for path, one in manifests
    ]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        return
    if not manifests:
        raise NotFoundError(
            "There is no release here yet", where=str(root), advice="sojourn build --data DIR"
        )
    table(
        str(root),
        [(name, "left") for name in frame.columns],
        ([cell or "" for cell in row] for row in frame.iter_rows()),
    )


def print_inputs(*, as_json: bool, as_csv: bool) -> None:
    """List the files that the newest release was given: what each was read as, or why it was left out."""
    manifest = current(None).manifest
    frame = pl.DataFrame(
        [
            (
                one.file,
                one.source,
                one.layout,
                one.rows,
                one.rejected_rows,
                one.left_out or "; ".join(one.notes),
            )
            for one in manifest.inputs
        ],
        schema=["file", "source", "layout", "rows", "rejected", "left out because; notes"],
        orient="row",
    )
    if console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        return
    columns = [("file", "left"), ("source", "left"), ("layout", "left"), ("rows", "right")]
    lines = [
        (one.file, one.source, one.layout, f"{one.rows:,}", f"{one.rejected_rows:,}" if one.rejected_rows else "",
         "; ".join(dict.fromkeys(one.notes)))
        for one in manifest.inputs
        if not one.left_out
    ]  # fmt: skip
    table("", [*columns, ("rejected", "right"), ("notes", "left")], lines)
    left_out: dict[str, list[str]] = {}
    for one in manifest.inputs:
        if one.left_out:
            left_out.setdefault(one.left_out, []).append(one.file)
    for why, files in sorted(left_out.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        named = "file" if len(files) == 1 else "files"
        console.out.print(f"{len(files)} {named} left out, {why}:", style="bold")
        console.out.print(console.plain(", ".join(files)))


LISTS: dict[str, Callable[..., None]] = {
    "sources": print_sources,
    "indicators": print_indicators,
    "series": print_series,
    "areas": print_areas,
    "releases": print_releases,
    "inputs": print_inputs,
}
