"""Perceptions of migration: the share of migrants that people imagine, against the actual one, and acceptance.

From an opinion survey in the layout of the European Social Survey (ESS); no such file is public without
registration, so that without one there is no data.

    SJ_PERCEIVED_SHARE     mean or median answer to "of every 100 people, how many were born outside?", per cent
    SJ_MISPERCEPTION       perceived mean less the actual share of migrants (UN DESA, nearest year), points
    SJ_ACCEPTANCE          share who would allow many or some, or answer 6 to 10, per cent of those who answer
    SJ_ACCEPTANCE_SCORE    the answers rescaled so that 0 rejects and 100 accepts most, mean

Refusals and "don't know" are no answers: their share stands in the note. The actual share is that of the stock of
migrants in the population of the same revision; that it may count foreign citizens where birthplaces are not known,
and all ages where the survey asks those of 15 and over, is a limit, and so is that it is taken as exact.

A perception is not ignorance alone: people may think of others than the foreign-born when they are asked.

Source: ESS, variables named in the note; UN DESA, International Migrant Stock.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from sojourn import areas
from sojourn.errors import NotFoundError
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_lines import Number, observations_of
from sojourn.indicators.survey_rows import Rows, rows_of, years_of
from sojourn.methods.paygap.linearised import Estimates
from sojourn.methods.perceptions import ESS_ITEMS, PERCEIVED_SHARE, acceptance, perceived_share
from sojourn.observations import breakdown
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata

CODE = "SJ.perceptions"
PERCEIVED, MISPERCEPTION = "SJ_PERCEIVED_SHARE", "SJ_MISPERCEPTION"
ACCEPTED, SCORE = "SJ_ACCEPTANCE", "SJ_ACCEPTANCE_SCORE"
COUNTRY = "respondent_country"

CONCEPTS = {"migrants_perceived": PERCEIVED_SHARE, "acceptance": "imwbcnt"} | {
    code: code for code in ESS_ITEMS if code != "imwbcnt"
}
"""Concept of a mapping -> item."""


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Compute every item of every survey that asks one."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        asked = {name: item for name, item in CONCEPTS.items() if name in survey.standard.concepts}
        if not asked:
            continue
        here = _of_its_country(survey)
        for year in years_of(survey):
            rows = rows_of(survey, year, {item: pl.col(name) for name, item in asked.items()}, here)
            if rows is not None:
                actual = _actual(tables, survey.area, year)
                frames += observations_of(rows, CODE, list(_numbers(rows, actual)), tuple(asked))
    return frames


def _of_its_country(survey: Microdata) -> pl.Expr:
    """Keep the respondents of the survey's area, where a file holds several countries."""
    if COUNTRY not in survey.standard.concepts:
        return pl.lit(True)
    found = survey.standard.frame.select(pl.col(COUNTRY).unique()).collect(engine="streaming")[COUNTRY]
    return pl.col(COUNTRY).is_in(
        [name for name in found.drop_nulls().to_list() if _area(name) == survey.area]
    )


def _area(name: str) -> str:
    try:
        return areas.resolve(name)
    except NotFoundError:
        return ""


def _actual(tables: Tables, area: str, year: int) -> tuple[float, str] | None:
    """Give the actual share of migrants in the nearest year, per cent, and where it is from."""
    stock = tables.get("migrant_stock")
    if stock is None:
        return None
    whole = stock.filter(
        pl.col("measure").is_in(["stock", "population"]), destination=area, origin="", sex="_T", age="_T"
    )
    wide = whole.pivot("measure", index=["source", "period"], values="value", aggregate_function="first")
    if not {"stock", "population"} <= set(wide.columns):
        return None
    near = (
        wide.drop_nulls()
        .filter(pl.col("population") > 0)
        .with_columns(far=(pl.col("period").cast(pl.Int32) - year).abs())
        # The nearest year; of several revisions the newest.
        .sort("far", "source", "period", descending=[False, True, False])
    )
    if not near.height:
        return None
    row = near.row(0, named=True)
    return 100 * row["stock"] / row["population"], f"actual share of {row['period']} from {row['source']}"


def _numbers(rows: Rows, actual: tuple[float, str] | None) -> Iterator[Number]:
    for item in rows.frame.columns:
        answers = rows.frame[item].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        low, high = _scale(item)
        off = np.isfinite(answers) & ((answers < low) | (answers > high))
        if item in ESS_ITEMS:
            off |= np.isfinite(answers) & (answers != np.round(answers))
        n = int((np.isfinite(answers) & ~off).sum())
        if n < 2:
            continue
        notes = (f"{int(off.sum())} answers of {item} are on no scale, and left out",) if off.any() else ()
        if item == PERCEIVED_SHARE:
            found = perceived_share(answers[~off], rows.sampling(~off))
            yield from _perceived(rows, found, n, actual, notes)
        else:
            found = acceptance(answers[~off], ESS_ITEMS[item], rows.sampling(~off))
            yield from _accepted(found, item, n, notes)


def _scale(item: str) -> tuple[int, int]:
    if item == PERCEIVED_SHARE:
        return 0, 100
    worst, best = ESS_ITEMS[item].worst, ESS_ITEMS[item].best
    return min(worst, best), max(worst, best)


def _perceived(
    rows: Rows, found: Estimates, n: int, actual: tuple[float, str] | None, notes: tuple[str, ...]
) -> Iterator[Number]:
    said = (*notes, PERCEIVED_SHARE, _silent(found))
    without = () if actual else ("no actual share of migrants is at hand to compare it with",)
    for statistic in ("mean", "median"):
        if statistic in found.names and not (statistic == "median" and rows.design.delete_one):
            code = breakdown(STATISTIC=statistic.upper())
            yield _number(PERCEIVED, "PT", found, statistic, n, code, (*said, *without))
    if actual is not None:
        share, where = actual
        yield _number(
            MISPERCEPTION, "PP", found, "mean", n, "", (*said, f"{where}: {share:.2f} per cent"), less=share
        )


def _accepted(found: Estimates, item: str, n: int, notes: tuple[str, ...]) -> Iterator[Number]:
    said = (*notes, f"{item}: {ESS_ITEMS[item].label}", _silent(found))
    code = breakdown(ITEM=item.upper())
    yield _number(ACCEPTED, "PT", found, "accepted", n, code, said)
    yield _number(SCORE, "SCORE", found, "score", n, code, said)


def _silent(found: Estimates) -> str:
    return f"{found['no_answer'][0]:.1f} per cent give no answer"


def _number(
    series: str,
    unit: str,
    found: Estimates,
    name: str,
    n: int,
    code: str,
    notes: tuple[str, ...],
    less: float = 0.0,
) -> Number:
    at = found.names.index(name)
    lower, upper = found.interval()
    return Number(
        series=series,
        unit=unit,
        value=float(found.value[at]) - less,
        se=float(found.standard_error[at]),
        lower=float(lower[at]) - less,
        upper=float(upper[at]) - less,
        n=n,
        method="perceptions/1",
        breakdown=code,
        notes=notes,
    )


_ITEM = Dimension(
    "ITEM", "question", {code.upper(): one.label for code, one in ESS_ITEMS.items()}, "not used"
)
_SUPPLIER = "European Social Survey, or an office that asks its items"

INDICATOR = Indicator(
    code=CODE,
    name="Perceptions of migration",
    series=(
        Series(
            code=PERCEIVED,
            name="Perceived share of migrants",
            definition="Of every 100 people in the country, how many people think were born outside it.",
            unit="PT",
            area_role="where they are asked",
            dimensions=(
                Dimension("STATISTIC", "statistic", {"MEAN": "mean", "MEDIAN": "median"}, "not used"),
            ),
            words=("perceived share of migrants", "perception of migration"),
            limits="People may think of others than the foreign-born.",
            supplier=_SUPPLIER,
        ),
        Series(
            code=MISPERCEPTION,
            name="Perceived less actual share of migrants",
            definition="Mean perceived share of migrants less the actual share in the population, per cent points.",
            unit="PP",
            area_role="where they are asked",
            words=("misperception", "overestimated migration"),
            limits="The actual share is of all ages, of the nearest year, and taken as exact.",
            supplier=_SUPPLIER,
        ),
        Series(
            code=ACCEPTED,
            name="People who accept migrants",
            definition="Share who would allow many or some, or answer above the middle of the scale, per cent.",
            unit="PT",
            area_role="where they are asked",
            better="higher",
            dimensions=(_ITEM,),
            words=("acceptance of migrants", "attitudes to migration"),
            limits="Of those who answer; what people say is not what they do.",
            supplier=_SUPPLIER,
        ),
        Series(
            code=SCORE,
            name="Acceptance of migrants, 0 to 100",
            definition="Answers rescaled so that 0 rejects and 100 accepts most; mean of those who answer.",
            unit="SCORE",
            area_role="where they are asked",
            better="higher",
            dimensions=(_ITEM,),
            words=("acceptance score",),
            limits="The rescaling is our own; scales of different questions do not compare.",
            supplier=_SUPPLIER,
        ),
    ),
    needs=((SURVEY_PERSONS,),),
    uses=("migrant_stock",),
    compute=compute,
    explanation=__doc__,
)
