"""What a chart is about: everything the numbers themselves cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from sojourn.errors import UsageError


@dataclass(frozen=True, slots=True)
class Target:
    """A value that was promised, and by when.

    Attributes:
        value: in the unit of the chart.
        period: `2030`; empty where no date was set.
        label: what to write beside the line; empty: the word for "target" in the chart's language.
    """

    value: float
    period: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Title, unit, source, and what would be good; all texts in the chart's language.

    Attributes:
        title: what the chart shows.
        unit: label of the unit, as it should be read: "% of the amount sent".
        source: under the chart: who measured.
        release: under the chart: of which release the numbers are, a whole sentence.
        subtitle: of whom and when, in a few words.
        better: "lower" or "higher" where the target says so.
        target: what was promised.
        decimals: digits after the point; None: as many as the size of the numbers needs.
        address: where the numbers stand; kept in the file, not drawn.
        licence: under which the sources are given; kept in the file, not drawn.
        sources: name of a source -> what a reader calls it, where lines of several sources are told apart.
    """

    title: str
    unit: str
    source: str
    subtitle: str = ""
    better: str | None = None
    target: Target | None = None
    decimals: int | None = None
    release: str = ""
    address: str = ""
    licence: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, str]:
        """What a file of the picture holds of this: keyword -> text, empty ones left out."""
        told = {
            "Title": ": ".join(one for one in (self.title, self.subtitle) if one),
            "Unit": self.unit,
            "Source": self.source,
            "Release": self.release,
            "Address": self.address,
            "Licence": self.licence,
            "Software": "Sojourn",
        }
        return {name: text for name, text in told.items() if text}

    def __post_init__(self) -> None:
        if self.better not in (None, "lower", "higher"):
            raise UsageError(
                f"The direction {self.better!r} is not known", accepted="lower, higher, or nothing"
            )


@dataclass(frozen=True, slots=True)
class Projection:
    """Where a series goes if nothing changes, and how probable it is that it meets its target.

    Attributes:
        rows: period, value, lower, upper; and the column that tells lines apart, where there are several.
        level: of the interval, 0.95.
        probability: of meeting the target, 0 to 1; None where it was not computed.
    """

    rows: pl.DataFrame
    level: float = 0.95
    probability: float | None = None
