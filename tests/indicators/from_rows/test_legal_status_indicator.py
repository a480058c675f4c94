"""Legal status from a survey and a file of assumptions: the simulated truth, no number without them, nobody's status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.indicators.legal_status import INDICATOR, LegalStatusParameters
from sojourn.methods.survey import Design, cube
from sojourn.observations import parse_breakdown
from sojourn.release import Options, build, open_release
from sojourn.release.request import SurveyFiles
from sojourn.simulate import Country, write
from sojourn.sources.legal_status_assumptions import SOURCE
from sojourn.sources.listing import describe
from sojourn.sources.recognise import recognise

HEADER = ["assumption", "area", "year", "cells", "parameter", "distribution", "values", "stated_by"]
CELLS = [
    f"sex={sex};year_of_arrival={span}"
    for sex in ("female", "male")
    for span in ("1900..2009", "2010..2019", "2020..2024")
]
SURE = {
    "admissions": "value=1",
    "mortality": "value=1",
    "emigration": "value=1",
    "temporary": "value=1",
    "undercount_legal": "value=0",
    "undercount_irregular": "value=0",
}
FAST = LegalStatusParameters(draws=500, imputations=3, sensitivity_draws=256)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Everybody of the country from which the simulated survey is drawn, with the truth."""
    path = tmp_path_factory.mktemp("truth") / "everybody.parquet"
    write(path, Country(households=60_000, interval=10), seed=11, whole=True)
    return pl.read_parquet(path).filter(pl.col("arrival").is_not_null())


def lines(truth: pl.DataFrame, *, uncertain: bool = True) -> list[list[str]]:
    """Legal residents as they truly are, and assumptions that say how well they are known."""
    rows = []
    for text in CELLS:
        sex, span = (part.split("=")[1] for part in text.split(";"))
        first, last = map(int, span.split(".."))
        legal = truth.filter(
            pl.col("woman") == (sex == "female"),
            pl.col("arrival").is_between(first, last),
            pl.col("legal_status").fill_null(1) == 1,
        ).height
        numbers = {"admitted": legal, "years": 1, "mortality": 0, "emigration": 0, "temporary": 0}
        rows += [
            ["cell", "XSJ", "2024", text, name, "fixed", f"value={value}", "simulated register"]
            for name, value in numbers.items()
        ]
    for name, value in SURE.items():
        if uncertain and name == "admissions":
            rows.append([name, "XSJ", "2024", "", name, "normal", "mean=1;sd=0.02", "simulated, own guess"])
        else:
            rows.append([name, "XSJ", "2024", "", name, "fixed", value, "simulated, own guess"])
    return rows


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def table(path: Path) -> pl.DataFrame:
    (entry,) = recognise(describe(path), [SOURCE])
    return entry.read().table.with_columns(source=pl.lit("legal_status_assumptions@2024"))


def total(frame: pl.DataFrame) -> dict:
    return frame.filter(series="SJ_IRREGULAR_RESIDENTS", breakdown="", sex="_T").row(0, named=True)


def test_the_true_number_and_rates_of_the_simulated_country(simulated, truth, observed, tmp_path) -> None:
    stated = table(written(tmp_path / "a.csv", lines(truth)))
    found = observed(INDICATOR, simulated, legal_status_assumptions=stated)
    irregular = truth.filter(legal_status=2)
    number = total(found)
    assert number["lower"] <= irregular.height <= number["upper"]
    assert (number["nativity"], number["legal_status"]) == ("FOREIGN", "IRREGULAR")
    assert "admissions, normal mean=1 sd=0.02 (simulated, own guess)" in number["note"]
    assert "simulated" in number["note"]
    # By sex the parts add up to the total; a part that comes out below 0 is no number, and says so.
    parts = found.filter(pl.col("sex") != "_T", series="SJ_IRREGULAR_RESIDENTS")
    assert parts["value"].sum() == pytest.approx(number["value"])
    arrivals = found.filter(
        pl.col("breakdown").str.contains("YEAR_OF_ARRIVAL"), series="SJ_IRREGULAR_RESIDENTS"
    )
    assert arrivals.height == 3
    assert arrivals.filter(pl.col("value").is_null())["note"].str.contains("contradict each other here").all()
    assert (arrivals["value"].drop_nulls() > 0).all()
    active = pl.col("activity").is_in([1, 2]) & (pl.col("age") >= 15)
    for status, code in (
        ("IRREGULAR", pl.col("legal_status") == 2),
        ("REGULAR", pl.col("legal_status").fill_null(1) == 1),
    ):
        people = truth.filter(active & code)
        rate = 100 * people.filter(pl.col("activity") == 2).height / people.height
        row = found.filter(series="SJ_LEGAL_STATUS_JOBLESS", legal_status=status).row(0, named=True)
        assert row["lower"] <= rate <= row["upper"]
        paid = (
            truth.filter(code).select(pay=pl.col("monthly_pay") * 12 / (52 * pl.col("hours")))["pay"].mean()
        )
        row = found.filter(series="SJ_LEGAL_STATUS_PAY", legal_status=status).row(0, named=True)
        assert row["lower"] <= paid <= row["upper"]


def test_every_number_has_an_interval_or_says_what_it_is(simulated, truth, observed, tmp_path) -> None:
    stated = table(written(tmp_path / "a.csv", lines(truth)))
    found = observed(INDICATOR, simulated, parameters=FAST, legal_status_assumptions=stated)
    sensitive = found["series"].is_in(["SJ_IRREGULAR_SENSITIVITY", "SJ_IRREGULAR_VARIANCE"])
    estimates = found.filter(~sensitive & (pl.col("status") == "A"))
    assert estimates.height >= 6
    assert estimates.select(pl.all_horizontal(pl.col("lower", "upper", "se").is_not_null()).all()).item()
    assert estimates["note"].str.contains("the interval contains sampling error and the assumptions").all()
    ends = found.filter(series="SJ_IRREGULAR_SENSITIVITY")
    low, high = (
        ends.filter(breakdown=f"ASSUMPTION=ADMISSIONS;AT={end}")["value"].item() for end in ("LOW", "HIGH")
    )
    assert low < total(found)["value"] < high
    shares = found.filter(pl.col("breakdown").str.contains("EFFECT=TOTAL"))
    assert {parse_breakdown(text)["ASSUMPTION"] for text in shares["breakdown"]} == {
        "ADMISSIONS",
        "SAMPLING_ERROR_OF_THE_SURVEY",
    }


def test_without_assumptions_there_is_no_number(simulated, observed, simulated_file, tmp_path) -> None:
    assert observed(INDICATOR, simulated).height == 0
    survey = SurveyFiles((simulated_file,), "simulated_country")
    release = open_release(build(None, tmp_path / "out", Options(surveys=(survey,))).path)
    outcome = next(one for one in release.manifest.indicators if one.indicator == "SJ.legal_status")
    assert outcome.not_built
    assert any("Assumptions on legal status" in one for one in outcome.missing)


def test_without_errors_there_is_no_number(simulated_file, truth, observed, tmp_path) -> None:
    from sojourn.sources.microdata.build import microdata

    (tmp_path / "points.toml").write_text(
        'title = "t"\nextends = "simulated_country"\n[design]\nkind = "weights"\nweight = "weight"\n'
    )
    survey = microdata([simulated_file], str(tmp_path / "points.toml"), cache=tmp_path)
    stated = table(written(tmp_path / "a.csv", lines(truth)))
    found = observed(INDICATOR, survey, parameters=FAST, legal_status_assumptions=stated)
    assert found["status"].to_list() == ["M"]
    assert found["value"].null_count() == 1
    assert "no data: the survey declares no design with errors" in found["note"].item()


def test_linearised_designs_are_bootstrapped(simulated_file, truth, observed, tmp_path) -> None:
    from sojourn.sources.microdata.build import microdata

    (tmp_path / "taylor.toml").write_text(
        'title = "t"\nextends = "simulated_country"\n[design]\nkind = "taylor"\nweight = "weight"\n'
        'strata = ["stratum"]\nclusters = ["cluster"]\n'
    )
    survey = microdata([simulated_file], str(tmp_path / "taylor.toml"), cache=tmp_path)
    stated = table(written(tmp_path / "a.csv", lines(truth)))
    found = observed(INDICATOR, survey, parameters=FAST, legal_status_assumptions=stated)
    number = total(found)
    assert number["lower"] <= truth.filter(legal_status=2).height <= number["upper"]
    assert "100 bootstrap replicates" in number["note"]


def test_odds_tell_statuses_apart_and_are_said(simulated, truth, observed, tmp_path) -> None:
    odds = ["jobless", "XSJ", "2024", "employment=unemployed", "odds", "fixed", "value=6", "own guess"]
    plain, told = (
        observed(
            INDICATOR,
            simulated,
            parameters=FAST,
            legal_status_assumptions=table(written(tmp_path / "a.csv", lines(truth) + more)),
        )
        for more in ([], [odds])
    )
    rates = [
        frame.filter(series="SJ_LEGAL_STATUS_JOBLESS", legal_status="IRREGULAR")["value"].item()
        for frame in (plain, told)
    ]
    assert rates[1] > rates[0] + 3
    noted = told.filter(series="SJ_LEGAL_STATUS_JOBLESS")["note"]
    assert noted.str.contains("odds: employment=unemployed times 6", literal=True).all()


def test_nobodys_status_is_in_any_output(simulated, simulated_file, truth, tmp_path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    written(data / "assumptions.csv", lines(truth))
    survey = SurveyFiles((simulated_file,), "simulated_country")
    options = Options(surveys=(survey,), parameters={"legal_status": FAST.model_dump()})
    release = open_release(build(data, tmp_path / "out", options).path)
    numbers = release.observations(indicator="SJ.legal_status")
    assert numbers.filter(pl.col("value").is_not_null()).height > 10
    assert numbers["n"].min() >= 30
    persons = simulated.rows
    made = cube(simulated_file, Design.sdr("weight", "replicate_1..80"), ["region"], ["age"])
    made.save(release.path.parent / "cube")
    for file in sorted(path for path in release.path.parent.rglob("*") if path.is_file()):
        if file.suffix == ".parquet":
            frame = pl.read_parquet(file)
            assert not {"household", "person", "status_of_person"} & set(frame.columns), file
            columns = [name for name, kind in frame.schema.items() if kind == pl.String]
            named = frame.select(
                (pl.col(name).str.to_lowercase().is_in(["irregular", "regular"])).sum() for name in columns
            )
            assert sum(named.row(0)) < persons / 50, file
            continue
        text = file.read_bytes().decode("utf-8", "replace").lower()
        # A file that told of persons would say it once for each of them.
        assert text.count("irregular") < persons / 50, file
    assert "legal_status" not in simulated.standard.frame.collect_schema().names()
    json.dumps(numbers.to_dicts(), default=str)


def test_bad_files_are_named(simulated, truth, observed, tmp_path) -> None:
    good = lines(truth)
    broken = [
        ["", "XSJ", "2024", "", "admissions", "fixed", "value=1", "x"],
        ["a", "Nowhere", "2024", "", "admissions", "fixed", "value=1", "x"],
        ["a", "XSJ", "soon", "", "admissions", "fixed", "value=1", "x"],
        ["a", "XSJ", "2024", "sex", "admissions", "fixed", "value=1", "x"],
        ["a", "XSJ", "2024", "", "births", "fixed", "value=1", "x"],
        ["a", "XSJ", "2024", "", "admissions", "maybe", "value=1", "x"],
        ["a", "XSJ", "2024", "", "admissions", "fixed", "value=much", "x"],
        ["a", "XSJ", "2024", "", "admissions", "fixed", "value=1", ""],
    ]
    (entry,) = recognise(describe(written(tmp_path / "a.csv", good + broken)), [SOURCE])
    reading = entry.read()
    assert reading.table.height == len(good)
    assert reading.problems["row"].n_unique() == len(broken)
    assert set(reading.problems["column"]) == set(HEADER)
    wrong = {
        "stated 0 times": good[1:],
        "is assumed twice": [*good, [*good[-1][:3], "sex=female", *good[-1][4:]]],
        "two cells": [*good, *([*row[:3], "sex=female", *row[4:]] for row in good[:5])],
        "does not have": [
            [*row[:3], "planet=earth", *row[4:]] if row[0] == "cell" else row for row in good[:5]
        ]
        + good[-6:],
        "no span": [[*row[:3], "age=old", *row[4:]] for row in good[:5]] + good[-6:],
        "low < mode < high": [*good[:-1], [*good[-1][:5], "uniform", "low=0.5;high=0.2", "x"]],
    }
    for words, rows in wrong.items():
        stated = table(written(tmp_path / "b.csv", rows))
        with pytest.raises(UsageError) as caught:
            observed(INDICATOR, simulated, parameters=FAST, legal_status_assumptions=stated)
        assert words in str(caught.value), words
