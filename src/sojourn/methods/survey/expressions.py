"""Turns words such as "AGEP >= 25 and WAGP > 0" into Ibis expressions, without running anything else.

The text is parsed as SQL and walked: columns, numbers, words, comparisons, arithmetic, `and`, `or`, `not`,
`in`, `between`, `is null`, `case when`. Whatever else SQL knows (functions, sub-queries, files) is refused.
A comparison with a missing value is unknown, as in SQL; a filter keeps what is known to be true.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import reduce
from typing import Any

import polars as pl

from sojourn.errors import NotFoundError, UsageError
from sojourn.methods.survey.tables import Table, held_as, ibis_module

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "And": operator.and_,
    "Or": operator.or_,
    "EQ": operator.eq,
    "NEQ": operator.ne,
    "GT": operator.gt,
    "GTE": operator.ge,
    "LT": operator.lt,
    "LTE": operator.le,
    "Add": operator.add,
    "Sub": operator.sub,
    "Mul": operator.mul,
    "Div": operator.truediv,
    "Mod": operator.mod,
}

POLARS = {
    r"dyn (int|float): ": "",
    r"\.is_not_null\(\)": " is not null",
    r"\.is_null\(\)": " is null",
    r"\.is_in\(\[+([^\[\]]*)\]+\)": r" in (\1)",
    r"\.is_between\(\[([^\[\],]*), ([^\[\],]*)\]\)": r" between \1 and \2",
    r"[\[\]]": "",
    r"&": "and",
    r"\|": "or",
}
"""Signs of a printed Polars expression and the words for them, in the order in which they are replaced."""


def expression(text: Any, table: Table) -> Any:
    """Give the Ibis expression of a text, a Polars expression of one column, or an Ibis expression.

    Args:
        text: a column's name, or words as at the head of this module; or an Ibis expression or deferred one
            (`ibis._.AGEP >= 25`); or a function of the table; or a list of such, which must all hold.

    Raises:
        UsageError: the text is not of this small language. NotFoundError: a column is not in the table.
    """
    if isinstance(text, list | tuple):
        return reduce(operator.and_, [expression(one, table) for one in text])
    if isinstance(text, str):
        if held := held_as(text, table.columns):
            return table[held]
        return _walk(_parsed(text), table)
    if isinstance(text, pl.Expr):
        return _walk(_parsed(_from_polars(text)), table)
    if hasattr(text, "resolve"):
        return text.resolve(table)
    return text(table) if callable(text) else text


def named(given: Any, table: Any) -> dict[str, Any]:
    """Give name and Ibis expression of columns, expressions, or named expressions."""
    if given is None:
        return {}
    if isinstance(given, str | pl.Expr):
        given = [given]
    if isinstance(given, Mapping):
        return {str(name): expression(words, table) for name, words in given.items()}
    found = {name_of(words): expression(words, table) for words in given}
    clash = [name for name in found if name.startswith("_")]
    if clash:
        raise UsageError(f"The name {clash[0]!r} begins with an underscore", accepted="other names")
    return found


def name_of(words: Any) -> str:
    """Name a column or expression that was given without a name."""
    return words.meta.output_name() if isinstance(words, pl.Expr) else str(words)


def _parsed(text: str) -> Any:
    ibis_module()
    import sqlglot
    from sqlglot.errors import ParseError, TokenError

    try:
        tree = sqlglot.parse_one(text.replace("==", "="), dialect="duckdb")
    except (ParseError, TokenError) as error:
        raise UsageError(
            f"The expression {text!r} cannot be read", accepted='such as "AGEP >= 25 and WAGP > 0"'
        ) from error
    return tree


def _from_polars(asked: pl.Expr) -> str:
    """Write a Polars expression in words, as far as its printed form is of the small language.

    Raises:
        UsageError: its printed form leaves values out, or a word in it has a quotation mark.
    """
    printed = str(asked.meta.undo_aliases())
    if "…" in printed or printed.count('"') % 2:
        raise UsageError(
            f"The expression {printed} is not printed whole", accepted="words, or a shorter list"
        )
    parts = re.split(r'col\("([^"]*)"\)|("[^"]*")', printed)
    words = []
    for between, column, text in zip(parts[::3], [*parts[1::3], None], [*parts[2::3], None], strict=True):
        words.append(between)
        if column is not None:
            words.append(f'"{column}"')
        elif text is not None:
            words.append("'" + text[1:-1].replace("'", "''") + "'")
    texts = words[1::2]
    joined = "\0".join(words[::2])  # signs are changed between words, and never within them
    for sign, word in POLARS.items():
        joined = re.sub(sign, word, joined)
    pieces = joined.split("\0")
    return "".join(a + b for a, b in zip(pieces, [*texts, ""], strict=True))


def _walk(node: Any, table: Table) -> Any:
    kind = type(node).__name__
    if kind in BINARY:
        return BINARY[kind](_walk(node.left, table), _walk(node.right, table))
    rule = WALKS.get(kind)
    if rule is None:
        raise UsageError(
            f"{node.sql()!r} is not allowed in an expression",
            accepted="columns, numbers, words, comparisons, + - * / %, and, or, not, in, between, is null, case",
        )
    return rule(node, table)


def _column(node: Any, table: Table) -> Any:
    held = held_as(node.name, table.columns)
    if held is None:
        close = get_close_matches(node.name, list(table.columns), 3)
        raise NotFoundError(
            f"There is no column {node.name!r}",
            advice=f"Did you mean {', '.join(close)}?" if close else None,
            accepted=", ".join(table.columns[:20]),
        )
    return table[held]


def _literal(node: Any, table: Table) -> Any:
    ibis = ibis_module()
    if node.is_string:
        return ibis.literal(node.this)
    return ibis.literal(int(node.this)) if node.this.isdigit() else ibis.literal(float(node.this))


def _in(node: Any, table: Table) -> Any:
    if node.args.get("query") is not None:
        raise UsageError("A sub-query is not allowed in an expression")
    return _walk(node.this, table).isin([_walk(item, table) for item in node.expressions])


def _case(node: Any, table: Table) -> Any:
    ibis = ibis_module()
    branches = [(_walk(branch.this, table), _walk(branch.args["true"], table)) for branch in node.args["ifs"]]
    other = node.args.get("default")
    return ibis.cases(*branches, else_=ibis.null() if other is None else _walk(other, table))


def _is(node: Any, table: Table) -> Any:
    if type(node.expression).__name__ != "Null":
        raise UsageError(f"{node.sql()!r} is not allowed in an expression", accepted="is null, is not null")
    return _walk(node.this, table).isnull()


WALKS: dict[str, Callable[[Any, Table], Any]] = {
    "Column": _column,
    "Literal": _literal,
    "Boolean": lambda node, table: ibis_module().literal(bool(node.this)),
    "Null": lambda node, table: ibis_module().null(),
    "Paren": lambda node, table: _walk(node.this, table),
    "Not": lambda node, table: ~_walk(node.this, table),
    "Neg": lambda node, table: -_walk(node.this, table),
    "In": _in,
    "Is": _is,
    "Between": lambda node, table: _walk(node.this, table).between(
        _walk(node.args["low"], table), _walk(node.args["high"], table)
    ),
    "Case": _case,
}
