"""Overcrowded homes, by migratory status of the people in them.

    share of people = Σ w (persons of the household / rooms of the dwelling > limit) / Σ w, in per cent

over people of whose home both are known. The limit is a choice, one person per room by default
(`[parameters.overcrowding] persons_per_room`), and is written with every number.

Limits: standards differ – Eurostat counts rooms needed by age and sex, UN-Habitat more than three per room (both from
memory) – and so does what surveys call a room. People outside households have no rooms and are not in it.

Source: more than one person per room is the US Census Bureau's and HUD's usual measure, from memory.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl
from pydantic import Field

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "SJ.overcrowding", "SJ_OVERCROWDING"
BANDS = (Ages(0, 17), Ages(18, 64), Ages(65))


class OvercrowdingParameters(Parameters):
    """What is overcrowded."""

    section: ClassVar[str] = "overcrowding"

    persons_per_room: float = Field(default=1.0, gt=0, le=10)


def compute(tables: Tables, parameters: OvercrowdingParameters) -> list[pl.DataFrame]:
    """Estimate the share of each group from every survey that knows persons and rooms."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        bands = BANDS if "age" in survey.standard.concepts else ()
        frames += observe([survey], _question(parameters.persons_per_room, bands))
    return frames


def _question(limit: float, bands: tuple[Ages, ...]) -> Question:
    housed = (pl.col("rooms") > 0) & (pl.col("persons") > 0)
    crowded = (pl.col("persons") / pl.col("rooms") > limit).cast(pl.Int8)
    return Question(
        indicator=CODE,
        needs=("persons", "rooms"),
        measures=(
            Measure(SERIES, pl.when(housed).then(crowded), note=f"more than {limit:g} persons per room"),
        ),
        bands=bands,
    )


INDICATOR = Indicator(
    code=CODE,
    name="Overcrowding",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="People in overcrowded homes",
            definition="People in homes with more persons per room than a stated limit, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            better="lower",
            words=("overcrowding", "crowded homes"),
            limits="The limit is a choice and stands in the note; what is a room differs between surveys.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    parameters=OvercrowdingParameters,
    explanation=__doc__,
)
