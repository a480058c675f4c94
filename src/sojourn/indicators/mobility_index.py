"""Human mobility index: our own definition of what was proposed in 2015 without a formula; no official index.

A composite of four parts on fixed goalposts, each from 0 to 1:

    OUTWARD    O  freedom of a country's citizens to enter others: mean over destinations of
                  1 visa-free, 0.7 on arrival or travel authority, 0.5 e-visa, 0 visa required or no admission
    INWARD     I  the same over the nationalities that the country admits
    REALISED   M  immigrants over population and, where origins are known, emigrants over population and
                  emigrants: mean of the logarithms between 0.1 % (0) and 100 % (1)
    PROTECTED  P  published category of migration policies (SDG 10.7.2), 0 to 4

    index = (O I M P)^(1/4)

A part below 0.01 counts as 0.01, for one zero would make the index zero. An index needs three of the four
parts; a missing one gives its weight to the others, and the note says which. M and P may be older than the
visa rules; their notes say of when they are.

No index stands without its parts and the interval of its rank: the middle 90 % of 1,000 variants under other
normalisations, means, imputation, goalposts (a tenth of their range inwards or outwards) and weights (plus or
minus a quarter). That is a range over choices, no sampling error: none is known. Which choice moves the ranks
most stands in SJ_MOBILITY_SENSITIVITY (Sobol indices).

Limits: visas concern short stays, not work or residence; every destination counts the same; the weights of
permissions follow UN Tourism's visa openness and are not confirmed; governments report their policies
themselves.

Sources: Passport Index; UN DESA or World Bank (stocks); UNSD (10.7.2). The idea that mobility is a freedom:
UNDP, Human Development Report 2009, Overcoming barriers.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sojourn.indicators import mobility_components as parts
from sojourn.indicators import mobility_sensitivity as sensitivity
from sojourn.indicators.mobility_rules import MobilityIndexParameters
from sojourn.indicators.model import Dimension, Indicator, Series, Tables
from sojourn.methods import composite
from sojourn.methods.composite.normalise import normalise

CODE = "SJ.mobility_index"
INDEX, RANK = "SJ_MOBILITY", "SJ_MOBILITY_RANK"
COMPONENTS = {
    "OUTWARD": "freedom of citizens to enter other countries",
    "INWARD": "openness to visitors of other nationalities",
    "REALISED": "people who have moved in or out",
    "PROTECTED": "migration policies",
}
NEEDED = 3
"""Parts without which no index is computed."""
GOALPOSTS_MOVED = (0.0, -0.1, 0.1)
"""Shares of their range by which others could move both goalposts inwards."""
_NO_ERROR = "our own definition, no official index; no error is known"


def compute(tables: Tables, parameters: MobilityIndexParameters) -> list[pl.DataFrame]:
    """Give parts, index and ranks for every snapshot of the visa rules."""
    frames = []
    snapshots = tables["visa_matrix"].partition_by("period", "source", as_dict=True)
    for (period, _), matrix in sorted(snapshots.items()):
        found = components(tables, matrix, str(period), parameters)
        observed = [_observed_parts(found, parameters), _world(found)]
        built = build(found, parameters)
        if built is not None:
            observed += _observed_index(built, found, parameters)
        frames += [
            frame.with_columns(pl.lit(CODE).alias("indicator"), pl.lit(period).alias("period"))
            for frame in observed
        ]
    return frames


def components(
    tables: Tables, matrix: pl.DataFrame, period: str, parameters: MobilityIndexParameters
) -> pl.DataFrame:
    """Give the parts of the countries of one snapshot.

    Returns:
        area, component, value (in the part's own measure), score (on its goalposts, 0 to 1), note, source.
    """
    year, oldest, weights = int(period), parameters.oldest, parameters.weights()
    found = {
        "OUTWARD": parts.freedom(matrix, weights, "passport", "destinations"),
        "INWARD": parts.freedom(matrix, weights, "destination", "nationalities"),
        "REALISED": parts.realised(tables, year, oldest, parameters.least_share),
        "PROTECTED": parts.protected(tables, year, oldest),
    }
    known = found["OUTWARD"]["area"]
    posts, how = parameters.goalposts(), composite.Normalisation("goalposts")
    return pl.concat(
        own.with_columns(
            pl.lit(name).alias("component"),
            pl.Series("score", normalise(own["value"].to_numpy(), how, posts=posts[name])),
        )
        for name, frame in found.items()
        if (own := frame.filter(pl.col("area").is_in(known.implode()))).height
    ).sort("component", "area")


def build(found: pl.DataFrame, parameters: MobilityIndexParameters) -> composite.Composite | None:
    """Build the composite with its rank intervals; None where no country has three parts.

    Args:
        found: see `components`.
    """
    wide = found.pivot("component", index="area", values="value").sort("area")
    names = [name for name in COMPONENTS if name in wide.columns]
    complete = wide.filter(pl.sum_horizontal(pl.col(names).is_not_null()) >= NEEDED)
    if len(names) < NEEDED or not complete.height:
        return None
    rivals = [composite.Normalisation("goalposts", floor=parameters.floor), composite.Normalisation("rank")]
    if all(complete[name].n_unique() - bool(complete[name].null_count()) > 1 for name in names):
        rivals.append(composite.Normalisation("min_max", lower=1, upper=100))
    posts = parameters.goalposts()
    framework = composite.Framework(
        tuple(composite.Indicator(name, "MOBILITY", goalposts=posts[name]) for name in names),
        (composite.Aggregate("MOBILITY"),),
        composite.Choices(
            # A hair below, so that three of four is not lost to rounding.
            availability=NEEDED / len(names) - 1e-9,
            treat="none",
            normalise=rivals[0],
            aggregate="geometric",
        ),
        composite.Alternatives(
            impute=("none", "median"), treat=(), normalise=tuple(rivals), goalposts=GOALPOSTS_MOVED
        ),
    )
    return composite.build(framework, wide)


def _observed_parts(found: pl.DataFrame, parameters: MobilityIndexParameters) -> pl.DataFrame:
    count = pl.len().over("area")
    return found.select(
        pl.lit(INDEX).alias("series"),
        "area",
        pl.format("COMPONENT={}", "component").alias("breakdown"),
        pl.col("score").alias("value"),
        pl.lit("IX").alias("unit"),
        "source",
        pl.lit(f"mobility_component/1 [{_rules(parameters)}]").alias("method"),
        pl.concat_str(
            "note",
            pl.when(pl.col("score") < parameters.floor)
            .then(pl.lit(f"; counts as {parameters.floor:g} in the index"))
            .otherwise(pl.lit("")),
            pl.when(count < NEEDED)
            .then(pl.format("; no index, because {} of 4 parts are known", count))
            .otherwise(pl.lit("")),
            pl.lit(f"; {_NO_ERROR}"),
        ).alias("note"),
    )


def _world(found: pl.DataFrame) -> pl.DataFrame:
    """Average outward freedom and inward openness over the countries, each counting the same."""
    rows = []
    for name in ("OUTWARD", "INWARD"):
        own = found.filter(component=name)
        mean = float(np.mean(own["score"].to_numpy()))
        rows.append(
            (f"COMPONENT={name}", mean, own["source"][0], f"unweighted mean of {own.height} countries")
        )
    return pl.DataFrame(rows, schema=["breakdown", "value", "source", "note"], orient="row").with_columns(
        pl.lit(INDEX).alias("series"),
        pl.lit("001").alias("area"),
        pl.lit("IX").alias("unit"),
        pl.lit("mean_of_countries/1").alias("method"),
        (pl.col("note") + f"; {_NO_ERROR}").alias("note"),
    )


def _observed_index(
    built: composite.Composite, found: pl.DataFrame, parameters: MobilityIndexParameters
) -> list[pl.DataFrame]:
    """Give the index, its rank and what moves it; index and rank carry the parts in words, never to be alone."""
    framework = built.base.framework
    shown = pl.format("{} {}", "component", pl.col("score").round(3)).str.join(", ")
    order = pl.col("component").replace_strict({name: k for k, name in enumerate(COMPONENTS)})
    described = (
        found.sort("area", order)
        .group_by("area", maintain_order=True)
        .agg(
            shown.alias("parts"),
            pl.col("component").alias("known"),
            pl.col("source")
            .str.split("+")
            .explode()
            .unique(maintain_order=True)
            .str.join("+")
            .alias("source"),
        )
        .with_columns(
            pl.lit(list(COMPONENTS)).list.set_difference("known").list.sort().list.join(", ").alias("absent")
        )
    )
    ranked = built.index.join(described, on="area", maintain_order="left").with_columns(
        # The rank itself may lie outside the middle of the variants; the range is widened to hold it.
        pl.min_horizontal(pl.col("rank_lower").floor(), "rank").alias("lower"),
        pl.max_horizontal(pl.col("rank_upper").ceil(), "rank").alias("upper"),
    )
    text = pl.format(
        "parts: {}{}; rank {} of {}, {} to {} in {} % of {} variants under other choices "
        "(a range, no probability interval; widened to hold the rank); {}",
        "parts",
        pl.when(pl.col("absent") == "")
        .then(pl.lit(""))
        .otherwise(pl.format("; without {}, which is not known", "absent")),
        pl.col("rank").cast(pl.Int64),
        pl.lit(ranked.height),
        pl.col("lower").cast(pl.Int64),
        pl.col("upper").cast(pl.Int64),
        pl.lit(f"{100 * framework.level:g}"),
        pl.lit(framework.draws),
        pl.lit(_NO_ERROR),
    )
    both = ranked.with_columns(
        text.alias("note"),
        pl.lit(f"mobility_index/1 [geometric; {_rules(parameters)}]").alias("method"),
    )
    columns = ("series", "area", "value", "unit", "source", "method", "note")
    index = both.with_columns(
        pl.lit(INDEX).alias("series"), pl.col("index").alias("value"), pl.lit("IX").alias("unit")
    )
    rank = both.with_columns(
        pl.lit(RANK).alias("series"), pl.col("rank").alias("value"), pl.lit("NUMBER").alias("unit")
    )
    behind = both["source"].str.split("+").explode().unique().sort().str.join("+").item()
    return [
        index.select(columns),
        rank.select(*columns, "lower", "upper"),
        sensitivity.observed(built, behind, both["method"][0]),
    ]


def _rules(parameters: MobilityIndexParameters) -> str:
    return "; ".join(f"{name} {value:g}" for name, value in parameters.model_dump().items())


_LIMITS = (
    "Our own definition, no official index; visas concern short stays; never to be read without its parts "
    "and the range of its rank."
)

INDICATOR = Indicator(
    code=CODE,
    name="Human mobility index (our definition)",
    series=(
        Series(
            code=INDEX,
            name="Human mobility index (our definition)",
            definition="Geometric mean of outward freedom, inward openness, realised and protected mobility, "
            "each from 0 to 1 on fixed goalposts.",
            unit="IX",
            area_role="whose citizens, visitors and migrants",
            better="higher",
            dimensions=(Dimension("COMPONENT", "part of the index", COMPONENTS, "all parts together"),),
            words=("human mobility index", "mobility opportunity", "passport power"),
            limits=_LIMITS,
            composite=(INDEX, RANK),
        ),
        Series(
            code=RANK,
            name="Rank by the human mobility index (our definition)",
            definition="Place among the countries with an index, 1 for the highest; the range holds the middle "
            "90 % of variants under other choices.",
            unit="NUMBER",
            area_role="whose rank",
            better="lower",
            words=("mobility rank",),
            limits=_LIMITS,
            composite=(INDEX, RANK),
        ),
        sensitivity.SERIES,
    ),
    needs=(("visa_matrix",),),
    uses=("migrant_stock", "development_indicators", "published_values"),
    compute=compute,
    parameters=MobilityIndexParameters,
    explanation=__doc__,
    proposal=5,
)
