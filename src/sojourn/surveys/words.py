"""The words of a question to a survey: statistics, domain columns, a condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sojourn.errors import UsageError
from sojourn.methods.survey import Statistic
from sojourn.methods.survey.statistics import parse

TAKEN = (
    "statistic",
    "category",
    "gap",
    "contrast",
    "estimate",
    "se",
    "lower",
    "upper",
    "df",
    "n",
    "cv",
    "flag",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a survey.

    Attributes:
        statistics: as given in words -> as understood.
        by: name -> expression of each domain column.
        where: the rows in scope, in words; empty: all.
    """

    statistics: Mapping[str, Statistic]
    by: Mapping[str, str]
    where: str = ""

    @property
    def measures(self) -> tuple[str, ...]:
        """List what is measured, each once."""
        return tuple(dict.fromkeys(str(one) for s in self.statistics.values() for one in s.measures))

    @property
    def between(self) -> tuple[str, ...]:
        """List the columns whose values gaps compare."""
        return tuple(dict.fromkeys(s.between for s in self.statistics.values() if s.between))

    @property
    def columns(self) -> tuple[str, ...]:
        """List the columns that the question is about."""
        texts = [*self.measures, *self.by.values(), *self.between, *([self.where] if self.where else [])]
        return tuple(dict.fromkeys(name for text in texts for name in columns_of(text)))


def question(statistics: Sequence[str], by: Iterable[str] = (), where: str | None = None) -> Question:
    """Read a question.

    Args:
        statistics: such as "mean(wage)" or "gap(mean(wage), nativity)".
        by: columns, or "name=expression"; several in one text are parted by commas.
        where: such as "age >= 15".

    Raises:
        UsageError: nothing is asked, or the words are of no known form.

    >>> asked = question(["mean(wage)"], ["sex, old=age >= 65"], "wage > 0")
    >>> asked.by, asked.columns
    ({'sex': 'sex', 'old': 'age >= 65'}, ('wage', 'sex', 'age'))
    """
    if not statistics:
        raise UsageError(
            "No statistic was asked for", accepted='such as "mean(hourly_earnings)" or "count()"'
        )
    domains: dict[str, str] = {}
    for part in (part for text in by for part in parts_of(text)):
        named = re.fullmatch(r"(\w+)\s*=(?!=)\s*(.+)", part, re.DOTALL)
        name, words = (named[1], named[2]) if named else (part, part)
        if name in TAKEN:
            raise UsageError(
                f"A column of results is called {name!r} too", advice=f"Write --by new_name={words}."
            )
        domains[name] = words
    return Question({text: parse(text) for text in statistics}, domains, where or "")


def measured(measures: Iterable[str], by: Iterable[str] = (), where: str | None = None) -> Question:
    """Name what a cube is to hold, before anything is asked of it.

    >>> measured(["wage"], ["sex"]).measures
    ('wage',)
    """
    listed = [part for text in measures for part in parts_of(text)]
    return question([f"mean({one})" for one in listed] or ["count()"], by, where)


def parts_of(text: str) -> list[str]:
    """Split at the commas that are outside of parentheses.

    >>> parts_of("sex, class=if(a, b)")
    ['sex', 'class=if(a, b)']
    """
    found, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found if part.strip()]


def columns_of(text: str) -> tuple[str, ...]:
    """Name the columns of an expression.

    Raises:
        UsageError: it cannot be read.

    >>> columns_of("age >= 15 and employment = 'employed'")
    ('age', 'employment')
    """
    from sqlglot import exp

    return tuple(dict.fromkeys(one.name for one in _tree(text).find_all(exp.Column)))


def answered(text: str, coded: Iterable[str]) -> str:
    """Write an expression in which an answer that is not known, or was not asked for, is missing.

    So the shares of "employment = 'employed'" are of those whose employment is known.

    >>> answered("age", {"sex"})
    'age'
    >>> answered("sex", {"sex"})
    "CASE WHEN sex IN ('unknown', 'not_in_universe') THEN NULL ELSE sex END"
    """
    names = set(coded)
    if not names & set(columns_of(text)):
        return text

    def known(node: Any) -> Any:
        from sqlglot import exp

        if not isinstance(node, exp.Column) or node.name not in names:
            return node
        word = node.sql(dialect="duckdb")
        return _tree(f"CASE WHEN {word} IN ('unknown', 'not_in_universe') THEN NULL ELSE {word} END")

    return str(_tree(text).transform(known).sql(dialect="duckdb"))


def conditions_of(text: str) -> list[str]:
    """Part a condition into those that must all hold.

    >>> conditions_of("age >= 15 and sex = 'male'")
    ['age >= 15', "sex = 'male'"]
    """
    from sqlglot import exp

    if not text:
        return []
    tree = _tree(text)
    parts = tree.flatten() if isinstance(tree, exp.And) else [tree]
    return [part.sql(dialect="duckdb") for part in parts]


def _tree(text: str) -> Any:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return sqlglot.parse_one(text.replace("==", "="), dialect="duckdb")
    except SqlglotError as error:
        raise UsageError(
            f"The expression {text!r} cannot be read", accepted="such as \"age >= 15 and sex = 'female'\""
        ) from error
