"""Decent work of migrants: seven aspects, over-qualification and the pay gap (target 8.8).

The ILO names seven aspects of target 8.8: standards, employment, wages and conditions, social security,
recognition of skills, cost of recruitment and social dialogue. `aspects` gives each with the series that
measure it, or says why there is no data. They are never added up.

Two of them rest on figures that are given here as published:

    over-qualification = employed graduates in occupations below their level / employed graduates, in per cent
    pay gap            = 100 (1 - mean hourly pay of migrants / mean hourly pay of nationals)

A graduate has ISCED 5-8; that an occupation below is one of ISCO groups 4-9 is from memory. A negative pay gap says
that migrants earn more. Raw gaps compare unlike people: age, sex, education and hours differ.

Limits: single figures, without errors. The pay gaps were published in December 2020 from surveys of different
years; their period here is the year of publication, and "migrants" is the report's word, whom surveys know by
citizenship or by birthplace.

Sources: Eurostat; ILO, The Migrant Pay Gap (2020), by its press release.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from sojourn.errors import ContractError
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.overqualification import from_rows
from sojourn.indicators.published import published
from sojourn.indicators.survey_questions import with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE = "SJ.decent_work"
OVERQUALIFICATION, PAY_GAP = "SJ_OVERQUALIFICATION", "SJ_PAY_GAP"

_FACTS = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect of decent work: the series that measure it, or why there is no data.

    Attributes:
        code, name: what it is called.
        series: series of this program; empty where nothing measures it.
        says, limits: what the series say of it, and what they leave open.
        no_data_because: why nothing measures it; empty where something does.
        source: who could fill the gap.
    """

    code: str
    name: str
    series: tuple[str, ...] = ()
    says: str = ""
    limits: str = ""
    no_data_because: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if bool(self.series) == bool(self.no_data_because):
            raise ContractError(f"The aspect {self.code} needs series, or a reason why there is no data")


@cache
def aspects() -> tuple[Aspect, ...]:
    """List the seven aspects of decent work of target 8.8, in the ILO's order.

    Returns:
        One record per aspect, from `decent_work.toml`.

    Raises:
        ContractError: an aspect has both series and a reason for having none, or neither.

    Source: ILO on target 8.8.

    >>> [one.code for one in aspects() if one.no_data_because]
    ['social_dialogue']
    """
    facts = tomllib.loads(_FACTS.read_text(encoding="utf-8"))
    return tuple(Aspect(**one | {"series": tuple(one.get("series", ()))}) for one in facts["aspect"])


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published over-qualification rates and pay gaps, and over-qualification from rows of persons."""
    found = published(tables, CODE, [OVERQUALIFICATION, PAY_GAP])
    return ([found] if found.height else []) + from_rows(tables.surveys, CODE, OVERQUALIFICATION)


INDICATOR = Indicator(
    code=CODE,
    name="Decent work of migrants",
    series=(
        *with_comparisons(
            Series(
                code=OVERQUALIFICATION,
                name="Over-qualified workers among employed graduates",
                definition="Employed graduates aged 20 to 64 in occupations below their level, in per cent of all.",
                unit="PT",
                area_role="where they work",
                better="lower",
                dimensions=(
                    Dimension(
                        "CITIZENSHIP",
                        "citizenship",
                        {
                            "NATIONAL": "of the country itself",
                            "OTHER_EU": "of another country of the European Union",
                            "NON_EU": "of a country outside the European Union",
                        },
                        "all citizenships",
                    ),
                ),
                words=("over-qualification", "overqualification"),
                limits="Citizenship, not birthplace: the naturalised count as nationals.",
                supplier="Eurostat; elsewhere the national statistical office, from its labour force survey",
                supply=(
                    "Eurostat, rates by citizenship: no file of it is read yet",
                    "or a labour force survey with ISCO",
                ),
            )
        ),
        Series(
            code=PAY_GAP,
            name="Pay gap of migrants",
            definition="How much less migrants earn per hour than nationals, in per cent; negative: they earn more.",
            unit="PT",
            area_role="where they work",
            better="lower",
            dimensions=(
                Dimension(
                    "CITIZENSHIP",
                    "citizenship",
                    {"NON_NATIONAL": "migrants, against nationals, as the report puts it"},
                    "not used",
                ),
            ),
            words=("pay gap", "wage gap", "migrant pay gap"),
            limits="Raw gaps of unlike people; the period is the year of publication.",
            supplier="ILO; national statistical office, from its labour force survey",
            supply=("ILO, or earnings by citizenship in a labour force survey: no file of it is read yet",),
        ),
    ),
    needs=(("published_values", SURVEY_PERSONS),),
    compute=compute,
    explanation=__doc__,
)
