"""A target that cannot be judged says why: too few numbers, or too old ones, are not "no data"."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from sojourn.release import open_release
from sojourn.web import words
from sojourn.web.holding import load
from sojourn.web.judged import NO_DATA, TOO_FEW, TOO_OLD, Judged, has_state, judged, state_of


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


def _row(**given):
    told = {"breakdown": "SERIES=X", "value": 7.0, "n": 2, "period": "2014", "note": "no data"}
    return told | given


def _of(target_year, **parameters):
    manifest = SimpleNamespace(parameters={"progress": parameters} if parameters else {})
    return SimpleNamespace(
        release=SimpleNamespace(manifest=manifest), series={"X": {"target_year": target_year}}
    )


def test_numbers_that_are_too_few_or_too_old_are_told_from_none():
    assert judged(_of(2030), _row()) == Judged(TOO_FEW, 2, "2015", "2014")
    assert judged(_of(2030), _row(n=6)).state == TOO_OLD
    assert judged(_of(2030), None) == Judged(NO_DATA)
    assert not has_state(TOO_FEW)
    assert has_state("cannot tell")


def test_the_year_from_which_numbers_count_is_that_of_the_release():
    assert judged(_of(2030, baseline_year=2018), _row()).since == "2018"
    due = _row(note="no data; observations since 2011: 2; no error is known")
    assert judged(_of(2014), due).since == "2011", "a target due by the baseline counts from its first number"
    assert judged(_of(2014), _row()).since == ""


def test_every_state_that_is_told_has_words_and_a_mark():
    told = {state_of(float(number), count) for number in range(1, 9) for count in (None, 0, 3)}
    assert {TOO_FEW, TOO_OLD} < told
    assert told <= set(words.STATES) == set(words.MARKS)


def test_no_page_says_that_there_are_no_data_of_numbers_that_it_shows(reader, holding):
    states = holding.numbers("SJ_PROGRESS_STATE", {"area": ["MEX"], "counterpart": [""]}, only_latest=True)
    assert 7.0 in states["value"].to_list(), "the release calls this no data"
    text = reader.get("/en/areas/MEX").content.decode()
    before = text[: text.index("How marks read")]
    assert "> no data</span>" not in before
    assert re.search(r"too few numbers|numbers too old", before)
    assert re.search(r"Progress is judged by 3 or more|older than 5 years", before)


def test_the_first_page_counts_them_apart(reader, holding):
    states = holding.numbers("SJ_PROGRESS_STATE", only_latest=True)
    with_target = [code for code, one in holding.series.items() if one["target"] is not None]
    counted = [
        state_of(value, n)
        for of, value, n in states.select("breakdown", "value", "n").iter_rows()
        if of.removeprefix("SERIES=") in with_target
    ]
    tallies = re.findall(r'class="tally">(.*?)</p>', reader.get("/en/").content.decode(), re.DOTALL)
    text = re.sub(r"<[^>]*>", "", " ".join(tallies))
    told = re.findall(r"too few numbers (\d+)|numbers too old (\d+)", text)
    assert sum(int(few or old) for few, old in told) == counted.count(TOO_FEW) + counted.count(TOO_OLD) > 0
