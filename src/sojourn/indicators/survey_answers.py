"""From a cube of a survey to observations: what is asked of it, in which words and codes the answers stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from sojourn.indicators.model import TOTAL
from sojourn.indicators.survey_questions import COMPARED, STATUSES, Measure, Question, gap_of, ratio_of
from sojourn.methods.survey import Cube, Design, Statistic, mean, quantile, share, total
from sojourn.methods.survey.safety import PRIMARY, SECONDARY, Safety, safe, withhold
from sojourn.observations import SUPPRESSED, breakdown
from sojourn.sources.microdata.build import Microdata
from sojourn.sources.microdata.concepts import YEAR

LEVEL = 0.95
PERSONS = (*STATUSES, "sex", "age")
NO_WEIGHTS = "the survey declares no weights: cases of the sample only, no number for the population; no error is known"
HEAPED = "the error computes to zero because all are alike or values heap; no error is known"
MISSING = "M"
"""OBS_STATUS of a value that cannot exist: no estimate without weights, no error by a method that has none."""


def plain(made: Cube, survey: Microdata, question: Question, safety: Safety) -> list[pl.DataFrame]:
    """Give the numbers of everyone and of each group, as observations."""
    found = []
    for place, measure in enumerate(question.measures):
        if refused := _refusal(made.design, measure):
            found.append(_refused(made, survey, question, measure, refused))
            continue
        adds = measure.statistic == "total"
        table = _printable(_groups(made, question, place), question, safety, additive=adds)
        found.append(_observations(table, made, survey, question, measure, safety))
    return found


def gaps(made: Cube, survey: Microdata, question: Question, safety: Safety) -> list[pl.DataFrame]:
    """Give differences and ratios between groups, with errors that know their covariance, as observations."""
    if survey.standard.design.kind == "none":
        return []
    found = []
    for place, measure in enumerate(question.measures):
        if not measure.compared or _refusal(made.design, measure):
            continue
        if measure.statistic == "quantile" and made.design.kind == "taylor":
            continue  # no covariance of quantiles follows from linearisation; the two intervals stand alone
        groups = _printable(_groups(made, question, place), question, safety)
        for how, series, unit in (
            ("difference", gap_of(measure.series), measure.unit),
            ("ratio", ratio_of(measure.series), "RO"),
        ):
            table = _compared(made, question, place, how, groups, safety)
            if table is not None:
                factor = measure.factor if how == "difference" else 1.0
                found.append(
                    _observations(
                        table,
                        made,
                        survey,
                        question,
                        measure,
                        safety,
                        series=series,
                        unit=unit,
                        factor=factor,
                    )
                )
    return found


def levels(made: Cube, column: str) -> set[str]:
    """List the codes of a column of a cube."""
    return set(made.blocks[0].cells.keys[column].drop_nulls())


def _printable(
    table: pl.DataFrame, question: Question, safety: Safety, *, additive: bool = False
) -> pl.DataFrame:
    """Withhold few cases; rates and means of groups do not add up, totals and the cases behind all of them do."""
    return safe(table, safety, [YEAR, *PERSONS], (TOTAL, question.ages.code), additive=additive)


def _margins(made: Cube) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """List what is asked: everyone and each reading of migratory status, alone, by sex, by age."""
    for status in (None, *(name for name in STATUSES if name in made.by)):
        yield status, ()
        for name in ("sex", "age"):
            if name in made.by:
                yield status, (name,)


def _asked(measure: Measure, name: str) -> Statistic:
    if measure.statistic == "quantile":
        return quantile(name, 0.5 if measure.q is None else measure.q)
    return {"share": share, "total": total, "mean": mean}[measure.statistic](name)


def _options(measure: Measure) -> dict[str, Any]:
    # What is few or uncertain is judged by `safety`, once.
    judged = {"level": LEVEL, "minimum_n": 0, "high_cv": float("inf")}
    return judged | ({"interval": "logit"} if measure.statistic == "share" else {})


def _groups(made: Cube, question: Question, place: int) -> pl.DataFrame:
    measure = question.measures[place]
    parts = []
    for status, others in _margins(made):
        by = (YEAR, *((status,) if status else ()), *others)
        table = made.ask(_asked(measure, f"m{place}"), by=by, **_options(measure))
        parts.append(_keyed(table, by, question))
    return pl.concat(parts, how="diagonal")


def _keyed(table: pl.DataFrame, by: tuple[str, ...], question: Question) -> pl.DataFrame:
    """Keep the groups that are known and have cases; write the total of what was not asked by."""
    known = table.drop_nulls(by).filter(pl.col("n") > 0, pl.col("estimate").is_finite())
    totals = {name: question.ages.code if name == "age" else TOTAL for name in PERSONS if name not in by}
    return known.with_columns(pl.lit(code).alias(name) for name, code in totals.items())


def _compared(
    made: Cube, question: Question, place: int, how: str, groups: pl.DataFrame, safety: Safety
) -> pl.DataFrame | None:
    measure = question.measures[place]
    options = {key: value for key, value in _options(measure).items() if key != "interval"}
    hidden = groups.filter(pl.col("withheld").is_not_null())
    parts = []
    for status, others in _margins(made):
        if status is None or not set(COMPARED[status]) <= levels(made, status):
            continue
        pair = COMPARED[status]
        table = made.gap(
            _asked(measure, f"m{place}"),
            between=status,
            compare=how,
            levels=pair,
            by=(YEAR, status, *others),
            **options,
        )
        keyed = _keyed(table, (YEAR, *others), question)
        lost = (
            hidden.filter(pl.col(status).is_in(list(pair)))
            .group_by(YEAR, "sex", "age")
            # "primary" stands before "secondary": of two groups the stricter holds.
            .agg(pl.col("withheld").min())
        )
        joined = keyed.join(lost, on=[YEAR, "sex", "age"], how="left", maintain_order="left")
        parts.append(joined.with_columns(pl.lit("_".join(pair)).alias("compared")))
    if not parts:
        return None
    table = pl.concat(parts, how="diagonal")
    return withhold(safe(table.drop("withheld"), safety), table["withheld"], safety, additive=False)


def _refusal(design: Design, measure: Measure) -> str:
    if design.delete_one and measure.statistic == "quantile":
        return "a delete-one jackknife is inconsistent for quantiles: neither error nor number is given"
    return ""


def _refused(
    made: Cube, survey: Microdata, question: Question, measure: Measure, reason: str
) -> pl.DataFrame:
    years = made.over(YEAR).count(by=YEAR).drop_nulls(YEAR).sort(YEAR)
    return years.select(
        pl.lit(question.indicator).alias("indicator"),
        pl.lit(measure.series).alias("series"),
        pl.lit(survey.area).alias("area"),
        pl.col(YEAR).cast(pl.String).alias("period"),
        pl.lit(question.ages.code).alias("age"),
        pl.lit(measure.breakdown).alias("breakdown"),
        pl.lit(None, pl.Float64).alias("value"),
        pl.lit(measure.unit).alias("unit"),
        pl.lit(MISSING).alias("status"),
        pl.lit(survey.label).alias("source"),
        pl.lit(_method(made, measure)).alias("method"),
        pl.lit(reason).alias("note"),
    )


def _observations(
    table: pl.DataFrame,
    made: Cube,
    survey: Microdata,
    question: Question,
    measure: Measure,
    safety: Safety,
    *,
    series: str = "",
    unit: str = "",
    factor: float | None = None,
) -> pl.DataFrame:
    weighted = survey.standard.design.kind != "none"
    # Of what does not add up, a secondary row loses its cases only, and stays.
    hidden = pl.col("withheld").is_in([PRIMARY, SECONDARY] if measure.statistic == "total" else [PRIMARY])
    times = measure.factor if factor is None else factor
    value, se = pl.col("estimate") * times, pl.col("se") * times
    if not weighted:
        table = table.with_columns(pl.lit(None, pl.Float64).alias("estimate"), pl.lit("").alias("flag"))
    sure = pl.col("se") > 0
    inside = sure & (pl.col("lower") <= pl.col("estimate")) & (pl.col("estimate") <= pl.col("upper"))
    compared = "compared" in table.columns
    status = (
        pl.when(hidden)
        .then(pl.lit(SUPPRESSED))
        .when(pl.lit(not weighted))
        .then(pl.lit(MISSING))
        .when(pl.col(YEAR).is_in([one.year for one in _breaks(survey, question)]))
        .then(pl.lit("B"))
        .otherwise(pl.lit("A"))
    )
    return table.select(
        pl.lit(question.indicator).alias("indicator"),
        pl.lit(series or measure.series).alias("series"),
        pl.lit(survey.area).alias("area"),
        pl.col(YEAR).cast(pl.String).alias("period"),
        *(pl.lit(TOTAL).alias(name) if compared and name in STATUSES else pl.col(name) for name in PERSONS),
        (_with_comparison(measure) if compared else pl.lit(measure.breakdown)).alias("breakdown"),
        value.alias("value"),
        pl.lit(unit or measure.unit).alias("unit"),
        pl.when(sure).then(se).alias("se"),
        pl.when(inside).then(pl.col("lower") * times).alias("lower"),
        pl.when(inside).then(pl.col("upper") * times).alias("upper"),
        pl.when(inside).then(pl.lit(LEVEL)).alias("level"),
        pl.col("n"),
        status.alias("status"),
        pl.when(pl.col("withheld") == PRIMARY)
        .then(pl.lit("A"))
        .when(hidden)
        .then(pl.lit("D"))
        .otherwise(pl.lit("F"))
        .alias("confidentiality"),
        pl.lit("M" if survey.standard.mapping.simulated else "C").alias("nature"),
        pl.lit(survey.label).alias("source"),
        pl.lit(_method(made, measure, safety, compared)).alias("method"),
        _note(made, survey, question, measure).alias("note"),
    )


def _with_comparison(measure: Measure) -> pl.Expr:
    own = dict(part.split("=", 1) for part in measure.breakdown.split(";")) if measure.breakdown else {}
    texts = {code: breakdown(**own, COMPARED=code) for code in ("_".join(pair) for pair in COMPARED.values())}
    return pl.col("compared").replace_strict(texts, return_dtype=pl.String)


def _method(made: Cube, measure: Measure, safety: Safety | None = None, compared: bool = False) -> str:
    design = made.design
    how = f"{design.kind}, {len(design.replicates)} replicates" if design.replicates else design.kind
    interval = "logit" if measure.statistic == "share" and not compared else "Wald"
    if measure.statistic == "quantile" and design.kind == "taylor":
        interval = "Woodruff"
    rules = [how, f"{interval} {LEVEL:.0%}"] if design.kind != "weights only" else [how]
    rules += [f"from {safety.minimum_n} cases"] if safety else []
    what = "median" if (measure.statistic, measure.q) == ("quantile", 0.5) else measure.statistic
    return f"survey_{what}/1 [{'; '.join(rules)}]"


def _breaks(survey: Microdata, question: Question) -> list[Any]:
    return [one for one in survey.standard.mapping.breaks if not one.concept or one.concept in question.needs]


def _note(made: Cube, survey: Microdata, question: Question, measure: Measure) -> pl.Expr:
    words: list[pl.Expr] = [pl.lit(measure.note or None, pl.String)]
    if survey.standard.mapping.simulated:
        words.append(pl.lit("simulated: nobody of it exists"))
    for one in _breaks(survey, question):
        sure = f" ({one.certainty})" if one.certainty else ""
        text = f"break: years before {one.year} are not comparable: {one.what.rstrip('.')}{sure}"
        words.append(pl.when(pl.col(YEAR) >= one.year).then(pl.lit(text)))
    words += _readings(survey, question)
    if survey.standard.design.kind == "none":
        words.append(pl.lit(NO_WEIGHTS))
    if lost := _without_year(made):
        words.append(pl.lit(f"{lost:,} cases without a year are in no year"))
    flag = pl.col("flag").str.replace("zero error: values heap or all are alike", HEAPED, literal=True)
    words.append(pl.when(flag != "").then(flag))
    return pl.concat_str(words, separator="; ", ignore_nulls=True)


def _readings(survey: Microdata, question: Question) -> list[pl.Expr]:
    """Say what the mapping itself is not sure of, of the concepts and years that a number rests on."""
    found = []
    for concept in question.needs:
        for way in survey.standard.mapping.concepts[concept]:
            if way.certainty:
                told = pl.lit(f"{concept.replace('_', ' ')}: {way.certainty}")
                found.append(pl.when(pl.col(YEAR).is_between(*way.years)).then(told) if way.years else told)
    return found


def _without_year(made: Cube) -> int:
    cells = made.blocks[0].cells
    return int(cells.n[cells.keys[YEAR].is_null().to_numpy()].sum())
