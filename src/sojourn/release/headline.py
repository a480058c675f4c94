"""Chooses one number where several stand side by side: the headline of a series.

Simulated numbers come last. A series may name the methods it prefers, "as_published" among them; without such a
wish numbers computed from real rows come before published ones. Then official files come before figures that a
package ships, and the newest edition wins. All others stay in the release and are shown on request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from sojourn import observations
from sojourn.observations import PLACE

_RANK = {observations.COMPUTED: 0, observations.PUBLISHED: 1, observations.SIMULATED: 2}
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
        (observations.basis() == observations.SIMULATED).alias("_simulated"),
        preference(preferred or {}).alias("_preference"),
        pl.col("source").str.contains("@package-", literal=True).alias("_packaged"),
        pl.col("source").str.extract(_EDITION, 1).fill_null("").alias("_edition"),
    )
    order = {
        "_simulated": False,
        "_preference": False,
        "_basis": False,
        "_packaged": False,
        "_edition": True,
        "source": True,
        "method": False,
    }
    return (
        ranked.sort([*PLACE, *order], descending=[*(False for _ in PLACE), *order.values()])
        .unique(PLACE, keep="first", maintain_order=True)
        .drop("_simulated", "_preference", "_basis", "_packaged", "_edition")
    )


def preferences(series: Mapping[str, Mapping[str, object]]) -> dict[str, tuple[str, ...]]:
    """Read the preferred methods from the series metadata of a release."""
    listed = {code: one.get("headline") for code, one in series.items()}
    return {
        code: tuple(map(str, names)) for code, names in listed.items() if isinstance(names, list) and names
    }


def preference(preferred: Preferences) -> pl.Expr:
    """Number each row by the place of its method in its series' list; unlisted methods come last."""
    rank = pl.lit(len(max(preferred.values(), key=len, default=())), pl.Int8)
    for code, names in preferred.items():
        for place, name in enumerate(names):
            named = (pl.col("series") == code) & pl.col("method").str.starts_with(f"{name}/")
            rank = pl.when(named).then(pl.lit(place, pl.Int8)).otherwise(rank)
    return rank
