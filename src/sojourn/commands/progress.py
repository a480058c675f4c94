"""`sojourn progress AREA`: every target, its distance, pace, projection, probability and state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sojourn import areas, console
from sojourn.commands.current import current
from sojourn.console import number, table, unit
from sojourn.indicators.progress import CODE, NO_DATA, STATE_CODES
from sojourn.release import Release

_STATES = {code: state for state, code in STATE_CODES.items()}

_MEASURES = {
    # column: series, column of the observation
    "distance": ("DISTANCE", "value"),
    "required_pace": ("REQUIRED_PACE", "value"),
    "observed_pace": ("OBSERVED_PACE", "value"),
    "observed_pace_lower": ("OBSERVED_PACE", "lower"),
    "observed_pace_upper": ("OBSERVED_PACE", "upper"),
    "projection": ("PROJECTION", "value"),
    "projection_lower": ("PROJECTION", "lower"),
    "projection_upper": ("PROJECTION", "upper"),
    "probability": ("PROBABILITY", "value"),
    "two_point_pace": ("TWO_POINT", "value"),
}

SCHEMA = {
    "series": pl.String,
    "name": pl.String,
    "area": pl.String,
    "counterpart": pl.String,
    "state": pl.String,
    "period": pl.String,
    "latest": pl.Float64,
    "target": pl.Float64,
    "target_year": pl.Int64,
    "unit": pl.String,
    **dict.fromkeys(_MEASURES, pl.Float64),
    "observations": pl.Int64,
    "source": pl.String,
}


def show_progress(area: str, release: str | None, *, limit: int, as_json: bool, as_csv: bool) -> None:
    """Print the progress of an area to every target of the release."""
    opened = current(release)
    code = areas.resolve(area)
    frame = progress_of(opened, code)
    if console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        return
    told = frame.filter(pl.col("state") != "not measurable")
    _print(told.head(limit), f"{areas.name(code)}: progress to target, as of {opened.manifest.as_of}")
    if told.height > limit:
        console.out.print(f"{told.height - limit:,} more rows: --limit, --csv", style="dim")
    if told.filter(state="no data").height:
        console.out.print(f"no data: {NO_DATA}; latest is the newest number there is", style="dim")
    if without := sorted(set(frame.filter(state="not measurable")["series"])):
        console.out.print("not measurable, no target is stated: " + ", ".join(without), style="dim")
    console.out.print(
        "Paces are per year; the chance is that of the projected level. sojourn explain SJ_PROGRESS_STATE",
        style="dim",
    )
    console.out.print(f"release {opened.name}", style="dim")


def progress_of(release: Release, area: str) -> pl.DataFrame:
    """Give one row per series and counterpart of an area, with the columns of `SCHEMA`.

    A series about areas that has a target and no number of this one stands there with "no data".
    """
    known = release.series()
    found = release.observations(CODE, area)
    by_place: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in found.iter_rows(named=True):
        place = (row["breakdown"].removeprefix("SERIES="), row["counterpart"])
        by_place.setdefault(place, {})[row["series"].removeprefix("SJ_PROGRESS_")] = row
    rows = [_row(known[series], series, rows) for (series, _), rows in sorted(by_place.items())]
    present = {series for series, _ in by_place}
    rows += [
        _meaning(meaning, code) | {"area": area, "counterpart": "", "state": "no data", "observations": 0}
        for code, meaning in sorted(known.items())
        if meaning["target"] is not None and not meaning["counterpart_role"] and code not in present
        if not _only_of_the_world(release, code)
    ]
    order = list(STATE_CODES)
    frame = pl.DataFrame(rows, schema=SCHEMA)
    rank = pl.col("state").replace_strict({name: order.index(name) for name in order}, return_dtype=pl.Int64)
    return frame.sort(pl.col("counterpart") != "", rank, "series", "counterpart", maintain_order=True)


def _only_of_the_world(release: Release, series: str) -> bool:
    return release.observations(series=series)["area"].unique().to_list() == ["001"]


def _meaning(meaning: Mapping[str, Any], code: str) -> dict[str, Any]:
    return {
        "series": code,
        "name": meaning["name"],
        "target": meaning["target"],
        "target_year": meaning["target_year"] if meaning["target"] is not None else None,
        "unit": meaning["unit"],
    }


def _row(meaning: Mapping[str, Any], series: str, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    state = rows["STATE"]
    measures = {
        column: rows[name][part] if name in rows else None for column, (name, part) in _MEASURES.items()
    }
    distance = measures["distance"]
    return (
        _meaning(meaning, series)
        | measures
        | {
            "area": state["area"],
            "counterpart": state["counterpart"],
            "state": _STATES[int(state["value"])],
            "period": state["period"],
            "latest": None if distance is None else meaning["target"] - distance,
            "observations": state["n"],
            "source": state["source"],
        }
    )


def _print(frame: pl.DataFrame, title: str) -> None:
    columns = [("series", "code"), ("state", "code"), ("latest", "right"), ("target", "right")]
    columns += [("needed", "right"), ("seen", "right"), ("projected", "right"), ("chance", "right")]
    lines = []
    for row in frame.iter_rows(named=True):
        to = f" → {areas.name(row['counterpart'])}" if row["counterpart"] else ""
        latest = f"{number(row['latest'])} ({row['period']})" if row["latest"] is not None else row["period"]
        target = f"{number(row['target'])} {unit(row['unit'])} by {row['target_year']}"
        lines.append(
            [
                row["series"] + to,
                row["state"],
                latest or "",
                target,
                _pace(row["required_pace"]),
                _pace(row["observed_pace"]),
                _range(row),
                "" if row["probability"] is None else _chance(row["probability"]),
            ]
        )
    table(title, columns, lines)


def _pace(value: float | None) -> str:
    return "" if value is None else f"{value:+.2g}"


def _range(row: Mapping[str, Any]) -> str:
    if row["projection"] is None:
        return ""
    low, high = number(row["projection_lower"]), number(row["projection_upper"])
    return f"{number(row['projection'])} ({low} to {high})"


def _chance(percent: float) -> str:
    """Write a chance in per cent, without a false nought or hundred.

    >>> _chance(0.0003), _chance(42.4), _chance(99.9)
    ('<1 %', '42 %', '>99 %')
    """
    if percent < 1:
        return "<1 %"
    return ">99 %" if percent > 99 else f"{percent:.0f} %"
