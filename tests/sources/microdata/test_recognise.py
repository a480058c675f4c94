"""The assistant on the four real surveys and on names and labels of others; what it writes can be applied."""

from __future__ import annotations

import polars as pl
import pyreadstat
import pytest

from sojourn.sources.microdata.files import open_survey
from sojourn.sources.microdata.mapping import parse_mapping
from sojourn.sources.microdata.meanings import meaning_of_label
from sojourn.sources.microdata.recognise import describe
from sojourn.sources.microdata.standard import standard
from sojourn.sources.microdata.writing import proposed


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def found(description):
    return {one.concept: one.column for one in description.proposals}


ACS = {
    "nativity": "NATIVITY",
    "citizenship": "CIT",
    "sex": "SEX",
    "age": "AGEP",
    "weight": "PWGTP",
    "employment": "ESR",
    "education": "SCHL",
    "language_proficiency": "ENG",
    "annual_earnings": "WAGP",
    "insurance": "HICOV",
    "poverty_ratio": "POVPIP",
    "household": "SERIALNO",
}


@pytest.mark.parametrize("families", [True, False])
def test_acs_2024(shared, cache, families):
    survey = open_survey(shared / "data/microdata/acs_pums_2024/p_56.parquet", cache)
    description = describe(survey, families=families)
    assert ACS.items() <= found(description).items()
    assert description.replicates == ("", 0)
    assert description.family == ("acs_pums_points" if families else "")
    assert description.get("nativity").way.codes == {"native": (1,), "foreign": (2,)}


@pytest.mark.parametrize("families", [True, False])
def test_acs_2011(shared, cache, families):
    survey = open_survey(shared / "data/microdata/acs2011_person_sample.csv.gz", cache)
    description = describe(survey, families=families)
    assert {**ACS, "birthplace": "POBP", "year_of_arrival": "YOEP"}.items() <= found(description).items()
    assert description.replicates == ("PWGTP{1..80}", 80)
    assert description.family == ("acs_pums" if families else "")
    text = proposed(description, area="USA", year=2011)
    mapping = parse_mapping(text, "x")
    assert mapping.design.kind == ("sdr" if families else "weights")
    if not families:
        assert 'replicates = "PWGTP{1..80}"' in text
    table = standard(survey, mapping)
    counts = {(a, b): c for a, b, c in table.counts.iter_rows()}
    assert counts["nativity", "foreign"] == 743


@pytest.mark.parametrize("families", [True, False])
def test_geih(shared, cache, families):
    survey = open_survey(shared / "data/microdata/geih_bogota/migration.parquet", cache)
    description = describe(survey, families=families)
    assert {
        "nativity": "donde_nacio",
        "citizenship": "nacionalidad",
        "birthplace": "nacio_otro_pais",
        "country_of_citizenship": "pais_nacionalidad1",
        "year_of_arrival": "year_llego_col",
        "previous_residence": "donde_1_year",
        "residence_five_years_ago": "donde_5_years",
    }.items() <= found(description).items()
    assert description.get("weight") is None
    mapping = parse_mapping(proposed(description, area="COL"), "x")
    assert mapping.design.kind == "none"
    counts = {(a, b): c for a, b, c in standard(survey, mapping).counts.iter_rows()}
    assert (counts["nativity", "foreign"], counts["nativity", "native"]) == (4_492, 76_394)
    if not families:
        # Without labels, who has two citizenships cannot be told from who has a foreign one.
        assert "citizenship" not in mapping.concepts
        assert "nacio_otro_pais" in description.get("nativity").reason


@pytest.mark.parametrize("families", [True, False])
def test_sd2011(shared, cache, families):
    survey = open_survey(shared / "data/microdata/sd2011/SD2011.csv.gz", cache)
    description = describe(survey, families=families)
    assert {
        "work_abroad_intention": "wkabint",
        "sex": "sex",
        "age": "age",
        "education": "edu",
        "employment": "socprof",
    }.items() <= found(description).items()
    assert description.get("weight") is None
    assert [column for column, _ in description.refused] == ["weight"]
    counts = standard(survey, parse_mapping(proposed(description, area="POL", year=2011), "x")).counts
    assert counts.filter(concept="work_abroad_intention", code="yes")["rows"].item() == 318


def test_names_of_ipums(tmp_path, cache):
    rows = {"COUNTRY": 170, "YEAR": 2005, "SERIAL": 1, "PERWT": 10.5, "NATIVITY": 1, "CITIZEN": 2}
    rows |= {"BPLCOUNTRY": 23010, "YRIMM": 0, "MIGRATE5": 11, "SEX": 1, "AGE": 30, "EMPSTAT": 1}
    pl.DataFrame([rows, rows | {"NATIVITY": 2}]).write_parquet(tmp_path / "i.parquet")
    survey = open_survey(tmp_path / "i.parquet", cache)
    wanted = {
        "nativity": "NATIVITY",
        "citizenship": "CITIZEN",
        "birthplace": "BPLCOUNTRY",
        "year_of_arrival": "YRIMM",
        "residence_five_years_ago": "MIGRATE5",
        "weight": "PERWT",
        "household": "SERIAL",
    }
    for families in (True, False):
        assert wanted.items() <= found(describe(survey, families=families)).items()
    assert describe(survey).family == "ipums_international"


LANGUAGES = {
    "english": (
        "Country of citizenship status",
        {1: "National citizen", 2: "Foreign national", 3: "Stateless person", 9: "Don't know"},
        "Were you born in this country?",
        {1: "Born in this country", 2: "Born abroad"},
        "Person weight for analysis",
    ),
    "spanish": (
        "¿Cuál es su nacionalidad?",
        {1: "Colombiano", 2: "Extranjero", 3: "Apátrida", 9: "No sabe"},
        "¿Dónde nació?",
        {1: "En este país", 2: "En otro país"},
        "Factor de expansión",
    ),
    "french": (
        "Nationalité",
        {1: "Français de naissance", 2: "Étrangère", 3: "Apatride", 9: "Ne sait pas"},
        "Lieu de naissance",
        {1: "Dans le pays", 2: "À l'étranger"},
        "Coefficient de pondération",
    ),
    "polish": (
        "Obywatelstwo",
        {1: "Polskie", 2: "Cudzoziemiec", 3: "Bez obywatelstwa", 9: "Nie wiem"},
        "Miejsce urodzenia",
        {1: "W Polsce", 2: "Za granicą"},
        "Waga osoby",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_four_languages_give_a_mapping_that_counts(tmp_path, cache, language):
    citizenship, citizens, nativity, natives, weight = LANGUAGES[language]
    path = tmp_path / "a.sav"
    frame = pl.DataFrame({"q1": [1.0, 2.0, 3.0, 9.0], "q2": [1.0, 2.0, 1.0, 2.0], "q3": [1.5, 2.5, 3.5, 4.0]})
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={"q1": citizenship, "q2": nativity, "q3": weight},
        variable_value_labels={"q1": citizens, "q2": natives},
    )
    survey = open_survey(path, cache)
    description = describe(survey)
    assert found(description) == {"citizenship": "q1", "nativity": "q2", "weight": "q3"}
    assert "its label" in description.get("nativity").reason
    table = standard(survey, parse_mapping(proposed(description, area="POL", year=2020), "x"))
    out = table.frame.collect()
    assert out["citizenship"].to_list() == ["citizen", "foreigner", "stateless", "unknown"]
    assert out["nativity"].to_list() == ["native", "foreign", "native", "foreign"]
    assert out["weight"].to_list() == [1.5, 2.5, 3.5, 4.0]


def labelled(tmp_path, columns):
    """Write a labelled file of columns: name -> (label, codes, cells)."""
    path = tmp_path / "labelled.sav"
    pyreadstat.write_sav(
        pl.DataFrame({name: cells for name, (_, _, cells) in columns.items()}),
        str(path),
        column_labels={name: label for name, (label, _, _) in columns.items()},
        variable_value_labels={name: codes for name, (_, codes, _) in columns.items() if codes},
    )
    return open_survey(path, tmp_path / "cache")


def test_names_and_labels_of_a_demographic_and_health_survey(tmp_path):
    survey = labelled(
        tmp_path,
        {
            "hv001": ("Cluster number", {}, [1.0, 2.0, 3.0]),
            "hv005": ("Household sample weight (6 decimals)", {}, [1e6, 2e6, 1.5e6]),
            "hv022": ("Sample strata for sampling errors", {}, [1.0, 1.0, 2.0]),
            "hv025": ("Type of place of residence", {1: "Urban", 2: "Rural"}, [1.0, 2.0, 1.0]),
            "hv104": ("Sex of household member", {1: "Male", 2: "Female"}, [1.0, 2.0, 1.0]),
            "hv105": ("Age of household members", {98: "Don't know"}, [20.0, 30.0, 98.0]),
        },
    )
    description = describe(survey)
    assert found(description) == {
        "sex": "hv104",
        "age": "hv105",
        "urban": "hv025",
        "weight": "hv005",
        "stratum": "hv022",
        "cluster": "hv001",
    }
    assert description.get("sex").way.codes == {"female": (2,), "male": (1,)}
    assert description.get("age").way.unknown == (98,)
    text = proposed(description, area="SEN", year=2020)
    assert 'strata = ["hv022"] with kind = "taylor"?' in text
    assert parse_mapping(text, "x").design.kind == "weights"


def test_labels_of_a_labour_force_survey(tmp_path):
    survey = labelled(
        tmp_path,
        {
            "B01": (
                "Migration status: native-born or foreign-born",
                {1: "Native-born", 2: "Foreign-born"},
                [1.0, 2.0],
            ),
            "B02": ("Citizenship", {1: "Citizen", 2: "Non-citizen", 3: "Stateless"}, [1.0, 3.0]),
            "B03": ("Year of arrival in the country", {9999: "Not stated"}, [2005.0, 9999.0]),
            "B04": (
                "Labour force status",
                {1: "Employed", 2: "Unemployed", 3: "Outside the labour force"},
                [1.0, 2.0],
            ),
            "B05": ("Sampling weight", {}, [10.0, 12.0]),
            "B06": ("Status in employment", {1: "Employees", 3: "Own-account workers"}, [1.0, 3.0]),
        },
    )
    description = describe(survey)
    assert found(description) == {
        "nativity": "B01",
        "citizenship": "B02",
        "year_of_arrival": "B03",
        "employment": "B04",
        "status_in_employment": "B06",
        "weight": "B05",
    }
    # Also the code that is labelled but does not occur.
    assert description.get("citizenship").way.codes == {"citizen": (1,), "foreigner": (2,), "stateless": (3,)}
    table = standard(survey, parse_mapping(proposed(description, area="LAO", year=2017), "x"))
    assert table.frame.collect()["year_of_arrival"].to_list() == [2005, None]


def test_codes_nobody_understands_are_left_to_a_person(tmp_path, cache):
    frame = pl.DataFrame({"citizen": ["Citizen", "Blorb", "Foreigner"], "cit": [5, 6, 7], "pad": [1, 2, 3]})
    frame.write_parquet(tmp_path / "a.parquet")
    survey = open_survey(tmp_path / "a.parquet", cache)
    description = describe(survey)
    assert found(description)["citizenship"] == "citizen"
    assert description.get("citizenship").open_codes == ("Blorb",)
    text = proposed(description, area="POL", year=2020)
    assert "meaning not known of: Blorb" in text
    table = standard(survey, parse_mapping(text, "x"))
    assert table.problems["value"].to_list() == ["Blorb"]


def test_labels_cannot_break_out_of_a_comment(tmp_path, cache):
    path = tmp_path / "a.sav"
    label = 'Nativity\n[design]\nkind = "sdr" \x1b[2J'
    pyreadstat.write_sav(pl.DataFrame({"nat": [1.0, 2.0]}), str(path), column_labels={"nat": label})
    text = proposed(describe(open_survey(path, cache)), area="POL", year=2020)
    assert parse_mapping(text, "x").design.kind == "none"
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("concept", "label", "meaning"),
    [
        ("citizenship", "Not a U.S. citizen", "foreigner"),
        ("citizenship", "U.S. citizen by naturalization", "citizen"),
        ("citizenship", "Born abroad of U.S. citizen parent or parents", "citizen"),
        ("citizenship", "Without nationality", "stateless"),
        ("nativity", "Foreign-born", "foreign"),
        ("nativity", "NIU (not in universe)", "not_in_universe"),
        ("employment", "Unemployed", "unemployed"),
        ("employment", "Not in labor force", "outside"),
        ("legal_status", "Without permit", "irregular"),
        ("sex", "Mężczyzna", "male"),
        ("nativity", "", None),
        ("citizenship", "purple", None),
    ],
)
def test_words(concept, label, meaning):
    assert meaning_of_label(concept, label) == meaning
