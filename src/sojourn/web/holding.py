"""A release held in memory: found by series at once, read-only, and whole.

The texts of an observation repeat a million times, so they are kept as codes (a third of the space, and a
comparison of numbers instead of texts); what is handed out is text again, with the columns of the
observation table. Nothing is read from the disk after loading: a folder that disappears harms no reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn import observations
from sojourn.errors import NotFoundError
from sojourn.release.gate import Release
from sojourn.release.headline import headline, preferences
from sojourn.release.periods import end_of
from sojourn.web.deadline import Check, endless
from sojourn.web.index import Index, index
from sojourn.web.said import quoted, say

HEADLINE = "headline"
"""Column that says whether a number is the one shown where several sources or methods stand side by side."""

LATEST = "latest"
"""Column that says whether a headline is the newest of its area and breakdown, not later than `as_of`."""

BATCH = 200_000
"""Rows that are looked through between two looks at the clock."""

Where = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Holding:
    """A release with its numbers in memory.

    Attributes:
        release: the release, as the gate opened it.
        series: what each series means, by code.
        coded: all observations with `headline` and `latest`, texts as codes, sorted by key.
        places: series -> (first row, count) in `coded`.
        problems, differences: as in the release.
        changelog: its text.
    """

    release: Release
    series: Mapping[str, dict[str, Any]]
    coded: pl.DataFrame
    places: Mapping[str, tuple[int, int]]
    problems: pl.DataFrame
    differences: pl.DataFrame
    changelog: str

    @property
    def name(self) -> str:
        """The release's name."""
        return self.release.name

    def numbers(
        self,
        series: str | None = None,
        where: Where | None = None,
        *,
        every: bool = False,
        only_latest: bool = False,
    ) -> pl.DataFrame:
        """Give observations as text again, sorted by key.

        Args:
            series: one series; None: all.
            where: column -> values, one of which a row must have.
            every: all sources and methods, not only the headline.
            only_latest: of the headlines, the newest of each area and breakdown.

        Raises:
            NotFoundError: the release has no such series.
        """
        frame, conditions = self._few(
            series, where or {}, LATEST if only_latest else None if every else HEADLINE
        )
        rows = frame.lazy().filter(conditions) if conditions else frame.lazy()
        return _as_text(rows).collect()

    def found(
        self,
        series: str | None = None,
        where: Where | None = None,
        *,
        every: bool = False,
        only_latest: bool = False,
        check: Check = endless,
    ) -> pl.DataFrame:
        """Give the same rows still coded: to be counted, cut into pages or streamed before `as_text`.

        Raises:
            SlowError: `check` says that the time is over.
        """
        frame, conditions = self._few(
            series, where or {}, LATEST if only_latest else None if every else HEADLINE
        )
        return _filtered(frame, conditions, check) if conditions else frame

    def _few(self, series: str | None, where: Where, mark: str | None) -> tuple[pl.DataFrame, list[pl.Expr]]:
        """Give rows that are quickly found, and the conditions of those among them that are meant."""
        conditions = [_one_of(name, values) for name, values in where.items()]
        conditions += [pl.col(mark)] if mark else []
        return self._near(where, mark) if series is None else self._of(series), conditions

    def _near(self, where: Where, mark: str | None) -> pl.DataFrame:
        """Give few rows among which those that are meant are: all of the areas that are asked for."""
        asked = [(self._indexes[name], where[name]) for name in self._indexes if any(where.get(name, ()))]
        if not asked:
            return self.coded
        shortest, values = min(asked, key=lambda one: one[0].count(one[1]))
        rows = shortest.of(values)
        return self.coded[rows[self._marks[mark][rows]] if mark else rows]

    @cached_property
    def _indexes(self) -> dict[str, Index]:
        return {name: index(self.coded[name]) for name in ("area", "counterpart")}

    @cached_property
    def _marks(self) -> dict[str, NDArray[np.bool_]]:
        return {name: self.coded[name].to_numpy() for name in (HEADLINE, LATEST)}

    def _of(self, series: str) -> pl.DataFrame:
        if series not in self.series:
            raise NotFoundError(
                say("The release has no series {code}", code=quoted(series)),
                accepted=", ".join(sorted(self.series)),
            )
        first, count = self.places.get(series, (0, 0))
        return self.coded.slice(first, count)

    def codes_of(self, column: str) -> frozenset[str]:
        """Give the texts that a column has anywhere in the release."""
        if column not in self._codes:
            self._codes[column] = frozenset(self.coded[column].unique().cast(pl.String))
        return self._codes[column]

    @cached_property
    def _codes(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def corridors(self) -> tuple[str, ...]:
        """Codes of the series that have numbers between two areas, in the order of the release."""
        ends = self.coded.filter(pl.col("counterpart") != "")["series"].unique().cast(pl.String)
        return tuple(one for one in self.series if one in set(ends))

    @cached_property
    def areas_of(self) -> Mapping[str, tuple[str, ...]]:
        """Series -> codes of the areas that it has a number for, sorted."""
        pairs = as_text(self.coded.select("series", "area").unique()).sort("series", "area")
        grouped = pairs.group_by("series", maintain_order=True).agg("area")
        return {series: tuple(codes) for series, codes in grouped.iter_rows()}

    @cached_property
    def indicators(self) -> Mapping[str, tuple[str, ...]]:
        """Indicator -> codes of its series, in the order of the release."""
        found: dict[str, list[str]] = {}
        for code, one in self.series.items():
            found.setdefault(one["indicator"], []).append(code)
        return {code: tuple(codes) for code, codes in found.items()}


def load(release: Release) -> Holding:
    """Read a release into memory.

    Raises:
        IntegrityError: a file of it is damaged or missing.
    """
    frame = release.observations()
    series = release.series()
    coded = _with_latest(_with_headline(frame, preferences(series)), release.manifest.as_of)
    runs = coded["series"].cast(pl.String).rle()
    lengths = runs.struct.field("len")
    firsts = lengths.cum_sum() - lengths
    places = dict(
        zip(runs.struct.field("value"), zip(firsts, lengths, strict=True), strict=True)  # series -> rows
    )
    return Holding(
        release=release,
        series=series,
        coded=coded,
        places=places,
        problems=release.problems(),
        differences=release.differences(),
        changelog=release.changelog(),
    )


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn codes back into the texts of the observation table; the marks are left out."""
    return _as_text(frame.lazy()).collect()


def _as_text(rows: pl.LazyFrame) -> pl.LazyFrame:
    kept = {name: dtype for name, dtype in rows.collect_schema().items() if name not in (HEADLINE, LATEST)}
    return rows.select(
        pl.col(name).cast(pl.String) if dtype == pl.Categorical else pl.col(name)
        for name, dtype in kept.items()
    )


def _filtered(frame: pl.DataFrame, conditions: Sequence[pl.Expr], check: Check) -> pl.DataFrame:
    """Keep the rows that are meant; between batches somebody may say that it takes too long."""
    kept = []
    for start in range(0, max(frame.height, 1), BATCH):
        check()
        kept.append(frame.slice(start, BATCH).filter(conditions))
    return kept[0] if len(kept) == 1 else pl.concat(kept)


def _one_of(name: str, values: Sequence[str]) -> pl.Expr:
    """Compare one by one: few values are asked for, and equality of codes is quicker than a set of texts."""
    return pl.any_horizontal([pl.lit(False), *(pl.col(name) == value for value in values)])


def _with_headline(frame: pl.DataFrame, preferred: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Mark the headline of each number, and keep texts as codes.

    Rows are sorted by key, so those that tell the same number are neighbours; only they have to be weighed.
    """
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    coded = frame.with_columns(pl.col(texts).cast(pl.Categorical)).with_row_index("_row")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in observations.PLACE)
    several = coded.select((same | same.shift(-1)).fill_null(False))[:, 0]
    rivals = frame.with_row_index("_row").filter(several)
    chosen = headline(rivals, preferred)["_row"].implode()
    marked = coded.with_columns((~several | pl.col("_row").is_in(chosen)).alias(HEADLINE))
    return marked.drop("_row")


def _with_latest(coded: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Mark the newest headline of each thing, as `Release.latest` chooses it, for all series at once.

    Periods are numbered by the day they end on, the shorter period last of those that end together.
    """
    ended = [one for one in coded["period"].unique().cast(pl.String) if end_of(one) <= as_of]
    ranked = sorted(ended, key=lambda one: (end_of(one), len(one)))
    numbers = pl.DataFrame(
        {
            "period": pl.Series(ranked, dtype=pl.String).cast(pl.Categorical),
            "_rank": range(1, len(ranked) + 1),
        },
        schema_overrides={"_rank": pl.Int32},
    )
    keys = [name for name in observations.PLACE if name != "period"]
    ranked_rows = coded.join(numbers, on="period", how="left", maintain_order="left")
    rank = pl.when(pl.col(HEADLINE)).then(pl.col("_rank"))
    return ranked_rows.with_columns((rank == rank.max().over(keys)).fill_null(False).alias(LATEST)).drop(
        "_rank"
    )
