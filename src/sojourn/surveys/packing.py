"""Files packed for repeated questions: written once, and asked again and again without reading the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.survey import Presentation, Statistic
from sojourn.methods.survey.packed import Packed, pack
from sojourn.methods.survey.refined import LOCAL_RULES, Refined
from sojourn.methods.survey.safety import Safety
from sojourn.surveys.answers import PRINTED, Answers, answers, kept_for
from sojourn.surveys.samples import Sample
from sojourn.surveys.words import Question, columns_of, conditions_of

NOT_ANSWERED = ("unknown", "not_in_universe")


def packed_file(sample: Sample, columns: Sequence[str], target: Path) -> Packed:
    """Write the packed form of a sample.

    Raises:
        UsageError: the design is linearised; a column is not there.
        SourceError: the file cannot be written.
    """
    return pack(list(sample.paths), sample.design, list(columns), target)


def packed_answers(
    path: Path, asked: Question, how: Presentation, *, safety: Safety | None = PRINTED
) -> Answers:
    """Answer a question from a packed file.

    Raises:
        UsageError: a domain is no packed column; a measure or condition is of several columns.
    """
    packed = Packed.open(path)
    _require_columns(packed, asked)
    where = [pl.sql_expr(one) for one in conditions_of(asked.where)]
    found = [_one(packed, asked, words, one, where, how, safety) for words, one in asked.statistics.items()]
    notes = [note for one in found for note in one.notes]
    return Answers(tuple(one for part in found for one in part.all), tuple(dict.fromkeys(notes)))


def _require_columns(packed: Packed, asked: Question) -> None:
    if missing := [name for name in asked.columns if name not in packed.levels]:
        raise UsageError(
            f"The packed file has no column {missing[0]!r}",
            accepted=", ".join(packed.levels),
            advice="Pack the files again with it.",
        )
    if derived := [
        name for name, words in asked.by.items() if columns_of(words) != (words,) or name != words
    ]:
        raise UsageError(
            f"{derived[0]!r} is no column: a packed file is asked by its columns",
            accepted=", ".join(packed.levels),
            advice="Ask the files themselves, or make a cube.",
        )


def _one(
    packed: Packed,
    asked: Question,
    words: str,
    one: Statistic,
    where: list[pl.Expr],
    how: Presentation,
    safety: Safety | None,
) -> Answers:
    if one.kind == "ratio":
        raise UsageError(
            "A packed file is asked of one measure at a time",
            advice="Ask the files themselves, or make a cube.",
        )
    by = list(asked.by)
    conditions = list(where)
    if one.between:
        by = [*(name for name in by if name != one.between), one.between]
        if packed.levels[one.between].dtype == pl.String:
            conditions.append(~pl.col(one.between).is_in(NOT_ANSWERED))
    name, y = _measure(packed, one)
    keep = "values" if one.kind == "count" else kept_for(one, how.deff)
    if keep == "rows":
        raise UsageError(
            f"The rule {one.rule!r} needs the rows themselves", advice="Ask the files themselves."
        )
    near = one.kind == "quantile" and one.rule in LOCAL_RULES and how.interval != "woodruff"
    made = packed.cube(by, {name: y}, conditions, keep=Refined((one.q or 0.5,)) if near else keep)
    single = replace(asked, statistics={words: one})
    return answers(made, single, how, by=tuple(asked.by), safety=safety)


def _measure(packed: Packed, one: Statistic) -> tuple[str, pl.Expr]:
    if one.kind == "count":
        name = min(packed.levels, key=lambda column: len(packed.levels[column]))
        return name, pl.col(name)
    name = str(one.measure)
    columns = columns_of(name)
    if len(columns) != 1:
        raise UsageError(
            f"{name!r} is about {len(columns)} columns; a packed file is asked of one",
            advice="Ask the files themselves.",
        )
    column = columns[0]
    y = pl.sql_expr(name) if name != column else pl.col(column)
    if packed.levels[column].dtype == pl.String:
        y = pl.when(~pl.col(column).is_in(NOT_ANSWERED)).then(y)
    try:
        kind = packed.levels[column].to_frame(column).select(y).dtypes[0]
    except pl.exceptions.PolarsError as error:
        raise UsageError(f"{name!r} does not fit the column: {str(error).splitlines()[0]}") from error
    if one.kind != "share" and not (kind.is_numeric() or kind in (pl.Boolean, pl.Null)):
        raise UsageError(
            f"The values of {name} are words", accepted="numbers", advice="Ask for shares of them."
        )
    return name, y
