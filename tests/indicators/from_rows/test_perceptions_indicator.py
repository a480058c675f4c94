"""Perceptions from a file in the layout of the ESS: known means, scales, other countries, the actual share, no file."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sojourn.indicators.perceptions import INDICATOR
from sojourn.methods.survey import Design, estimate, mean
from sojourn.release import build, open_release
from sojourn.sources.microdata.build import microdata

STOCK = {
    "measure": ["stock", "population"],
    "destination": ["AUT", "AUT"],
    "origin": ["", ""],
    "period": ["2015", "2015"],
    "sex": ["_T", "_T"],
    "age": ["_T", "_T"],
    "value": [1_500_000.0, 8_600_000.0],
    "source": ["desa@2020", "desa@2020"],
}


def respondents(n: int = 300) -> pl.DataFrame:
    rng = np.random.default_rng(8)
    return pl.DataFrame(
        {
            "cntry": ["AT"] * n,
            "anweight": rng.uniform(0.5, 1.5, n).round(3),
            "stratum": np.arange(n) // 60,
            "psu": np.arange(n) // 5,
            "noimbro": rng.choice([10, 20, 30, 888], n),
            "imwbcnt": rng.choice([0, 5, 8, 10, 77], n),
            "imsmetn": rng.choice([1, 2, 3, 4, 8], n),
        }
    )


def opened_ess(frame: pl.DataFrame, tmp_path):
    frame.write_csv(tmp_path / "ess.csv")
    return microdata(
        [tmp_path / "ess.csv"], "european_social_survey", area="AUT", year=2014, cache=tmp_path / "c"
    )


def test_perceived_and_actual_share(tmp_path, observed) -> None:
    rows = respondents()
    found = observed(INDICATOR, opened_ess(rows, tmp_path), migrant_stock=pl.DataFrame(STOCK))
    answered = rows.with_columns(x=pl.when(pl.col("noimbro") < 101).then("noimbro"))
    expected = estimate(answered, Design.taylor("anweight", "stratum", "psu"), mean("x"))
    perceived = found.filter(series="SJ_PERCEIVED_SHARE", breakdown="STATISTIC=MEAN").row(0, named=True)
    assert perceived["value"] == pytest.approx(expected["estimate"].item())
    assert perceived["se"] == pytest.approx(expected["se"].item(), rel=1e-8)
    assert "per cent give no answer" in perceived["note"]
    gap = found.filter(series="SJ_MISPERCEPTION").row(0, named=True)
    assert gap["value"] == pytest.approx(perceived["value"] - 100 * 1.5 / 8.6)
    assert gap["se"] == perceived["se"]
    assert "actual share of 2015 from desa@2020" in gap["note"]


def test_acceptance(tmp_path, observed) -> None:
    rows = respondents()
    found = observed(INDICATOR, opened_ess(rows, tmp_path))
    good = rows.filter(pl.col("imwbcnt") <= 10)
    w, x = good["anweight"].to_numpy(), good["imwbcnt"].to_numpy()
    accepted = found.filter(series="SJ_ACCEPTANCE", breakdown="ITEM=IMWBCNT")["value"].item()
    score = found.filter(series="SJ_ACCEPTANCE_SCORE", breakdown="ITEM=IMWBCNT")["value"].item()
    assert accepted == pytest.approx(100 * (w * (x >= 6)).sum() / w.sum())
    assert score == pytest.approx(10 * (w * x).sum() / w.sum())
    assert found.filter(breakdown="ITEM=IMSMETN").height == 2
    assert found.filter(series="SJ_MISPERCEPTION").height == 0
    assert found.filter(series="SJ_PERCEIVED_SHARE")["note"].str.contains("no actual share").all()


def test_respondents_of_other_countries_are_left_out(tmp_path, observed) -> None:
    rows = respondents()
    others = rows.with_columns(
        cntry=pl.lit("DE"), noimbro=pl.lit(90, pl.Int64), stratum=pl.col("stratum") + 100
    )
    one = observed(INDICATOR, opened_ess(rows, tmp_path)).select("series", "breakdown", "value", "n")
    (tmp_path / "more").mkdir()
    both = observed(INDICATOR, opened_ess(pl.concat([rows, others]), tmp_path / "more"))
    assert both.select("series", "breakdown", "value", "n").equals(one)


def test_answers_on_no_scale_are_counted(tmp_path, observed) -> None:
    rows = respondents().with_columns(
        noimbro=pl.when(pl.int_range(pl.len()) < 4).then(120).otherwise("noimbro")
    )
    found = observed(INDICATOR, opened_ess(rows, tmp_path)).filter(series="SJ_PERCEIVED_SHARE")
    assert found["note"].str.contains("4 answers of noimbro are on no scale").all()


def test_without_a_file_there_is_no_data_and_the_release_says_why(tmp_path) -> None:
    release = open_release(build(None, tmp_path / "out").path)
    outcome = next(one for one in release.manifest.indicators if one.indicator == "SJ.perceptions")
    assert outcome.observations == 0
    assert outcome.not_built
    assert any("survey" in one for one in outcome.missing)
