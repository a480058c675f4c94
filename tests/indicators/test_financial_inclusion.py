"""Financial inclusion from single series of the World Bank and from the Findex file; and what to fetch without."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import financial_inclusion
from sojourn.indicators.model import Parameters, Tables
from sojourn.release import Options, build, open_release
from sojourn.sources import wdi
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise


def results(**tables: pl.DataFrame) -> pl.DataFrame:
    frames = financial_inclusion.compute(Tables(tables), Parameters())
    return observations.validate(pl.concat([observations.complete(frame) for frame in frames]))


def bank(**values: float) -> pl.DataFrame:
    rows = [{"code": code.replace("_", "."), "value": value} for code, value in values.items()]
    return pl.DataFrame(rows).with_columns(
        pl.lit("THA").alias("area"), pl.lit("2024").alias("period"), pl.lit("wdi@x").alias("source")
    )


def test_answer_of_the_interface(tmp_path):
    # World Bank, Global Findex (source 28), account.t.d, Thailand 2024: 91.8, as the interface answers.
    record = (
        '{"indicator":{"id":"account.t.d","value":"Account"},"country":{"id":"TH","value":"Thailand"},'
        '"countryiso3code":"THA","date":"2024","value":91.8,"unit":"","obs_status":"","decimal":0}'
    )
    path = tmp_path / "findex.json"
    path.write_text(f'[{{"page":1,"pages":1,"per_page":50,"total":1,"lastupdated":"2025-10-06"}},[{record}]]')
    (entry,) = recognise(describe(path), [wdi.SOURCE])
    table = entry.read().table.with_columns(pl.lit("wdi@2025-10-06").alias("source"))
    found = results(development_indicators=table)
    assert found.select("series", "area", "period", "value").rows() == [("SJ_ACCOUNT", "THA", "2024", 91.8)]


def test_groups_and_gap():
    found = results(
        development_indicators=bank(
            FX_OWN_TOTL_ZS=80, FX_OWN_TOTL_FE_ZS=75, FX_OWN_TOTL_MA_ZS=85.5, FX_OWN_TOTL_YG_ZS=60,
            account_t_d_9=55, NY_GDP_MKTP_CD=1e9,
        )
    )  # fmt: skip
    shares = found.filter(series="SJ_ACCOUNT").select("sex", "age", "breakdown", "value").rows()
    assert set(shares) == {
        ("_T", "_T", "", 80.0), ("F", "_T", "", 75.0), ("M", "_T", "", 85.5), ("_T", "Y15T24", "", 60.0),
        ("_T", "_T", "URBANISATION=R", 55.0),
    }  # fmt: skip
    gap = found.filter(series="SJ_ACCOUNT_GAP")
    assert gap["value"].to_list() == [pytest.approx(10.5)]
    assert found["note"].str.contains("no error is known").all()


def test_one_share_under_two_codes_counts_once():
    found = results(development_indicators=bank(FX_OWN_TOTL_ZS=80, account_t_d=80.4))
    assert found["value"].to_list() == [80.0]


def test_a_zero_of_a_question_not_asked_is_left_out():
    table = pl.DataFrame(
        {
            "code": ["fin29", "fin29", "fh2"],
            "group": ["all", "women", "all"],
            "area": ["YEM"] * 3,
            "period": ["2022"] * 3,
            "value": [0.0, 2.0, 0.0],
            "source": ["findex@to-2024"] * 3,
        }
    )
    found = results(financial_inclusion=table)
    assert found.select("series", "sex", "value").rows() == [
        ("SJ_RMT_DOMESTIC_RECEIVED", "_T", 0.0),
        ("SJ_RMT_INTO_ACCOUNT", "F", 2.0),
    ]


@pytest.mark.parametrize("gdp", [False, True])
def test_without_a_file_the_build_names_what_to_fetch(tmp_path, gdp):
    data = tmp_path / "data"
    data.mkdir()
    (data / "notes.csv").write_text("a,b\n1,2\n")
    if gdp:
        (data / "ny.gdp.mktp.cd.csv").write_text(
            "Country Name,Country Code,Year,Value\nMexico,MEX,2020,1e12\n"
        )
    release = open_release(build(data, tmp_path / "out", Options()).path)
    (outcome,) = [one for one in release.manifest.indicators if one.indicator == "SJ.financial_inclusion"]
    assert outcome.observations == 0
    assert any("Global Findex Database (findex)" in missing for missing in outcome.missing)


def test_nothing_gives_nothing():
    assert financial_inclusion.compute(Tables({}), Parameters()) == []
