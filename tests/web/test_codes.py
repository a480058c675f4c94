"""A code in another case leads to itself; one that does not exist leads to those that do."""

from __future__ import annotations

import re

import pytest

from sojourn.web.pages.codes import nearest_first
from sojourn.web.said import offer


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("indicators/10.C.1", "indicators/10.c.1"),
        ("targets/10.C", "targets/10.c"),
        ("series/si_rmt_cost?area=MEX", "series/SI_RMT_COST?area=MEX"),
        ("methods/Si_Rmt_Cost", "methods/SI_RMT_COST"),
    ],
)
def test_the_case_of_a_code_does_not_matter(reader, asked, there):
    answer = reader.get(f"/en/{asked}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/en/{there}"
    assert reader.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("series/SI_RMT_COS", "/en/series/SI_RMT_COST"),
        ("methods/SI_RMT_COS", "/en/methods/SI_RMT_COST"),
        ("indicators/10.c.9", "/en/indicators/10.c.1"),
        ("targets/10.99", "/en/targets/"),
        ("series/SI_RMT_COST?area=MEX&d.AMOUNT=501", "/en/series/SI_RMT_COST?area=MEX&amp;d.AMOUNT=500"),
        ("series/SI_RMT_COST?period=2013-Q5", None),
        ("series/SI_RMT_COST?period=1492", "/en/series/SI_RMT_COST?period="),
        ("corridors?size=11", "/en/corridors?size=10"),
        ("?release=0099-none", "/en/?release="),
        ("data/differences?series=NONE", "/en/data/differences?series="),
    ],
)
def test_what_is_possible_can_be_followed(reader, asked, first):
    answer = reader.get(f"/en/{asked}")
    assert answer.status_code in (400, 404)
    part = answer.content.decode().partition('class="accepted"')[2].partition("</div>")[0]
    found = re.findall(r'href="([^"]*)"', part)
    if first is None:
        assert not found, "how a period is written is a sentence, not a link"
        return
    assert found[0].startswith(first)
    for one in found[:3]:
        assert reader.get(one.replace("&amp;", "&")).status_code == 200, one


def test_what_resembles_the_question_comes_first_and_nothing_is_lost():
    codes = ["2010", "2011", "2012", "2013-Q1", "2020"]
    assert nearest_first("2019", ["1900", *codes, *map(str, range(2030, 2040))])[:4] == [*codes[:3], "2020"]
    assert sorted(nearest_first("2019", codes)) == sorted(codes)
    assert nearest_first("zz", ["AB", "CD"]) == ["AB", "CD"]


def test_the_api_gets_the_same_codes_as_a_text():
    assert offer(["A", "B"], "series/{}") == "A, B"
    assert offer(["A"], text="'A'") == "'A'"
