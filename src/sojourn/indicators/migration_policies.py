"""Countries whose migration policies facilitate orderly, safe, regular and responsible migration: SDG 10.7.2.

Imported are the published categories of countries (series SG_CPA_MIGRS): 1 requires further progress, 2 partially
meets, 3 meets, 4 fully meets the definition; over all, and in each of six policy domains. From them

    share = 100 x countries in category 3 or 4 / countries with a category

for the world and each region, which stands beside the published share (SG_CPA_MIGRP). The 30 answers behind a
category are not public, so no published score can be checked. Where answers are brought in (an office's own, or
simulated ones), they are scored,

    D = 100 sum(s) / 30,   D_i = 100 sum(s_i) / 5,   s = 1 yes, 0 no, 1/2 only with legal status (first domain)
    category 1 below 40, 2 below 80, 3 below 100, 4 at 100

and labelled by their source; simulated ones stand only for countries of which nothing real is known, and enter
no share with real ones.

Limits: governments report on themselves; policies are counted, not what they do; who answers changes from
round to round, so two shares are comparable only over the same countries. The share has no sampling error,
for it counts all that answered; the error of those that did not answer is not known.

Source: UN DESA and IOM through the UNSD Global SDG Indicators Database.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators import policy_answers
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "10.7.2"
CATEGORY, SHARE = "SG_CPA_MIGRS", "SG_CPA_MIGRP"
MEETS = 3

DOMAINS = {
    "PD_1": "migrant rights",
    "PD_2": "whole-of-government and evidence-based policies",
    "PD_3": "cooperation and partnerships",
    "PD_4": "socioeconomic well-being",
    "PD_5": "mobility dimensions of crises",
    "PD_6": "safe, orderly and regular migration",
}
CATEGORIES = (1.0, 2.0, 3.0, 4.0)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published categories and shares, and the shares that the categories make."""
    categories, shares = (published(tables, CODE, [series]) for series in (CATEGORY, SHARE))
    frames = [categories, shares]
    if categories.height:
        frames.append(_shares(categories))
    frames += _from_answers(tables, frames)
    return [frame for frame in frames if frame.height]


def _from_answers(tables: Tables, known: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Score the answers that were brought in, beside what is published."""

    def places(series: str) -> pl.Series:
        found = [frame.filter(series=series)["area"] for frame in known if frame.height]
        return pl.concat([pl.Series("area", [], pl.String), *found])

    scored = policy_answers.scored_answers(tables, places(CATEGORY))
    if not scored.height:
        return []
    return [*policy_answers.observed(scored, CODE), policy_answers.shares(scored, CODE, places(SHARE))]


def _shares(categories: pl.DataFrame) -> pl.DataFrame:
    """Share of countries that meet or fully meet; a value that is no category is left out of both counts."""
    groups = pl.concat([areas.memberships(scheme) for scheme in ("m49", "sdg", "development")]).unique()
    counts = (
        categories.filter(pl.col("value").is_in(CATEGORIES))
        .join(groups, on="area", how="inner")
        .group_by("group", "period", "breakdown", "source")
        .agg(
            (pl.col("value") >= MEETS).sum().cast(pl.Int64).alias("meet"), pl.len().cast(pl.Int64).alias("n")
        )
        .sort("group", "period", "breakdown", "source")
    )
    return counts.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(SHARE).alias("series"),
        pl.col("group").alias("area"),
        "period",
        "breakdown",
        (100 * pl.col("meet") / pl.col("n")).alias("value"),
        pl.lit("PT").alias("unit"),
        "n",
        "source",
        pl.lit("share_of_categories/1").alias("method"),
        pl.format(
            "{} of {} countries with a category; no sampling error, error of non-response not known",
            "meet",
            "n",
        ).alias("note"),
    )


_DOMAIN = Dimension("POLICY_DOMAIN", "policy domain", DOMAINS, "all six domains")
_LIMITS = (
    "Self-reports of governments on policies, not on their effect; who answers changes from round to round."
)

INDICATOR = Indicator(
    code=CODE,
    name="Migration policies",
    series=(
        Series(
            code=CATEGORY,
            name="Category of a country's migration policies",
            definition="1 requires further progress, 2 partially meets, 3 meets, 4 fully meets the definition.",
            unit="NUMBER",
            area_role="whose policies",
            better="higher",
            dimensions=(_DOMAIN,),
            words=("migration policy", "policy category"),
            limits=_LIMITS,
        ),
        Series(
            code=policy_answers.SCORE,
            name="Score of a country's migration policies",
            definition="Share of the 30 items (5 of a domain) answered yes, half where only with legal status.",
            unit="PT",
            area_role="whose policies",
            better="higher",
            dimensions=(_DOMAIN,),
            words=("policy score",),
            supply=("migration_policy_answers: the country's answers to the 30 items of SDG 10.7.2",),
            limits=_LIMITS + " Only of answers that were brought in: the published ones are not public.",
        ),
        Series(
            code=SHARE,
            name="Share of countries whose migration policies meet or fully meet the definition",
            definition="Countries in category 3 or 4, in per cent of the countries that have a category.",
            unit="PT",
            area_role="whose policies",
            better="higher",
            dimensions=(_DOMAIN,),
            tolerance=0.05,
            words=("migration policies", "countries with migration policies"),
            of_countries=False,
            limits=_LIMITS,
        ),
    ),
    needs=(("published_values", policy_answers.KIND),),
    compute=compute,
    explanation=__doc__,
)
