"""The simulated price survey: official layout, exact identities, same bytes, honest traps."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import fastexcel
import numpy as np
import polars as pl
import pytest

from sojourn.errors import NotFoundError, UsageError
from sojourn.sources.simulated import remittance_prices as rp
from sojourn.sources.simulated.market import Market, per_euro
from sojourn.sources.simulated.traps import trap_workbook

SMALL = Market(corridors=(("USA", "MEX"), ("DEU", "KSV"), ("AGO", "NAM")), services=4.0)


@pytest.fixture(scope="module")
def rows() -> dict[str, pl.DataFrame]:
    return rp.services(Market(), np.random.default_rng(1))


def cells(path: Path, sheet: str) -> pl.DataFrame:
    """Read a sheet as text without a header: row i stands in row i + 1 of the file."""
    book = fastexcel.read_excel(path)
    return book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()


def test_layouts_are_the_official_ones(rows: dict[str, pl.DataFrame]) -> None:
    assert len(rp.COLUMNS_TO_2016Q1) == 41
    assert len(rp.COLUMNS_FROM_2016Q2) == 42
    assert list(rows) == ["Dataset (up to Q1 2016)", "Dataset (from Q2 2016)"]
    assert tuple(rows[rp.OLD_SHEET].columns) == rp.COLUMNS_TO_2016Q1
    assert tuple(rows[rp.NEW_SHEET].columns) == rp.COLUMNS_FROM_2016Q2
    assert set(rp.COLUMNS_TO_2016Q1) - set(rp.COLUMNS_FROM_2016Q2) == {
        "product", "sending location", "note1", "coverage", "pick-up method"
    }  # fmt: skip


def test_rounds_and_size(rows: dict[str, pl.DataFrame]) -> None:
    assert rows[rp.OLD_SHEET]["period"].unique().sort().to_list() == ["2015_3Q", "2015_4Q", "2016_1Q"]
    new = rows[rp.NEW_SHEET]
    assert new["period"].n_unique() == 37
    assert "2025_2Q" not in new["period"]
    assert 8_000 < sum(table.height for table in rows.values()) < 15_000
    assert pl.concat([table["id"] for table in rows.values()]).is_unique().all()
    russian = new.filter(source_code="RUS")["period"].unique()
    assert not {"2022_1Q", "2022_2Q"} & set(russian)


@pytest.mark.parametrize("sheet", list(rp.COLUMNS))
def test_every_row_says_that_it_is_simulated(rows: dict[str, pl.DataFrame], sheet: str) -> None:
    assert rows[sheet]["note2"].str.starts_with("SIMULATED - not World Bank figures").all()


@pytest.mark.parametrize("block", ["cc1", "cc2"])
@pytest.mark.parametrize("sheet", list(rp.COLUMNS))
def test_prices_obey_the_identities(rows: dict[str, pl.DataFrame], sheet: str, block: str) -> None:
    table = rows[sheet]
    margin = 100 * (1 - table[f"{block} lcu fx rate"] / table["inter lcu bank fx"])
    fee = 100 * table[f"{block} lcu fee"] / table[f"{block} lcu amount"]
    assert (margin - table[f"{block} fx margin"]).abs().max() <= 0.005 + 1e-9
    assert (fee + table[f"{block} fx margin"] - table[f"{block} total cost %"]).abs().max() <= 0.005 + 1e-9
    assert table[f"{block} lcu fee"].min() >= 0


def test_transparency_is_coded_as_published(rows: dict[str, pl.DataFrame]) -> None:
    new = rows[rp.NEW_SHEET]
    hidden = new.filter(transparent="no")
    assert 0.02 < hidden.height / new.filter(pl.col("period") < "2022").height < 0.06
    assert hidden["period"].max() <= "2021_4Q"
    assert hidden["cc1 fx margin"].unique().to_list() == [0.0]
    assert hidden["Standard Note"].null_count() == 0
    assert new.filter(pl.col("period") >= "2025")["transparent"].unique().to_list() == ["Yes"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_global_average_falls_as_intended(seed: int) -> None:
    table = pl.concat(
        frame.select("period", "source_code", "transparent", cost="cc1 total cost %")
        for frame in rp.services(Market(), np.random.default_rng(seed)).values()
    ).filter(pl.col("source_code") != "RUS", pl.col("transparent") != "no")
    mean = table.group_by("period").agg(pl.col("cost").mean()).sort("period")
    intent = np.linspace(7.5, 6.4, mean.height)
    assert np.abs(mean["cost"].to_numpy() - intent).max() < 0.5
    assert abs(np.mean(mean["cost"].to_numpy() - intent)) < 0.15


def test_interbank_rates_are_real_where_the_package_has_them() -> None:
    pytest.importorskip("currency_converter")
    dollar = per_euro(["USD"], ["2015-Q3"])["per_euro"].item()
    # European Central Bank, quarterly average of the reference rate, 2015 Q3: 1.1117 dollars per euro.
    assert dollar == pytest.approx(1.1117, abs=0.002)


def test_without_the_package_the_invented_constants_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "currency_converter", None)
    assert per_euro(["NAD"], ["2020-Q1"])["per_euro"].item() == pytest.approx(15.5 * 1.1)
    assert rp.services(SMALL, np.random.default_rng(1))[rp.NEW_SHEET].height > 0


def test_a_wrong_market_says_what_is_accepted() -> None:
    with pytest.raises(NotFoundError, match="QQQ"):
        Market(corridors=(("USA", "QQQ"),))
    with pytest.raises(UsageError, match="2015Q3"):
        Market(first_quarter="2015Q3")
    with pytest.raises(UsageError, match="no quarter"):
        Market(first_quarter="2020-Q1", last_quarter="2019-Q4")


WRITE = """
import os, sys, pathlib, numpy
os.umask(int(sys.argv[2], 8))
from sojourn.sources.simulated.market import Market
from sojourn.sources.simulated.remittance_prices import workbook
market = Market(corridors=(("USA", "MEX"), ("DEU", "KSV")))
workbook(pathlib.Path(sys.argv[1]), market, numpy.random.default_rng(7))
"""


def test_same_seed_same_bytes_on_any_machine(tmp_path: Path) -> None:
    digests = set()
    for zone, hash_seed, umask in (
        ("UTC", "0", "022"),
        ("Asia/Kathmandu", "1", "077"),
        ("America/St_Johns", "2", "002"),
    ):
        path = tmp_path / f"{hash_seed}.xlsx"
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", WRITE, str(path), umask], env=environment, check=True)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_workbook_is_labelled_and_reads_back(tmp_path: Path) -> None:
    path = rp.workbook(tmp_path, SMALL, np.random.default_rng(7))
    assert path.name == "rpw_dataset_simulated.xlsx"
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Terms of Use", rp.OLD_SHEET, rp.NEW_SHEET]
    label = "SIMULATED DATA - not World Bank figures - generated by sojourn, seed 7"
    assert cells(path, "Terms of Use").item(0, 0) == label
    for sheet, drawn in rp.services(SMALL, np.random.default_rng(7)).items():
        read = book.load_sheet(sheet).to_polars()
        assert read.columns == drawn.columns
        assert read["note2"].unique().to_list() == [rp.LABEL]
        numbers = [name for name in rp.NUMBERS if name != "id"]
        assert all(dtype.is_numeric() for dtype in read.select(rp.NUMBERS).dtypes)
        assert read.select(numbers).cast(pl.Float64).equals(drawn.select(numbers).cast(pl.Float64))
    dates = cells(path, rp.NEW_SHEET).to_series(40)[1:]
    assert dates[0] == rp.services(SMALL, np.random.default_rng(7))[rp.NEW_SHEET]["date"][0].strftime(
        "%d/%b/%Y"
    )
    assert dates[-1].startswith("2025-")


def test_resampling_reaches_the_size_asked_for(rows: dict[str, pl.DataFrame]) -> None:
    sizes = {rp.OLD_SHEET: 5_000, rp.NEW_SHEET: 20_000}
    drawn = rp.resampled(rows, sizes, np.random.default_rng(3))
    assert {sheet: table.height for sheet, table in drawn.items()} == sizes
    assert pl.concat([table["id"] for table in drawn.values()]).to_list() == list(range(1, 25_001))
    assert drawn[rp.NEW_SHEET]["period"].is_sorted()
    with pytest.raises(NotFoundError, match="Elsewhere"):
        rp.resampled(rows, {"Elsewhere": 1}, np.random.default_rng(3))


def test_every_trap_stands_where_it_is_said_to(tmp_path: Path) -> None:
    path = tmp_path / "traps.xlsx"
    traps = trap_workbook(path)
    tables = {sheet: cells(path, sheet) for sheet in rp.COLUMNS}
    assert {trap.sheet for trap in traps} == set(rp.COLUMNS)
    for trap in traps:
        assert trap.expectation.startswith(
            ("read as", "keep row", "skip row", "reject row", "ignore", "absent")
        )
        if trap.row is None:
            continue
        table, header = tables[trap.sheet], rp.COLUMNS[trap.sheet]
        index = (
            header.index(trap.column)
            if trap.column in header
            else 42 + ["AQ", "AR", "AS", "AT", "AU"].index(trap.column)
        )
        assert same(table.item(trap.row - 1, index), trap.value), trap


def same(read: str | None, written: rp.Cell) -> bool:
    """Tell whether a cell read as text is the value written."""
    if read is None or written is None or isinstance(written, str):
        return read == written
    if isinstance(written, dt.date):
        return read.startswith(str(written)) or read == written.strftime("%d/%b/%Y")
    return float(read) == float(written)


def test_traps_of_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "traps.xlsx"
    trap_workbook(path)
    new = cells(path, rp.NEW_SHEET)
    assert new.width == 47
    assert new.row(0)[42:] == (None,) * 5
    data = new[1:]
    period, transparent = data.to_series(1), data.to_series(34)
    assert "2025_2Q" not in period.to_list()
    assert set(transparent.drop_nulls()) == {"yes", "Yes", "no"}
    assert period.filter(transparent == "no").max() == "2021_4Q"
    assert sum(all(cell is None for cell in row) for row in data.iter_rows()) == 1
    texts = fastexcel.read_excel(path).load_sheet(rp.NEW_SHEET).to_polars()["cc1 lcu fee"]
    assert texts.dtype == pl.String  # text among numbers makes the whole column text
