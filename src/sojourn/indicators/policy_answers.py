"""From the answers of governments to categories, scores and shares of SDG 10.7.2; helper of `migration_policies`.

What was simulated stands only where nothing real does: a country with a published category, or with answers of
its own, gets no simulated one, whatever the year. Simulated and real answers are never counted together. A
share is made only for groups without any published share, for the governments whose answers are at hand are
no sample of a group.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas, observations
from sojourn.indicators.model import Tables
from sojourn.methods.migration_policy import score_table, share_table

CATEGORY, SCORE, SHARE = "SG_CPA_MIGRS", "SJ_CPA_SCORE", "SG_CPA_MIGRP"
KIND = "migration_policy_answers"
_BREAKDOWN = (
    pl.when(pl.col("domain") == "_T")
    .then(pl.lit(""))
    .otherwise(pl.format("POLICY_DOMAIN={}", "domain"))
    .alias("breakdown")
)
_SIMULATED = observations.basis().eq(observations.SIMULATED)


def scored_answers(tables: Tables, with_category: pl.Series) -> pl.DataFrame:
    """Score every questionnaire.

    Args:
        tables: the build's tables; kind `migration_policy_answers` may be absent.
        with_category: areas that have a published category.

    Returns:
        area, period, source, domain, answered, score, lower, upper, category, method; see `score_table`.
    """
    answers = tables.get(KIND)
    if answers is None or not answers.height:
        return pl.DataFrame()
    scored = score_table(
        answers.select("area", "period", "source", "item", "answer"), ("area", "period", "source")
    )
    scored = scored.with_columns(pl.lit("scored_answers/1 [an unanswered item is not known]").alias("method"))
    real = pl.concat([with_category, scored.filter(~_SIMULATED)["area"]]).unique()
    return scored.filter(~_SIMULATED | ~pl.col("area").is_in(real.implode())).rechunk()


def observed(scored: pl.DataFrame, indicator: str) -> list[pl.DataFrame]:
    """Give categories and scores as observations; not known where unanswered items could change them."""
    missing = pl.when(pl.col("value").is_null()).then(pl.lit("M")).otherwise(pl.lit("A")).alias("status")
    of = pl.when(pl.col("domain") == "_T").then(30).otherwise(5)
    note = pl.format(
        "{} of {} items answered; the score lies between {} and {}; self-report{}; no error is known",
        "answered",
        of,
        pl.col("lower").round(2),
        pl.col("upper").round(2),
        pl.when(_SIMULATED).then(pl.lit(", SIMULATED, of no real government")).otherwise(pl.lit("")),
    ).alias("note")
    same = scored.with_columns(_BREAKDOWN, note, pl.lit(indicator).alias("indicator"))
    columns = ("indicator", "series", "area", "period", "breakdown", "value", "status", "unit", "n", "source")
    frames = []
    for series, value, unit in ((CATEGORY, "category", "NUMBER"), (SCORE, "score", "PT")):
        named = same.with_columns(
            pl.lit(series).alias("series"),
            pl.col(value).cast(pl.Float64).alias("value"),
            pl.lit(unit).alias("unit"),
            pl.col("answered").alias("n"),
        ).with_columns(missing)
        extra = ("lower", "upper") if series == SCORE else ()
        frames.append(named.select(*columns, "method", "note", *extra))
    return frames


def shares(scored: pl.DataFrame, indicator: str, with_share: pl.Series) -> pl.DataFrame:
    """Give the share of the governments at hand that meet or fully meet the definition, by group.

    Args:
        scored: see `scored_answers`.
        indicator: code of the indicator.
        with_share: groups that have a published share, or one made of published categories.
    """
    groups = pl.concat([areas.memberships(scheme) for scheme in ("m49", "sdg", "development")]).unique()
    groups = groups.filter(~pl.col("group").is_in(with_share.implode()))
    frames = []
    for own in scored.with_columns(observations.basis()).partition_by("basis", maintain_order=True):
        # A government that answered in two files counts once, by the later edition.
        once = own.sort("source").unique(["area", "period", "domain"], keep="last", maintain_order=True)
        frames.append(
            share_table(once, groups, ("period",)).with_columns(
                pl.lit("+".join(once["source"].unique().sort())).alias("source")
            )
        )
    # In one piece: an empty one among others is more than `pl.format` of this version bears.
    return pl.concat(frames, rechunk=True).select(
        pl.lit(indicator).alias("indicator"),
        pl.lit(SHARE).alias("series"),
        pl.col("group").alias("area"),
        "period",
        _BREAKDOWN,
        pl.col("share").alias("value"),
        pl.lit("PT").alias("unit"),
        "n",
        "source",
        pl.lit("share_of_answers/1").alias("method"),
        pl.format(
            "{} of the {} governments whose answers are at hand, no sample of the group; no error is known",
            "meet",
            "n",
        ).alias("note"),
    )
