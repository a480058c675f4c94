"""The facts hang together, and say what is publicly known."""

import polars as pl
import pytest

from sojourn import areas
from sojourn.areas.facts import known, read
from sojourn.areas.spelling import key
from sojourn.errors import NotFoundError, UsageError

COUNTRIES = areas.table().filter(kind="country")


def test_there_are_249_iso_entries_and_kosovo_each_with_its_own_codes():
    assert COUNTRIES.filter(pl.col("area") != "XKX").height == 249
    for column, pattern in {"area": r"^[A-Z]{3}$", "alpha2": r"^[A-Z]{2}$", "m49": r"^\d{3}$"}.items():
        assert COUNTRIES[column].str.contains(pattern).all()
        assert COUNTRIES[column].null_count() == 0
        assert COUNTRIES[column].is_unique().all()


def test_namibia_is_not_null():
    assert COUNTRIES.filter(area="NAM").item(0, "alpha2") == "NA"


def test_every_code_used_is_known_and_every_area_named():
    used = set(read("aliases.csv")["area"].drop_nulls()) | set(read("names.csv")["area"])
    for column in ("m49_region", "m49_sub_region", "m49_intermediate_region", "sdg_region"):
        used |= set(COUNTRIES[column].drop_nulls())
    used |= set(COUNTRIES["worldbank_region"].drop_nulls()) | set(COUNTRIES["worldbank_income"].drop_nulls())
    assert used <= known()
    assert areas.table()["name"].null_count() == 0
    assert areas.table()["area"].is_unique().all()


def test_only_antarctica_is_in_no_region():
    assert COUNTRIES.filter(pl.col("sdg_region").is_null())["area"].to_list() == ["ATA"]


def test_changing_a_table_does_not_change_the_facts():
    areas.table().drop_in_place("name")
    areas.memberships("sdg").drop_in_place("group")
    assert "name" in areas.table().columns
    assert "group" in areas.memberships("sdg").columns


def test_aliases_clash_only_where_they_say_so():
    aliases = read("aliases.csv").with_columns(key=pl.col("alias").map_elements(key, return_dtype=pl.String))
    repeated = aliases.filter(pl.struct("scheme", "key").is_duplicated())
    assert repeated["note"].str.starts_with("ambiguous").all()
    assert {"Korea", "Virgin Islands", "North America"} <= set(repeated["alias"])


@pytest.mark.parametrize(
    ("area", "groups"),
    [
        ("MEX", {"001", "419", "013", "G20", "WB_LCN", "WB_UMC", "WB_MIC", "WB_LMY"}),
        ("XKX", {"001", "150", "039", "513", "WB_ECS"}),
        ("TWN", {"001", "142", "030", "753"}),
        ("AUS", {"053", "009", "G20", "WB_EAS", "WB_HIC"}),
        ("FJI", {"543", "054", "722", "WB_EAS"}),
        ("MAR", {"747", "015", "WB_MEA"}),
        ("NPL", {"062", "034", "199", "432", "WB_SAS"}),
        ("ZAF", {"202", "018", "G20", "WB_SSF"}),
    ],
)
def test_known_memberships(area, groups):
    assert groups <= set(areas.groups_of(area))


def test_members_of_groups():
    assert len(areas.members("G20")) == 19
    assert len(areas.members("001")) == 250
    assert areas.members("WB_NAC") == ("BMU", "CAN", "USA")
    assert areas.members("202", of="WB_MEA") == ("DJI",)
    assert areas.members("MEX") == ("MEX",)
    assert areas.members("420") == tuple(sorted(areas.members("005") + areas.members("013")))


@pytest.mark.parametrize(
    "scheme", ["sdg", "m49", "worldbank_region", "worldbank_income", "g20", "development"]
)
def test_memberships_join_countries_to_known_groups(scheme):
    pairs = areas.memberships(scheme)
    assert pairs.columns == ["area", "group"]
    assert pairs.is_unique().all()
    assert set(pairs["group"]) <= known()
    assert set(pairs["area"]) <= {*COUNTRIES["area"], "ANT"}


@pytest.mark.parametrize("scheme", ["sdg", "worldbank_region"])
def test_exclusive_groupings_place_a_country_once(scheme):
    assert areas.memberships(scheme)["area"].is_unique().all()


def test_what_is_not_known_is_refused():
    with pytest.raises(NotFoundError, match="WB_EAR"):
        areas.members("WB_EAR")
    with pytest.raises(NotFoundError, match="'ZZZ'"):
        areas.groups_of("ZZZ")
    with pytest.raises(UsageError, match="continents"):
        areas.memberships("continents")
