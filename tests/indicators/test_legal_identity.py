"""Legal identity (16.9.1). Built: both publishers' layouts; no real file is at hand."""

from __future__ import annotations

import polars as pl

from sojourn import observations
from sojourn.indicators import legal_identity
from sojourn.indicators.model import Parameters, Tables
from sojourn.release import Options, build, open_release
from sojourn.release.country import profile
from sojourn.sources import unsdg, wdi
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise

BANK = "Country Name,Country Code,Year,Value\n"


def results(**tables: pl.DataFrame) -> pl.DataFrame:
    frames = legal_identity.compute(Tables(tables), Parameters())
    return observations.validate(pl.concat([observations.complete(frame) for frame in frames]))


def test_rural_children_of_the_world_bank(tmp_path):
    path = tmp_path / "sp.reg.brth.ru.zs.csv"
    path.write_text(BANK + "Kenya,KEN,2014,60.5\n")
    (entry,) = recognise(describe(path), [wdi.SOURCE])
    table = entry.read().table.with_columns(pl.lit("wdi@x").alias("source"))
    found = results(development_indicators=table)
    place = found.select("series", "area", "period", "sex", "age", "breakdown", "value").rows()
    assert place == [("SG_REG_BRTH", "KEN", "2014", "_T", "_T", "URBANISATION=R", 60.5)]
    assert "no error is known" in found["note"][0]


def test_ages_of_the_database_stay_apart(tmp_path):
    header = "Goal,SeriesCode,GeoAreaCode,TimePeriod,Value,[Nature],[Age],[Sex]\n"
    lines = [
        f"16,SG_REG_BRTH,404,2014,{value},C,{age},BOTHSEX" for value, age in ((66.9, "<5Y"), (60, "<1Y"))
    ]
    lines.append("16,SG_REG_BRTH,404,2014,50,C,<9Y,BOTHSEX")
    path = tmp_path / "sdg.csv"
    path.write_text(header + "\n".join(lines) + "\n")
    (entry,) = recognise(describe(path), [unsdg.SOURCE])
    reading = entry.read()
    found = results(published_values=reading.table.with_columns(pl.lit("unsdg@x").alias("source")))
    assert found.select("age", "value").sort("age").rows() == [("Y0", 60.0), ("_T", 66.9)]
    assert reading.problems["value"].to_list() == ["<9Y"]


def test_without_a_file_a_country_is_told_what_to_fetch(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "ny.gdp.mktp.cd.csv").write_text(BANK + "Kenya,KEN,2014,1e11\n")
    release = open_release(build(data, tmp_path / "out", Options()).path)
    (gap,) = [gap for gap in profile(release, "Kenya").gaps if gap.series == "SG_REG_BRTH"]
    assert gap.why == "no source in this release"
    assert gap.sources[0].startswith("wdi: SP.REG.BRTH.ZS")


def test_nothing_gives_nothing():
    assert legal_identity.compute(Tables({}), Parameters()) == []
