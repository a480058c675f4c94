"""The observation contract: what it completes, and what it refuses."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn import observations
from sojourn.errors import ContractError


def one(**changes: object) -> pl.DataFrame:
    row = {
        "indicator": "10.c.1",
        "series": "SI_RMT_COST",
        "area": "001",
        "period": "2014-Q1",
        "value": 8.36,
        "unit": "PT",
        "source": "rpw@2014-Q2",
        "method": "mean_of_services/1",
    } | changes
    return observations.complete(pl.DataFrame([row]))


def test_complete_fills_defaults_in_schema_order():
    frame = one()
    assert frame.schema == observations.SCHEMA
    assert frame.row(0, named=True)["sex"] == "_T"
    assert frame.row(0, named=True)["se"] is None


def test_complete_refuses_a_foreign_column():
    with pytest.raises(ContractError, match="colour"):
        observations.complete(one().with_columns(colour=pl.lit("red")))


def test_complete_refuses_a_frame_without_a_value_column():
    with pytest.raises(ContractError, match="value"):
        observations.complete(one().drop("value"))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"period": "Q1 2014"}, "ISO 8601"),
        ({"breakdown": "amount=500"}, "DIM=CODE"),
        ({"breakdown": "PROVIDER=BANK;AMOUNT=500"}, "not sorted"),
        ({"breakdown": "AMOUNT=500;AMOUNT=200"}, "repeats one"),
        ({"value": math.inf}, "finite"),
        ({"value": math.nan}, "finite"),
        ({"value": None}, "null exactly"),
        ({"value": 1.0, "status": "Q"}, "null exactly"),
        ({"value": None, "status": "Q", "n": 3}, "suppressed"),
        ({"lower": 9.0, "upper": 8.0}, "lower <= value <= upper"),
        ({"lower": 8.5, "upper": 9.0}, "lower <= value <= upper"),
        ({"status": "ZZ"}, "SDMX codes"),
        ({"nature": "real"}, "SDMX codes"),
        ({"area": "NOWHERE"}, "no areas"),
        ({"counterpart": "XYZ"}, "no areas"),
        ({"period": "2015-13"}, "ISO 8601"),
        ({"level": 0.95}, "level goes with"),
        ({"lower": 8.0, "upper": 9.0, "level": 95.0}, "between 0 and 1"),
        ({"se": -0.1}, "not negative"),
        ({"area": None}, "never null"),
    ],
)
def test_validate_names_the_broken_rule(changes, rule):
    with pytest.raises(ContractError, match=rule):
        observations.validate(one(**changes))


def test_validate_refuses_a_repeated_key():
    with pytest.raises(ContractError, match="repeat a key"):
        observations.validate(pl.concat([one(), one(value=9.0)]))


def test_two_sources_of_one_number_stand_side_by_side():
    both = observations.validate(pl.concat([one(), one(source="wdi@2023-05-10", method="as_published/1")]))
    assert both.height == 2


def test_validate_sorts_by_key():
    frame = observations.validate(pl.concat([one(area="MEX"), one(area="001")]))
    assert frame["area"].to_list() == ["001", "MEX"]


@pytest.mark.parametrize(
    ("source", "method", "basis"),
    [
        ("rpw@2014-Q2", "mean_of_services/1 [transparent services]", observations.COMPUTED),
        ("wdi@2023-05-10", "as_published/1", observations.PUBLISHED),
        ("rpw@simulated-2025-Q3", "mean_of_services/1", observations.SIMULATED),
        ("factbook@2025+rpw@simulated-2025-Q3", "spent_by_receiver/1", observations.SIMULATED),
    ],
)
def test_basis(source, method, basis):
    assert one(source=source, method=method).select(observations.basis()).item() == basis


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][A-Z_]{0,5}", fullmatch=True), st.from_regex(r"[A-Z0-9]{1,5}", fullmatch=True)
    )
)
def test_a_breakdown_survives_writing_and_reading(codes):
    assert observations.parse_breakdown(observations.breakdown(**codes)) == codes
