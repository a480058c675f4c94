"""Scores of the migration policies of a country: SDG 10.7.2.

Six domains of five items each, s_ij in {0, 1}; in the first domain (migrant rights) also 1/2, where a right is
given only to migrants with legal status:

    D_i = 100 sum_j s_ij / 5,     D = 100 sum_i sum_j s_ij / 30

Categories: 1 requires further progress (below 40), 2 partially meets (40 to below 80), 3 meets (80 to below
100), 4 fully meets (100).

What is done with an item that nobody answered is a choice, and stated: "unknown" (default) leaves the score
unknown and gives its bounds, "no" counts it as no, "leave_out" takes the mean of the answered items. The
metadata, as far as read, name no rule.

Source: UN DESA and IOM, SDG metadata 10.7.2; UN Inquiry among Governments on Population and Development,
module III.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Unanswered = Literal["unknown", "no", "leave_out"]

DOMAINS, ITEMS = 6, 5
ANSWERS = {"yes": 1.0, "legal_status_only": 0.5, "no": 0.0}
CODES = tuple(f"{domain}.{item}" for domain in range(1, DOMAINS + 1) for item in range(1, ITEMS + 1))
DOMAIN_CODES = ("_T", *(f"PD_{domain}" for domain in range(1, DOMAINS + 1)))
LIMITS = (40.0, 80.0, 100.0)
MEETS = 3


def scores(items: ArrayLike, unanswered: Unanswered = "unknown") -> Floats:
    """Score countries over all items and by domain.

        D = 100 sum(s) / 30,     D_i = 100 sum_j s_ij / 5

    Args:
        items: countries x 6 domains x 5 items: 1 yes, 0 no, 1/2 only with legal status (first domain only),
            NaN not answered.
        unanswered: "unknown": a score with an unanswered item is NaN; "no": it counts as no; "leave_out":
            mean of the answered items, NaN where there is none.

    Returns:
        Countries x 7, in per cent: all six domains, then each.

    Raises:
        ValueError: another shape, another score, or one half outside the first domain.

    Source: SDG metadata 10.7.2.

    >>> rights = [1, 1, 1, 0.5, 0.5]
    >>> scores([[rights] + [[1] * 5] * 5]).round(2).tolist()
    [[96.67, 80.0, 100.0, 100.0, 100.0, 100.0, 100.0]]
    """
    if unanswered not in get_args(Unanswered):
        raise ValueError(f"unanswered must be one of {', '.join(get_args(Unanswered))}, not {unanswered!r}")
    answered = _checked(items)
    known = ~np.isnan(answered)
    # Halves and whole numbers add up exactly, so that 40, 80 and 100 are met exactly too.
    total = _with_all(np.where(known, answered, 0.0).sum(axis=2))
    asked = np.broadcast_to(np.array([DOMAINS * ITEMS] + [ITEMS] * DOMAINS, float), total.shape)
    count = _with_all(known.sum(axis=2).astype(float))
    if unanswered == "no":
        return np.asarray(100 * total / asked)
    divisor = count if unanswered == "leave_out" else np.where(count == asked, asked, 0.0)
    score: Floats = np.full(total.shape, np.nan)
    np.divide(100 * total, divisor, out=score, where=divisor > 0)
    return score


def bounds(items: ArrayLike) -> tuple[Floats, Floats]:
    """Bound the scores: every unanswered item no, and every one yes.

    Args:
        items: as for `scores`.

    Returns:
        Lower and upper scores, countries x 7, in per cent; equal where everything is answered.

    Raises:
        ValueError: as `scores`.

    >>> lower, upper = bounds([[[np.nan] * 5] + [[1] * 5] * 5])
    >>> lower[0, 1], upper[0, 1]
    (np.float64(0.0), np.float64(100.0))
    """
    answered = _checked(items)
    return scores(answered, "no"), scores(np.nan_to_num(answered, nan=1.0))


def categories(score: ArrayLike) -> Floats:
    """Give the category of each score: 1 below 40, 2 below 80, 3 below 100, 4 at 100; NaN stays NaN.

    Raises:
        ValueError: a score below 0 or above 100.

    Source: SDG metadata 10.7.2.

    >>> categories([39.9, 40, 79.9, 80, 99.9, 100]).tolist()
    [1.0, 2.0, 2.0, 3.0, 3.0, 4.0]
    """
    known = np.asarray(score, float)
    if np.any((known < 0) | (known > 100)):
        raise ValueError("a score lies between 0 and 100")
    category = 1.0 + np.digitize(known, LIMITS)
    return np.where(np.isnan(known), np.nan, category)


def _checked(items: ArrayLike) -> Floats:
    array = np.asarray(items, float)
    if array.ndim != 3 or array.shape[1:] != (DOMAINS, ITEMS):
        raise ValueError(f"items must be countries x {DOMAINS} x {ITEMS}, not {array.shape}")
    if not np.all(np.isnan(array) | np.isin(array, list(ANSWERS.values()))):
        raise ValueError("an item scores 0, 1/2 or 1, or NaN where it is not answered")
    if np.any(array[:, 1:] == ANSWERS["legal_status_only"]):
        raise ValueError("one half is a score of the first domain (migrant rights) only")
    return array


def _with_all(by_domain: Floats) -> Floats:
    return np.concatenate([by_domain.sum(axis=1, keepdims=True), by_domain], axis=1)


def score_table(
    answers: pl.DataFrame, by: Sequence[str] = ("area",), unanswered: Unanswered = "unknown"
) -> pl.DataFrame:
    """Score a questionnaire: one row per country and domain.

    Args:
        answers: `by`, item ("1.1" … "6.5"), answer (yes, no, legal_status_only; null: not answered). An item
            without a row is not answered.
        by: columns that tell questionnaires apart: area, and period where there are several rounds.
        unanswered: as for `scores`.

    Returns:
        `by`, domain (_T, PD_1 … PD_6), answered (items), score (per cent), lower, upper (what the unanswered
        items could make of it) and category (1 to 4); score and category null where not known. Where the
        bounds fall into one category, the category is known though the score is not.

    Raises:
        ValueError: a column is missing, an item or answer is unknown, or an item is answered twice.

    >>> answers = pl.DataFrame({"area": "CAN", "item": list(CODES), "answer": "yes"})
    >>> score_table(answers).row(0)
    ('CAN', '_T', 30, 100.0, 100.0, 100.0, 4)
    """
    _check_answers(answers, by)
    countries = answers.select(by).unique().sort(by)
    items = _items(answers, countries, by)
    score, (lower, upper) = scores(items, unanswered), bounds(items)
    category = categories(score)
    if unanswered == "unknown":
        low, high = categories(lower), categories(upper)
        category = np.where(low == high, low, np.nan)
    count = _with_all((~np.isnan(items)).sum(axis=2).astype(float))
    domains = pl.DataFrame({"domain": DOMAIN_CODES})
    return countries.join(domains, how="cross", maintain_order="left_right").with_columns(
        pl.Series("answered", count.ravel()).cast(pl.Int64),
        pl.Series("score", score.ravel(), nan_to_null=True),
        pl.Series("lower", lower.ravel()),
        pl.Series("upper", upper.ravel()),
        pl.Series("category", category.ravel(), nan_to_null=True).cast(pl.Int64),
    )


def share_table(
    scored: pl.DataFrame, groups: pl.DataFrame | None = None, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Give the share of countries that meet or fully meet the definition, for groups of countries.

        share = 100 x countries in category 3 or 4 / countries with a category

    Args:
        scored: area, domain, category (null: not known, in neither count) and `by`, as from `score_table`.
        groups: area, group – a country may be in several; None: all countries, as group 001 (world).
        by: further columns, such as period.

    Returns:
        group, `by`, domain, share (per cent), meet, n (countries with a category), sorted.

    Source: SDG metadata 10.7.2. Series SG_CPA_MIGRP.

    >>> scored = pl.DataFrame({"area": ["MEX", "NOR"], "domain": "_T", "category": [4, 2]})
    >>> share_table(scored).row(0)
    ('001', '_T', 50.0, 1, 2)
    """
    known = scored.drop_nulls("category")
    if groups is None:
        grouped = known.with_columns(pl.lit("001").alias("group"))
    else:
        grouped = known.join(groups.select("area", "group").unique(), on="area", how="inner")
    keys = ["group", *by, "domain"]
    counts = grouped.group_by(keys).agg(
        (pl.col("category") >= MEETS).sum().cast(pl.Int64).alias("meet"), pl.len().cast(pl.Int64).alias("n")
    )
    share = (100 * pl.col("meet") / pl.col("n")).alias("share")
    return counts.sort(keys).select(*keys, share, "meet", "n")


def _check_answers(answers: pl.DataFrame, by: Sequence[str]) -> None:
    if missing := [name for name in (*by, "item", "answer") if name not in answers.columns]:
        raise ValueError(f"answers lack the columns {missing}")
    numbered = answers.with_row_index("row", offset=1)
    half_elsewhere = (pl.col("answer") == "legal_status_only") & ~pl.col("item").str.starts_with("1.")
    rules = {
        "no item: accepted are 1.1 to 6.5": ~pl.col("item").is_in(CODES).fill_null(False),
        f"no answer: accepted are {', '.join(ANSWERS)}": ~pl.col("answer").is_in(list(ANSWERS)),
        "no answer outside the first domain": half_elsewhere,
        "answered twice": ~pl.struct(*by, "item").is_first_distinct(),
        "of no questionnaire": pl.any_horizontal(pl.col(*by).is_null()),
    }
    for rule, broken in rules.items():
        offenders = numbered.filter(broken)
        if offenders.height:
            one = offenders.select("row", *by, "item", "answer").row(0, named=True)
            raise ValueError(f"{offenders.height} answers are refused, the first {one}: {rule}")


def _items(answers: pl.DataFrame, countries: pl.DataFrame, by: Sequence[str]) -> Floats:
    place = answers.join(countries.with_row_index("_country"), on=list(by), maintain_order="left")
    items = np.full((countries.height, len(CODES)), np.nan)
    position = {code: number for number, code in enumerate(CODES)}
    item = place["item"].replace_strict(position, return_dtype=pl.Int64).to_numpy()
    value = place["answer"].replace_strict(ANSWERS, default=None, return_dtype=pl.Float64)
    items[place["_country"].to_numpy(), item] = value.fill_null(float("nan")).to_numpy()
    return items.reshape(-1, DOMAINS, ITEMS)
