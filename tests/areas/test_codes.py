"""Columns of publishers' codes map exactly or not at all."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn import areas
from sojourn.errors import UsageError

ANY_SPELLING = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [text for column in ("area", "name", "m49") for text in areas.table()[column].drop_nulls()]
    ),
)


def one(text: object, scheme: str) -> str | None:
    return areas.to_area(pl.Series([text]), scheme).item()


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("Southern Africa", "018"),
        ("South Africa", "ZAF"),
        ("Northern Africa", "015"),
        ("Micronesia", "057"),
        ("Micronesia (Fed. States of)", "FSM"),
        ("Micronesia, Fed. Sts.", "FSM"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Papua New Guinea", "PNG"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Congo", "COG"),
        ("Congo, Rep.", "COG"),
        ("Congo, Dem. Rep.", "COD"),
        ("Korea", None),
        ("Korea, Rep.", "KOR"),
        ("Korea, Dem. People’s Rep.", "PRK"),
        ("Virgin Islands", None),
        ("North America", None),
        ("Sudan", "SDN"),
        ("South Sudan", "SSD"),
        ("Samoa", "WSM"),
        ("American Samoa", "ASM"),
        ("Macedonia, FYR", "MKD"),
        ("Swaziland", "SWZ"),
        ("Turkiye", "TUR"),
        ("  CÔTE   D’IVOIRE ", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("St. Lucia", "LCA"),
        ("WORLD", "001"),
        ("Sub-Saharan Africa", "202"),
        ("East Asia & Pacific", "WB_EAS"),
        ("Stateless", None),
        ("Mexicoo", None),
        ("", None),
    ],
)
def test_names(name, area):
    assert one(name, "name") == area


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("KSV", "XKX"),
        ("KOS", "XKX"),
        ("UVK", "XKX"),
        ("XKX", "XKX"),
        ("ROM", "ROU"),
        ("ZAR", "COD"),
        ("TMP", "TLS"),
        ("WBG", "PSE"),
        ("ADO", "AND"),
        ("IMY", "IMN"),
        ("WLD", "001"),
        (" nam ", "NAM"),
        ("CHI", None),
        ("SSF", None),
    ],
)
def test_three_letter_codes(code, area):
    assert one(code, "alpha3") == area


@pytest.mark.parametrize(
    ("code", "area"),
    [
        (4, "AFG"),
        ("4", "AFG"),
        ("004", "AFG"),
        (1, "001"),
        (4.0, "AFG"),
        (4.5, None),
        (412, "XKX"),
        (158, "TWN"),
        (910, None),
        (736, None),
        (-4, None),
        ("NA", None),
    ],
)
def test_m49_numbers(code, area):
    assert one(code, "m49") == area


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("SSF", "WB_SSF"),
        ("Sub-Saharan Africa", "WB_SSF"),
        ("North America", "WB_NAC"),
        ("MEX", "MEX"),
        ("INX", "WB_INX"),
        ("WLD", "001"),
        ("Egypt, Arab Rep.", "EGY"),
        ("CHI", None),
        ("Southern Africa", "018"),
    ],
)
def test_worldbank_codes_and_names(code, area):
    assert one(code, "worldbank") == area


def test_worldbank_letters_are_nobodys_iso_code():
    countries = set(areas.table().filter(kind="country")["area"])
    groups = {code.removeprefix("WB_") for code in areas.table()["area"] if code.startswith("WB_")}
    assert not countries & groups


@pytest.mark.parametrize("scheme", areas.SCHEMES)
@given(texts=st.lists(st.none() | ANY_SPELLING, max_size=8))
def test_mapping_is_idempotent_and_splits_into_mapped_and_unmapped(scheme, texts):
    values = pl.Series("geo", texts, dtype=pl.String)
    mapped = areas.to_area(values, scheme)
    assert (mapped.name, mapped.dtype, mapped.len()) == ("geo", pl.String, len(texts))
    assert areas.to_area(mapped, scheme).equals(mapped)
    assert areas.unmapped(values, scheme) == sorted(set(values.filter(mapped.is_null()).drop_nulls()))


def test_empty_null_and_categorical_columns():
    assert areas.to_area(pl.Series([None, None])).to_list() == [None, None]
    assert areas.to_area(pl.Series([], dtype=pl.Int64), "m49").to_list() == []
    assert areas.to_area(pl.Series(["mex", "x"], dtype=pl.Categorical)).to_list() == ["MEX", None]


def test_an_unknown_scheme_is_refused():
    for function in (areas.to_area, areas.unmapped):
        with pytest.raises(UsageError, match="fips"):
            function(pl.Series(["MX"]), "fips")


def test_what_is_listed_as_unmappable_is_not_mapped_and_says_why():
    for scheme, alias, note in areas.unmappable().iter_rows():
        assert one(alias, scheme) is None, alias
        assert note
