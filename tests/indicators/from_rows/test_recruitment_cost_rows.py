"""10.7.1 from workers' rows: the worked example through the whole path, zero costs both ways, errors, bad answers."""

from __future__ import annotations

import json

import polars as pl
import pytest

from sojourn.indicators.recruitment_cost import INDICATOR, RecruitmentCostParameters
from sojourn.methods.survey import Design, estimate, ratio
from sojourn.observations import parse_breakdown
from sojourn.release import Options, build, open_release
from sojourn.release.request import SurveyFiles
from sojourn.sources.microdata.build import microdata

# The worked example: RCI 1, 0.5, 2, 8, 0.1 months; each worker stands for ten alike.
COST, EARNED = [100, 200, 400, 800, 50], [100, 400, 200, 100, 500]
EXPECTED = {"MEAN_OF_RATIOS": 2.32, "MEDIAN": 1.0, "RATIO_OF_MEANS": 1550 / 1300}


def workers(times: int = 10, **more: list) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "cost_agent": [60, 150, 400, 700, 50],
            "cost_visa": [50, 60, 0, 50, None],
            "cost_refunded": [10, 10, 0, 0, 0],
            "cost_deducted": [0, 0, None, 50, 0],
            "earnings_first_month": EARNED,
            "destination": ["KOR", "KOR", "Saudi Arabia", "SAU", "Nowhereland"],
            "sex": [1, 2, 1, 1, 2],
            "age": [25, 30, 35, 40, 45],
            "weight": [1.0] * 5,
            **more,
        }
    )
    return pl.concat([frame] * times)


def values(frame: pl.DataFrame, zero: str = "KEPT", series: str = "SJ_RECRUITMENT_COST") -> dict:
    total = frame.filter(pl.col("series") == series, pl.col("sex") == "_T", pl.col("counterpart") == "")
    rows = [(parse_breakdown(text), value) for text, value in total.select("breakdown", "value").rows()]
    return {codes["STATISTIC"]: value for codes, value in rows if codes.get("ZERO_COST") == zero}


@pytest.fixture
def questionnaire(tmp_path):
    def open_it(rows: pl.DataFrame):
        rows.write_csv(tmp_path / "workers.csv")
        return microdata(
            [tmp_path / "workers.csv"],
            "recruitment_cost_questionnaire",
            area="LAO",
            year=2017,
            cache=tmp_path / "c",
        )

    return open_it


def test_the_worked_example_from_file_to_release(tmp_path) -> None:
    rows = workers()
    zeros = rows.head(5).with_columns(
        pl.lit(0, pl.Int64).alias(name)
        for name in ("cost_agent", "cost_visa", "cost_refunded", "cost_deducted")
    )
    pl.concat([rows, zeros]).write_csv(tmp_path / "workers.csv")
    survey = SurveyFiles((tmp_path / "workers.csv",), "recruitment_cost_questionnaire", area="LAO", year=2017)
    release = open_release(build(None, tmp_path / "out", Options(surveys=(survey,))).path)
    found = release.observations(indicator="10.7.1", area="LAO").filter(
        pl.col("source").str.contains("quest")
    )
    paid = values(found, "LEFT_OUT")
    for name, value in EXPECTED.items():
        assert paid[name] == pytest.approx(value)
    # With the zero-cost workers the mean is that of 55 workers, 50 of whom paid.
    assert values(found, "KEPT")["MEAN_OF_RATIOS"] == pytest.approx(2.32 * 50 / 55)
    yearly = values(found, "LEFT_OUT", "SL_EMP_RCOST")
    assert yearly["MEAN_OF_RATIOS"] == pytest.approx(100 * 2.32 / 12)
    assert found["note"].str.contains("no error is known|withheld").all()
    # Published figures stand beside it, as they were.
    every = release.observations(series="SJ_RECRUITMENT_COST")
    published = every.filter(pl.col("method").str.starts_with("as_published"))
    cited = dict(published.select("area", "value").rows())
    assert (cited["LAO"], cited["PHL"], cited["BGD"]) == (0.33, 1.2, 17.6)
    manifest = json.loads((release.path / "manifest.json").read_text())
    assert any("workers.csv" in one["file"] for one in manifest["inputs"])


def test_the_fourth_quintile_of_the_worked_example(questionnaire, observed) -> None:
    found = values(observed(INDICATOR, questionnaire(workers(400))))
    # Type 7 of the five is 3.2; of many alike the 80th percentile lies between 2 and 8.
    assert 2 <= found["FOURTH_QUINTILE"] <= 8
    assert found["MEAN_OF_RATIOS"] == pytest.approx(2.32)


def test_by_destination_and_sex_and_few_are_withheld(questionnaire, observed) -> None:
    found = observed(INDICATOR, questionnaire(workers(16)))
    corridors = found.filter(pl.col("counterpart") != "", series="SJ_RECRUITMENT_COST")
    assert set(corridors["counterpart"]) == {"KOR", "SAU"}  # the name and the code are one country
    assert "16 workers name a country" in corridors["note"][0]
    few = observed(INDICATOR, questionnaire(workers(5)))
    assert set(few["status"]) == {"Q"}
    assert few["value"].null_count() == few.height


def test_the_reference_month_is_a_choice(questionnaire, observed) -> None:
    rows = workers(
        10, earnings_last_month=[2 * one for one in EARNED], recovered_last_month=[0, 0, 0, 0, None]
    )
    survey = questionnaire(rows)
    first = values(observed(INDICATOR, survey))
    last = observed(INDICATOR, survey, parameters=RecruitmentCostParameters(month="last"))
    assert values(last)["MEAN_OF_RATIOS"] == pytest.approx(first["MEAN_OF_RATIOS"] / 2)
    assert last["method"].str.contains("last month").all()
    without = observed(
        INDICATOR, questionnaire(workers()), parameters=RecruitmentCostParameters(month="last")
    )
    assert without.height == 0


def test_recovered_cost_is_added_back(questionnaire, observed) -> None:
    rows = workers(10, recovered_first_month=EARNED)
    assert values(observed(INDICATOR, questionnaire(rows)))["MEAN_OF_RATIOS"] == pytest.approx(2.32 / 2)


def test_answers_that_cannot_be_used_are_counted(questionnaire, observed) -> None:
    rows = workers(10, earnings_first_month=[100, 400, 200, 100, 0], cost_total=[100, 200, 400, 900, 50])
    found = observed(INDICATOR, questionnaire(rows))
    assert values(found)["MEAN_OF_RATIOS"] == pytest.approx((1 + 0.5 + 2 + 8) / 4)
    assert found["note"].str.contains("10 workers without a known cost from 0").all()
    assert found["note"].str.contains("10 workers say differs from their items").all()


def test_the_simulated_country_is_never_a_real_one(simulated, simulated_file, observed) -> None:
    found = observed(INDICATOR, simulated)
    assert set(found["area"]) == {"XSJ"}
    assert found["note"].str.contains("simulated").all()
    months = found.filter(series="SJ_RECRUITMENT_COST", sex="_T")
    row = months.filter(pl.col("breakdown") == "STATISTIC=RATIO_OF_MEANS;ZERO_COST=KEPT").row(0, named=True)
    rows = pl.read_parquet(simulated_file).with_columns(
        cost=(pl.col("recruitment_fee") + pl.col("recruitment_travel") - pl.col("recruitment_refund")).cast(
            pl.Float64
        ),
        pay=pl.when(pl.col("recruitment_fee").is_not_null()).then(pl.col("monthly_pay")).cast(pl.Float64),
    )
    expected = estimate(rows, Design.sdr("weight", "replicate_1..80"), ratio("cost", "pay"))
    assert row["value"] == pytest.approx(expected["estimate"].item())
    assert row["se"] == pytest.approx(expected["se"].item())
    assert row["lower"] < row["value"] < row["upper"]
