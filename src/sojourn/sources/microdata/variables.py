"""What a survey file says about its own columns: labels, the meaning of codes, which codes are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

NUMBER, TEXT = "number", "text"


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of a survey file.

    Attributes:
        name: the column's name in the file.
        label: the question or description, empty if the file has none.
        codes: code as text -> its label, as the file states them.
        kind: "number" or "text".
        missing: codes that the file declares as missing; a span is written "97..99".
    """

    name: str
    label: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    kind: str = NUMBER
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variables:
    """The columns of a survey file, in the order of the file."""

    all: tuple[Variable, ...]

    def __iter__(self) -> Iterator[Variable]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def names(self) -> list[str]:
        """List the names in the order of the file."""
        return [one.name for one in self.all]

    def get(self, name: str) -> Variable | None:
        """Find a column without regard to case; an exact name wins.

        >>> Variables((Variable("PWGTP"), Variable("pwgtp1"))).get("PWGTP1").name
        'pwgtp1'
        """
        exact = next((one for one in self.all if one.name == name), None)
        folded = name.casefold()
        return exact or next((one for one in self.all if one.name.casefold() == folded), None)

    def as_rows(self) -> list[dict[str, Any]]:
        """Write them as plain records, for JSON."""
        return [asdict(one) for one in self.all]

    @classmethod
    def from_rows(cls, rows: list[dict[str, Any]]) -> Variables:
        """Read what `as_rows` wrote."""
        return cls(tuple(Variable(**(row | {"missing": tuple(row["missing"])})) for row in rows))

    @classmethod
    def from_schema(cls, schema: Mapping[str, pl.DataType]) -> Variables:
        """Describe columns about which nothing is known but their types."""
        return cls(
            tuple(Variable(name, kind=NUMBER if kind.is_numeric() else TEXT) for name, kind in schema.items())
        )


def code(value: object) -> str:
    """Write a code as text, the same whether a file holds it as number, padded text or text.

    >>> [code(value) for value in (1, 1.0, "01", " 1 ", "1.0", -8, 0, "00", "2.5", "b", True)]
    ['1', '1', '1', '1', '1', '-8', '0', '0', '2.5', 'b', '1']
    """
    text = str(int(value)) if isinstance(value, bool) else str(value).strip()
    text = re.sub(r"^(-?\d+)\.0+$", r"\1", text)
    return re.sub(r"^(-?)0+(\d+)$", r"\1\2", text)


def code_of(cells: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Give the expression that writes cells of a type as `code` does; an empty cell is null."""
    if kind == pl.Boolean:
        return cells.cast(pl.Int8).cast(pl.String)
    if kind.is_integer():
        return cells.cast(pl.String)
    if kind.is_float():
        whole = cells.round(0) == cells
        number = pl.when(whole).then(cells.round(0).cast(pl.Int64, strict=False).cast(pl.String))
        return number.otherwise(cells.fill_nan(None).cast(pl.String))
    text = cells.cast(pl.String).str.strip_chars()
    text = text.str.replace(r"^(-?\d+)\.0+$", "$1").str.replace(r"^(-?)0+(\d+)$", "${1}${2}")
    return pl.when(text == "").then(None).otherwise(text)
