"""Errors and pages in the reader's language: what is not translated is marked as English, never passed off."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from sojourn.web.languages import NAMES
from sojourn.web.said import again, say

OTHER_LETTERS = ("ar", "ru", "zh")

PAGES = (
    "", "goals", "goals/10", "targets/10.c", "indicators", "indicators/10.c.1", "series/SI_RMT_COST",
    "series/SI_RMT_COST_BC", "methods/SI_RMT_COST", "areas", "areas/MEX", "data", "data/api", "data/differences",
    "search?q=墨西哥", "corridors", "number?series=SI_RMT_COST&area=MEX&period=2013",
)  # fmt: skip

ERRORS = (
    "nowhere", "series/NONE", "series/SI_RMT_COST?area=Mexiko", "series/SI_RMT_COST?period=never",
    "series/SI_RMT_COST?d.AMOUNT=7", "series/SI_RMT_COST?sex=Q", "series/SI_RMT_COST?foo=1", "areas/Atlantis", "goals/99", "targets/99",
    "indicators/99", "methods/NONE", "number", "data/changes?before=1&after=2", "data/differences?series=NONE", "?release=0009",
    "series/SI_RMT_COST?area=MEX&area=USA&area=IND&area=GBR&area=RUS&area=UZB&area=FRA",
)  # fmt: skip

OWN_NAMES = re.compile(
    r"Sojourn|Open ?API|JSON|CSV|Arrow|Parquet|Excel|SVG|PNG|Python|Stata|SHA-256|API|SmaRT|M49|ISO|first|last|series"
    r"|period|area|SDMX|GitHub|Polars|Vega"
)
"""Names of programs, formats and parameters, which are the same in every language."""


_WORD = re.compile(r"(?<![\w.=-])[A-Z]?[a-z]{3,}(?![\w.=])")
"""A word; codes, names of files and of releases are none."""


class _Reader(HTMLParser):
    """Collects the text that a page passes off as its own language."""

    SKIPPED = ("script", "style", "code", "pre")
    VOID = ("meta", "link", "img", "br", "input", "source", "hr", "wbr", "rect", "path", "line", "circle")

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language, self._foreign, self._open, self.texts = language, 0, [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in self.VOID:
            return
        foreign = (
            tag in self.SKIPPED
            or given.get("lang", self._language) != self._language
            or (tag != "html" and given.get("dir") == "ltr")
        )
        self._open.append((tag, foreign))
        self._foreign += foreign

    def handle_endtag(self, tag):
        while self._open:
            name, foreign = self._open.pop()
            self._foreign -= foreign
            if name == tag:
                return

    def handle_data(self, data):
        if not self._foreign:
            self.texts.append(data)


def passed_off(language: str, page: str) -> list[str]:
    """Give the texts of a page with words in Latin letters that are marked neither as English nor as code."""
    reader = _Reader(language)
    reader.feed(page)
    return [one.strip() for one in reader.texts if _WORD.search(OWN_NAMES.sub("", one))]


@pytest.mark.parametrize("language", OTHER_LETTERS)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_silently_english(reader, language, path):
    answer = reader.get(f"/{language}/{path}")
    assert answer.status_code == 200
    assert passed_off(language, answer.content.decode()) == []


@pytest.mark.parametrize("language", OTHER_LETTERS)
@pytest.mark.parametrize("path", ERRORS)
def test_no_error_is_silently_english(reader, language, path):
    answer = reader.get(f"/{language}/{path}")
    assert answer.status_code in (400, 404)
    page = answer.content.decode()
    own = re.sub(r"<bdi>.*?</bdi>", "", page)
    assert passed_off(language, own) == []
    fault = page[page.index('class="fault"') :]
    assert 'lang="en"' not in fault, "what a reader can provoke is told in the reader's language"


def test_the_reading_finds_what_is_english():
    assert passed_off("ru", '<html lang="ru"><p>Сайт <b>made a mistake</b></p></html>') == ["made a mistake"]
    assert passed_off("ru", '<html lang="ru"><p>Сайт <b lang="en">made it</b><br>и всё</p></html>') == []


def test_close_areas_are_named_in_the_language_of_the_page(reader):
    page = reader.get("/ar/areas/Mexiko").content.decode()
    assert "المكسيك (MEX)" in page
    assert "Mexico (MEX)" in reader.get("/api/v1/areas/Mexiko").json()["advice"]


def test_what_is_said_is_escaped_and_cut():
    said = say("There is no series {code}", code="<b>")
    assert again("fr", said) == "Il n’y a pas de série <bdi>&lt;b&gt;</bdi>"
    assert again("fr", "Something of another room") == (
        '<span lang="en" dir="ltr">Something of another room</span>'
    )


@pytest.mark.parametrize("language", NAMES)
def test_a_hostile_address_is_told_as_text(reader, language):
    answer = reader.get(f"/{language}/areas/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 404
    assert b"<script>alert" not in answer.content
