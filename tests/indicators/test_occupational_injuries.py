"""8.8.1: published rates by migratory status, and how migrants stand to non-migrants."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import occupational_injuries
from sojourn.indicators.model import Parameters, Tables


def rate(release, series: str, breakdown: str, **codes: str) -> float:
    found = release.observations(series=series, breakdown=breakdown, area="DEU", period="2015")
    return found.filter(**codes)["value"].item()


def test_published_rates_by_sex_and_migratory_status(real):
    # UNSD SL_EMP_FTLINJUR, Germany 2015, release of October 2020.
    assert rate(real, "SL_EMP_FTLINJUR", "", sex="_T") == 0.97
    assert rate(real, "SL_EMP_FTLINJUR", "MIGRATORY_STATUS=MS_EUMIGRANT", sex="M") == 1.16
    ratio = rate(real, "SJ_EMP_FTLINJUR_RATIO", "MIGRATORY_STATUS=MS_EUMIGRANT", sex="M")
    assert ratio == pytest.approx(1.16 / 1.77)


def test_fatal_and_non_fatal_are_never_added(real):
    found = real.observations(indicator="8.8.1")
    assert set(found["series"]) == {
        "SL_EMP_FTLINJUR", "SL_EMP_INJUR", "SJ_EMP_FTLINJUR_RATIO", "SJ_EMP_INJUR_RATIO",
    }  # fmt: skip
    computed = found.filter(observations.basis() == observations.COMPUTED)
    assert computed["series"].str.ends_with("_RATIO").all()
    assert set(found["nativity"]) | set(found["citizenship"]) == {"_T"}


def test_no_ratio_to_a_rate_of_zero():
    rows = {
        "breakdown": ["MIGRATORY_STATUS=MS_MIGRANT", "MIGRATORY_STATUS=MS_NOMIGRANT"],
        "value": [2.0, 0.0],
    }
    same = {"series": "SL_EMP_INJUR", "area": "MEX", "counterpart": "", "period": "2015", "unit": "PER_100000_EMP", "nature": "C", "note": "", "source": "unsdg@x"}  # fmt: skip
    table = pl.DataFrame(rows).with_columns(pl.lit(value).alias(name) for name, value in same.items())
    frames = occupational_injuries.compute(Tables({"published_values": table}), Parameters())
    assert [frame["series"].unique().to_list() for frame in frames] == [["SL_EMP_INJUR"]]


def test_nothing_gives_nothing():
    assert occupational_injuries.compute(Tables({}), Parameters()) == []
