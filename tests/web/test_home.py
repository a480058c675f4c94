"""The first page answers in ten seconds: what is monitored, what is on track, what cannot be told, what is new."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from sojourn import framework
from sojourn.release import open_release
from sojourn.release.periods import end_of
from sojourn.web import words
from sojourn.web.holding import load
from sojourn.web.pages.home import BAD, GOOD, UNTOLD, coverage, ends_newest, figures, progress, sums


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


def test_every_state_of_a_target_is_good_bad_or_not_told():
    assert sorted((*GOOD, *BAD, *UNTOLD)) == sorted(set(words.STATES) - {"not measurable"})


def test_sums_are_those_of_the_release(holding):
    told = progress(holding)
    found = sums(told)
    assert found["all"] == found["good"] + found["bad"] + found["untold"]
    states = holding.numbers("SJ_PROGRESS_STATE", only_latest=True)
    with_target = [f"SERIES={one['series']}" for one in told]
    judged = states.filter(states["breakdown"].is_in(with_target))
    assert found["all"] == judged.height
    assert found["all"] > 0


def test_every_series_that_is_judged_has_a_target(holding):
    for row in progress(holding):
        assert row["target"] == holding.series[row["series"]]["target"] is not None
        assert row["world"] is None or row["world"].state in words.STATES


def test_the_world_stands_in_the_order_of_the_page_with_its_course(holding):
    told = figures(holding)
    assert told
    assert all(one.row["area"] == "001" and one.row["value"] is not None for one in told)


def test_targets_are_counted_once(holding):
    found = coverage(holding)
    assert found["targets"] == len(framework.load().targets)
    assert found["measured"] + sum(found["lacks"].values()) == found["targets"]


def test_the_page_leads_with_the_four_answers(reader, holding):
    text = reader.get("/en/").content.decode()
    heads = re.findall(r"<h2>([^<]*)</h2>", text)
    assert heads[:4] == ["What is monitored", "What is on track", "What cannot be told", "Newest release"]
    plain = re.sub(r"<[^>]*>", "", text)
    found = sums(progress(holding))
    assert f"{found['good']} of {found['all']}" in plain
    assert f"{coverage(holding)['measured']} of {coverage(holding)['targets']}" in plain
    assert holding.name in text


def test_the_day_of_judgement_is_explained(reader, holding):
    """A reader who sees the end of a year that is not over would take it for a mistake."""
    assert ends_newest(holding)
    text = re.sub(r"</?bdi[^>]*>", "", reader.get("/en/").content.decode())
    assert f"Judged as of {holding.release.manifest.as_of}: the end of the newest period" in text
    other = holding.release.manifest.model_copy(update={"as_of": date(2014, 1, 1)})
    assert not ends_newest(replace(holding, release=replace(holding.release, manifest=other)))


def test_a_verdict_says_by_numbers_of_when(reader, holding):
    page = reader.get("/en/").content.decode()
    judged = [row for row in progress(holding) if row["periods"]]
    assert judged
    for row in judged:
        first, last = row["periods"]
        assert end_of(first) <= end_of(last)
        assert "Judged by numbers of" in page
        assert last in page
    for row in progress(holding):
        assert row["good"] == sum(row["states"][one] for one in GOOD)
