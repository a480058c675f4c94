"""Internal displacement: people displaced within their country, and new displacements in a year.

The stock is of people at the end of a year; the flow is of displacements, and one person may be displaced
several times. Conflict and disaster are not added, as some people are displaced by both. Two publishers stand side
by side under the cause "conflict": IDMC counts all people displaced by conflict and violence, UNHCR those
whom it protects or assists (POPULATION=ASSISTED). They differ by definition, so neither corrects the other.
IDMC's figures come from its own files and through UNHCR's service, which may be another vintage.

Sums of the world are of the countries of a file, and say so; Abyei, which has no code of its own, is in them.
IDMC's stocks by sex and age are modelled from national age structures, not counted.

Limits: many countries are not monitored, and disaster stocks are known for few. No error is published.

Sources: IDMC, Global Internal Displacement Database; UNHCR, Refugee Data Finder.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.displacement import HOSTS, WORLD, sums
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import AS_PUBLISHED
from sojourn.sources.idmc import HAZARDS

CODE = "SJ.internal_displacement"
SERIES = {"STOCK": "SJ_IDP_STOCK", "FLOW": "SJ_IDP_FLOW"}

_NO_ERROR = "no error is known"
_KEY = ["measure", "period", "cause", "hazard", "sex", "age", "source"]


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give IDMC's stocks and flows and their sums, and UNHCR's stock beside them."""
    frames = []
    if (displaced := tables.get("internal_displacement")) is not None:
        whole, parts = _with_totals(displaced)
        frames += [_shape(whole), _shape(parts), _shape(_world(pl.concat([whole, parts])))]
    if (people := tables.get("displaced_population")) is not None:
        frames.append(_of_unhcr(people))
    return [frame for frame in frames if frame.height]


def _with_totals(displaced: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the figures as published, and the totals over hazard, or over sex and age, that are not."""
    given = displaced.filter(
        # A part of unknown sex and age is in the total only: the codes _U of both say nothing more.
        (pl.col("sex") != "_U") | (pl.col("age") != "_U")
    ).select("area", *_KEY, "value", pl.lit(AS_PUBLISHED).alias("method"))
    totals = []
    for columns in (["hazard"], ["sex", "age"], ["age"]):
        split = displaced.filter(pl.all_horizontal(pl.col(columns) != "_T"))
        if columns == ["age"]:
            split = split.filter(pl.col("sex") != "_U")
        totals.append(
            split.with_columns(pl.lit("_T").alias(name) for name in columns)
            .group_by("area", *_KEY)
            .agg(pl.col("value").sum())
            .select("area", *_KEY, "value", pl.lit("sum_of_parts/1").alias("method"))
        )
    # Where a publisher prints the total, it stands; ours is for those who print only parts.
    whole = pl.concat(totals).join(given, on=["area", *_KEY], how="anti")
    return given, whole.sort("area", *_KEY)


def _world(of_countries: pl.DataFrame) -> pl.DataFrame:
    """Sum over the places of one file: countries, Abyei, and before 2008 the one figure of the world."""
    summed = of_countries.group_by(_KEY).agg(
        pl.col("value").sum(), pl.lit("sum_of_countries/1").alias("method")
    )
    return summed.select(pl.lit(WORLD).alias("area"), *_KEY, "value", "method").sort(_KEY)


def _shape(figures: pl.DataFrame) -> pl.DataFrame:
    places = areas.table().filter(pl.col("kind").eq("country") | pl.col("area").eq(WORLD))
    sum_of_world = pl.col("area") == WORLD
    return figures.join(places, on="area", how="semi", maintain_order="left").select(
        pl.lit(CODE).alias("indicator"),
        pl.col("measure").replace_strict(SERIES, return_dtype=pl.String).alias("series"),
        "area",
        "period",
        "sex",
        "age",
        pl.concat_str(
            pl.lit("CAUSE="),
            "cause",
            pl.when(pl.col("hazard") != "_T")
            .then(pl.concat_str(pl.lit(";HAZARD="), "hazard"))
            .otherwise(pl.lit("")),
        ).alias("breakdown"),
        "value",
        pl.lit("NUMBER").alias("unit"),
        "source",
        "method",
        pl.when(sum_of_world)
        .then(pl.lit(f"{_NO_ERROR}; sum of the places in the file, with Abyei"))
        .when((pl.col("sex") != "_T") | (pl.col("age") != "_T"))
        .then(pl.lit(f"{_NO_ERROR}; sex and age are modelled by the publisher"))
        .otherwise(pl.lit(_NO_ERROR))
        .alias("note"),
    )


def _of_unhcr(people: pl.DataFrame) -> pl.DataFrame:
    stock = sums(people, ["idps"]).filter(pl.col("side") == HOSTS, pl.col("idps") > 0)
    return stock.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_IDP_STOCK").alias("series"),
        "area",
        "period",
        pl.lit("CAUSE=CONFLICT;POPULATION=ASSISTED").alias("breakdown"),
        pl.col("idps").alias("value"),
        pl.lit("NUMBER").alias("unit"),
        "source",
        pl.lit("sum_of_rows/1").alias("method"),
        pl.lit(f"{_NO_ERROR}; those whom UNHCR protects or assists").alias("note"),
    )


_CAUSE = Dimension(
    "CAUSE", "cause", {"CONFLICT": "conflict and violence", "DISASTER": "disaster"}, "not used"
)
_POPULATION = Dimension(
    "POPULATION",
    "population",
    {"ASSISTED": "people whom UNHCR protects or assists"},
    "all displaced people, as IDMC counts them",
)
_HAZARD = Dimension(
    "HAZARD", "hazard", {name.upper().replace(" ", "_"): name for name in HAZARDS}, "all hazards"
)

INDICATOR = Indicator(
    code=CODE,
    name="Internal displacement",
    series=(
        Series(
            code="SJ_IDP_STOCK",
            name="Internally displaced people, end of year",
            definition="People who live in displacement within their country at the end of the year.",
            unit="NUMBER",
            area_role="within which people are displaced",
            better="lower",
            dimensions=(_CAUSE, _POPULATION),
            words=("internally displaced", "idp stock", "idps"),
            limits="IDMC counts all displaced by conflict, UNHCR those whom it protects or assists.",
        ),
        Series(
            code="SJ_IDP_FLOW",
            name="New internal displacements in the year",
            definition="Displacements within a country in the year; one person may be displaced several times.",
            unit="NUMBER",
            area_role="within which people are displaced",
            better="lower",
            dimensions=(_CAUSE, _HAZARD),
            words=("internal displacements", "new displacements", "disaster displacement"),
            limits="Displacements, not people.",
        ),
    ),
    needs=(("internal_displacement", "displaced_population"),),
    compute=compute,
    explanation=__doc__,
)
