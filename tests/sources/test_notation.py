"""A figure written otherwise than its column is emptied and listed, never summed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn import discovery
from sojourn.sources.files import describe
from sojourn.sources.incident_standard import toll
from sojourn.sources.notation import in_one_notation
from sojourn.sources.recognise import recognise
from sojourn.sources.wdi import year

BROKEN = "61,102,019"
"""A number that stands in an official file as if it were a count."""


@given(st.lists(st.integers(0, 10**8), min_size=1))
def test_a_column_in_one_notation_stays(counts):
    for form in ("{}", "{:,}"):
        cells = pl.Series([form.format(count) for count in counts])
        assert in_one_notation(cells).equals(cells)


@given(st.lists(st.integers(1_000, 10**8), min_size=1))
def test_among_plain_figures_the_grouped_one_is_emptied(counts):
    cells = pl.Series([*map(str, counts), BROKEN])
    assert in_one_notation(cells).to_list() == [*map(str, counts), None]


def test_numbers_have_no_notation():
    assert in_one_notation(pl.Series([1000, 5])).to_list() == [1000, 5]


@pytest.mark.parametrize(
    ("cell", "read"), [("2015", "2015"), ("2011.0", "2011"), ("3015", None), ("20155", None)]
)
def test_a_slip_in_the_year_is_no_year(cell, read):
    assert year(pl.Series([cell])).to_list() == [read]


UNHCR = "year,coo_iso,coa_iso,refugees,asylum_seekers,returned_refugees,idps,returned_idps,stateless,ooc\n"
FILES = {
    "unhcr/population.csv": (
        UNHCR + f'2015,SYR,TUR,"{BROKEN}",0,0,0,0,0,0\n2015,SYR,DEU,115604,0,0,0,0,0,0\n',
        "refugees",
    ),
    "alone/population.csv": (
        UNHCR + f'2015,SYR,TUR,"{BROKEN}",0,0,0,0,0,0\n2015,SYR,DEU,5,0,0,0,0,0,0\n',
        "refugees",
    ),
    "idmc/idmc_flows.csv": (f'geo,t,cause,n\nSYR,2015,conflict,"{BROKEN}"\nUKR,2015,conflict,940000\n', "n"),
    "desa/stock.csv": (
        f'name,m49,year,sex,stock\nFrance,250,2015,total,"{BROKEN}"\nGermany,276,2015,total,10220418\n',
        "stock",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_the_broken_figure_is_listed_and_not_in_the_table(tmp_path: Path, name):
    content, column = FILES[name]
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    (entry,) = recognise(describe(path, tmp_path), discovery.sources())
    reading = entry.read()
    row = reading.problems.filter(pl.col("value") == BROKEN)
    assert row.select("row", "column", "action").rows() == [(2, column, "emptied")]
    for column in reading.table.drop("row").select(pl.selectors.numeric()):
        assert 61_102_019 not in column.to_list()


def test_no_incident_has_sixty_million_dead():
    assert toll(pl.Series(["1,022", BROKEN])).to_list() == [1022, None]
