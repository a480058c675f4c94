"""Mappings applied to real files give the plain sums; what contradicts a file is named with counts."""

from __future__ import annotations

import polars as pl
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import LayoutError, NotFoundError, SourceError, UsageError
from sojourn.sources.microdata.codebooks import find_column
from sojourn.sources.microdata.files import open_survey
from sojourn.sources.microdata.mapping import Design, packaged, packaged_mapping, parse_mapping, read_mapping
from sojourn.sources.microdata.standard import standard
from sojourn.sources.microdata.variables import code, code_of
from sojourn.sources.microdata.writing import mapping_text

SMALL = """
title = "Small"
area = "POL"
years = [2021, 2021]
[design]
kind = "weights"
weight = "w"
[concepts.citizenship]
column = "cit"
codes = { citizen = [1], foreigner = [2], stateless = [3] }
unknown = [9]
not_in_universe = [0]
"""


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def survey_of(tmp_path, frame, name="a.parquet"):
    frame.write_parquet(tmp_path / name)
    return open_survey(tmp_path / name, tmp_path / "cache")


def read(tmp_path, text, frame, **more):
    return standard(survey_of(tmp_path, frame), parse_mapping(text, "small.toml"), **more)


PERSONS = pl.DataFrame({"cit": [1, 2, 3, 9, 0, None], "w": [1, 2, 3, 4, 5, 6]})


def test_acs_2024_foreign_born_of_eight_states_equal_the_plain_sums(shared, cache):
    paths = sorted((shared / "data/microdata/acs_pums_2024").glob("p_*.parquet"))
    table = standard(open_survey(paths, cache), packaged_mapping("acs_pums_points"), year=2024)
    mapped = (
        table.frame.filter(pl.col("nativity") == "foreign")
        .group_by("place")
        .agg(pl.col("weight").sum())
        .collect(engine="streaming")
    )
    plain = {}
    for path in paths:
        rows = pl.read_parquet(path, columns=["STATE", "NATIVITY", "PWGTP"])
        plain[rows["STATE"][0]] = rows.filter(NATIVITY=2)["PWGTP"].sum()
    assert dict(mapped.iter_rows()) == plain
    assert plain["02"] == 55_396  # Alaska: the sum of PWGTP where NATIVITY is 2
    assert table.frame.collect_schema()["weight"] == pl.Int64
    assert table.problems.height == 0
    assert any("YOEP" in note for note in table.notes)


def test_acs_persons_get_their_household_columns(shared, cache):
    folder = shared / "data/microdata/acs_pums_2024"
    persons = open_survey(folder / "p_15.parquet", cache)
    houses = open_survey(folder / "h_15.parquet", cache)
    table = standard(persons, packaged_mapping("acs_pums_points"), year=2024, joined=houses)
    got = table.frame.select("persons", "rooms").collect()
    joined = pl.read_parquet(folder / "p_15.parquet").join(
        pl.read_parquet(folder / "h_15.parquet"), on="SERIALNO", how="left", maintain_order="left"
    )
    assert got["persons"].to_list() == joined["NP"].to_list()
    assert got["rooms"].to_list() == joined["RMSP"].to_list()


def test_acs_2011_by_the_codebook_of_its_year(shared, cache):
    path = shared / "data/microdata/acs2011_person_sample.csv.gz"
    table = standard(open_survey(path, cache), packaged_mapping("acs_pums"), year=2011)
    counts = {(a, b): c for a, b, c in table.counts.iter_rows()}
    assert counts["nativity", "foreign"] == 743  # provenance of the file
    assert counts["year_of_arrival", "known"] == pl.read_csv(path, infer_schema_length=None)["YOEP"].count()
    assert len(table.design.replicates) == 80
    assert table.design.kind == "sdr"
    assert "place: STATE is called ST in this file" in table.notes
    weeks = set(table.frame.select("weeks_per_year").collect()["weeks_per_year"])
    assert weeks == {None, 51.0, 48.5, 43.5, 33.0, 20.0, 7.0}
    with pytest.raises(UsageError, match="not for 2004"):
        standard(open_survey(path, cache), packaged_mapping("acs_pums"), year=2004)
    with pytest.raises(UsageError, match="year of"):
        standard(open_survey(path, cache), packaged_mapping("acs_pums"))


def test_geih_counts_of_its_provenance(shared, cache):
    folder = shared / "data/microdata/geih_bogota"
    table = standard(
        open_survey(folder / "migration.parquet", cache),
        packaged_mapping("geih_bogota"),
        joined=open_survey(folder / "generales.parquet", cache),
    )
    counts = {(a, b): c for a, b, c in table.counts.iter_rows()}
    assert counts["nativity", "foreign"] == 4_492
    assert counts["nativity", "foreign"] + counts["nativity", "native"] == 80_886
    assert counts["citizenship", "foreigner"] == 3_771
    assert table.frame.select(pl.len(), pl.col("sex").null_count(), "year").collect()[
        "year"
    ].unique().sort().to_list() == [2022, 2023, 2024]
    assert table.design == Design(note=table.design.note)


def test_sd2011_takes_no_body_weight_for_a_survey_weight(shared, cache):
    table = standard(
        open_survey(shared / "data/microdata/sd2011/SD2011.csv.gz", cache), packaged_mapping("sd2011")
    )
    counts = {(a, b): c for a, b, c in table.counts.iter_rows()}
    assert (counts["work_abroad_intention", "yes"], counts["work_abroad_intention", "unknown"]) == (318, 36)
    assert counts["months_worked_abroad", "not_in_universe"] == 4_875
    assert table.design.kind == "none"
    assert "weight" not in table.frame.collect_schema()


def test_unknown_and_not_in_universe_stay_apart_from_every_answer(tmp_path):
    table = read(tmp_path, SMALL, PERSONS)
    assert table.frame.collect()["citizenship"].to_list() == [
        "citizen",
        "foreigner",
        "stateless",
        "unknown",
        "not_in_universe",
        "unknown",
    ]
    assert table.frame.collect().columns == ["citizenship", "year", "area", "weight"]


def test_codes_that_nobody_listed_are_an_error_or_a_problem(tmp_path):
    frame = PERSONS.with_columns(cit=pl.Series([1, 2, 7, 7, 8, 1]))
    with pytest.raises(SourceError, match=r"'7' \(2 rows\), '8' \(1 rows\)") as raised:
        read(tmp_path, SMALL, frame)
    assert "citizen: 1" in raised.value.accepted
    table = read(tmp_path, SMALL + 'other = "unknown"\n', frame)
    assert table.problems.select("value", "action").rows() == [("7", "emptied"), ("8", "emptied")]
    assert table.frame.collect()["citizenship"].to_list().count("unknown") == 3


@pytest.mark.parametrize(
    ("column", "match"),
    [
        ({"w": [1, 2, -3, 4, 5, -6]}, "w negative in 2 rows"),
        ({"w": [1, 2, None, 4, 5, 6]}, "w missing in 1 rows"),
        ({"w": ["1", "2", "x", "y", "5", "6"]}, "w no number in 2 rows"),
        ({"w": [1.0, float("nan"), 2.0, 3.0, 4.0, 5.0]}, "w no number in 1 rows"),
    ],
)
def test_weights_that_cannot_be_used_are_named_with_counts(tmp_path, column, match):
    frame = PERSONS.with_columns(**{name: pl.Series(cells) for name, cells in column.items()})
    with pytest.raises(SourceError, match=match):
        read(tmp_path, SMALL, frame)
    aside = SMALL.replace('weight = "w"', 'weight = "w"\nbad_weights = "set aside"')
    table = read(tmp_path, aside, frame)
    bad = int(match.split()[-2])
    assert table.frame.collect().height == 6 - bad
    assert table.problems["action"].to_list() == ["rejected"]


def test_a_weight_of_zero_is_kept_and_said(tmp_path):
    table = read(tmp_path, SMALL, PERSONS.with_columns(w=pl.Series([0, 1, 2, 3, 4, 5])))
    assert table.frame.collect().height == 6
    assert table.problems.select("value", "problem", "action").rows() == [
        ("zero", "1 rows of weight", "kept")
    ]


def test_replicates_short_of_those_declared(tmp_path):
    text = SMALL.replace('"weights"', '"sdr"').replace('weight = "w"', 'weight = "w"\nreplicates = "w{1..4}"')
    frame = PERSONS.with_columns(W1=pl.col("w"), w2=pl.col("w"), w3=-pl.col("w"))
    with pytest.raises(LayoutError, match="declares 4 replicate weights, and the file has 3: w4 absent"):
        read(tmp_path, text, frame)
    whole = frame.with_columns(w4=pl.col("w"))
    assert read(tmp_path, text, whole).frame.collect_schema().names()[-4:] == [
        f"replicate_{n}" for n in (1, 2, 3, 4)
    ]
    with pytest.raises(SourceError, match="w4 missing in 6 rows"):
        read(tmp_path, text, whole.with_columns(w4=pl.lit(None, dtype=pl.Int64)))


def test_taylor_columns_must_be_there_and_filled(tmp_path):
    text = SMALL.replace('kind = "weights"', 'kind = "taylor"\nstrata = ["st"]\nclusters = ["psu"]')
    frame = PERSONS.with_columns(st=pl.lit("a"), psu=pl.Series([1, 1, 2, 2, 3, 3]))
    table = read(tmp_path, text, frame)
    assert (table.design.strata, table.design.clusters) == (("stratum_1",), ("cluster_1",))
    assert table.frame.collect()["stratum_1"].to_list() == ["a"] * 6
    with pytest.raises(SourceError, match="psu missing in 1 rows"):
        read(tmp_path, text, frame.with_columns(psu=pl.Series([1, 1, None, 2, 3, 3])))
    with pytest.raises(LayoutError, match="st absent"):
        read(tmp_path, text, frame.drop("st"))


def test_a_mapping_that_contradicts_the_file(tmp_path, cache):
    with pytest.raises(LayoutError, match="which is not there") as raised:
        read(tmp_path, SMALL, PERSONS.rename({"cit": "citizenship"}))
    assert "Is citizenship meant?" in raised.value.advice
    words = PERSONS.with_columns(cit=pl.Series(["no"] * 6))
    with pytest.raises(SourceError, match="'no'"):
        read(tmp_path, SMALL, words)
    with pytest.raises(LayoutError, match="no row has an answer"):
        read(tmp_path, SMALL, PERSONS.with_columns(cit=pl.lit(9)))
    path = tmp_path / "b.sav"
    pyreadstat.write_sav(
        PERSONS.cast(pl.Float64),
        str(path),
        variable_value_labels={"cit": {1: "Foreign citizen", 2: "Citizen"}},
    )
    with pytest.raises(LayoutError, match="code 1 of citizenship is citizen in the mapping") as raised:
        standard(open_survey(path, cache), parse_mapping(SMALL, "x"))
    assert "foreigner" in raised.value.accepted


def test_joins_need_one_row_for_each_key(tmp_path):
    text = SMALL + '[join]\nkey = ["id"]\n[concepts.rooms]\ncolumn = "rooms"\n'
    persons = survey_of(tmp_path, PERSONS.with_columns(id=pl.Series(["01", "01", "02", "02", "03", "04"])))
    houses = pl.DataFrame({"id": [1, 2, 3], "rooms": [4, 5, 6]})
    mapping = parse_mapping(text, "x")
    table = standard(persons, mapping, joined=survey_of(tmp_path, houses, "h.parquet"))
    assert table.frame.collect()["rooms"].to_list() == [4, 4, 5, 5, 6, None]
    with pytest.raises(LayoutError, match="rooms") as raised:
        standard(persons, mapping)
    assert raised.value.advice.startswith("Give the households too")
    twice = survey_of(tmp_path, pl.concat([houses, houses]), "h2.parquet")
    with pytest.raises(SourceError, match="3 keys of the households occur more than once"):
        standard(persons, mapping, joined=twice)
    with pytest.raises(LayoutError, match="key 'id'"):
        standard(persons, mapping, joined=survey_of(tmp_path, houses.drop("id"), "h3.parquet"))
    with pytest.raises(UsageError, match="joins no second file"):
        standard(persons, parse_mapping(SMALL, "x"), joined=twice)


def test_numbers_spans_expressions_and_derived_concepts(tmp_path):
    text = SMALL + (
        '[concepts.age]\ncolumn = "age"\nunknown = [999]\nother = "unknown"\n'
        '[concepts.previous_residence]\ncolumn = "from"\ncodes = { same_country = ["1..99"], abroad = ["100..999"] }\n'
        'blank = "same_place"\n'
        '[concepts.annual_earnings]\nexpression = "wage * 2"\n'
        '[concepts.hourly_earnings]\nderived = "annual_earnings / age"\n'
    )
    frame = PERSONS.with_columns(
        age=pl.Series(["20", "999", "old", None, "5", "6"]),
        **{"from": pl.Series([1, 99, 100, 999, None, 50])},
        wage=pl.Series([10.0, 20, 30, 40, 50, None]),
    )
    table = read(tmp_path, text, frame)
    out = table.frame.collect()
    assert out["age"].to_list() == [20, None, None, None, 5, 6]
    assert out["previous_residence"].to_list() == [
        "same_country",
        "same_country",
        "abroad",
        "abroad",
        "same_place",
        "same_country",
    ]
    assert out["hourly_earnings"].to_list() == [1.0, None, None, None, 20.0, None]
    assert table.problems.select("column", "value").rows() == [("age", "old")]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("title = ", "no TOML"),
        ('title = "x"\nkolumn = 1', "Extra inputs"),
        ('title = "x"\n[concepts.nativity]\ncolumn = "a"\ncodes = { alien = [1] }', "no code alien"),
        ('title = "x"\n[concepts.nativity]\ncodes = { native = [1] }', "state one of column"),
        (
            'title = "x"\n[concepts.nativity]\ncolumn = "a"\ncodes = { native = [1], foreign = ["01"] }',
            "listed twice",
        ),
        ('title = "x"\n[concepts.shoe]\ncolumn = "a"', "state its kind"),
        ('title = "x"\n[concepts.age]\ncolumn = "a"\ncodes = { x = [1] }', "has no codes"),
        ('title = "x"\n[design]\nkind = "sdr"\nweight = "w"', "needs replicates"),
        ('title = "x"\n[design]\nkind = "taylor"\nweight = "w"\nreplicates = "r{1..2}"', "never ignored"),
        ('title = "x"\n[design]\nkind = "weights"', "needs a weight"),
    ],
)
def test_mappings_that_are_wrong_are_explained(text, match):
    with pytest.raises(LayoutError, match=match):
        parse_mapping(text, "x.toml")


def test_expressions_that_are_wrong_are_explained(tmp_path):
    with pytest.raises(LayoutError, match="no SQL expression"):
        read(tmp_path, SMALL + '[concepts.age]\nexpression = "1 + * 2"\n', PERSONS)
    with pytest.raises(LayoutError, match="which is not there"):
        read(tmp_path, SMALL + '[concepts.age]\nexpression = "nothing + 1"\n', PERSONS)
    with pytest.raises(UsageError, match="names no area"):
        read(tmp_path, SMALL.replace('area = "POL"', ""), PERSONS)


@pytest.mark.parametrize("name", packaged())
def test_packaged_mappings_survive_writing(name):
    mapping = packaged_mapping(name)
    assert (
        parse_mapping(mapping_text(mapping.model_copy(update={"extends": ""})), name).model_copy(
            update={"extends": mapping.extends}
        )
        == mapping
    )


def test_reading_mapping_files(tmp_path):
    (tmp_path / "a.toml").write_text(SMALL)
    assert read_mapping(tmp_path / "a.toml").title == "Small"
    (tmp_path / "b.toml").write_bytes("title = 'ż'".encode("utf-16"))
    with pytest.raises(LayoutError, match="not UTF-8"):
        read_mapping(tmp_path / "b.toml")
    with pytest.raises(SourceError):
        read_mapping(tmp_path / "c.toml")
    with pytest.raises(NotFoundError, match="No packaged mapping"):
        packaged_mapping("nothing")


def test_columns_are_found_under_the_names_they_had():
    assert find_column("STATE", ["ST", "x"], "acs_pums", 2011) == "ST"
    assert find_column("YRBLT", ["YBL"], "acs_pums", 2015) == "YBL"
    assert find_column("STATE", ["ST"]) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=1))
def test_codes_are_written_alike_whatever_their_type(values):
    wanted = [None if value is None else code(value) for value in values]
    for kind in (pl.Int64(), pl.Float64(), pl.String()):
        cells = pl.Series("x", values, dtype=pl.Int64).cast(kind)
        assert cells.to_frame().select(code_of(pl.col("x"), kind)).to_series().to_list() == wanted


def test_what_an_spss_file_declares_missing_is_unknown(tmp_path, cache):
    path = tmp_path / "a.sav"
    frame = PERSONS.with_columns(cit=pl.Series([1, 2, 3, 97, 98, 1]), age=pl.Series([20, 99, 98, 40, 5, 6]))
    pyreadstat.write_sav(
        frame.cast(pl.Float64), str(path), missing_ranges={"cit": [{"lo": 97, "hi": 98}], "age": [99]}
    )
    text = SMALL + '[concepts.age]\ncolumn = "age"\nnot_in_universe = [98]\n'
    table = standard(open_survey(path, cache), parse_mapping(text, "x"))
    out = table.frame.collect()
    assert out["citizenship"].to_list()[3:5] == ["unknown", "unknown"]
    assert out["age"].to_list() == [20, None, None, 40, 5, 6]
    counts = {(a, b): c for a, b, c in table.counts.iter_rows()}
    assert (counts["age", "unknown"], counts["age", "not_in_universe"]) == (1, 1)
