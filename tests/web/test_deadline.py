"""An answer has so many seconds: what would take longer is given up, and says what to ask instead."""

from __future__ import annotations

import polars as pl
import pytest
from django.conf import settings
from django.test import override_settings

from sojourn.release import open_release
from sojourn.web import formats, holding
from sojourn.web.deadline import Deadline
from sojourn.web.faults import SlowError
from sojourn.web.holding import load
from sojourn.web.question import Question


class Clock:
    """A clock that goes on by a second each time somebody looks at it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


@pytest.fixture(scope="module")
def held(two_releases):
    return load(open_release(two_releases[1]))


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/observations?every=1&sex=_T",
        "/api/v1/observations.csv?every=1&sex=_T",
        "/api/v1/observations.parquet?every=1",
        "/api/v1/observations.xlsx?series=SI_RMT_COST",
        "/api/v1/series/SI_RMT_COST/corridors?kind=all",
    ],
)
def test_the_api_gives_up_and_says_what_to_narrow(reader, address):
    assert reader.get(address).status_code == 200
    with override_settings(SOJOURN_SECONDS=-1.0):
        answer = reader.get(f"{address}&columns=area,value")
    assert answer.status_code == 503
    assert answer.json()["error"] == "SlowError"
    assert "fewer series, areas or years" in answer.json()["advice"]
    assert "/api/v1/releases" in answer.json()["advice"]


def test_a_search_gives_up_in_the_language_of_who_searches(reader):
    with override_settings(SOJOURN_SECONDS=-1.0):
        answer = reader.get("/fr/search?q=migrants+Mexique+2015")
    assert answer.status_code == 503
    assert "Cela prend trop de temps" in answer.content.decode()
    assert "Demandez moins" in answer.content.decode()
    assert reader.get("/fr/search?q=migrants+Mexique+2015").status_code == 200


def test_rows_looked_through_in_batches_are_the_same_rows(held, monkeypatch):
    question = Question({"sex": ("_T",)}, first="2012", every=True)
    whole = question.answer(held)
    assert whole.height > 100
    monkeypatch.setattr(holding, "BATCH", 37)
    looks = []
    assert question.answer(held, lambda: looks.append(1)).equals(whole)
    assert len(looks) > held.coded.height // 37


def test_time_that_runs_out_between_batches_ends_the_work(held, monkeypatch):
    monkeypatch.setattr(holding, "BATCH", 37)
    clock = Clock()
    with pytest.raises(SlowError, match="within 5 seconds"):
        Question({"sex": ("_T",)}, every=True).answer(held, Deadline(5, now=clock).check)
    assert clock.seconds < 10, "and not when everything is done"


def test_a_workbook_is_given_up_while_it_is_written():
    frame = pl.DataFrame({"value": [float(one) for one in range(5000)]})
    with pytest.raises(SlowError):
        formats.xlsx(frame, ["value"], {}, Deadline(2, now=Clock()).check)


def test_too_many_parameters_are_an_error_in_the_one_shape(reader):
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    answer = reader.get("/api/v1/observations?" + "&".join(["a=1"] * (most + 1)))
    assert answer.status_code == 400
    assert answer.json()["error"] == "UsageError"
    assert answer.json()["accepted"] == f"at most {most}"
    assert reader.get("/en/areas?" + "&".join(["a=1"] * (most + 1))).status_code == 400


def test_parquet_goes_out_in_pieces_and_is_the_whole_table(held, monkeypatch):
    import io

    monkeypatch.setattr(formats, "PIECE", 50)
    found = held.found("SI_RMT_COST_BC", every=True)
    columns = ["series", "area", "period", "value", "se"]
    parts = list(formats.parquet(found, columns, {"rows": found.height}))
    assert len(parts) > found.height // 50
    body = io.BytesIO(b"".join(parts))
    assert pl.read_parquet(body).equals(holding.as_text(found.select(columns)))
    assert pl.read_parquet_metadata(body)["rows"] == str(found.height)
    none = b"".join(formats.parquet(found.head(0), columns, {}))
    assert pl.read_parquet(io.BytesIO(none)).height == 0
