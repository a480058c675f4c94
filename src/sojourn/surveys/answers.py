"""Answers a question to a survey: one cube for all its statistics, a frame for each, and what to know about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.survey import Cube, Engine, Presentation, Statistic, cube
from sojourn.methods.survey.blocks import VALUE, Kept
from sojourn.methods.survey.safety import FEWEST_CASES, Safety, safe
from sojourn.methods.survey.statistics import INTERPOLATED
from sojourn.surveys import notes
from sojourn.surveys.samples import Sample
from sojourn.surveys.words import Question, answered, columns_of
from sojourn.surveys.years import YEAR, break_column, change_flagged

_OF_QUANTILES = ("wald", "woodruff")
_POINTED_OUT = float("inf")

PRINTED = Safety(FEWEST_CASES, _POINTED_OUT, _POINTED_OUT)
"""What an answer shows by default; large errors are pointed out by `Presentation.high_cv`, not here."""

OWN_USE = f"for the office's own use, not to be passed on: fewer than {FEWEST_CASES} cases"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, and its estimates.

    Attributes:
        statistic: the words of the question; of a change over years these with the years.
        frame: domain columns, then estimate, se, lower, upper, df, n, cv, flag (and deff).
        interval: the rule of its intervals, in words.
    """

    statistic: str
    frame: pl.DataFrame
    interval: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a question, and what stands behind them."""

    all: tuple[Answer, ...]
    notes: tuple[str, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """All answers as one frame, the statistic in its first column."""
        parts = []
        for one in self.all:
            words = [pl.col(c).cast(pl.String) for c in ("category",) if c in one.frame.columns]
            parts.append(one.frame.with_columns(words).insert_column(0, _named(one)))
        return pl.concat(parts, how="diagonal")


def _named(one: Answer) -> pl.Series:
    return pl.Series("statistic", [one.statistic] * one.frame.height, dtype=pl.String)


def cube_of(
    sample: Sample,
    asked: Question,
    *,
    deff: bool = False,
    keep: Kept | None = None,
    engine: Engine | None = None,
) -> Cube:
    """Make the cube that answers all statistics of a question.

    Years are told apart, never added up; an answer that is not known, or not asked for, is no value of a
    measure, and stays a group of its own where it is a domain.
    """
    by = dict(asked.by)
    if len(sample.years) > 1:
        by = {YEAR: YEAR} | by
    between = {name: answered(name, sample.coded) for name in asked.between}
    measures = {name: answered(name, sample.coded) for name in asked.measures}
    kept: dict[str, Kept] = {name: keep or _kept(asked, name, deff) for name in measures}
    return cube(
        list(sample.paths),
        sample.design,
        by | between,
        measures,
        where=asked.where or None,
        keep=kept or "sums",
        engine=engine,
    )


def _kept(asked: Question, measure: str, deff: bool) -> Kept:
    ways = {kept_for(one, deff) for one in asked.statistics.values() if measure in map(str, one.measures)}
    return "rows" if "rows" in ways else "values" if "values" in ways else "sums"


def kept_for(one: Statistic, deff: bool) -> Kept:
    """Say what a cube must keep of a measure to answer a statistic."""
    if one.kind == "quantile":
        return "rows" if one.rule in INTERPOLATED else "values"
    return "values" if one.kind == "share" or deff else "sums"


def answers(
    made: Cube,
    asked: Question,
    how: Presentation,
    *,
    by: Sequence[str] | None = None,
    sample: Sample | None = None,
    change: bool = False,
    safety: Safety | None = PRINTED,
) -> Answers:
    """Answer every statistic of a question from a cube.

    Args:
        made: the cube.
        asked: the question.
        how: level, interval (for the statistics that have it), thresholds.
        by: domain columns; those of the question where not given.
        sample: where the rows come from; None for a cube that was stored.
        change: whether the change from the first to the last year is added.
        safety: what may be printed; None: everything, for the office's own use, which rows and notes then say.

    Returns:
        A frame for each statistic, and notes.

    Raises:
        UsageError: as `Cube.ask`; no statistic has the interval asked for.
    """
    domains_of = made.by if sample is not None and by is None else by or tuple(asked.by)
    base = [name for name in domains_of if name not in asked.between or name in asked.by]
    years = sample.years if sample else ()
    breaks = sample.breaks if sample else ()
    _require_interval(asked, how)
    found = []
    for words, statistic in asked.statistics.items():
        own = _fitting(statistic, how, made)
        domains = [name for name in base if name != statistic.between]
        columns = (*domains, statistic.between) if statistic.between else tuple(domains)
        frame = made.ask(_by_names(statistic), by=columns, **_options(own))
        frame = break_column(_ordered(frame, domains), breaks, _concepts(asked, statistic))
        found.append(Answer(words, _printable(frame, safety), own.interval or _default(statistic, made)))
        if change:
            told = _change(made, words, statistic, columns, own, years, breaks, asked)
            found.append(replace(told, frame=_printable(told.frame, safety)))
    said = (*(sample.notes if sample else ()), *_aside(made, asked))
    return Answers(tuple(found), notes.guarded(said) if safety else (*said, f"{OWN_USE} are shown"))


def _printable(frame: pl.DataFrame, safety: Safety | None) -> pl.DataFrame:
    """Withhold few cases; where an office asks for them, every such row says that it is not to be passed on."""
    if safety:
        return safe(frame, safety).drop("withheld")
    few = (pl.col("n") > 0) & (pl.col("n") < FEWEST_CASES)
    words = [pl.when(few).then(pl.lit(OWN_USE)), pl.when(pl.col("flag") != "").then(pl.col("flag"))]
    return frame.with_columns(pl.concat_str(words, separator="; ", ignore_nulls=True).alias("flag"))


def _ordered(frame: pl.DataFrame, domains: Sequence[str]) -> pl.DataFrame:
    """Put codes such as "2" and "10" in the order of their numbers, as people count."""
    keys = []
    for name in domains:
        column = frame[name]
        counted = column.dtype == pl.String and column.drop_nulls().str.contains(r"^-?\d{1,18}$").all()
        keys.append(pl.col(name).cast(pl.Int64) if counted else pl.col(name))
    return frame.sort(keys, nulls_last=True, maintain_order=True) if keys else frame


def _change(
    made: Cube,
    words: str,
    statistic: Statistic,
    columns: tuple[str, ...],
    how: Presentation,
    years: Sequence[int],
    breaks: Any,
    asked: Question,
) -> Answer:
    if len(years) < 2:
        raise UsageError(
            "A change needs rows of several years", advice="Name several files, with --year for each."
        )
    if statistic.between:
        raise UsageError("The change of a gap is not computed", advice="Ask for the change of its statistic.")
    first, last = years[0], years[-1]
    options = _options(replace(how, interval=None, deff=False))
    frame = made.contrast(
        _by_names(statistic), YEAR, {last: 1.0, first: -1.0}, independent=True, by=columns, **options
    )
    frame = change_flagged(frame, breaks, _concepts(asked, statistic), first, last)
    return Answer(f"{words}: change {first} to {last}", frame, "Wald (years are samples of their own)")


def _options(how: Presentation) -> dict[str, Any]:
    return {name: getattr(how, name) for name in Presentation.__dataclass_fields__}


def _by_names(one: Statistic) -> Statistic:
    names = [None if m is None else str(m) for m in (one.measure, one.denominator)]
    return replace(one, measure=names[0], denominator=names[1])


def _concepts(asked: Question, one: Statistic) -> set[str]:
    texts = [*map(str, one.measures), *asked.by.values(), *([asked.where] if asked.where else [])]
    return {name for text in texts for name in columns_of(text)} | ({one.between} if one.between else set())


def _require_interval(asked: Question, how: Presentation) -> None:
    fitting = [s for s in asked.statistics.values() if _fits(s, how.interval)]
    if not fitting:
        raise UsageError(
            f"None of the statistics has an interval {how.interval!r}",
            accepted="wald for all; logit, xlogit, asin, beta, wilson, likelihood for shares; woodruff for quantiles",
        )


def _fitting(one: Statistic, how: Presentation, made: Cube) -> Presentation:
    """Keep an interval for the statistics that have it, and effects of the design for means and shares of yes."""
    effect = how.deff and one.between is None and one.kind in ("mean", "share")
    if effect and one.kind == "share":
        cells = made.held.block(str(one.measure)).cells
        effect = VALUE in cells.keys.columns and cells.keys[VALUE].dtype != pl.String
    return replace(how, interval=how.interval if _fits(one, how.interval) else None, deff=effect)


def _fits(one: Statistic, interval: str | None) -> bool:
    if interval in (None, "wald"):
        return True
    if one.between is not None or one.kind not in ("share", "quantile"):
        return False
    return (one.kind == "quantile") == (interval in _OF_QUANTILES)


def _default(one: Statistic, made: Cube) -> str:
    linear = made.design.kind == "taylor"
    return "Woodruff" if one.kind == "quantile" and linear else "Wald"


def _aside(made: Cube, asked: Question) -> list[str]:
    """Count the cases in scope whose measure has no value."""
    if not made.n:
        return ["no row is in scope: there is nothing to estimate"]
    lines = []
    for name in asked.measures:
        if missing := made.n - made.held.answered(name):
            lines.append(f"{name}: {missing:,} of {made.n:,} cases in scope have no value, and are set aside")
    return lines
