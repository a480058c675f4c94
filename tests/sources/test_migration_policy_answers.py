"""Answers behind 10.7.2: a layout of our own, so only built files exist."""

from __future__ import annotations

import numpy as np
from tests.sources.conftest import accounted

from sojourn.methods.migration_policy import CODES
from sojourn.sources import migration_policy_answers as source
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise
from sojourn.sources.simulated import migration_policy_answers as simulated

HEADER = ",".join(source.COLUMNS)


def read(path):
    (entry,) = recognise(describe(path), [source.SOURCE])
    return entry.read()


def test_answers_are_read_and_bad_ones_named(write, problem_rows) -> None:
    lines = [
        "CAN,2021,1.1,Yes,Statistics office",
        "CAN,2021,1.2,legal_status_only,Statistics office",
        "CAN,2021,2.1,legal_status_only,Statistics office",
        "CAN,2021,2.2,yes,Statistics office",
        "CAN,2021,2.2,no,Statistics office",
        "CAN,2021,2.3,no,Statistics office",
        "CAN,2021,2.3,no,Statistics office",
        "CAN,2021,2.4,,Statistics office",
        "CAN,2021,7.1,yes,Statistics office",
        "CAN,2021,2.5,maybe,Statistics office",
        "001,2021,2.5,yes,Statistics office",
        "CAN,soon,2.5,yes,Statistics office",
    ]
    reading = read(write("answers.csv", "\n".join((HEADER, *lines)) + "\n"))
    assert accounted(reading)
    assert reading.edition == "to-2021"
    assert reading.table.select("item", "answer").rows() == [
        ("1.1", "yes"),
        ("1.2", "legal_status_only"),
        ("2.3", "no"),
        ("2.4", None),
        ("2.5", None),
    ]
    assert {row[:3] for row in problem_rows(reading)} == {
        (4, "policy_answer", "legal_status_only"),
        (5, "policy_answer", "yes"),
        (6, "policy_answer", "no"),
        (8, "policy_answer", "no"),
        (10, "policy_item", "7.1"),
        (11, "policy_answer", "maybe"),
        (12, "country_code", "001"),
        (13, "inquiry_year", "soon"),
    }


def test_simulated_answers_say_so_in_their_edition(tmp_path) -> None:
    path = simulated.write(tmp_path / "answers.csv", ["CAN", "MEX"], 2021, np.random.default_rng(1))
    reading = read(path)
    assert reading.edition == "simulated-to-2021"
    assert reading.table.height == 60
    drawn = simulated.answers(["CAN", "MEX"], np.random.default_rng(1), unanswered=0.02)
    assert reading.table["answer"].equals(drawn["answer"])


def test_one_simulated_row_makes_the_file_simulated(write) -> None:
    lines = ["CAN,2021,1.1,yes,the office", "CAN,2021,1.2,yes,SIMULATED"]
    assert read(write("answers.csv", "\n".join((HEADER, *lines)) + "\n")).edition.startswith("simulated-")


def test_items_are_those_of_the_method() -> None:
    assert source.ITEMS == CODES
