"""Reads records: JSON answers of web services, and Parquet."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from sojourn.sources.kinds import damaged
from sojourn.sources.model import InputFile, RawSheet, Row


def parquet_head(file: InputFile) -> tuple[Row, ...]:
    """Column names of a Parquet file, as its only row."""
    try:
        return (tuple(pl.read_parquet_schema(file.path)),)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise damaged(file, _first_line(error)) from error


def load_parquet(file: InputFile) -> RawSheet:
    """Load a Parquet file with the types that it has; its first row counts as row 2, below the names."""
    try:
        return RawSheet(file, None, 1, pl.read_parquet(file.path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise damaged(file, _first_line(error)) from error


def json_head(file: InputFile) -> tuple[Row, ...]:
    """Field names of the records, as the only row."""
    return (tuple(load_json(file).frame.columns),)


def load_json(file: InputFile) -> RawSheet:
    """Flatten a list of records, one level deep; `{"indicator": {"id": …}}` becomes `indicator.id`.

    Every value becomes text exactly as the file writes it, so that numbers and text may stand in one
    field. The World Bank's API answers `[page information, records]`; the information goes into the
    preamble, as rows of name and value. Record `i` counts as row `i`, from 1.

    Raises:
        DamagedError: this is not valid JSON, for instance because it was cut off.
    """
    try:
        # Numbers stay as written: the text "0.10" is not made the number 0.1.
        content = json.loads(file.path.read_text("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError, OSError) as error:
        raise damaged(file, error) from error
    information: dict[str, Any] = {}
    if isinstance(content, list) and len(content) == 2 and isinstance(content[1], list):
        information, content = content[0] if isinstance(content[0], dict) else {}, content[1]
    found = content.get("items") if isinstance(content, dict) else content
    records = (
        [_flatten(record) for record in found or [] if isinstance(record, dict)]
        if isinstance(found, list)
        else []
    )
    names = list(dict.fromkeys(name for record in records for name in record))
    frame = pl.DataFrame(
        {name: [record.get(name) for record in records] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )
    preamble = tuple((name, _text(value)) for name, value in information.items())
    return RawSheet(file, None, 0, frame, preamble)


def _flatten(record: dict[str, Any]) -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": _text(inner_value) for inner, inner_value in value.items()}
        else:
            flat[name] = _text(value)
    return flat


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
