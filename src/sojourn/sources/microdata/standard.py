"""Applies a mapping to a survey: the field's standard columns, lazily, with everything counted first."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sojourn.errors import LayoutError, Place, SourceError, UsageError
from sojourn.sources import problems
from sojourn.sources.microdata import checks
from sojourn.sources.microdata.codebooks import find_column
from sojourn.sources.microdata.columns import readings, with_blank_columns
from sojourn.sources.microdata.concepts import AREA, CLUSTER, FPC, STRATUM, WEIGHT, YEAR
from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Design, Mapping
from sojourn.sources.microdata.variables import code_of


@dataclass(frozen=True, slots=True)
class Standard:
    """A survey in the field's words.

    Attributes:
        frame: lazily, a row per person: concepts by their names, `year`, `area`, and the design's columns
            `weight`, `replicate_1` …, `stratum_1` …, `cluster_1` …, `fpc_1` ….
        design: the declared design, its columns under these names.
        counts: concept, code, rows – how often each code occurs, unknown and not in universe apart.
        problems: codes, cells and weights that a person should look at, with counts.
        notes: what was read under another name, or left out because the file has no such column.
        mapping: the mapping that was applied.
    """

    frame: pl.LazyFrame
    design: Design
    counts: pl.DataFrame
    problems: pl.DataFrame
    notes: tuple[str, ...]
    mapping: Mapping

    @property
    def concepts(self) -> tuple[str, ...]:
        """List the concepts that the table has."""
        present = set(self.frame.collect_schema().names())
        return tuple(name for name in self.mapping.concepts if name in present)


def standard(
    survey: Survey,
    mapping: Mapping,
    *,
    area: str = "",
    year: int | None = None,
    joined: Survey | None = None,
) -> Standard:
    """Give a survey the field's standard columns.

    Codes are looked up; a code that is listed nowhere is an error, or unknown where the mapping says so. What
    is unknown, and what was not asked of a person, stay apart from every answer. Nothing is read into
    memory: one pass counts codes and weights, and the table itself is lazy.

    Args:
        survey: the opened file of persons.
        mapping: which column is what.
        area: ISO 3166-1 alpha-3 code, where the mapping names none.
        year: the year of the data, where neither the mapping nor a column says it.
        joined: the file whose columns the mapping joins to persons, such as households.

    Returns:
        The table, its design, counts, problems and notes.

    Raises:
        LayoutError: the mapping contradicts the file: a column is absent, none of the stated codes occurs, a
            code's label says something else.
        SourceError: codes are unknown, weights are missing, negative or text, replicates are fewer than
            declared; each with its count.
        UsageError: the area or the year is not known.
    """
    year = _year(survey, mapping, year)
    frame = survey.frame if joined is None else _joined(survey, joined, mapping)
    frame = with_blank_columns(frame, mapping)
    schema = frame.collect_schema()
    names = schema.names()
    read = readings(frame, mapping, year, Place(survey.name), joined is not None, survey.variables)
    design, weights = _design(mapping, names, survey, year)
    frame, found = checks.weights(frame, mapping.design, weights, survey.name)
    counts, listed = checks.codes(frame, read, mapping, survey)
    table = frame.select(
        *(one.values.alias(one.name) for one in read.columns),
        _year_column(frame, mapping, names, year, Place(survey.name)),
        pl.lit(area or mapping.area or _no_area(mapping)).alias(AREA),
        *(_weight(column, numeric, schema[column]).alias(name) for name, column, numeric in weights),
    )
    for one in read.derived:
        table = table.with_columns(one.values.alias(one.name))
    return Standard(
        table, design, counts, problems.combine(survey.problems, found, listed), read.notes, mapping
    )


def _weight(column: str, numeric: bool, kind: pl.DataType) -> pl.Expr:
    """Whole-number weights stay whole: their sums are exact in any order."""
    text = numeric and not kind.is_numeric()
    return pl.col(column).cast(pl.Float64, strict=False) if text else pl.col(column)


def _no_area(mapping: Mapping) -> str:
    raise UsageError(
        f"The mapping {mapping.title!r} names no area",
        accepted="an ISO 3166-1 alpha-3 code",
        advice='State it with --area, or as area = "..." in the mapping.',
    )


def _year(survey: Survey, mapping: Mapping, year: int | None) -> int | None:
    if year is not None and mapping.years and not mapping.years[0] <= year <= mapping.years[1]:
        raise UsageError(
            f"The mapping {mapping.title!r} is not for {year}",
            accepted=f"{mapping.years[0]} to {mapping.years[1]}",
            advice="Use the mapping of that year, or widen its years after checking the codes.",
        )
    if year is not None or mapping.year_column:
        return year
    if mapping.years and mapping.years[0] == mapping.years[1]:
        return mapping.years[0]
    raise UsageError(
        f"The year of {survey.name} is not known",
        accepted="a year that the mapping is for",
        advice="State it with --year, or name its column as year_column in the mapping.",
    )


def _require_year(frame: pl.LazyFrame, column: str, year: int, where: Place) -> None:
    """Refuse a stated year that the file's own column contradicts."""
    stated = pl.col(column).cast(pl.Int32, strict=False)
    others = frame.filter(stated != year).group_by(stated.alias("year")).len().sort("year").collect()
    if others.height:
        told = ", ".join(f"{one} in {rows:,} rows" for one, rows in others.head(5).iter_rows())
        raise UsageError(
            f"The year {year} is stated, and the column {column!r} says {told}",
            where=where,
            advice="Leave out --year where a column has it, or take year_column out of the mapping.",
        )


def _year_column(
    frame: pl.LazyFrame, mapping: Mapping, names: list[str], year: int | None, where: Place
) -> pl.Expr:
    column = find_column(mapping.year_column, names) if mapping.year_column else None
    if column is not None:
        if year is not None:
            _require_year(frame, column, year, where)
        return pl.col(column).cast(pl.Int32, strict=False).alias(YEAR)
    if year is None:
        raise LayoutError(
            f"The file has no column {mapping.year_column!r} with the year",
            where=Place(column=mapping.year_column),
            advice="Correct year_column in the mapping, or state the year.",
        )
    return pl.lit(year, dtype=pl.Int32).alias(YEAR)


def _joined(survey: Survey, other: Survey, mapping: Mapping) -> pl.LazyFrame:
    """Join the columns of a second file, each key of which must be there once."""
    if mapping.join is None:
        raise UsageError(
            f"The mapping {mapping.title!r} joins no second file",
            advice="Leave the second file out, or add [join] with its key to the mapping.",
        )
    left, right = survey.frame, other.frame
    left_kinds, right_kinds = left.collect_schema(), right.collect_schema()
    keys = []
    for number, key in enumerate(mapping.join.key):
        pair = [find_column(key, kinds.names()) for kinds in (left_kinds, right_kinds)]
        for column, opened in zip(pair, (survey, other), strict=True):
            if column is None:
                raise LayoutError(
                    f"The key {key!r} of the join is absent",
                    where=Place(opened.name, column=key),
                    advice="Correct [join] in the mapping.",
                )
        here, there = str(pair[0]), str(pair[1])
        # A number in one file and text in the other: both are compared as codes.
        left = left.with_columns(code_of(pl.col(here), left_kinds[here]).alias(f"__key{number}"))
        right = right.with_columns(code_of(pl.col(there), right_kinds[there]).alias(f"__key{number}"))
        keys.append(f"__key{number}")
    repeated = right.group_by(keys).len().filter(pl.col("len") > 1)
    # A key of another year or place may repeat: no person here is joined to it.
    if twice := repeated.join(left, on=keys, how="semi").select(pl.len()).collect(engine="streaming").item():
        raise SourceError(
            f"{twice:,} keys of the {mapping.join.what} occur more than once",
            where=Place(other.name, column=", ".join(mapping.join.key)),
            accepted="each key once",
            advice="Name all columns that make a row unique in [join] key.",
        )
    extra = [name for name in right_kinds.names() if name not in left_kinds.names()]
    return left.join(right.select(*keys, *extra), on=keys, how="left", maintain_order="left").drop(keys)


def _design(
    mapping: Mapping, names: list[str], survey: Survey, year: int | None
) -> tuple[Design, list[tuple[str, str, bool]]]:
    """Find the design's columns; give the design under standard names, and name, column, numeric of each."""
    declared = mapping.design
    wanted = [(WEIGHT, declared.weight, True)] if declared.weight else []
    wanted += [(f"replicate_{n}", one, True) for n, one in enumerate(declared.replicate_columns, 1)]
    wanted += [(f"{STRATUM}_{n}", one, False) for n, one in enumerate(declared.strata, 1)]
    wanted += [(f"{CLUSTER}_{n}", one, False) for n, one in enumerate(declared.clusters, 1)]
    wanted += [(f"{FPC}_{n}", one, True) for n, one in enumerate(declared.fpc, 1)]
    found = [
        (name, find_column(one, names, mapping.codebook, year), numeric) for name, one, numeric in wanted
    ]
    absent = [one for (_, one, _), (_, column, _) in zip(wanted, found, strict=True) if column is None]
    if absent:
        replicates = len(declared.replicate_columns)
        short = [one for one in absent if one in declared.replicate_columns]
        what = f"The design declares {len(wanted)} columns, and the file has {len(wanted) - len(absent)}"
        if short:
            what = f"The design declares {replicates} replicate weights, and the file has {replicates - len(short)}"
        raise LayoutError(
            f"{what}: {', '.join(absent[:5])}{' …' if len(absent) > 5 else ''} absent",
            where=Place(survey.name, column=absent[0]),
            accepted="every column of the declared design",
            advice='Get the file with them; or declare kind = "weights", which gives points and no errors.',
        )
    renamed = declared.model_copy(
        update={
            "weight": WEIGHT if declared.weight else "",
            "replicates": tuple(name for name, _, _ in wanted if name.startswith("replicate_")),
            "strata": tuple(name for name, _, _ in wanted if name.startswith(STRATUM)),
            "clusters": tuple(name for name, _, _ in wanted if name.startswith(CLUSTER)),
            "fpc": tuple(name for name, _, _ in wanted if name.startswith(FPC)),
        }
    )
    return renamed, [(name, str(column), numeric) for name, column, numeric in found]
