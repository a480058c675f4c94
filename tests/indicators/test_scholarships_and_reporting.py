"""4.b.1 and 16.3.1 come out as published, with their units and their sexes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sojourn.framework import load
from sojourn.indicators import crime_reporting, scholarships
from sojourn.indicators.model import Parameters, Tables
from sojourn.observations import complete, validate
from sojourn.release.contract import check_declared
from sojourn.sources import unsdg
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise

FILE = "data/unsdg/ddf--datapoints--{}--by--geo_area--nature{}--units--year.csv"


@pytest.fixture
def read():
    def _read(path: Path):
        (entry,) = recognise(describe(path), (unsdg.SOURCE,))
        return entry.read()

    return _read


def observed(module, reading) -> pl.DataFrame:
    tables = Tables({"published_values": reading.table.with_columns(pl.lit("unsdg@test").alias("source"))})
    (frame,) = module.compute(tables, Parameters())
    checked = validate(complete(frame))
    check_declared(checked, {one.code: one for one in module.INDICATOR.series})
    return checked


def test_scholarships_as_published(shared: Path, read) -> None:
    found = observed(scholarships, read(shared / FILE.format("dc_tof_schipsl", "")))
    # UNSD, October 2020: Africa and Afghanistan, millions of constant 2018 US dollars.
    own = dict(found.filter(period="2006").select("area", "value").rows())
    assert (own["002"], own["AFG"]) == (46.36048, 0.37155)
    assert set(found["unit"]) == {"CON_USD_M"}
    assert found["value"].min() >= 0


@pytest.mark.parametrize(
    ("series", "men_and_women"),
    # UNSD, October 2020: Angola (assault, sexual assault) and Argentina (robbery), 2016.
    [("vc_prr_phyv", ("AGO", 36.2)), ("vc_prr_sexv", ("AGO", 6.7)), ("vc_prr_robb", ("ARG", 42.7))],
)
def test_reporting_as_published(shared: Path, read, series, men_and_women) -> None:
    found = observed(crime_reporting, read(shared / FILE.format(series, "--sex")))
    area, value = men_and_women
    assert found.filter(area=area, period="2016", sex="_T")["value"].to_list() == [value]
    assert found["value"].is_between(0, 100).all()


def test_women_stand_beside_the_total(shared: Path, read) -> None:
    found = observed(crime_reporting, read(shared / FILE.format("vc_prr_robb", "--sex")))
    assert found.filter(area="ARG", period="2016", sex="F")["value"].to_list() == [45.2]


@pytest.mark.parametrize("module", [scholarships, crime_reporting])
def test_no_figures_give_no_rows_and_the_framework_has_the_same_unit(module) -> None:
    assert module.compute(Tables({}), Parameters()) == []
    (official,) = [one for one in load().indicators if one.code == module.CODE]
    assert official.unit == module.INDICATOR.series[0].unit
    assert set(official.series) == {one.code for one in module.INDICATOR.series}
