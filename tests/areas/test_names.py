"""People find areas by any of their names, in six languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn import areas
from sojourn.errors import NotFoundError, UsageError

COUNTRIES = areas.table().filter(kind="country")["area"].to_list()
REGIONS = areas.table().filter(kind="region")["area"].to_list()


@given(area=st.sampled_from(COUNTRIES), language=st.sampled_from(areas.LANGUAGES))
def test_a_country_is_found_by_its_name_however_written(area, language):
    named = areas.name(area, language)
    for written in (named, named.upper(), f"  {named} "):
        assert areas.resolve(written) == area
        assert areas.resolve(written, language=language) == area


def test_every_country_has_a_name_of_its_own_in_every_language():
    for language in areas.LANGUAGES:
        assert all(areas.has_name(area, language) for area in COUNTRIES)
        assert len({areas.name(area, language) for area in COUNTRIES}) == len(COUNTRIES)


@pytest.mark.parametrize("language", areas.LANGUAGES)
def test_a_region_is_found_by_its_name(language):
    for area in REGIONS:
        assert areas.resolve(areas.name(area, language), language=language) == area


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Mexico", "MEX"),
        ("mex", "MEX"),
        ("MX", "MEX"),
        ("484", "MEX"),
        ("world", "001"),
        ("1", "001"),
        ("na", "NAM"),
        ("Sub-Saharan Africa", "202"),
        ("Côte d'Ivoire", "CIV"),
        ("美国", "USA"),
        ("المكسيك", "MEX"),
        ("g20", "G20"),
        ("WB_SSF", "WB_SSF"),
        ("ssf", "WB_SSF"),
        ("South Asia", "WB_SAS"),
        ("Southern Asia", "034"),
        ("UK", "GBR"),
        ("Micronesia", "057"),
        ("Southern Africa", "018"),
        ("Afrique du Sud", "ZAF"),
        ("Republic of Korea", "KOR"),
    ],
)
def test_what_people_type(text, area):
    assert areas.resolve(text) == area


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Korea", ["KOR", "PRK"]),
        ("Virgin Islands", ["VGB", "VIR"]),
        ("Mexcio", ["MEX"]),
        ("Southrn Africa", ["018"]),
    ],
)
def test_close_or_ambiguous_names_are_offered_and_never_taken(text, offered):
    with pytest.raises(NotFoundError) as raised:
        areas.resolve(text)
    assert raised.value.advice is not None
    assert all(f"({area})" in raised.value.advice for area in offered)
    assert raised.value.advice.count("(") <= 10


@pytest.mark.parametrize("text", ["", "  ", "?", "qqqqqqqq"])
def test_hopeless_texts_are_refused_with_advice(text):
    with pytest.raises(NotFoundError) as raised:
        areas.resolve(text)
    assert raised.value.advice is not None


def test_an_ambiguous_offer_is_named_in_the_persons_language():
    with pytest.raises(NotFoundError) as raised:
        areas.resolve("Korea", language="fr")
    assert "Corée du Sud (KOR)" in str(raised.value)


def test_names_fall_back_to_english_and_say_so():
    assert areas.name("513", "fr") == "Europe and Northern America"
    assert not areas.has_name("513", "fr")
    assert areas.name("419", "es") == "América Latina y el Caribe"
    assert areas.name("001") == "World"
    assert areas.name("FSM", "es") != areas.name("057", "es")


def test_unknown_areas_and_languages_are_refused():
    for function in (areas.name, areas.has_name):
        with pytest.raises(NotFoundError, match="ZZZ"):
            function("ZZZ", "en")
        with pytest.raises(UsageError, match="'de'"):
            function("MEX", "de")
    with pytest.raises(UsageError, match="'de'"):
        areas.resolve("Mexiko", language="de")
