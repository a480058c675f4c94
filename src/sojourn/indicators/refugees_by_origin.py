"""Refugees by country of origin as a proportion of the population of that country (SDG 10.7.4).

    rate = 100,000 R / (P + R)

R are the refugees from a country at the end of the year, with people in refugee-like situations; from 2018
on also other people in need of international protection (most of them Venezuelans). That is a break in the
definition: every observation says on which side it stands, and those of 2018 have the status "break".

P is the resident population. The metadata ask for 31 December, the mean of two mid-years; the edition of
October 2020 of the SDG database used mid-year (256 of 257 rates of at least 50 come out to the last printed
digit, against 51 with 31 December interpolated). Both stand here under their own method. Which revision of
the population was used matters more: with that of 2024 most figures before 2020 differ by more than 2 per
cent, Serbia's by more than 20.

For the world and for regions the sums are of the countries whose population the revision holds,

    rate = 100,000 sum R / sum (P + R)

where a country from which no refugee is recorded counts with none, and a country whose population is not
known is left out above and below; the note says how many. The world also holds refugees whose origin is no
area (stateless, Tibetan); refugees of unknown origin are left out, as the custodian does.

Limits: the registration of refugees is uneven, and Palestine refugees under UNRWA are not in it. UNHCR
revises past years. No error is published.

Sources: SDG metadata 10.7.4 (UNHCR); UNHCR, Refugee Data Finder; UN DESA, World Population Prospects.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.displacement import ORIGIN, WORLD, sums
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "10.7.4"
SERIES = "SM_POP_REFG_OR"
BREAK = 2018
"""First year in which other people in need of international protection count."""

_WITHOUT_ORIGIN = ["XXA", "TIB"]
_METHODS = {"end": "refugees_to_population_year_end/1", "mid": "refugees_to_population_mid_year/1"}


class DisplacementParameters(Parameters):
    """Choices of 10.7.4.

    Attributes:
        first_year: first year to compute; the official series begins in 2000.
        protection_from: first year in which other people in need of international protection count.
    """

    section = "displacement"

    first_year: int = 2000
    protection_from: int = BREAK


def compute(tables: Tables, rules: DisplacementParameters) -> list[pl.DataFrame]:
    """Compute the rate by country, region and world, and give the published one beside it."""
    frames = [published(tables, CODE, [SERIES])]
    people, population = tables.get("displaced_population"), tables.get("population")
    if people is not None and population is not None:
        refugees = _refugees(people, rules)
        for _, revision in residents(population).group_by("people_source", maintain_order=True):
            frames += _rates(refugees, revision, rules)
    return [frame for frame in frames if frame.height]


def _refugees(people: pl.DataFrame, rules: DisplacementParameters) -> pl.DataFrame:
    """Sum R by origin; `without_area` are the refugees whose known origin is no area, in the world's row."""
    used = people.filter(pl.col("period").cast(pl.Int32) >= rules.first_year)
    counts = pl.col("period").cast(pl.Int32) >= rules.protection_from
    used = used.with_columns(
        # Before the break the column is empty; a null there adds nothing, and a null of both is not known.
        pl.when(counts & pl.col("oip").is_not_null())
        .then(pl.col("refugees").fill_null(0) + pl.col("oip"))
        .otherwise(pl.col("refugees"))
        .alias("refugees")
    )
    by_origin = sums(used, ["refugees"]).filter(side=ORIGIN).drop("side")
    no_area = used.filter(pl.col("origin").is_in(_WITHOUT_ORIGIN))
    world = sums(no_area, ["refugees"]).filter(area=WORLD).drop("side")
    return pl.concat([by_origin, world]).drop_nulls("refugees")


def residents(population: pl.DataFrame) -> pl.DataFrame:
    """Give each revision's population at mid-year and on 31 December.

    31 December is the mean of two mid-years, null where the next is not in the same revision. Men and
    women are added where a revision has no total.

    Returns:
        area, period, mid, end, projected and people_source, sorted.
    """
    key = ["area", "period", "source", "variant"]
    total = population.filter(sex="_T").select(*key, "value")
    # The two sexes side by side, so that the sum has one order.
    men, women = (population.filter(sex=sex).select(*key, "value") for sex in ("M", "F"))
    both = men.join(women, on=key, suffix="_women").join(total, on=key, how="anti")
    both = both.select(*key, (pl.col("value") + pl.col("value_women")).round(6).alias("value"))
    every = pl.concat([total, both]).unique(["area", "period", "source"], keep="first", maintain_order=True)
    following = every.select(
        "area",
        "source",
        (pl.col("period").cast(pl.Int32) - 1).cast(pl.String).alias("period"),
        pl.col("value").alias("next"),
    )
    return (
        every.join(following, on=["area", "period", "source"], how="left")
        .select(
            "area",
            "period",
            pl.col("value").alias("mid"),
            ((pl.col("value") + pl.col("next")) / 2).alias("end"),
            (pl.col("variant") != "estimates").alias("projected"),
            pl.col("source").alias("people_source"),
        )
        .sort("people_source", "area", "period")
    )


def _rates(
    refugees: pl.DataFrame, revision: pl.DataFrame, rules: DisplacementParameters
) -> list[pl.DataFrame]:
    """Divide by one revision of the population, at each of the two dates that it gives."""
    countries = areas.table().filter(kind="country").select("area")
    frames = []
    for date, method in _METHODS.items():
        known = revision.select("area", "period", "projected", "people_source", people=date).drop_nulls(
            "people"
        )
        known = known.join(countries, on="area", how="semi", maintain_order="left")
        for source in refugees["source"].unique().sort():
            own = refugees.filter(source=source)
            frames += [
                _shape(_of_countries(own, known), method, rules),
                _shape(_of_groups(own, known), method, rules),
            ]
    return frames


def _of_countries(own: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    both = own.filter(pl.col("area") != WORLD).join(known, on=["area", "period"], how="inner")
    return both.sort("area", "period").with_columns(
        pl.lit(None, pl.Int64).alias("n"), pl.lit("").alias("left_out")
    )


def _of_groups(own: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Sum R and P over the countries of the world and of its regions."""
    groups = pl.concat([areas.memberships("m49"), areas.memberships("sdg")]).unique()
    every = known.join(own.filter(pl.col("area") != WORLD), on=["area", "period"], how="full", coalesce=True)
    every = every.filter(pl.col("period").is_in(own["period"].unique().implode()))
    members = every.join(groups, on="area", how="inner").sort("group", "period", "area")
    without = pl.col("people").is_null()
    summed = members.group_by("group", "period", maintain_order=True).agg(
        pl.col("refugees").filter(~without).sum(),
        # A running sum adds in the order of the rows, so that the same files give the same bits.
        pl.col("people").fill_null(0.0).cum_sum().last(),
        (~without).sum().cast(pl.Int64).alias("n"),
        pl.col("area").filter(without).str.join(", ").alias("left_out"),
        pl.col("projected").any(),
        pl.col("people_source").drop_nulls().first(),
    )
    no_area = own.filter(area=WORLD).select("area", "period", pl.col("refugees").alias("no_area"))
    summed = summed.rename({"group": "area"}).join(no_area, on=["area", "period"], how="left")
    return (
        summed.filter(pl.col("n") > 0)
        .with_columns(
            (pl.col("refugees") + pl.col("no_area").fill_null(0)).alias("refugees"),
            pl.lit(own["source"][0]).alias("source"),
        )
        .drop("no_area")
    )


def _shape(rates: pl.DataFrame, method: str, rules: DisplacementParameters) -> pl.DataFrame:
    after = pl.col("period").cast(pl.Int32) >= rules.protection_from
    note = pl.concat_str(
        pl.lit("no error is known; refugees "),
        pl.when(after)
        .then(pl.lit("and other people in need of international protection (definition from "))
        .otherwise(pl.lit("alone (definition before ")),
        pl.lit(f"{rules.protection_from})"),
        pl.when(pl.col("projected")).then(pl.lit("; projected population")).otherwise(pl.lit("")),
        pl.when(pl.col("left_out") != "")
        .then(pl.format("; population not known, left out: {}", "left_out"))
        .otherwise(pl.lit("")),
    )
    return rates.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(SERIES).alias("series"),
        "area",
        "period",
        (1e5 * pl.col("refugees") / (pl.col("people") + pl.col("refugees"))).alias("value"),
        pl.lit("PER_100000_POP").alias("unit"),
        "n",
        pl.when(pl.col("period") == str(rules.protection_from))
        .then(pl.lit("B"))
        .when(pl.col("projected"))
        .then(pl.lit("E"))
        .otherwise(pl.lit("A"))
        .alias("status"),
        (pl.col("source") + "+" + pl.col("people_source")).alias("source"),
        pl.lit(method + f" [other protection from {rules.protection_from}]").alias("method"),
        note.alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="Proportion of the population who are refugees, by country of origin",
    series=(
        Series(
            code=SERIES,
            name="Refugees from a country per 100,000 of its population",
            definition="Refugees from the country, over its residents and those refugees, times 100,000; "
            "from 2018 with other people in need of international protection.",
            unit="PER_100000_POP",
            area_role="origin",
            tolerance=0.5,
            words=("refugees by origin", "refugees per 100,000", "10.7.4"),
            limits="Definition widened in 2018; Palestine refugees under UNRWA are not in it.",
            headline=tuple(method.partition("/")[0] for method in _METHODS.values()),
        ),
    ),
    needs=(("displaced_population", "published_values"),),
    uses=("population",),
    compute=compute,
    parameters=DisplacementParameters,
    explanation=__doc__,
)
