"""Holds observations to what their series declare: unit, dimensions and codes of the breakdown."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sojourn.errors import ContractError
from sojourn.indicators.model import Series
from sojourn.observations import parse_breakdown


def check_declared(frame: pl.DataFrame, declared: Mapping[str, Series]) -> None:
    """Refuse observations whose series, unit or breakdown their indicator did not declare.

    Raises:
        ContractError: names the series and what it did not declare.
    """
    for code, unit in frame.select("series", "unit").unique().iter_rows():
        if code not in declared:
            raise ContractError(f"The series {code} is not declared by its indicator")
        if unit != declared[code].unit:
            raise ContractError(f"The series {code} is declared in {declared[code].unit}, not in {unit}")
    for code, text in frame.select("series", "breakdown").unique().iter_rows():
        dimensions = {one.name: one for one in declared[code].dimensions}
        for name, value in parse_breakdown(text).items():
            known = dimensions.get(name)
            if known is None or not (known.open_codes or value in known.codes):
                raise ContractError(f"The series {code} does not declare the breakdown {name}={value}")
