"""Deaths and disappearances of migrants as recorded: SDG 10.7.3.

    value = sum over incidents of (dead + missing presumed dead)

for the world, a country or a region of incident, and a year. Nothing is adjusted and nothing is imputed; a
region is the sum of its countries. An incident at sea belongs to a country only by the recorder's rule (as a
rule the nearest coast). A country without a figure has no recorded death, which is not zero deaths.

Limits: IOM states that the coverage of its records changes with time and attention, and that they must not
be used to identify trends. The records are a minimum: of shipwrecks without survivors nobody tells. Every
snapshot of the records revises earlier years; snapshots stand side by side, and `SJ_DTH_MIGR_REVISION` says how
far a year moved. The last year of a snapshot is not over: it is provisional.

By cause, route, region, type of record, origin, sex and age as far as recorded: the sex of most of the dead
is not. Cumulative records are totals of a period; they count in the year and are kept apart by
`INCIDENT_TYPE`. No public file says how many of the dead were identified; the nearest is whether their country
of origin is recorded. Deaths per attempted crossing,

    r = 1000 x dead and missing on a route in a year / people who attempted it,

are given only where somebody counted the attempts. They are no probability of death of one person: who tries
twice counts twice.

Source: IOM, Missing Migrants Project; method: UN metadata of indicator 10.7.3. Published figures: UNSD,
Global SDG Indicators Database, series SM_DTH_MIGR.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.migrant_deaths_series import DEATHS, SERIES
from sojourn.indicators.model import Indicator, Parameters, Tables
from sojourn.indicators.published import published

CODE = "10.7.3"
WORLD = "001"
METHOD = "dead_and_missing/1"
NO_TREND = "coverage changes: not to be used to identify trends (IOM); a minimum; no error is known"

_EDITION_YEAR = r"@(?:to-)?(\d{4})"
_DIMENSIONS = {
    "CAUSE": "cause",
    "INCIDENT_TYPE": "type",
    "ORIGIN": "origin",
    "REGION": "region",
    "ROUTE": "route",
}
_OVER = ("source", "period")


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Sum the recorded deaths, beside the published figures."""
    found = published(tables, CODE, [DEATHS])
    frames = [found] if found.height else []
    deaths = tables.get("migrant_deaths")
    if deaths is not None and deaths.height:
        frames += [_world(deaths), *_by_dimension(deaths), *_by_sex_and_age(deaths), _identified(deaths)]
        frames += [_by_country(deaths), _by_grouping(deaths), _revisions(deaths)]
        frames += _per_attempt(deaths, tables.get("crossing_attempts"))
    return [frame for frame in frames if frame.height]


def _summed(deaths: pl.DataFrame, value: str = "total", by: tuple[str, ...] = ()) -> pl.DataFrame:
    """Sum a count of persons by snapshot, year and more; sums of integers are exact in any order."""
    keys = [*_OVER, *by]
    return (
        deaths.drop_nulls([value, *by])
        .group_by(keys)
        .agg(pl.col(value).sum().alias("value"), pl.len().cast(pl.Int64).alias("n"))
        .sort(keys)
    )


def _observed(sums: pl.DataFrame, *extra: pl.Expr, note: str = NO_TREND) -> pl.DataFrame:
    """Write sums as observations; the last year of a snapshot is provisional."""
    unfinished = pl.col("period") >= pl.col("source").str.extract(_EDITION_YEAR, 1)
    own = {expression.meta.output_name() for expression in extra}
    defaults = [pl.lit(WORLD).alias("area"), pl.lit(METHOD).alias("method")]
    return sums.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(DEATHS).alias("series"),
        "period",
        pl.col("value").cast(pl.Float64),
        pl.lit("NUMBER").alias("unit"),
        "n",
        "source",
        pl.when(unfinished).then(pl.lit("P")).otherwise(pl.lit("A")).alias("status"),
        pl.when(unfinished)
        .then(pl.lit(f"the snapshot ends in this year; {note}"))
        .otherwise(pl.lit(note))
        .alias("note"),
        *(default for default in defaults if default.meta.output_name() not in own),
        *extra,
    )


def _world(deaths: pl.DataFrame) -> pl.DataFrame:
    return _observed(_summed(deaths))


def _by_dimension(deaths: pl.DataFrame) -> list[pl.DataFrame]:
    """World by each dimension alone, where the snapshot records it at all."""
    frames = []
    for dimension, column in _DIMENSIONS.items():
        known = ~pl.col(column).is_in(["NOT_RECORDED", "NOT_STATED"])
        recording = deaths.filter(known.any().over("source"))
        breakdown = pl.concat_str(pl.lit(f"{dimension}="), pl.col(column)).alias("breakdown")
        frames.append(_observed(_summed(recording, by=(column,)), breakdown))
    for code, column in (("DEAD", "dead"), ("MISSING", "missing")):
        frames.append(_observed(_summed(deaths, column), pl.lit(f"OUTCOME={code}").alias("breakdown")))
    return frames


def _by_sex_and_age(deaths: pl.DataFrame) -> list[pl.DataFrame]:
    """Women, men, those of unrecorded sex (the rest), and children, where a snapshot counts them."""
    counted = deaths.filter(pl.col("females").is_not_null().any().over("source"))
    rest = pl.col("total") - pl.col("females").fill_null(0) - pl.col("males").fill_null(0)
    sexes = {"F": "females", "M": "males", "_U": "rest"}
    frames = [
        _observed(
            _summed(counted.with_columns(rest=rest), column),
            pl.lit(sex).alias("sex"),
            note=f"sex as far as recorded; {NO_TREND}",
        )
        for sex, column in sexes.items()
    ]
    note = f"children as far as recorded; the others are of recorded or unrecorded age; {NO_TREND}"
    return [*frames, _observed(_summed(counted, "children"), pl.lit("Y0T17").alias("age"), note=note)]


def _identified(deaths: pl.DataFrame) -> pl.DataFrame:
    """How many were identified: a number where recorded, else a row that says it is not."""
    recorded = pl.col("identified").is_not_null().any().over("source")
    breakdown = pl.lit("IDENTIFICATION=IDENTIFIED").alias("breakdown")
    known = _observed(_summed(deaths.filter(recorded), "identified"), breakdown)
    last = _summed(deaths.filter(~recorded)).unique("source", keep="last", maintain_order=True)
    unknown = _observed(last, breakdown).with_columns(
        pl.lit(None, pl.Float64).alias("value"),
        pl.lit("L").alias("status"),
        pl.lit("the file does not record how many of the dead were identified; no error applies").alias(
            "note"
        ),
    )
    return pl.concat([known, unknown])


def _by_country(deaths: pl.DataFrame) -> pl.DataFrame:
    """Countries of incident, and regions as sums of their countries."""
    countries = _summed(deaths, by=("area",))
    groups = (
        pl.concat([areas.memberships("m49"), areas.memberships("sdg")])
        .unique()
        .filter(pl.col("group") != WORLD)
    )
    regions = (
        countries.join(groups, on="area", how="inner")
        .group_by(*_OVER, "group")
        .agg(pl.col("value").sum(), pl.col("n").sum())
        .select(*_OVER, pl.col("group").alias("area"), "value", "n")
        .sort(*_OVER, "area")
    )
    sums = pl.concat([countries, regions])
    return _observed(
        sums, pl.col("area"), note=f"country as the recorder assigns it, also at sea; {NO_TREND}"
    )


def _by_grouping(deaths: pl.DataFrame) -> pl.DataFrame:
    """UNSD regions as a snapshot without countries states them; incidents at sea are in none."""
    without = deaths.filter(pl.col("area").is_null().all().over("source"))
    sums = _summed(without, by=("grouping",))
    return _observed(
        sums,
        pl.col("grouping").alias("area"),
        pl.lit("dead_and_missing_by_grouping/1").alias("method"),
        note=f"incidents at sea are in no region of this snapshot; {NO_TREND}",
    )


def _revisions(deaths: pl.DataFrame) -> pl.DataFrame:
    """How far the world's figure of a finished year moved between the oldest and the newest snapshot."""
    day = pl.col("source").str.extract(r"@(?:to-)?(\d{4}(?:-\d{2}){0,2})", 1)
    finished = _summed(deaths).with_columns(day=day).filter(pl.col("period") < pl.col("day").str.slice(0, 4))
    spans = (
        finished.sort("period", "day", "source")
        .group_by("period", maintain_order=True)
        .agg(
            pl.col("value").first().alias("first"),
            pl.col("value").last().alias("last"),
            pl.col("source").first().alias("oldest"),
            pl.col("source").last().alias("newest"),
            pl.concat_str(pl.col("value"), pl.lit(" ("), pl.col("day"), pl.lit(")"))
            .str.join(", ")
            .alias("all"),
            pl.len().alias("snapshots"),
        )
        .filter(pl.col("snapshots") > 1)
    )
    return spans.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_DTH_MIGR_REVISION").alias("series"),
        pl.lit(WORLD).alias("area"),
        "period",
        (pl.col("last") - pl.col("first")).cast(pl.Float64).alias("value"),
        pl.lit("NUMBER").alias("unit"),
        (pl.col("newest") + "+" + pl.col("oldest")).alias("source"),
        pl.lit("newest_less_oldest/1").alias("method"),
        ("snapshots: " + pl.col("all") + "; a revision of records, no error applies").alias("note"),
    )


_ATTEMPT = (
    pl.lit(CODE).alias("indicator"),
    pl.lit("SJ_DTH_MIGR_PER_ATTEMPT").alias("series"),
    pl.lit(WORLD).alias("area"),
    pl.col("period"),
    pl.lit("PER_1000_ATTEMPTS").alias("unit"),
    pl.lit("deaths_per_attempt/1").alias("method"),
)
_NOT_COUNTED = (
    pl.col("source"),
    pl.lit("L").alias("status"),
    pl.lit(
        "cannot be computed, because no file counts the attempted crossings of its routes and years: write "
        "what an office counted into crossing_attempts.csv; no error applies"
    ).alias("note"),
)


def _per_attempt(deaths: pl.DataFrame, attempts: pl.DataFrame | None) -> list[pl.DataFrame]:
    """Deaths per 1,000 attempts; of a snapshot that meets no count of attempts, a row that says why not."""
    rates = [] if attempts is None else [_rates(deaths, attempts)]
    met = [source.split("+")[0] for frame in rates for source in frame["source"]]
    last = _summed(deaths.filter(~pl.col("source").is_in(met))).unique(
        "source", keep="last", maintain_order=True
    )
    return [*rates, last.select(*_ATTEMPT, pl.lit(None, pl.Float64).alias("value"), *_NOT_COUNTED)]


def _rates(deaths: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    counts = attempts.select(
        "route",
        "period",
        "counted",
        pl.col("value").alias("attempts"),
        pl.col("source").alias("attempts_source"),
    )
    joined = (
        _summed(deaths, by=("route",)).join(counts, on=["route", "period"], how="inner").sort(*_OVER, "route")
    )
    return joined.select(
        *_ATTEMPT,
        pl.concat_str(pl.lit("ROUTE="), "route").alias("breakdown"),
        (1000 * pl.col("value") / pl.col("attempts")).alias("value"),
        (pl.col("source") + "+" + pl.col("attempts_source")).alias("source"),
        ("attempts are " + pl.col("counted") + f"; {NO_TREND}").alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="Deaths and disappearances of migrants",
    series=SERIES,
    needs=(("migrant_deaths", "published_values"),),
    uses=("crossing_attempts",),
    compute=compute,
    explanation=__doc__,
)
