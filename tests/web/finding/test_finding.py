"""A person finds areas, series, targets and indicators by codes, names in six languages, and with typing errors."""

from __future__ import annotations

import pytest

from sojourn import areas
from sojourn.release import open_release
from sojourn.web.finding import find
from sojourn.web.holding import load


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


@pytest.mark.parametrize("language", areas.LANGUAGES)
@pytest.mark.parametrize("code", ["MEX", "CIV", "DEU", "SYR", "001", "419"])
def test_an_area_is_found_by_its_name_in_every_language(holding, code, language):
    assert find(areas.name(code, language), holding).areas[0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MEX", "MEX"),
        ("mx", "MEX"),
        ("484", "MEX"),
        ("Cote d'Ivoire", "CIV"),
        ("turkiye", "TUR"),
        ("Mexco", "MEX"),
        ("Germny", "DEU"),
        ("Untied States", "USA"),
        ("Afganistan", "AFG"),
        ("bosnia", "BIH"),
        ("Herzegovna", "BIH"),
        ("Kyrgistan", "KGZ"),
        ("Allemange", "DEU"),
        ("Росия", "RUS"),
        ("Alemana", "DEU"),
        ("مكسيك", "MEX"),
        ("墨西", "MEX"),
    ],
)
def test_codes_accents_beginnings_and_typing_errors(holding, text, code):
    assert code in find(text, holding).areas[:5]


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("SI_RMT_COST", "SI_RMT_COST"),
        ("si_rmt_cost", "SI_RMT_COST"),
        ("10.c.1", "SI_RMT_COST"),
        ("remittance cost", "SI_RMT_COST"),
        ("remitance costs", "SI_RMT_COST"),
        ("cost of remittances", "SI_RMT_COST"),
        ("corridor remittance", "SI_RMT_COST_BC"),
    ],
)
def test_series_are_found_by_code_indicator_and_words(holding, text, series):
    assert series in find(text, holding).series


def test_series_are_found_in_the_language_of_the_reader(holding):
    from sojourn.web.terms import plain_term

    name = holding.series["SI_RMT_COST"]["name"]
    for language in areas.LANGUAGES:
        assert "SI_RMT_COST" in find(plain_term(language, name), holding).series


def test_an_area_beside_words_is_the_area_of_the_series(holding):
    for text in ("remittance cost Mexico", "Mexico remittance cost", "remittance cost Côte d’Ivoire"):
        found = find(text, holding)
        assert "SI_RMT_COST" in found.series
        assert found.areas == (found.of,)
        assert found.of in ("MEX", "CIV")
    assert find("remittance cost Germny", holding).of == "DEU"
    assert find("remittance cost zzqx", holding).of == ""
    for text in ("refugees origin", "migrant deaths", "remittance cost", "corridor cost", "decent work"):
        assert find(text, holding).of == "", "words are no misspelt areas"
    assert find("Latin America and the Caribbean", holding).of == "", "a name of its own is no two"


def test_targets_and_indicators_by_code(holding):
    assert find("10.7", holding).targets[0] == "10.7"
    assert find("10.7.3", holding).indicators[0] == "10.7.3"


@pytest.mark.parametrize("text", ["zzqxzzqx", "…", "<script>", "a" * 200])
def test_what_is_nothing_finds_nothing(holding, text):
    assert not find(text, holding)


def test_the_page_leads_to_the_series_of_the_area(reader):
    text = reader.get("/en/search?q=remittance+cost+Mexico").content.decode()
    assert "/en/areas/MEX" in text
    assert "area=MEX" in text


@pytest.mark.parametrize(
    "text",
    [
        "Mexico United States",
        "from Mexico to the United States",
        "Mexique – États-Unis",
        "México a Estados Unidos",
        "墨西哥 美国",
        "Мексика Соединенные Штаты",
        "المكسيك إلى الولايات المتحدة",
        "mex/usa",
    ],
)
def test_two_areas_side_by_side_are_a_corridor(holding, text):
    assert find(text, holding).between == ("MEX", "USA")


@pytest.mark.parametrize(
    "text", ["Mexico", "Mexico Mexico", "Guinea Bissau", "Latin America and the Caribbean"]
)
def test_one_area_is_no_corridor(holding, text):
    assert find(text, holding).between == ()


@pytest.mark.parametrize(
    "text", ["migrants", "migrant", "migrantes", "мигранты", "мигрантов", "المهاجرين", "المهاجرون", "移民"]
)
def test_a_plural_and_a_word_of_another_language_find_the_people(holding, text):
    found = find(text, holding)
    assert "SJ_MIGRANT_STOCK" in found.series[:3]
    assert "ARE" not in found.areas, "people are no misspelt area"


def test_nothing_is_listed_twice(holding):
    for text in ("10.7.4", "10.7.3", "remittance cost", "SI_RMT_COST"):
        found = find(text, holding)
        for listed in (found.areas, found.series, found.targets, found.indicators):
            assert len(listed) == len(set(listed)), text


def test_codes_are_read_in_whatever_case(holding):
    assert find("10.C.1", holding).series[0] == "SI_RMT_COST"
    assert find("10.C.1", holding).indicators[0] == "10.c.1"


def test_the_page_offers_the_corridor_and_repeats_no_more_than_fits(reader):
    text = reader.get("/en/search?q=Mexico+United+States").content.decode()
    assert 'href="/en/corridors/MEX/USA"' in text
    long = "remittance " * 30
    text = reader.get("/en/search", {"q": long}).content.decode()
    assert "Only the first 200 letters were searched for." in text
    head = text[text.index("<h1>") : text.index("</h1>")]
    assert head.count("remittance") <= 6
    assert "…" in head


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("cost of remittances USA Mexico", "series/SI_RMT_COST_BC?area=USA&counterpart=MEX"),
        ("cost of remittances to Mexico from the USA", "series/SI_RMT_COST_BC?area=USA&counterpart=MEX"),
        ("on track 10.c", "targets/10.c"),
        ("墨西哥汇款", "series/BX_TRF_PWKR?area=MEX"),
        ("Мексика переводы", "series/BX_TRF_PWKR?area=MEX"),
        ("goal 10", "goals/10"),
        ("is Mexico on track", "areas/MEX"),
    ],
)
def test_one_word_more_or_less_keeps_the_answer(holding, text, address):
    addresses = [one.address.partition("#")[0] for one in find(text, holding).hits]
    assert address in addresses[:2]


def test_a_breakdown_is_asked_of_the_area_and_said(holding):
    assert (
        find("population of Germany, women", holding).hits[0].address == "series/SJ_POPULATION?area=DEU&sex=F"
    )
    hit = find("population by sex in Germany", holding).hits[0]
    assert hit.address == "series/SJ_POPULATION?area=DEU#choose"
    assert {"columns": ("sex",)} in [one.fields for one in hit.why]
    assert find("population in Germany", holding).hits[0].address == "series/SJ_POPULATION?area=DEU"


def test_misspelt_words_are_said(holding):
    assert find("remmittances Mexico", holding).read_as == (("remmittances", "remittances"),)
    assert find("remittance cost", holding).read_as == ()


def test_every_answer_says_why_and_exists(reader, holding):
    for text in (
        "remittance cost Mexico USA",
        "refugees by age",
        "10.c on track",
        "on track",
        "goal 10 poverty",
    ):
        for hit in find(text, holding).hits[:6]:
            assert hit.why, hit
            page, _, _ = hit.address.partition("#")
            assert reader.get(f"/en/{page}").status_code == 200, hit.address


@pytest.mark.parametrize("language", areas.LANGUAGES)
def test_reasons_are_told_in_the_language_of_the_page(reader, language):
    text = reader.get(f"/{language}/search", {"q": "remittance cost Mexico USA"}).content.decode()
    assert "untranslated" not in text
    assert "<ol" in text
