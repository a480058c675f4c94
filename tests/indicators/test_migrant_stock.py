"""Migrant stock: two revisions side by side, others kept, nobody counted twice."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators.migrant_stock import StockParameters, compute
from sojourn.indicators.model import Tables
from sojourn.release.gather import gather
from sojourn.sources.files import describe

_DESA = "data/desa"


def observed(table: pl.DataFrame, **parameters: int) -> pl.DataFrame:
    frames = compute(Tables({"migrant_stock": table}), StockParameters(**parameters))
    return observations.validate(pl.concat([observations.complete(frame) for frame in frames]))


@pytest.fixture(scope="module")
def real(shared: Path) -> pl.DataFrame:
    paths = sorted(path for path in (shared / _DESA).iterdir() if path.suffix != ".md")
    gathered = gather([describe(path, shared / _DESA) for path in paths], packaged=False)
    return observed(gathered.as_tables()["migrant_stock"])


def one(frame: pl.DataFrame, series: str, area: str, period: str, revision: str, **key: str) -> float:
    key = {"sex": "_T", "age": "_T", "counterpart": "", "breakdown": ""} | key
    found = frame.filter(
        series=series, area=area, period=period, source=f"desa_migrant_stock@{revision}", **key
    )
    return float(found.filter(pl.col("method").str.starts_with("as_published"))["value"].item())


def test_world_totals_of_three_revisions_stand_side_by_side(real) -> None:
    # As printed in Table 1 of each revision's workbook.
    assert one(real, "SJ_MIGRANT_STOCK", "001", "2020", "2020") == 280_598_105
    assert one(real, "SJ_MIGRANT_STOCK", "001", "2020", "2024") == 275_284_032
    assert one(real, "SJ_MIGRANT_STOCK", "001", "2024", "2024") == 304_021_813
    assert one(real, "SJ_MIGRANT_STOCK", "001", "1990", "2024") == 153_916_063
    assert one(real, "SJ_MIGRANT_STOCK", "001", "2019", "2019") == 271_642_105
    assert one(real, "SJ_MIGRANT_STOCK", "001", "2015", "2019") == 248_861_296


def test_pairs_of_two_revisions(real) -> None:
    # UN DESA, International Migrant Stock 2024 and 2020, by destination and origin.
    known = {
        ("USA", "MEX", "2024", "2024"): 11_279_561,
        ("ARE", "IND", "2024", "2024"): 3_248_545,
        ("TUR", "SYR", "2024", "2024"): 3_563_983,
        ("DEU", "UKR", "2024", "2024"): 1_416_521,
        ("USA", "MEX", "2020", "2020"): 10_853_105,
        ("ARE", "IND", "2020", "2020"): 3_471_300,
    }
    for (area, counterpart, period, revision), stock in known.items():
        assert one(real, "SJ_MIGRANT_STOCK", area, period, revision, counterpart=counterpart) == stock


def test_published_shares_are_met_or_shown_as_differing(real) -> None:
    # World in 2020: 3.599812064 % of the population, 48.090938105 % women (Tables 3 and 4, revision 2020).
    assert one(real, "SJ_MIGRANT_STOCK_SHARE", "001", "2020", "2020") == 3.599812064
    assert one(real, "SJ_MIGRANT_STOCK_WOMEN", "001", "2020", "2020") == 48.090938105
    ours = real.filter(~pl.col("method").str.starts_with("as_published"))
    assert not ours.filter(pl.col("series").str.starts_with("SJ_MIGRANT_STOCK_"), area="001").height


def test_origins_add_up_to_the_stock_of_2024(real) -> None:
    found = real.filter(series="SJ_MIGRANT_STOCK", source="desa_migrant_stock@2024")
    assert not found.filter(pl.col("method").str.starts_with("sum_over_origins")).height


def test_the_data_type_travels_with_the_number(real) -> None:
    germany = real.filter(area="DEU", counterpart="UKR", period="2024", sex="_T")
    assert germany["note"].item() == "foreign-born, refugees added; no error is published"
    assert set(real.filter(pl.col("note").str.starts_with("imputed"))["status"]) == {"I"}
    assert set(real["nativity"]) == set(real["citizenship"]) == {"_T"}


def test_a_release_stays_of_reasonable_size(real) -> None:
    assert real.height < 1_000_000


def small(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Make a table of 2020 from (destination, origin, sex, value)."""
    return pl.DataFrame(
        [("stock", *row[:2], "2020", row[2], "_T", row[3], "C", "x", "desa@2020") for row in rows],
        schema=[
            "measure",
            "destination",
            "origin",
            "period",
            "sex",
            "age",
            "value",
            "data_type",
            "form",
            "source",
        ],
        orient="row",
    )


def test_others_are_what_is_left_where_a_copy_leaves_them_out() -> None:
    found = observed(small(("JPN", "", "_T", 10), ("JPN", "KOR", "_T", 6), ("JPN", "830", "_T", 1)))
    by_breakdown = dict(found.filter(area="JPN", counterpart="").select("breakdown", "value").iter_rows())
    assert by_breakdown == {"": 10, "ORIGIN=CHANNEL_ISLANDS": 1, "ORIGIN=OTHERS": 3}


def test_a_revision_without_totals_gives_the_stock_of_known_origins(real) -> None:
    # Table 16 of revision 2015, added up over all pairs with a named origin.
    known = real.filter(
        series="SJ_MIGRANT_STOCK", area="001", source="desa_migrant_stock@2015", breakdown="ORIGIN=KNOWN"
    )
    assert known.select("period", "value").rows() == [("2015", 233_916_692)]
    assert real.filter(breakdown="ORIGIN=KNOWN")["source"].unique().to_list() == ["desa_migrant_stock@2015"]


def test_regions_and_unknown_sexes_are_not_added() -> None:
    table = small(
        ("JPN", "KOR", "F", 2), ("JPN", "KOR", "M", 3), ("142", "KOR", "M", 9), ("CHN", "KOR", "M", 4)
    )
    found = observed(table)
    emigrants = found.filter(series="SJ_EMIGRANT_STOCK", area="KOR").select("sex", "value").rows()
    assert sorted(emigrants) == [("F", 2), ("M", 7), ("_T", 5)]
    assert observed(table, pair_revisions=0).filter(pl.col("counterpart") != "").is_empty()
