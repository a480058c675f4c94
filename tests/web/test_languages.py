"""Texts in six languages: nothing missing, nothing that is silently English, numbers as each language writes them."""

from __future__ import annotations

import pytest

from sojourn import areas
from sojourn.web import languages, words


@pytest.mark.parametrize("language", languages.NAMES)
def test_no_text_is_missing(language):
    assert languages.missing(language) == ()


def test_the_languages_are_those_that_areas_are_named_in():
    assert sorted(languages.NAMES) == sorted(areas.LANGUAGES)


@pytest.mark.parametrize("language", [one for one in languages.NAMES if one != "en"])
def test_no_catalogue_holds_a_text_that_the_site_does_not_have(language):
    assert set(languages.catalogue(language)) <= set(languages.messages())


def test_what_a_catalogue_lacks_is_marked_as_english_and_listed(monkeypatch):
    monkeypatch.setattr(languages, "catalogue", lambda _: {})
    assert 'lang="en"' in languages.translate("ar", "Goals")
    assert "Goals" in languages.missing("ar")


def test_a_lost_placeholder_counts_as_missing(monkeypatch):
    monkeypatch.setattr(languages, "catalogue", lambda _: {"by {year}": "d'ici"})
    assert "by {year}" in languages.missing("fr")


def test_fields_are_escaped():
    assert "&lt;b&gt;" in languages.translate("en", "by {year}", year="<b>")


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1,234.50"), ("zh", "1,234.50"), ("ar", "1,234.50")],
)
def test_large_numbers_are_rounded_to_whole_ones(language, text):
    assert languages.number(1234.5, language) == text.rsplit(".", 1)[0]


@pytest.mark.parametrize("language", [one for one in languages.NAMES if one != "en"])
def test_every_count_has_a_form_in_every_language(language):
    for one, many in languages.counted_messages().items():
        forms = languages.plurals(language).forms[one]
        assert {languages.plurals(language).form_of(count) for count in range(300)} == set(range(len(forms)))
        for count in (0, 1, 2, 3, 11, 21, 100, 1234):
            told = languages.counted(language, one, many, count)
            assert "lang=" not in told
            assert count in (0, 1, 2) or languages.number(count, language) in told


def test_arabic_counts_in_six_ways_and_russian_in_three():
    def told(language: str, *counts: int) -> list[str]:
        return [
            languages.counted(language, "{count} country", "{count} countries", one).striptags()
            for one in counts
        ]

    assert told("en", 1, 2) == ["1 country", "2 countries"]
    assert told("ru", 1, 3, 11, 21) == ["1 страна", "3 страны", "11 стран", "21 страна"]
    assert told("ar", 0, 1, 2, 7, 47, 100) == [
        "لا بلدان",
        "بلد واحد",
        "بلدان",
        "7 بلدان",
        "47 بلدا",
        "100 بلد",
    ]
    assert told("zh", 1, 5) == ["1 个国家", "5 个国家"]


def test_a_decimal_comma_where_the_language_has_one():
    assert [languages.number(9.3, one) for one in ("en", "fr", "ru", "es")] == [
        "9.30",
        "9,30",
        "9,30",
        "9,30",
    ]


def test_dates_and_names_of_releases_keep_their_direction_in_arabic():
    told = languages.translate("ar", "Release {name}, as of {date}.", name="0001-0b778fb4", date="2026-12-31")
    assert '<bdi dir="ltr">0001-0b778fb4</bdi>' in told
    assert '<bdi dir="ltr">2026-12-31</bdi>' in told
    assert "<bdi>" not in languages.translate("fr", "by {year}", year="2030")
    assert "&lt;b&gt;" in languages.translate("ar", "by {year}", year="<b>")


def test_every_state_and_status_has_words_and_a_mark():
    from sojourn.indicators.progress import STATE_CODES
    from sojourn.observations import MISSING
    from sojourn.web.judged import TOO_FEW, TOO_OLD

    assert set(words.STATES) == set(words.MARKS) == {*STATE_CODES, TOO_FEW, TOO_OLD}
    assert set(MISSING) <= set(words.STATUS)
