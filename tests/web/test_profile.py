"""An area's page: its newest numbers under their goals, beside the same thing elsewhere, and what is missing."""

from __future__ import annotations

import re
from html import unescape

import pytest

from sojourn.release import open_release
from sojourn.release.country import Gap
from sojourn.release.periods import end_of
from sojourn.web.holding import load
from sojourn.web.pages.profile import (
    NOWHERE,
    between,
    by_filling,
    by_shelf,
    lines,
    newest_period,
    shelves,
)


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


@pytest.fixture(scope="module")
def told(holding):
    return lines(holding, "MEX")


def test_each_series_of_the_area_has_one_line(holding, told):
    codes = [one.row["series"] for one in told]
    assert len(codes) == len(set(codes))
    held = {
        code
        for code, areas in holding.areas_of.items()
        if "MEX" in areas
        and not code.startswith("SJ_PROGRESS_")
        and holding.numbers(code, {"area": ["MEX"], "counterpart": [""]}).height
    }
    assert set(codes) == held
    assert held


def test_a_line_is_the_newest_number_that_is_known(holding, told):
    line = next(one for one in told if one.row["series"] == "SI_RMT_COST")
    rows = holding.numbers(
        "SI_RMT_COST", {"area": ["MEX"], "counterpart": [""], "breakdown": [""], "sex": ["_T"]}
    )
    known = [end_of(one["period"]) for one in rows.to_dicts() if one["value"] is not None]
    assert end_of(line.row["period"]) == max(known)
    assert line.row["basis"]
    assert newest_period(told)


def test_a_comparison_is_with_the_same_thing_and_never_looks_ahead(told):
    compared = [(one, wider) for one in told for wider in (one.region, one.world) if wider is not None]
    assert compared
    for line, wider in compared:
        assert wider["period"] <= line.row["period"]
        same = ("series", "sex", "age", "nativity", "citizenship", "legal_status", "breakdown")
        assert all(wider[name] == line.row[name] for name in same)
    assert {wider["area"] for _, wider in compared} <= {"419", "001"}


def test_only_what_adds_up_has_a_share(told):
    for line in told:
        if not line.additive:
            assert line.share(line.world) is None
        elif line.world is not None and line.row["value"]:
            assert line.share(line.world) == pytest.approx(100 * line.row["value"] / line.world["value"])


def test_lines_stand_under_the_target_of_their_own_indicator(holding, told):
    goals = by_shelf(told, holding)
    assert shelves(holding)["SI_RMT_COST"].target == "10.c"
    numbers = [goal.goal for goal, _ in goals]
    assert numbers == sorted(numbers)
    under = [line for _, targets in goals for _, own in targets for line in own]
    assert len(under) == len(told)
    assert all(own for _, targets in goals for _, own in targets)
    assert NOWHERE.goal == max(NOWHERE.goal, *numbers), "what serves no target comes last"


def test_the_largest_other_ends_are_named_by_their_role(holding):
    found = between(holding, "MEX")
    flows = {(one.series, one.outward): one for one in found.largest}
    received = flows["SJ_RMT_FLOW", False]
    assert received.role == "sends"
    assert received.rows[0]["other"] == "USA"
    values = [one["value"] for one in received.rows]
    assert values == sorted(values, reverse=True)
    assert received.additive
    dear = flows["SI_RMT_COST_BC", False]
    assert not dear.additive
    assert holding.series["SI_RMT_COST_BC"]["target"] is not None, (
        "rates are ranked where something is promised"
    )
    assert [one["other"] for one in dear.rows] == ["USA"]
    priced = holding.numbers("SI_RMT_COST_BC")
    assert found.counts["SI_RMT_COST_BC"] == sum(
        "MEX" in one for one in priced.select("area", "counterpart").rows()
    )


def test_gaps_that_one_source_would_fill_stand_together():
    def gap(series: str, *sources: str) -> Gap:
        return Gap(series, series, "no source in this release", ("ILO",), sources)

    found = by_filling([gap("A", "x"), gap("B", "y"), gap("C", "y")])
    assert [[one.series for one in own] for _, own in found] == [["B", "C"], ["A"]]


def test_the_page_says_all_of_it(reader, holding):
    text = reader.get("/en/areas/MEX").content.decode()
    assert re.search(r"Target <bdi dir=\"ltr\">10\.c</bdi>", text)
    assert 'href="/en/corridors/USA/MEX"' in text
    assert 'href="/en/corridors?series=SI_RMT_COST_BC&amp;destination=MEX"' in text
    rates = [one for one in between(holding, "MEX").largest if not one.additive]
    assert text.count("the highest first") == len(rates), "people and money are ranked by size"
    assert "What would fill it" in text
    assert "How marks read" in text
    assert re.search(r'<svg class="beside"', text), "a picture beside region or world"
    folded = re.findall(r'<details class="goal"( open)?>', text)
    assert folded[0] == " open"
    assert set(folded[1:]) == {""}, "a phone shows the first goal, and the heads of the others"


def test_a_region_is_compared_with_the_world_only(reader):
    text = reader.get("/en/areas/419").content.decode()
    assert text.count('class="region"') == 0
    assert "What is missing" not in text, "gaps are those of countries"


def test_an_area_without_any_number_has_a_page(reader, holding):
    held = {area for own in holding.areas_of.values() for area in own}
    empty = next(one for one in ("TKL", "PCN", "ATA", "BVT") if one not in held)
    assert lines(holding, empty) == []
    answer = reader.get(f"/en/areas/{empty}")
    assert answer.status_code == 200
    assert "There is no number to show." in answer.content.decode()


@pytest.mark.parametrize("code", ["MEX", "USA", "RUS", "IND", "001"])
def test_every_card_and_row_leads_to_a_page_that_shows_its_number(reader, code):
    page = reader.get(f"/en/areas/{code}").content.decode()
    number = r'<a class="how" href="([^"]+)"'
    cards = re.findall(rf'<li><h2><a href="([^"]+)">.*?<p class="figure">\s*{number}', page, re.DOTALL)
    rows = re.findall(
        rf'<tr><th scope="row"><a href="([^"]+)">.*?</th>\s*<td class="right">\s*{number}', page, re.DOTALL
    )
    assert rows
    for link, how in (*cards, *rows):
        assert how in reader.get(unescape(link)).content.decode(), link


def test_a_card_of_some_says_of_whom(reader):
    # What a sender pays is another number than what it costs to send to a country.
    page = reader.get("/en/areas/GBR").content.decode()
    cards = re.findall(r'<li><h2><a href="([^"]+)">.*?</h2>(.*?)</li>', page, re.DOTALL)
    some = [text for link, text in cards if "d.DIRECTION=OUTBOUND" in unescape(link)]
    assert some
    assert all("sending from the area" in one for one in some)
