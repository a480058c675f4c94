"""Counts what a mapping makes of a file before anything is computed: codes, contradictions, weights."""

from __future__ import annotations

import polars as pl

from sojourn.errors import LayoutError, Place, SourceError
from sojourn.sources import problems
from sojourn.sources.microdata.columns import OTHER, Read, Reading
from sojourn.sources.microdata.concepts import WEIGHT
from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Design, Mapping
from sojourn.sources.microdata.meanings import meaning_of_label

COUNTS = pl.Schema({"concept": pl.String, "code": pl.String, "rows": pl.Int64})

_SHOWN = 8
_ROWS = "__rows"


def codes(
    frame: pl.LazyFrame, read: Read, mapping: Mapping, survey: Survey
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Count the codes of every concept that is read from a column.

    Returns:
        Counts (concept, code, rows; "known" for numbers and text) and the problems.

    Raises:
        SourceError: codes occur that the mapping does not list.
        LayoutError: none of the listed codes occurs, or a label says something else.
    """
    tables = _collected([_counted(frame, one) for one in read.columns], survey)
    counts = [pl.DataFrame(schema=COUNTS)]
    listed = [problems.NO_PROBLEMS]
    for one, table in zip(read.columns, tables, strict=True):
        _contradiction(one, survey)
        others = table.filter(pl.col("code") == OTHER).sort("rows", "value", descending=[True, False])
        if others.height:
            listed.append(_others(one, others, survey))
        meant = table.with_columns(pl.col("code").replace(OTHER, "unknown"))
        summed = meant.group_by("code").agg(pl.col("rows").sum().cast(pl.Int64)).sort("code")
        _nothing_found(one, summed, survey)
        counts.append(summed.select(pl.lit(one.name).alias("concept"), "code", "rows"))
    return pl.concat(counts), problems.combine(*listed)


def _collected(wanted: list[pl.LazyFrame], survey: Survey) -> list[pl.DataFrame]:
    try:
        return pl.collect_all(wanted, engine="streaming")
    except (pl.exceptions.SchemaError, pl.exceptions.InvalidOperationError) as error:
        # Such as a comparison of words with numbers in an expression.
        raise LayoutError(
            f"An expression of the mapping does not fit the file: {str(error).splitlines()[0]}",
            where=Place(survey.name),
            advice="Correct the expression that uses this column, or CAST the column in it.",
        ) from error


def _counted(frame: pl.LazyFrame, one: Reading) -> pl.LazyFrame:
    """Count meanings, with the code of those that are listed nowhere."""
    rows = frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(_ROWS))
    if one.concept.kind == "coded":
        # The few combinations of codes are looked up, not every row.
        rows = frame.group_by(list(dict.fromkeys(one.source.meta.root_names()))).agg(
            pl.len().cast(pl.Int64).alias(_ROWS)
        )
    meant = rows.select(
        one.coded.alias("code"),
        pl.when(one.coded == OTHER).then(one.source).alias("value"),
        pl.col(_ROWS).alias("rows"),
    )
    return meant.group_by("code", "value").agg(pl.col("rows").sum())


def _others(one: Reading, others: pl.DataFrame, survey: Survey) -> pl.DataFrame:
    """Refuse codes that are listed nowhere, or list them as problems where the mapping says so."""
    number = one.concept.kind == "number"
    shown = ", ".join(
        f"{value!r} ({rows:,} rows)"
        for value, rows in others.head(_SHOWN).select("value", "rows").iter_rows()
    )
    more = f" and {others.height - _SHOWN} more" if others.height > _SHOWN else ""
    what = "cells that are no numbers" if number else "codes that the mapping does not list"
    accepted = "a number" if number else _accepted(one)
    if one.way.other == "error":
        raise SourceError(
            f"{one.name} has {what}: {shown}{more}",
            where=Place(survey.name, column=one.origin),
            accepted=accepted,
            advice='List them in the mapping (under a code, unknown or not_in_universe), or set other = "unknown".',
        )
    return pl.DataFrame(
        [
            [survey.name, None, None, one.origin, value, f"{what}; {rows:,} rows", accepted, "emptied"]
            for value, rows in others.select("value", "rows").iter_rows()
        ],
        schema=problems.SCHEMA,
        orient="row",
    )


def _accepted(one: Reading) -> str:
    listed = {meaning: given for meaning, given in one.way.groups.items() if given}
    return "; ".join(f"{meaning}: {', '.join(map(str, given))}" for meaning, given in listed.items())


def _nothing_found(one: Reading, counts: pl.DataFrame, survey: Survey) -> None:
    if one.concept.kind == "coded" and not counts["code"].is_in(list(one.concept.codes)).any():
        raise LayoutError(
            f"The mapping contradicts the file: no row has an answer to {one.name}",
            where=Place(survey.name, column=one.origin),
            accepted=_accepted(one),
            advice="Correct the codes, or take the concept out of the mapping: it is not in this file.",
        )


def _contradiction(one: Reading, survey: Survey) -> None:
    """Compare each code with the label that the file itself gives it."""
    variable = survey.variables.get(one.origin) if one.way.column else None
    if variable is None:
        return
    for meaning, given in one.way.codes.items():
        for value in given:
            label = variable.codes.get(str(value), "")
            said = meaning_of_label(one.name, label)
            if said is not None and said != meaning:
                raise LayoutError(
                    f"The mapping contradicts the file: code {value} of {one.name} is {meaning} in the mapping",
                    where=Place(survey.name, column=one.origin, value=label),
                    accepted=f"{said}, as the file's label says",
                    advice="Correct the codes in the mapping, or the label in the file.",
                )


def weights(
    frame: pl.LazyFrame, design: Design, columns: list[tuple[str, str, bool]], file: str
) -> tuple[pl.LazyFrame, pl.DataFrame]:
    """Check the weights and design columns.

    A person's weight must be a number above zero; replicate weights may be zero or negative, as those of some
    surveys are, but not missing; strata and clusters must not be missing.

    Returns:
        The rows – all of them, or those with a usable weight where the design sets others aside – and problems.

    Raises:
        SourceError: there are cells that cannot be used; with counts of each kind.
    """
    if not columns:
        return frame, problems.NO_PROBLEMS
    schema = frame.collect_schema()
    asked = []
    for name, column, numeric in columns:
        cells = pl.col(column)
        number = cells.cast(pl.Float64, strict=False) if numeric else cells
        empty = (
            cells.is_null()
            if schema[column] != pl.String
            else cells.is_null() | (cells.str.strip_chars() == "")
        )
        asked.append(empty.sum().alias(f"{name} missing"))
        if numeric:
            bad = (number.is_null() | ~number.is_finite()) & ~empty
            asked.append(bad.sum().alias(f"{name} no number"))
        if name == WEIGHT:
            asked.append((number < 0).sum().alias(f"{name} negative"))
            asked.append((number == 0).sum().alias(f"{name} zero"))
    found = frame.select(asked).collect(engine="streaming").row(0, named=True)
    rows = [(key.partition(" "), count) for key, count in found.items() if count]
    column_of = {name: column for name, column, _ in columns}
    listed = [
        [file, None, None, column_of[name], fault, f"{count:,} rows of {name}", "a number above 0", action]
        for (name, _, fault), count in rows
        for action in ["kept" if fault == "zero" else "rejected"]
    ]
    fatal = [one for one in listed if one[-1] == "rejected"]
    aside = design.bad_weights == "set aside" and all(
        name == WEIGHT for (name, _, fault), _ in rows if fault != "zero"
    )
    if fatal and not aside:
        raise SourceError(
            "The weights cannot be used: "
            + "; ".join(f"{one[3]} {one[4]} in {one[5]}" for one in fatal[:_SHOWN]),
            where=Place(file, column=str(fatal[0][3])),
            accepted="a number above 0 in every row",
            advice='Correct the file, or set bad_weights = "set aside" in [design]: those rows are then counted as '
            "rejected.",
        )
    if fatal:
        number = pl.col(column_of[WEIGHT]).cast(pl.Float64, strict=False)
        frame = frame.filter(number.is_finite() & (number >= 0))
    return frame, pl.DataFrame(listed, schema=problems.SCHEMA, orient="row")
