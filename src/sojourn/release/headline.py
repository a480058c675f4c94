"""Chooses one number where several stand side by side: the headline of a series.

A series may name the methods it prefers. Otherwise numbers computed from real rows come before published
ones, and these before simulated ones; within a basis the newest edition wins. All others stay in the
release and are shown on request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from sojourn import observations

_RANK = {observations.COMPUTED: 0, observations.PUBLISHED: 1, observations.SIMULATED: 2}
_PLACE = [name for name in observations.KEY if name not in ("source", "method")]
_EDITION = r"@(?:undated-)?(?:simulated-)?(?:to-)?([^+]*)"

Preferences = Mapping[str, Sequence[str]]


def headline(frame: pl.DataFrame, preferred: Preferences | None = None) -> pl.DataFrame:
    """Keep one row for each series, area, counterpart, period and breakdown.

    Args:
        frame: observations, of one series or many.
        preferred: series -> method names in order of preference.

    Returns:
        The chosen rows, sorted by key, with the columns of the observation table.
    """
    ranked = frame.with_columns(
        observations.basis().replace_strict(_RANK, return_dtype=pl.Int8).alias("_basis"),
        _preference(preferred or {}).alias("_preference"),
        pl.col("source").str.extract(_EDITION, 1).fill_null("").alias("_edition"),
    )
    order = {"_basis": False, "_preference": False, "_edition": True, "source": True, "method": False}
    return (
        ranked.sort([*_PLACE, *order], descending=[*(False for _ in _PLACE), *order.values()])
        .unique(_PLACE, keep="first", maintain_order=True)
        .drop("_basis", "_preference", "_edition")
    )


def preferences(series: Mapping[str, Mapping[str, object]]) -> dict[str, tuple[str, ...]]:
    """Read the preferred methods from the series metadata of a release."""
    listed = {code: one.get("headline") for code, one in series.items()}
    return {
        code: tuple(map(str, names)) for code, names in listed.items() if isinstance(names, list) and names
    }


def _preference(preferred: Preferences) -> pl.Expr:
    """Number each row by the place of its method in its series' list; unlisted methods come last."""
    rank = pl.lit(len(max(preferred.values(), key=len, default=())), pl.Int8)
    for code, names in preferred.items():
        for place, name in enumerate(names):
            named = (pl.col("series") == code) & pl.col("method").str.starts_with(f"{name}/")
            rank = pl.when(named).then(pl.lit(place, pl.Int8)).otherwise(rank)
    return rank
