"""What an indicator is: its series, what it needs, and the function that computes its observations.

An indicator is one module in this folder that defines `INDICATOR`. Nothing else has to be registered: the
builder, the command line and the docs find it by that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import polars as pl
from pydantic import BaseModel, ConfigDict

from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata

TOTAL = "_T"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of `breakdown`: its codes in words, and what an observation without it means.

    `open_codes` allows codes beyond the listed ones (publishers invent labels); they are made of letters.
    """

    name: str
    label: str
    codes: Mapping[str, str]
    default: str
    open_codes: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One series: what its number says, of whom, in which unit, and where it should go.

    Attributes:
        code: the Global SDG Database's code, or our own (SJ_…).
        name: what it is called, in a few words.
        definition: what the number is, in one or two sentences.
        unit: SDMX unit code.
        area_role, counterpart_role: who `area` and `counterpart` are.
        better: "lower" or "higher" where the target says so, else None.
        target: the target's value, with `target_year`; None where none is stated.
        dimensions: dimensions that `breakdown` may have.
        tolerance: largest difference to a published figure that is no difference, in the unit.
        words: what people call it; `sojourn show` searches them.
        limits: what a reader must mind, in a sentence.
        supply: what to fetch or to write where there is no number, as "source: what of it"; empty: whatever
            source gives one of the indicator's kinds of tables.
        of_countries: False where a number of one country cannot be, such as a share of countries.
        headline: method names in order of preference, where several methods give the same number.
        composite: codes of a composite index and of its rank, in both of these series: what shows one shows
            the rank with its interval and every component beside it.
        supplier: from whom a missing number should come, where neither a custodian nor a publisher tells.
    """

    code: str
    name: str
    definition: str
    unit: str
    area_role: str
    counterpart_role: str = ""
    better: str | None = None
    target: float | None = None
    target_year: int | None = None
    dimensions: tuple[Dimension, ...] = ()
    tolerance: float = 0.01
    words: tuple[str, ...] = ()
    limits: str = ""
    headline: tuple[str, ...] = ()
    composite: tuple[str, str] | None = None
    supplier: str = ""
    supply: tuple[str, ...] = ()
    of_countries: bool = True


class Parameters(BaseModel):
    """Choices that change a number, with the official choice as default; frozen into the release.

    `section` is their name in the project file: `[parameters.prices]`.
    """

    section: ClassVar[str] = ""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Tables:
    """The typed tables of all files of one build, by kind; each has a `source` column. Surveys stand apart."""

    by_kind: Mapping[str, pl.DataFrame]
    surveys: tuple[Microdata, ...] = ()

    def __contains__(self, kind: str) -> bool:
        return bool(self.surveys) if kind == SURVEY_PERSONS else kind in self.by_kind

    def get(self, kind: str) -> pl.DataFrame | None:
        """Give the table of a kind, None where no file holds it."""
        return self.by_kind.get(kind)

    def __getitem__(self, kind: str) -> pl.DataFrame:
        return self.by_kind[kind]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: identity, needs and computation.

    Attributes:
        code: official number (10.c.1) or our own.
        name: official or short name.
        series: the series it produces.
        needs: what must be there; each need is a tuple of kinds of tables, one of which is enough.
        uses: kinds that make it richer.
        compute: tables and parameters -> observation frames (`observations.complete` fills the rest).
        parameters: its choices.
        explanation: the module's own text: method, sources, limits.
        proposal: number in the list that the 2015 meeting heard, 1 to 5.
    """

    code: str
    name: str
    series: tuple[Series, ...]
    needs: tuple[tuple[str, ...], ...]
    compute: Callable[[Tables, Any], list[pl.DataFrame]]
    uses: tuple[str, ...] = ()
    parameters: type[Parameters] = field(default=Parameters)
    explanation: str = ""
    proposal: int | None = None
