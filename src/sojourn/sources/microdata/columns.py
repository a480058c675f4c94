"""Turns the columns of a mapping into expressions over a file: codes looked up, numbers read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from sojourn.errors import LayoutError, Place
from sojourn.sources.microdata.codebooks import find_column
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN, Concept
from sojourn.sources.microdata.mapping import Codes, Column, Mapping
from sojourn.sources.microdata.variables import Variables, code, code_of
from sojourn.sources.parsing import closest

OTHER = "\x00other"
"""What a code becomes that the mapping does not list; counted, and never in the result."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One concept of one file.

    Attributes:
        name: the concept.
        concept: its kind and codes.
        way: what the mapping says.
        origin: the column, or the expression as written.
        source: the cells as codes (text).
        coded: what each cell means: a code of the concept, UNKNOWN, NOT_IN_UNIVERSE or OTHER; for numbers and
            text the code "known" where there is a value.
        values: the column of the result.
    """

    name: str
    concept: Concept
    way: Column
    origin: str
    source: pl.Expr
    coded: pl.Expr
    values: pl.Expr


@dataclass(frozen=True, slots=True)
class Read:
    """All concepts: those read from columns, those derived from other concepts, and what to tell."""

    columns: tuple[Reading, ...]
    derived: tuple[Reading, ...]
    notes: tuple[str, ...]


def with_blank_columns(frame: pl.LazyFrame, mapping: Mapping) -> pl.LazyFrame:
    """Let columns without any value be what the mapping's expressions take them for.

    A file in which nobody was asked has such a column as text, and text cannot be divided.
    """
    schema = frame.collect_schema()
    asked = {way.expression for ways in mapping.concepts.values() for way in ways if way.expression}
    used = {root for words in asked for root in _roots(words)}
    texts = [name for name in schema.names() if schema[name] == pl.String and name in used]
    if not texts:
        return frame
    filled = frame.select(pl.col(texts).is_not_null().any()).collect().row(0)
    blank = [name for name, some in zip(texts, filled, strict=True) if not some]
    return frame.with_columns(pl.lit(None, pl.Null).alias(name) for name in blank)


def _roots(words: str) -> list[str]:
    try:
        return pl.sql_expr(words).meta.root_names()
    except (pl.exceptions.PolarsError, ValueError):
        return []  # told where the expression is read


def readings(
    frame: pl.LazyFrame,
    mapping: Mapping,
    year: int | None,
    where: Place,
    joined: bool,
    variables: Variables,
) -> Read:
    """Write the expressions of all concepts that hold for a year.

    What the file itself declares as missing is unknown, unless the mapping says otherwise.

    Raises:
        LayoutError: a column is absent, an expression is wrong, or two ways hold for one year.
    """
    schema = frame.collect_schema()
    columns: list[Reading] = []
    notes: list[str] = []
    derived: list[Reading] = []
    known: dict[str, pl.DataType] = {}
    for name, ways in mapping.concepts.items():
        way = _way(name, ways, year, where)
        if way is None:
            notes.append(f"{name}: not asked, or not mapped, in {year}")
            continue
        origin, absent = _origin(way, known if way.derived else schema, mapping, year, where, name)
        if absent and way.otherwise:
            notes.append(
                f"{name}: read from {way.otherwise} as it is, because there is no {', '.join(absent)}"
            )
            way = way.model_copy(update={"column": way.otherwise, "expression": "", "otherwise": ""})
            origin, absent = _origin(way, schema, mapping, year, where, name)
        if absent:
            leave_out = (way.absent or mapping.absent) == "leave out"
            if not leave_out:
                raise _absent(name, absent, list(schema), mapping, joined, where)
            notes.append(f"{name}: left out, because there is no {', '.join(absent)}")
            continue
        if way.column and origin != way.column:
            notes.append(f"{name}: {way.column} is called {origin} in this file")
        way = _with_missing(way, origin, variables)
        reading = _reading(name, mapping.concept(name), way, origin, known if way.derived else schema, where)
        known[name] = pl.Float64() if reading.concept.kind == "number" else pl.String()
        (derived if way.derived else columns).append(reading)
    return Read(tuple(columns), tuple(derived), tuple(notes))


def _with_missing(way: Column, origin: str, variables: Variables) -> Column:
    variable = variables.get(origin) if way.column else None
    if variable is None or not variable.missing:
        return way
    listed = {code(one) for given in way.groups.values() for one in given}
    more = tuple(one for one in variable.missing if one not in listed)
    return way.model_copy(update={"unknown": (*way.unknown, *more)})


def _way(name: str, ways: tuple[Column, ...], year: int | None, where: Place) -> Column | None:
    holding = [way for way in ways if way.holds(year)]
    if len(holding) > 1:
        raise LayoutError(
            f"The mapping reads {name} in {len(holding)} ways{f' for {year}' if year else ''}",
            where=where,
            accepted="one way for each year",
            advice="State the years of each way, and the year of the file where it has no year column.",
        )
    return holding[0] if holding else None


def _origin(
    way: Column, schema: dict[str, pl.DataType], mapping: Mapping, year: int | None, where: Place, name: str
) -> tuple[str, list[str]]:
    """Give the column or expression to read, and which columns of it are absent."""
    if way.column:
        found = find_column(way.column, list(schema), mapping.codebook, year)
        return (found, []) if found else ("", [way.column])
    text = way.expression or way.derived
    needed = _sql(text, name, where).meta.root_names()
    absent = []
    for column in dict.fromkeys(needed):
        found = find_column(column, list(schema), mapping.codebook, year)
        if found is None:
            absent.append(column)
        elif found != column:
            text = re.sub(rf"\b{re.escape(column)}\b", f'"{found}"', text)
    return text, absent


def _sql(text: str, name: str, where: Place) -> pl.Expr:
    try:
        return pl.sql_expr(text)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise LayoutError(
            f"The expression of {name} is no SQL expression: {str(error).splitlines()[0]}",
            where=Place(where.file, value=text),
            advice="Correct it in the mapping.",
        ) from error


def _absent(
    name: str, absent: list[str], present: list[str], mapping: Mapping, joined: bool, where: Place
) -> LayoutError:
    close = [found for column in absent if (found := closest(column, present)[0])]
    advice = f"Is {', '.join(close)} meant? Correct the mapping." if close else "Correct the mapping."
    if mapping.join is not None and not joined:
        advice = f"Give the {mapping.join.what} too, if they are there. {advice}"
    return LayoutError(
        f"The mapping contradicts the file: {name} is read from {', '.join(absent)}, which is not there",
        where=Place(where.file, column=", ".join(absent)),
        accepted=f"one of {', '.join(present[:12])}{' …' if len(present) > 12 else ''}",
        advice=advice,
    )


def _reading(
    name: str, concept: Concept, way: Column, origin: str, schema: dict[str, pl.DataType], where: Place
) -> Reading:
    cells = pl.col(origin) if way.column else _sql(origin, name, where)
    try:
        kind = pl.LazyFrame(schema=dict(schema)).select(cells.alias("cell")).collect_schema()["cell"]
    except pl.exceptions.PolarsError as error:
        raise LayoutError(
            f"The expression of {name} does not fit the file: {str(error).splitlines()[0]}",
            where=Place(where.file, value=origin),
            advice="Correct it in the mapping.",
        ) from error
    source, numeric = code_of(cells, kind), kind.is_numeric()
    # Numbers are looked up as numbers: text would take ten times as long.
    cast = cells.cast(pl.Int64) if kind.is_integer() else cells.cast(pl.Float64, strict=False).fill_nan(None)
    lookup = cast if numeric else source
    if concept.kind == "coded":
        groups = way.groups
        if not way.codes:
            # An expression may give the concept's own codes.
            groups = {one: (one,) for one in concept.codes} | {
                UNKNOWN: (*way.unknown, UNKNOWN),
                NOT_IN_UNIVERSE: (*way.not_in_universe, NOT_IN_UNIVERSE),
            }
        coded = meaning_of(lookup, groups, way.blank, pl.lit(OTHER), numeric=numeric)
        values = pl.when(coded == OTHER).then(pl.lit(UNKNOWN)).otherwise(coded)
        return Reading(name, concept, way, origin, source, coded, values)
    groups = {key: way.groups[key] for key in (UNKNOWN, NOT_IN_UNIVERSE)}
    text = cells.str.strip_chars() if kind == pl.String else source
    if kind == pl.String and not any(groups.values()):
        lookup = pl.when(text != "").then(text)
    coded = meaning_of(lookup, groups, way.blank, pl.lit("known"), numeric=numeric)
    if concept.kind == "number":
        number = cells.cast(pl.Float64, strict=False)
        number = pl.when(number.is_finite()).then(number)
        words = (coded == "known") & number.is_null()
        coded = pl.when(words).then(pl.lit(OTHER)).otherwise(coded)
        return Reading(name, concept, way, origin, source, coded, pl.when(coded == "known").then(number))
    # Text stays as the file has it: the place 02 is not 2.
    return Reading(name, concept, way, origin, source, coded, pl.when(coded == "known").then(text))


def meaning_of(
    source: pl.Expr, groups: dict[str, Codes], blank: str, other: pl.Expr, *, numeric: bool = False
) -> pl.Expr:
    """Give the expression that looks codes up: single ones first, then spans, then the rest.

    Args:
        source: cells as `variables.code_of` writes them, or numbers.
        groups: meaning -> codes and spans.
        blank: the meaning of an empty cell.
        other: the meaning of all other cells.
        numeric: whether `source` is numbers.
    """
    single: dict[str, str] = {}
    spans: list[tuple[int, int, str]] = []
    for meaning, listed in groups.items():
        for one in listed:
            if isinstance(one, str) and (found := re.fullmatch(r"(-?\d+)\.\.(-?\d+)", one)):
                spans.append((int(found[1]), int(found[2]), meaning))
            else:
                single[code(one)] = meaning
    result = other
    number = source if numeric or not spans else source.cast(pl.Float64, strict=False)
    for low, high, meaning in spans:
        result = pl.when(number.is_between(low, high)).then(pl.lit(meaning)).otherwise(result)
    for meaning in dict.fromkeys(single.values()):
        codes = [one for one, meant in single.items() if meant == meaning]
        # A code such as "b" cannot stand in a column of numbers.
        numbers = [float(one) for one in codes if re.fullmatch(r"-?\d+(\.\d+)?", one)]
        hit = source.cast(pl.Float64).is_in(numbers) if numeric else source.is_in(codes)
        result = pl.when(hit).then(pl.lit(meaning)).otherwise(result)
    return pl.when(source.is_null()).then(pl.lit(blank)).otherwise(result)
