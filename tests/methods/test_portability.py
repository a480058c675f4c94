"""Portability of social security: the published table of 2000, and what regimes must add up to."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.methods import portability

STOCK = pl.DataFrame(
    {"origin": ["MEX", "MAR", "CAN"], "destination": ["CAN", "CAN", "MEX"], "value": [60.0, 40.0, 50.0]}
)
AGREEMENTS = pl.DataFrame(
    {
        "area": ["CAN", "MAR", "MAR"],
        "partner": ["MEX", "CAN", "CAN"],
        "branch": ["pension", "pension", "health"],
        "in_force": [1996, None, 1990],
    }
)
HOSTS = pl.DataFrame({"area": ["CAN", "MEX"], "access": [True, False], "undocumented": [0.1, 0.2]})


def test_the_published_table_of_2000() -> None:
    # Holzmann and Koettl (2015): persons in the four regimes and their shares, world 2000.
    people = [42_526_932, 101_863_439, 9_442_852, 32_682_476]
    assert sum(people) == 186_515_699
    found = portability.shares(people)
    assert found.round(1).tolist() == [22.8, 54.6, 5.1, 17.5]
    # acceptance_checks.csv carries them further.
    assert found == pytest.approx([22.800725, 54.613869, 5.062765, 17.522641], abs=1e-6)


def test_regimes_of_hosts_and_of_all() -> None:
    found = portability.share_table(STOCK, AGREEMENTS, HOSTS, 2013)
    people = {area: found.filter(area=area)["value"].to_list() for area in ("CAN", "MEX", "001")}
    assert people == {
        "CAN": [54, 36, 0, pytest.approx(10)],
        "MEX": [40, 0, 0, pytest.approx(10)],
        "001": [94, 36, 0, pytest.approx(20)],
    }
    assert found["covered"].unique().to_list() == [100]


def test_an_agreement_counts_from_its_entry_into_force_and_for_its_branch() -> None:
    before = portability.share_table(STOCK, AGREEMENTS, HOSTS, 1995).filter(area="CAN")
    assert before["value"].to_list() == [0, 90, 0, pytest.approx(10)]
    health = portability.share_table(STOCK, AGREEMENTS, HOSTS, 2013, "health").filter(area="CAN")
    assert health["value"].to_list() == [36, 54, 0, pytest.approx(10)]
    # Without an agreement and without access there is only regime III.
    mexico = portability.share_table(STOCK, AGREEMENTS, HOSTS, 1995).filter(area="MEX")
    assert mexico["share"].to_list() == pytest.approx([0, 0, 80, 20])


def test_a_host_whose_rule_is_not_known_is_not_in_the_world() -> None:
    found = portability.share_table(STOCK, AGREEMENTS, HOSTS.head(1), 2013)
    # Who has an agreement is not known either, for how many are undocumented is not.
    assert found.filter(area="MEX")["value"].to_list() == [None] * 4
    assert found.filter(area="001")["value"].to_list() == [54, 36, 0, pytest.approx(10)]
    assert found.filter(area="001")["covered"].to_list() == pytest.approx([100 * 100 / 150] * 4)


def test_nobody_has_no_shares() -> None:
    assert np.isnan(portability.shares([0, 0, 0, 0])).all()
    empty = portability.share_table(STOCK.head(0), AGREEMENTS, HOSTS, 2013)
    assert empty["share"].to_list() == [None] * 4
    alone = portability.share_table(STOCK, AGREEMENTS, HOSTS.head(0), 2013)
    assert alone["value"].null_count() == alone.height


matrices = st.integers(1, 5).flatmap(
    lambda size: st.tuples(
        st.lists(st.floats(0, 1e7), min_size=size * size, max_size=size * size),
        st.lists(st.booleans(), min_size=size * size, max_size=size * size),
        st.lists(st.booleans(), min_size=size, max_size=size),
        st.lists(st.floats(0, 1), min_size=size, max_size=size),
    )
)


@given(matrices)
def test_regimes_add_up_to_the_stock(drawn: tuple[list, list, list, list]) -> None:
    stock, agreement, access, undocumented = drawn
    size = len(access)
    people = np.reshape(stock, (size, size))
    found = portability.counts(people, np.reshape(agreement, (size, size)), access, undocumented)
    assert found.sum(axis=1) == pytest.approx(people.sum(axis=0))
    assert (found >= 0).all()
    shares = portability.shares(found)
    assert shares[people.sum(axis=0) > 1e-6].sum(axis=1) == pytest.approx(100)


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("stock", {"value": [1.0, -1.0, 1.0]}, "'row': 2.*not negative"),
        ("stock", {"origin": ["MEX", "MEX", "CAN"]}, "'row': 2.*given once"),
        ("stock", {"origin": ["CAN", "MAR", "CAN"]}, "'row': 1.*outside the origin"),
        ("hosts", {"undocumented": [0.1, 20.0]}, "'row': 2.*0 to 1"),
        ("hosts", {"area": ["CAN", "CAN"]}, "'row': 2.*given once"),
    ],
)
def test_broken_rows_are_named(table: str, change: dict[str, list], says: str) -> None:
    tables = {"stock": STOCK, "agreements": AGREEMENTS, "hosts": HOSTS}
    tables[table] = tables[table].with_columns(pl.Series(name, values) for name, values in change.items())
    with pytest.raises(ValueError, match=says):
        portability.share_table(**tables, year=2013)


def test_other_errors() -> None:
    with pytest.raises(ValueError, match="agreements lacks the columns"):
        portability.share_table(STOCK, pl.DataFrame(), HOSTS, 2013)
    with pytest.raises(ValueError, match="origins x hosts"):
        portability.counts([[1.0]], [1], [1], [0])
    with pytest.raises(ValueError, match="stock is not negative"):
        portability.counts([[-1.0]], [[1]], [1], [0])
    with pytest.raises(ValueError, match="undocumented lies"):
        portability.counts([[1.0]], [[1]], [1], [2])
    with pytest.raises(ValueError, match="not negative"):
        portability.shares([-1, 1, 1, 1])
