"""What an indicator asks of a survey's persons: of whom, of which ages, and which number, in the survey's concepts.

A value is null where the question was not for the person or the answer is not known, so that neither is ever
counted as "no". `coded` writes such values.

Codes of persons in observations. Sex and age: the global SDG code lists CL_SEX and CL_AGE. That data structure has
no dimension of nativity, citizenship or legal status (only MS_MIGRANT and MS_NOMIGRANT in a list of mixed
breakdowns, which does not say by which of them), so the codes here are our own: the concepts' words in capitals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from sojourn.indicators.model import Dimension, Series
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN

STATUSES = {
    "nativity": {"native": "NATIVE", "foreign": "FOREIGN"},
    "citizenship": {"citizen": "CITIZEN", "foreigner": "FOREIGNER", "stateless": "STATELESS"},
    "legal_status": {"regular": "REGULAR", "irregular": "IRREGULAR"},
}
"""Readings of migratory status: concept -> its codes -> codes of observations."""

SEXES = {"female": "F", "male": "M"}

COMPARED = {
    "nativity": ("FOREIGN", "NATIVE"),
    "citizenship": ("FOREIGNER", "CITIZEN"),
    "legal_status": ("IRREGULAR", "REGULAR"),
}
"""Who is compared with whom."""

BETWEEN = Dimension(
    "COMPARED",
    "who is compared",
    {
        "FOREIGN_NATIVE": "foreign-born with native-born",
        "FOREIGNER_CITIZEN": "foreigners with citizens",
        "IRREGULAR_REGULAR": "in irregular with in regular stay",
    },
    "not used",
)


@dataclass(frozen=True, slots=True)
class Ages:
    """Completed years of age from `first` to `last`; None: no upper end."""

    first: int
    last: int | None = None

    @property
    def code(self) -> str:
        """The code of the SDG list.

        >>> Ages(15, 24).code, Ages(15).code, Ages(0).code
        ('Y15T24', 'Y_GE15', '_T')
        """
        if self.last is None:
            return f"Y_GE{self.first}" if self.first else "_T"
        return f"Y{self.first}T{self.last}"

    @property
    def holds(self) -> pl.Expr:
        """Whether a person is of these ages; null where the age is not known."""
        return pl.col("age").is_between(self.first, 200 if self.last is None else self.last)


ALL_AGES = Ages(0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of every group.

    Attributes:
        series: code of its series.
        values: a number per person, null where not known or not asked; for a share 1 or 0.
        statistic: "share" (in per cent), "mean", "quantile" or "total", which adds up over groups.
        unit: SDMX unit.
        q: of a quantile, the part of people below it.
        breakdown: of the observation, such as "EDUCATION_LEV=ISCED11_5T8".
        note: what a reader must mind of every number.
        compared: whether the gap and the ratio between groups are given too, as series of their own.
    """

    series: str
    values: pl.Expr
    statistic: str = "share"
    unit: str = "PT"
    q: float | None = None
    breakdown: str = ""
    note: str = ""
    compared: bool = True

    @property
    def factor(self) -> float:
        """By what a result is multiplied: shares are given in per cent."""
        return 100.0 if self.statistic == "share" else 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """What an indicator asks.

    Attributes:
        indicator: its code.
        needs: concepts that the survey must have asked.
        measures: its numbers.
        ages: the ages that the indicator is about.
        bands: parts of them, for results by age.
    """

    indicator: str
    needs: tuple[str, ...]
    measures: tuple[Measure, ...]
    ages: Ages = ALL_AGES
    bands: tuple[Ages, ...] = ()


def coded(concept: str, yes: Iterable[str]) -> pl.Expr:
    """Write 1 for some codes, 0 for others, and null for unknown and not in universe.

    >>> frame = pl.DataFrame({"insurance": ["yes", "no", "unknown", "not_in_universe"]})
    >>> frame.select(coded("insurance", ["yes"]).alias("covered"))["covered"].to_list()
    [1, 0, None, None]
    """
    return pl.when(known(concept)).then(pl.col(concept).is_in(list(yes)).cast(pl.Int8))


def known(concept: str) -> pl.Expr:
    """Whether a coded answer is known and was asked for."""
    return ~pl.col(concept).is_in([UNKNOWN, NOT_IN_UNIVERSE])


def gap_of(series: str) -> str:
    """Name the companion series with differences between groups: SL_TLF_UEM -> SJ_TLF_UEM_GAP."""
    return f"SJ_{series.partition('_')[2]}_GAP"


def ratio_of(series: str) -> str:
    """Name the companion series with ratios between groups: SL_TLF_UEM -> SJ_TLF_UEM_RATIO."""
    return f"SJ_{series.partition('_')[2]}_RATIO"


def with_comparisons(*series: Series) -> tuple[Series, ...]:
    """Add to each series those of the gap and the ratio between groups, with the same breakdown."""
    found: list[Series] = []
    for one in series:
        what = f"{one.name[0].lower()}{one.name[1:]}"
        found += [
            one,
            _companion(one, gap_of(one.code), f"Gap by migratory status: {what}", "less", one.unit),
            _companion(one, ratio_of(one.code), f"Ratio by migratory status: {what}", "divided by", "RO"),
        ]
    return tuple(found)


def _companion(one: Series, code: str, name: str, words: str, unit: str) -> Series:
    return replace(
        one,
        code=code,
        name=name,
        definition=f"The figure of migrants {words} that of the others. The figure: {one.definition}",
        unit=unit,
        better=None,
        target=None,
        target_year=None,
        dimensions=(*one.dimensions, BETWEEN),
        words=tuple(f"{word} {'gap' if code.endswith('_GAP') else 'ratio'}" for word in one.words),
        limits=f"Unlike people are compared: nothing is held constant. {one.limits}".strip(),
    )
