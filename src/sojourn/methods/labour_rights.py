"""Level of national compliance with labour rights: SDG 8.8.2.

Freedom of association and collective bargaining are read for violations, in law and in practice, by 180
criteria in seven textual sources. Each criterion that is found violated adds its weight:

    score = 10 min(x, 95) / 95,     x = sum of the weights of violated criteria

so that 0 is best and 10 worst. Where the law prohibits these rights for all workers, the score is 10 whatever
else is found.

Limits: what is written in sources is counted, so a country that is looked at more shows more; despite its
title the indicator has no breakdown by migratory status.

Source: ILO, SDG metadata 8.8.2; the method is of Kucera and Sari (2019; from memory, to be confirmed).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CEILING = 95.0
WORST = 10.0


def score(weight: ArrayLike, prohibited: ArrayLike = False) -> Floats:
    """Turn the summed weights of violated criteria into the score.

        score = 10 min(x, 95) / 95, or 10 where the rights are prohibited altogether

    Args:
        weight: x, sum of weights per country, not negative; NaN: not known.
        prohibited: whether an all-encompassing prohibition is in force, one per country or one for all.

    Returns:
        Scores from 0 (best) to 10 (worst); NaN where the weights are not known and nothing is prohibited.

    Raises:
        ValueError: a negative sum of weights.

    Source: ILO, SDG metadata 8.8.2, table 1 (worked example).

    >>> score([27.05, 120.0, 3.0], [False, False, True]).round(2).tolist()
    [2.85, 10.0, 10.0]
    """
    total = np.asarray(weight, float)
    if np.any(total < 0):
        raise ValueError("a sum of weights is not negative")
    scaled = np.minimum(total, CEILING) * WORST / CEILING
    return np.where(np.asarray(prohibited, bool), WORST, scaled)


def score_table(violations: pl.DataFrame, by: Sequence[str] = ("area", "period")) -> pl.DataFrame:
    """Score countries from the list of their violated criteria.

    Args:
        violations: `by`, criterion, violated (true, false; null: not coded), weight, and prohibition (true where
            this criterion is an all-encompassing prohibition). A country that violates nothing needs a row
            with `violated` false, for without a row it is not known.
        by: columns that tell assessments apart.

    Returns:
        `by`, weight (sum over violated criteria), prohibited, score, n (criteria coded), sorted. A criterion that
        is not coded leaves weight and score unknown (null), unless a prohibition settles the score.

    Raises:
        ValueError: a column is missing, a weight is negative or not known, or a criterion is coded twice.

    >>> violations = pl.DataFrame({"area": "XXX", "criterion": [1, 2], "violated": [True, True],
    ...                            "weight": [20.0, 7.05], "prohibition": False})
    >>> round(score_table(violations, by=("area",))["score"].item(), 2)
    2.85
    """
    _check(violations, by)
    weight = pl.when("violated").then("weight").otherwise(0.0)
    found = (
        violations.sort(*by, "criterion")
        .group_by(by, maintain_order=True)
        .agg(
            # A running sum has one order, so that the result is the same on any number of threads.
            pl.when(pl.col("violated").is_null().any()).then(None).otherwise(weight.cum_sum().last()).alias("weight"),
            (pl.col("violated") & pl.col("prohibition")).fill_null(False).any().alias("prohibited"),
            pl.col("violated").count().cast(pl.Int64).alias("n"),
        )
    )  # fmt: skip
    total = found["weight"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    result = pl.Series("score", score(total, found["prohibited"].to_numpy()), nan_to_null=True)
    return found.select(*by, "weight", "prohibited", result, "n")


def _check(violations: pl.DataFrame, by: Sequence[str]) -> None:
    needed = (*by, "criterion", "violated", "weight", "prohibition")
    if missing := [name for name in needed if name not in violations.columns]:
        raise ValueError(f"violations lack the columns {missing}")
    rules = {
        "a weight is a number that is not negative": ~(
            pl.col("weight").is_finite() & (pl.col("weight") >= 0)
        ).fill_null(False),
        "a criterion is coded once": ~pl.struct(*by, "criterion").is_first_distinct(),
        "prohibition is true or false": pl.col("prohibition").is_null(),
    }
    numbered = violations.with_row_index("row", offset=1)
    for rule, broken in rules.items():
        offenders = numbered.filter(broken)
        if offenders.height:
            one = offenders.select("row", *by, "criterion", "weight").row(0, named=True)
            raise ValueError(f"{offenders.height} rows are refused, the first {one}: {rule}")
