"""Remittance Prices Worldwide.

Real: 28,467 service rows of 2011Q1 to 2014Q2 in the layout up to 2016Q1 (30 of its 41 columns).
Built: the layout from 2016Q2, of which no rows are at hand. The trap workbook reproduces it, with every
irregularity that people who have read the official file have described; it proves that the reader does
what we believe is right, not that the official file holds nothing else.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from sojourn.errors import LayoutError
from sojourn.sources import rpw, vocabulary
from sojourn.sources.model import Reading
from sojourn.sources.simulated.remittance_prices import NEW_SHEET, OLD_SHEET
from sojourn.sources.simulated.traps import Trap, trap_workbook

# -- the real file -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared: Path, read) -> Reading:
    return read(shared / "data/rpw/rpw_services_2011Q1_2014Q2.csv.gz")


def test_real_file_is_read_whole(real: Reading) -> None:
    assert (real.rows, real.table.height, real.empty_rows, real.edition) == (28_467, 56_877, 0, "2014-Q2")
    assert real.problems.is_empty()
    distinct = real.table.select(pl.col("sending", "receiving", "firm", "period").n_unique())
    assert distinct.row(0) == (32, 94, 516, 10)
    assert real.table.select("sending", "receiving").n_unique() == 235
    assert real.table.columns == list(rpw.COLUMNS)


def test_cost_is_fee_plus_margin(real: Reading) -> None:
    small = real.table.filter(amount=200)
    sum_ = 100 * pl.col("fee") / pl.col("sent") + pl.col("margin").fill_null(0)
    holds = small.filter((pl.col("cost") - sum_).abs() <= 0.011).height / small.height
    assert round(holds, 3) == 0.993


def test_real_dirt_is_told(real: Reading) -> None:
    assert real.notes == (
        "no collection round in 2011-Q2, 2011-Q4, 2012-Q2, 2012-Q4",
        "106 services are listed twice; kept, as the publisher's averages keep them",
        "201 quotes cost less than nothing (promotions); kept",
        "product labels new to the vocabulary, kept under their own name: DOOR_TO_ACCOUNT, EUR_SERVICE, "
        "GBP_SERVICE, JPY_SERVICE, LCU_SERVICE, USD_SERVICE",
        "5370 margins of 0 emptied: those services do not disclose their rate",
        "57 quotes have no total cost; left out",
    )
    hidden = real.table.filter(~pl.col("transparent"))
    assert hidden["margin"].null_count() == 5370
    assert (hidden["margin"] != 0).all()
    assert real.table.filter(pl.col("cost") < 0).height == 201


def test_first_service_as_in_the_file(real: Reading) -> None:
    first = real.table.row(0, named=True)
    assert (
        first | {"period": "2011-Q1", "sending": "ARE", "receiving": "EGY", "firm": "Al Fardan Exchange"}
        == first
    )
    assert first | {"provider": "MTO", "product": "CASH_TO_ACCOUNT", "pickup": "BANK_ACCOUNT"} == first
    assert first | {"access_point": None, "speed": "2_DAYS", "speed_days": 2, "transparent": True} == first
    assert (
        first | {"amount": 200, "currency": "AED", "sent": 735.0, "fee": 15.0, "cost": 2.67, "row": 2}
        == first
    )


# -- the trap workbook: both layouts, built ----------------------------------------------------------

NAMES = {
    "period": "period",
    "source_code": "sending",
    "destination_code": "receiving",
    "firm": "firm",
    "firm_type": "provider",
    "product": "product",
    "payment instrument": "instrument",
    "sending location": "access_point",
    "access point": "access_point",
    "speed actual": "speed",
    "coverage": "coverage",
    "receiving network coverage": "coverage",
    "pick-up method": "pickup",
    "pickup method": "pickup",
    "transparent": "transparent",
    "inter lcu bank fx": "interbank_rate",
}
FACTS = {
    "lcu amount": "sent",
    "lcu code": "currency",
    "lcu fee": "fee",
    "lcu fx rate": "rate",
    "fx margin": "margin",
    "total cost %": "cost",
}
VOCABULARIES = {
    one.dimension.lower(): one for one in vars(vocabulary).values() if isinstance(one, vocabulary.Vocabulary)
}


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory, find) -> tuple[tuple[Trap, ...], dict[str, Reading]]:
    path = tmp_path_factory.mktemp("traps") / "rpw_dataset.xlsx"
    expected = trap_workbook(path)
    return expected, {entry.sheet: entry.read() for entry in find(path)}


def test_both_layouts_are_found(traps) -> None:
    assert set(traps[1]) == {OLD_SHEET, NEW_SHEET}
    assert traps[1][NEW_SHEET].edition == "simulated-2025-Q3"
    for reading in traps[1].values():
        kept = reading.table["row"].n_unique()
        assert (
            kept + reading.problems.filter(action="rejected")["row"].n_unique() + reading.empty_rows
            == reading.rows
        )


def meaning(trap: Trap) -> tuple[int | None, str | None]:
    """Which amount and which of our columns a trap's column is; None where we do not read it."""
    if trap.column[:4] in ("cc1 ", "cc2 "):
        return {"cc1": 200, "cc2": 500}[trap.column[:3]], FACTS.get(trap.column[4:])
    return None, NAMES.get(trap.column)


def expected_value(name: str, says: str) -> object:
    if says.startswith("null"):
        return None
    if name == "transparent":
        return says == "transparent"
    if name in VOCABULARIES:
        return VOCABULARIES[name].code(says)
    return says if name in ("sending", "receiving", "period", "firm", "currency") else float(says)


def check_trap(trap: Trap, reading: Reading) -> str:
    """Assert on one trap; return what was checked."""
    kind, _, says = trap.expectation.partition(" ")
    rows, problems = (table.filter(row=trap.row or 0) for table in (reading.table, reading.problems))
    if trap.row is None:
        assert trap.value is not None
        if trap.column == "period":
            absent = next(note for note in reading.notes if note.startswith("no collection round in"))
            assert "2025-Q2" in absent
            return "absent"
        assert reading.table.filter(period="2022-Q1", transparent=False).is_empty()
        return "absent"
    if kind in ("skip", "reject"):
        assert rows.is_empty()
        assert problems.height == (kind == "reject")
        if kind == "reject":
            assert problems.select("sheet", "column", "value", "problem", "action").row(0) == (
                trap.sheet,
                trap.column,
                trap.value,
                "cannot be read",
                "rejected",
            )
        return kind
    assert rows.height == 2, trap  # one quote for each amount
    amount, name = meaning(trap)
    if kind == "read" and name is not None:
        found = (rows if amount is None else rows.filter(amount=amount))[name].unique().to_list()
        assert found == [expected_value(name, says.removeprefix("as ").split(":")[0])], trap
        return "value"
    if kind == "read" and trap.column == "date":
        assert problems.filter(column="date").is_empty()
        return "date"
    assert kind in ("keep", "ignore") or name is None
    return "kept"


def test_every_trap(traps) -> None:
    expected, readings = traps
    checked = [check_trap(trap, readings[trap.sheet]) for trap in expected]
    assert len(checked) == len(expected) > 60
    assert {"absent", "value", "skip", "reject", "date", "kept"} == set(checked)
    assert checked.count("value") > 40


def test_nothing_else_is_a_problem(traps, problem_rows) -> None:
    assert problem_rows(traps[1][OLD_SHEET]) == []
    found = problem_rows(traps[1][NEW_SHEET])
    assert sorted((column, value, action) for _, column, value, _, action in found) == [
        ("destination_code", "ZZZ", "rejected"),
        ("inter lcu bank fx", "0.0", "emptied"),
    ]


# -- bad input ---------------------------------------------------------------------------------------

PLAIN = {
    "id": "1",
    "period": "2011_1Q",
    "source_code": "USA",
    "destination_code": "MEX",
    "firm": "A",
    "firm_type": "Bank",
    "product": "Cash to cash",
    "sending location": "at Branch",
    "speed actual": "Same day",
    "coverage": "Nationwide",
    "pick-up method": "Cash",
    "note2": "",
    "cc1 lcu code": "USD",
    "cc1 lcu amount": "200",
    "cc1 lcu fee": "6",
    "cc1 lcu fx rate": "12",
    "cc1 fx margin": "2",
    "cc1 total cost %": "5",
    "cc2 lcu code": "USD",
    "cc2 lcu amount": "500",
    "cc2 lcu fee": "10",
    "cc2 lcu fx rate": "12",
    "cc2 fx margin": "2",
    "cc2 total cost %": "4",
    "inter lcu bank fx": "12.2",
    "transparent": "yes",
    "date": "22/Jan/2011",
}


@pytest.fixture
def services(write, read):
    """Read services that differ from a plain one as stated."""

    def _services(*differs: dict[str, str]) -> Reading:
        lines = [",".join(f'"{cell}"' for cell in (PLAIN | one).values()) for one in differs]
        return read(write("rpw.csv", "\n".join((",".join(PLAIN), *lines)) + "\n"))

    return _services


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ({"destination_code": "QQQ"}, (2, "destination_code", "QQQ", "cannot be read", "rejected")),
        ({"source_code": ""}, (2, "source_code", "", "is empty", "rejected")),
        ({"source_code": "NA"}, (2, "source_code", "NA", "cannot be read", "rejected")),
        ({"period": "2011_5Q"}, (2, "period", "2011_5Q", "cannot be read", "rejected")),
        ({"firm": "N/A"}, (2, "firm", "N/A", "is empty", "rejected")),
        ({"cc1 lcu fee": "six"}, (2, "cc1 lcu fee", "six", "cannot be read", "emptied")),
        ({"date": "03/04/2011"}, (2, "date", "03/04/2011", "cannot be read", "emptied")),
        (
            {"inter lcu bank fx": "0"},
            (2, "inter lcu bank fx", "0.0", "an exchange rate is never 0", "emptied"),
        ),
        ({"transparent": ""}, (2, "transparent", None, "is empty; counted as not transparent", "kept")),
        ({"transparent": "perhaps"}, (2, "transparent", "perhaps", "cannot be read", "emptied")),
    ],
)
def test_cell_that_does_not_fit(
    services, problem_rows, cell: dict[str, str], problem: tuple[object, ...]
) -> None:
    reading = services(cell)
    assert problem_rows(reading) == [problem]
    assert reading.table.is_empty() == (problem[-1] == "rejected")


@pytest.mark.parametrize(
    ("cell", "name", "value"),
    [
        ({"destination_code": "NAM"}, "receiving", "NAM"),
        ({"destination_code": "KSV"}, "receiving", "XKX"),
        ({"destination_code": "XKX"}, "receiving", "XKX"),
        ({"cc1 lcu amount": "1,234.50"}, "sent", 1234.5),
        ({"cc1 total cost %": "-3.5"}, "cost", -3.5),
        ({"cc1 fx margin": "0"}, "margin", 0.0),
        ({"cc1 fx margin": "0", "transparent": "no"}, "margin", None),
        ({"cc1 fx margin": "0.4", "transparent": "no"}, "margin", 0.4),
        ({"cc1 fx margin": "0", "transparent": "-"}, "margin", 0.0),
        ({"cc1 lcu fee": "-"}, "fee", None),
        ({"product": "N/A"}, "product", None),
    ],
)
def test_cell_that_fits(services, cell: dict[str, str], name: str, value: object) -> None:
    reading = services(cell)
    assert reading.table.filter(amount=200).item(0, name) == value
    assert reading.problems.filter(pl.col("column") != "transparent").is_empty()


def test_rows_that_are_no_quotes_are_counted(services) -> None:
    empty = dict.fromkeys(PLAIN, "")
    costless = {"cc1 total cost %": "", "cc2 total cost %": ".."}
    reading = services(
        {}, empty, {**empty, "id": "7"}, {**empty, "cc1 total cost %": "5"}, costless, {"firm": "B"}
    )
    assert (reading.rows, reading.empty_rows) == (6, 3)
    assert reading.table["row"].unique().to_list() == [2, 7]
    # A row with a price but without country or firm is no filler.
    assert reading.problems.filter(action="rejected")["row"].unique().to_list() == [5]
    assert "2 quotes have no total cost; left out" in reading.notes


def test_duplicates_are_kept_and_counted(services) -> None:
    reading = services({}, {"id": "2"}, {"firm": "B"})
    assert reading.table.height == 6
    assert reading.notes == ("1 services are listed twice; kept, as the publisher's averages keep them",)


def test_quarter_without_a_round_is_noted(services) -> None:
    reading = services({}, {"period": "2011_4Q"})
    assert reading.notes == ("no collection round in 2011-Q2, 2011-Q3",)


def test_mixed_dates_are_no_problem(services) -> None:
    dates = ("22/Jan/2011", "2011-01-22", "40565", dt.datetime(2011, 1, 22).isoformat(" "))
    assert services(*({"date": one, "firm": one} for one in dates)).problems.is_empty()


def test_period() -> None:
    cells = pl.Series(["2016_2Q", "2016Q2", "2016-Q2", "2016_0Q", "Q2 2016", "", None])
    assert rpw.period(cells).to_list() == ["2016-Q2", "2016-Q2", "2016-Q2", None, None, None, None]


@pytest.mark.parametrize("column", [column for column in PLAIN if column != "id"])
def test_any_renamed_column_is_an_error_that_names_it(write, read, column: str) -> None:
    """A column that vanished would make its breakdowns, or the label "simulated", vanish without a word."""
    renamed = f"{column} (new)"
    header = ",".join(renamed if one == column else one for one in PLAIN)
    line = ",".join(f'"{cell}"' for cell in PLAIN.values())
    with pytest.raises(LayoutError) as error:
        read(write("rpw.csv", f"{header}\n{line}\n"))
    assert f"{column!r} (is {renamed!r} the same?)" in error.value.what
