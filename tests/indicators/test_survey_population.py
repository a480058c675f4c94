"""People by migratory status from surveys: plain sums of weights on the ACS, small files, and the migrant stock."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import survey_population
from sojourn.indicators.model import Parameters, Tables
from sojourn.release.coherence import pairs
from sojourn.release.contract import check_declared
from sojourn.sources.microdata.build import Microdata, microdata

ALL = dict.fromkeys(("sex", "age", "nativity", "citizenship", "legal_status"), "_T")
MAPPING = """title = "t"
area = "POL"
years = [2020, 2020]
[design]
kind = "weights"
weight = "w"
[concepts.nativity]
column = "born"
codes = { native = [1], foreign = [2] }
unknown = [9]
[concepts.sex]
column = "sex"
codes = { female = [2], male = [1] }
"""


def small(folder: Path, rows: list[tuple[int, int, int]], mapping: str = MAPPING) -> Microdata:
    """Open a file of (born, sex, weight) rows."""
    lines = ["born,sex,w", *(",".join(map(str, row)) for row in rows)]
    (folder / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "people.toml").write_text(mapping, encoding="utf-8")
    return microdata([folder / "people.csv"], str(folder / "people.toml"), cache=folder / "cache")


def computed(*surveys: Microdata) -> pl.DataFrame:
    found = survey_population.compute(Tables({}, surveys), Parameters())
    frame = observations.validate(pl.concat([observations.complete(one) for one in found]))
    check_declared(frame, {one.code: one for one in survey_population.INDICATOR.series})
    return frame


def the(frame: pl.DataFrame, series: str, **keys: str) -> dict:
    (row,) = frame.filter(series=series, **{**ALL, **keys}).to_dicts()
    return row


def test_the_sample_of_the_acs_adds_up_to_its_weights(shared, tmp_path):
    path = shared / "data/microdata/acs2011_person_sample.csv.gz"
    frame = computed(microdata([path], "acs_pums", year=2011, cache=tmp_path))
    raw = pl.read_csv(path, infer_schema_length=None).select("NATIVITY", "PWGTP", pl.col("^PWGTP[0-9]+$"))
    born = raw.filter(pl.col("NATIVITY") == 2)
    sums = born.select(pl.exclude("NATIVITY").sum()).row(0)
    error = (4 / 80 * sum((one - sums[0]) ** 2 for one in sums[1:])) ** 0.5
    for row in (
        the(frame, "SJ_SURVEY_POPULATION", nativity="FOREIGN"),
        the(frame, "SJ_SURVEY_MIGRANT_STOCK"),
    ):
        assert (row["value"], row["n"]) == (sums[0], 743)
        assert row["se"] == pytest.approx(error, rel=1e-12)
    assert the(frame, "SJ_SURVEY_POPULATION")["value"] == raw["PWGTP"].sum()


def test_a_state_equals_plain_sums_without_an_error(shared, tmp_path):
    path = shared / "data/microdata/acs_pums_2024/p_15.parquet"
    row = the(
        computed(microdata([path], "acs_pums_points", year=2024, cache=tmp_path)), "SJ_SURVEY_MIGRANT_STOCK"
    )
    raw = pl.read_parquet(path).filter(pl.col("NATIVITY").cast(pl.Int64) == 2)
    assert row["value"] == raw["PWGTP"].cast(pl.Int64).sum()
    assert row["se"] is None
    assert "no error is known" in row["note"]


def test_few_and_what_would_give_them_away_are_withheld(tmp_path):
    rows = [(1, 1, 2)] * 100 + [(1, 2, 2)] * 90 + [(2, 1, 3)] * 50 + [(2, 2, 3)] * 5
    frame = computed(small(tmp_path, rows))
    women = the(frame, "SJ_SURVEY_MIGRANT_STOCK", sex="F")
    men = the(frame, "SJ_SURVEY_MIGRANT_STOCK", sex="M")
    assert (women["value"], women["n"], women["status"], women["confidentiality"]) == (None, None, "Q", "A")
    assert (men["value"], men["n"], men["status"], men["confidentiality"]) == (None, None, "Q", "D")
    assert the(frame, "SJ_SURVEY_MIGRANT_STOCK")["value"] == 165


def test_who_is_not_known_is_neither_native_nor_foreign(tmp_path):
    frame = computed(small(tmp_path, [(1, 1, 1)] * 60 + [(2, 1, 1)] * 50 + [(9, 1, 1)] * 40))
    assert the(frame, "SJ_SURVEY_POPULATION")["value"] == 150
    assert the(frame, "SJ_SURVEY_MIGRANT_STOCK")["value"] == 50


def test_a_file_without_weights_has_no_number_of_people(tmp_path):
    bare = MAPPING.replace('kind = "weights"\nweight = "w"', 'kind = "none"')
    row = the(computed(small(tmp_path, [(1, 1, 1)] * 60 + [(2, 1, 1)] * 50, bare)), "SJ_SURVEY_MIGRANT_STOCK")
    assert (row["value"], row["n"], row["status"]) == (None, 50, "M")
    assert "no number for the population" in row["note"]


@pytest.mark.parametrize(("stock", "kind"), [(1_000.0, "coverage"), (145.0, "definition"), (100.0, "open")])
def test_it_is_compared_with_the_migrant_stock(tmp_path, stock, kind):
    frame = computed(small(tmp_path, [(1, 1, 1)] * 60 + [(2, 1, 3)] * 50))
    desa = frame.filter(series="SJ_SURVEY_MIGRANT_STOCK", sex="_T").with_columns(
        pl.lit("SJ_MIGRANT_STOCK").alias("series"),
        pl.lit(stock).alias("value"),
        pl.lit("desa_migrant_stock@2024").alias("source"),
        pl.lit("as_published/1").alias("method"),
    )
    (pair,) = pairs(pl.concat([frame, desa]), {}).to_dicts()
    assert pair["kind"] == kind
    assert {pair["told_as"], pair["other_told_as"]} == {"SJ_SURVEY_MIGRANT_STOCK", "SJ_MIGRANT_STOCK"}
