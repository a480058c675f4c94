"""Names of what is measured in six languages: none missing, none silently English, composed names put together."""

from __future__ import annotations

import pytest

from sojourn.web import languages, terms

OTHERS = [one for one in languages.NAMES if one != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_no_name_is_missing(language):
    assert terms.missing(language) == ()


@pytest.mark.parametrize("language", OTHERS)
def test_every_series_of_the_release_has_a_name_in_every_language(language, reader, two_releases):
    from sojourn.release import open_release

    for one in open_release(two_releases[1]).series().values():
        named = [one["name"], one["area_role"], one["counterpart_role"]]
        for dimension in one["dimensions"]:
            named += [dimension["label"], dimension["default"], *dimension["codes"].values()]
        assert [text for text in named if text and terms.translated(language, text) is None] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalogue_holds_a_name_that_nothing_has(language):
    assert set(languages.names(language)) <= set(terms.terms())


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_survive(language):
    for pattern in terms.COMPOSED:
        assert languages.names(language)[pattern].count("{name}") == 1


@pytest.mark.parametrize("language", ["ar", "ru", "zh"])
def test_names_are_written_in_the_letters_of_the_language(language):
    """A translation that was forgotten, or put beside the wrong name, would show Latin words."""
    import re

    own_words = re.compile(r"SmaRT|FLOW=REMITTANCES_PAID|DIRECTION=OUTBOUND|{name}")
    for text, own in languages.names(language).items():
        rest = own_words.sub("", own)
        assert not re.search(r"[A-Za-z]{2,}", rest), (text, own)


def test_a_composed_name_is_made_of_the_other():
    gap = "Gap by migratory status: unemployment rate"
    assert (
        terms.translated("fr", gap) == "Écart selon le statut migratoire\N{NO-BREAK SPACE}: taux de chômage"
    )
    assert terms.translated("zh", gap) == "按移民身份分列的差距：失业率"
    assert terms.translated("fr", "Gap by migratory status: what nobody knows") is None


def test_what_has_no_translation_is_marked_as_english():
    assert terms.term("ar", "Series of somebody's own <b>") == (
        '<span lang="en" dir="ltr">Series of somebody&#39;s own &lt;b&gt;</span>'
    )
    assert terms.term("en", "Unemployment rate") == "Unemployment rate"


def test_long_texts_are_listed_as_english():
    listed = terms.english_only()
    assert len(listed["definitions"]) > 100
    assert "Personal remittances received, in per cent of GDP." in listed["definitions"]
