"""What the framework answers: gaps, shared indicators, crosswalks, and what a table of numbers holds."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.errors import NotFoundError
from sojourn.framework import SCHEMES, availability, crosswalk, gaps, load, shared
from sojourn.framework.questions import NO_NUMBERS, NO_SERIES_HERE, NOT_ABOUT_MIGRANTS, subjects

HERE = {"10.c.1": ("SI_RMT_COST",), "SJ.durable_solutions": ("SJ_REFG_SOLUTIONS",)}


def test_every_target_is_answered_and_series_count_for_their_target():
    rows = {row.target: row for row in gaps(load(), HERE)}
    assert list(rows) == [one.target for one in load().targets]
    assert rows["10.c"].gaps == ()
    assert rows["10.c"].series_here == ("SI_RMT_COST",)
    # A proposal of 2015 for 10.7 that is measured here, though it is in no official indicator.
    assert rows["10.7"].series_here == ("SJ_REFG_SOLUTIONS",)
    assert NO_SERIES_HERE in rows["8.8"].gaps
    assert NOT_ABOUT_MIGRANTS in rows["1.3"].gaps
    assert NOT_ABOUT_MIGRANTS not in rows["8.8"].gaps


def test_a_release_without_numbers_is_a_gap_of_its_own():
    rows = {row.target: row.gaps for row in gaps(load(), HERE, numbers={"SJ_REFG_SOLUTIONS"})}
    assert rows["10.c"] == (NO_NUMBERS,)
    assert rows["10.7"] == ()


def test_what_serves_several_targets():
    found = {one.code: one.targets for one in shared(load())}
    assert found["10.3.1"] == ("10.3", "16.b")  # UNSD files one series under both, 10.3.1 and 16.b.1
    assert found["gmg-3"] == ("10.7", "8.8")
    assert "10.7.2" not in found


def test_subjects_name_what_is_measured_here():
    answers = {one.subject.key: one.series_here for one in subjects(load(), {"10.7.2": ("SG_CPA_MIGRP",)})}
    assert answers["portability"] == ("SG_CPA_MIGRP",)
    assert answers["detention"] == ()


def test_a_crosswalk_reads_the_same_from_both_ends():
    there = {(link.entry, link.to) for link in crosswalk(load(), "compact", "sdg") if link.to}
    back = {(link.to, link.entry) for link in crosswalk(load(), "sdg", "compact") if link.to}
    assert there == back
    assert ("20", "10.c") in there


def test_an_indirect_link_says_through_what_and_is_only_suggested():
    links = [link for link in crosswalk(load(), "eight-point", "sdg") if link.to]
    assert links
    assert all(link.via.startswith("compact ") and "suggested" in link.certainty for link in links)
    assert all(link.via == "" for link in crosswalk(load(), "meeting-2015", "eight-point"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_entry_of_a_scheme_is_lost(scheme):
    for to in SCHEMES:
        entries = {link.entry for link in crosswalk(load(), scheme, to)}
        assert entries == {link.entry for link in crosswalk(load(), scheme, "sdg")}


def test_an_unknown_scheme_is_named():
    with pytest.raises(NotFoundError, match="mdg"):
        crosswalk(load(), "mdg", "sdg")


def test_availability_counts_countries_years_and_readings():
    base = {
        "series": "S",
        "area": "MEX",
        "period": "2020",
        "value": 1.0,
        "nativity": "_T",
        "citizenship": "_T",
        "legal_status": "_T",
        "breakdown": "",
    }
    rows = [
        base,
        base | {"area": "001", "nativity": "F"},  # the world is no country
        base | {"area": "FRA", "period": "2022-Q1", "citizenship": "N"},
        base | {"area": "DEU", "value": None},  # no number
        base | {"area": "FRA", "breakdown": "AMOUNT=1;MIGRATORY_STATUS=MS_MIGRANT"},
    ]
    assert availability(pl.DataFrame(rows)).row(0, named=True) == {
        "series": "S",
        "countries": 2,
        "years": 2,
        "first": "2020",
        "last": "2022",
        "nativity": 0,
        "citizenship": 1,
        "legal_status": 0,
        "migratory_status": 1,
    }
