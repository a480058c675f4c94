"""`sojourn framework indicators|decent-work`: official indicators, and aspects of 8.8."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl

from sojourn import console, discovery, framework
from sojourn.console import table
from sojourn.errors import NotFoundError
from sojourn.framework.records import OfficialIndicator
from sojourn.indicators.decent_work import aspects
from sojourn.release.compute import supply

UNSURE = " (?)"
"""Mark of what is from memory, beside the word itself."""


def supplies() -> dict[str, tuple[str, ...]]:
    """Give for each series of this program what could fill it."""
    return {
        series.code: supply(indicator, series)
        for indicator in discovery.indicators()
        for series in indicator.series
    }


def show_indicators(name: str | None, *, as_json: bool, as_csv: bool) -> None:
    """Print the official indicators, of one target or all: tier, custodian, series, unit, direction, target."""
    facts = framework.load()
    rows = [
        one
        for one in facts.indicators
        if name is None or name in (one.code, *one.targets, one.code.split(".")[0])
    ]
    if not rows:
        raise NotFoundError(
            f"No official indicator, target or goal here is {name}",
            accepted=", ".join(one.code for one in facts.indicators),
        )
    if as_csv:
        told = [one.model_dump() | {"from_memory": one.from_memory} for one in rows]
        flat = [
            {key: "; ".join(cell) if isinstance(cell, tuple) else cell for key, cell in row.items()}
            for row in told
        ]
        console.print_frame(pl.DataFrame(flat, infer_schema_length=None), as_json=False, as_csv=True)
        return
    if as_json:
        console.print_json([one.model_dump() | {"from_memory": one.from_memory} for one in rows])
        return
    columns = [
        ("indicator", "code"), ("what", "left"), ("targets", "left"), ("tier", "left"), ("custodian", "left"),
        ("series", "left"), ("unit", "left"), ("good is", "left"), ("target", "left"), ("migrants", "left"),
    ]  # fmt: skip
    table("Official indicators of migration-related targets", columns, [_line(one) for one in rows])
    console.out.print("(?) from memory: check it against the UN document. Sources: --json", style="dim")


def _line(one: OfficialIndicator) -> tuple[str, ...]:
    def marked(field: str, words: str) -> str:
        return words + UNSURE if words and field in one.from_memory else words or "not known"

    goal = "" if one.target_value is None else f"{one.target_value:g} by {one.target_year or 'no year'}"
    return (
        one.code,
        one.label_own_words,
        " ".join(one.targets),
        marked("tier", one.tier or ""),
        marked("custodian", "; ".join(one.custodian)),
        marked("series", " ".join(one.series)),
        one.unit or "–",
        one.better or "not stated",
        marked("target", goal) if goal else "none stated",
        one.migrants,
    )


def show_decent_work(*, as_json: bool) -> None:
    """Print the seven aspects of target 8.8: the series that measure each, or why there is no data."""
    if as_json:
        console.print_json([asdict(one) for one in aspects()])
        return
    lines = [
        (
            one.name,
            " ".join(one.series) or "no data",
            one.says or f"no data, because {one.no_data_because}",
            one.limits or f"who could fill it: {one.source}",
        )
        for one in aspects()
    ]
    columns = [("aspect", "code"), ("series", "left"), ("says", "left"), ("limits", "left")]
    table("Seven aspects of decent work of migrants (target 8.8), never added up", columns, lines)
