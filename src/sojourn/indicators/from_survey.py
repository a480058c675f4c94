"""From a survey's persons to observations by migratory status, with the errors of the declared design.

Once per survey and indicator the columns that are needed are written, as a stream, to a temporary file, which
a replicate cube reads in one grouped pass; the table of persons is never whole in memory. Every number is then
asked of the cube: for everyone, by nativity, by citizenship, and by legal status where the survey asks it; each
also by sex and by age; and the gap and ratio between groups with their covariance.

A number of few cases is withheld (`methods.survey.safety`). A survey that declares only a weight gives points
without errors; one that declares nothing gives no number of people at all, only the cases that it has.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from sojourn.indicators.survey_answers import gaps, plain
from sojourn.indicators.survey_questions import SEXES, STATUSES, Question
from sojourn.methods.survey import Cube, Engine, cube
from sojourn.methods.survey.blocks import Kept
from sojourn.methods.survey.safety import Safety
from sojourn.sources.microdata.build import Microdata
from sojourn.sources.microdata.concepts import WEIGHT, YEAR
from sojourn.surveys.designs import of_mapping

MEMORY = "500MB"
"""What the engine may use before it goes through files."""


def observe(
    surveys: Iterable[Microdata], question: Question, safety: Safety | None = None
) -> list[pl.DataFrame]:
    """Answer an indicator's question from every survey that asks what it needs.

    Args:
        surveys: surveys in standard columns.
        question: concepts, ages and numbers.
        safety: what may be printed; by default 30 cases or more.

    Returns:
        Frames of observations; none for surveys that lack a concept or have no case.
    """
    frames: list[pl.DataFrame] = []
    for survey in surveys:
        if missing(survey, question):
            continue
        made = cube_of(survey, question)
        if made is not None:
            frames += answered(made, survey, question, safety)
    return frames


def answered(
    made: Cube, survey: Microdata, question: Question, safety: Safety | None = None
) -> list[pl.DataFrame]:
    """Answer a question from a cube that `cube_of` made for it."""
    limits = safety or Safety()
    frames = plain(made, survey, question, limits) + gaps(made, survey, question, limits)
    return [frame for frame in frames if frame.height]


def missing(survey: Microdata, question: Question) -> tuple[str, ...]:
    """List the concepts that a survey would have to ask for a question to be answered."""
    asked = set(survey.standard.concepts)
    aged = () if question.ages.code == "_T" and not question.bands else ("age",)
    return tuple(name for name in (*question.needs, *aged) if name not in asked)


def cube_of(survey: Microdata, question: Question) -> Cube | None:
    """Make the cube that answers a question; None where no person has an answer.

    Its columns: year, the readings of migratory status that the survey has, sex, age, each null where not
    known; its measures: m0, m1, … in the order of the question.
    """
    design = of_mapping(survey.standard.design)
    frame = survey.standard.frame
    if survey.standard.design.kind == "none":
        frame = frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(WEIGHT))
    there = question.ages.holds if question.ages.code != "_T" else pl.lit(True)
    measures = [
        pl.when(there).then(one.values).alias(f"m{place}") for place, one in enumerate(question.measures)
    ]
    domains = _domains(survey, question)
    chosen = frame.select(
        pl.col(YEAR), *domains.values(), *measures, *(pl.col(name) for name in design.columns)
    )
    if design.kind in ("SDR", "weights only"):
        # Other designs need every row: their degrees of freedom or sampling units come from all of them.
        chosen = chosen.filter(pl.any_horizontal(pl.col("^m[0-9]+$").is_not_null()))
    with tempfile.TemporaryDirectory(prefix="sojourn-") as folder:
        path = Path(folder) / "persons.parquet"
        chosen.sink_parquet(path, compression="lz4")
        held = pl.scan_parquet(path)
        answered = held.select(pl.any_horizontal(pl.col("^m[0-9]+$").is_not_null()).any()).collect().item()
        if not answered:
            return None
        kept: dict[str, Kept] = {
            f"m{place}": "values" if one.statistic == "quantile" else "sums"
            for place, one in enumerate(question.measures)
        }
        return cube(path, design, [YEAR, *domains], list(kept), keep=kept, engine=Engine(memory=MEMORY))


def _domains(survey: Microdata, question: Question) -> dict[str, pl.Expr]:
    """Write the domain columns in the codes of observations; what is not one of them is null."""
    asked = survey.standard.concepts
    found = {
        name: pl.col(name).replace_strict(codes, default=None, return_dtype=pl.String).alias(name)
        for name, codes in {**STATUSES, "sex": SEXES}.items()
        if name in asked
    }
    if question.bands:
        band: pl.Expr = pl.lit(None, pl.String)
        for ages in question.bands:
            band = pl.when(ages.holds).then(pl.lit(ages.code)).otherwise(band)
        found["age"] = band.alias("age")
    return found
