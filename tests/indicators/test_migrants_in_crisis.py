"""Migrants where displacement is large: the rule on small tables, and the real files by hand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn import observations
from sojourn.indicators.migrants_in_crisis import INDICATOR, SERIES, CrisisParameters
from sojourn.indicators.model import Tables
from sojourn.release.gather import gather
from sojourn.sources.files import describe
from sojourn.sources.migrant_stock_table import SCHEMA

REVISION = "desa_migrant_stock@2020"


def computed(tables: Tables, **choices: float) -> pl.DataFrame:
    frames = INDICATOR.compute(tables, CrisisParameters.model_validate(choices))
    return observations.validate(pl.concat([observations.EMPTY, *map(observations.complete, frames)]))


def small(
    stocks: dict[str, float], people: dict[str, float], displaced: list[tuple[str, str, str, int]]
) -> Tables:
    """Migrants and population by country, and displacement by country, measure and cause, of 2020."""
    rows = [
        ("stock" if index == 0 else "population", area, "", "2020", "_T", "_T", value, "B", "tidied", 1)
        for index, figures in enumerate((stocks, people))
        for area, value in figures.items()
    ]
    stock = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(pl.lit(REVISION).alias("source"))
    columns = ["area", "measure", "cause", "value"]
    schema = dict.fromkeys(columns, pl.String) | {"value": pl.Int64}
    moved = pl.DataFrame(displaced, schema=schema, orient="row").with_columns(
        pl.lit("2020").alias("period"),
        *(pl.lit("_T").alias(name) for name in ("hazard", "sex", "age")),
        pl.lit("idmc@to-2023").alias("source"),
    )
    return Tables({"migrant_stock": stock, "internal_displacement": moved})


SMALL = small(
    {"SYR": 500.0, "HTI": 70.0, "FRA": 9_000.0, "KEN": 800.0},
    {"SYR": 1_000_000.0, "HTI": 1_000_000.0, "FRA": 1_000_000.0},
    [
        ("SYR", "STOCK", "CONFLICT", 300_000),
        ("SYR", "FLOW", "CONFLICT", 9_999),
        ("SYR", "FLOW", "DISASTER", 20_000),
        ("HTI", "FLOW", "DISASTER", 10_000),
        ("FRA", "FLOW", "DISASTER", 9_999),
        ("KEN", "FLOW", "DISASTER", 90_000),
    ],
)


def value(found: pl.DataFrame, area: str, breakdown: str = "", period: str = "2020") -> float:
    return float(
        found.filter(series=SERIES, area=area, breakdown=breakdown, period=period, sex="_T")["value"].item()
    )


@pytest.mark.parametrize(
    ("area", "breakdown", "migrants"),
    [
        ("SYR", "CRISIS=CONFLICT", 500),
        ("SYR", "", 500),
        ("HTI", "CRISIS=DISASTER", 70),
        ("FRA", "", 0),
        ("001", "CRISIS=CONFLICT", 500),
        ("001", "CRISIS=DISASTER", 570),
        # Syria is in two crises and stands once.
        ("001", "", 570),
    ],
)
def test_migrants_of_countries_in_crisis(area, breakdown, migrants):
    assert value(computed(SMALL), area, breakdown) == migrants


def test_a_country_whose_share_or_displacement_is_unknown_has_no_number():
    found = computed(SMALL)
    # Kenya's population is missing; France has no figure of conflict.
    assert not found.filter(area="KEN").height
    assert not found.filter(area="FRA", breakdown="CRISIS=CONFLICT").height


def test_the_world_counts_the_countries_in_crisis():
    world = computed(SMALL).filter(area="001", breakdown="")
    assert world["n"].item() == 2
    assert world["note"].item().startswith("2 countries in crisis of 3 whose displacement is known")


def test_thresholds_and_measures_are_choices_and_stand_in_the_method():
    stricter = computed(SMALL, least_per_thousand=100)
    assert value(stricter, "001", "CRISIS=DISASTER") == 0
    assert stricter["method"].unique().item().endswith("[least_per_thousand 100, least_displaced 1000]")
    fewer = computed(SMALL, least_displaced=15_000)
    assert value(fewer, "001") == 500
    new = computed(SMALL, new_only=True)
    assert value(new, "SYR", "CRISIS=CONFLICT") == 0
    assert new["method"].str.contains("new_only").all()


@pytest.mark.parametrize(
    "choice", [{"least_per_thousand": 0}, {"least_displaced": 0}, {"least_per_thousand": "many"}]
)
def test_a_threshold_that_everybody_passes_is_refused(choice):
    with pytest.raises(ValueError, match="least_"):
        CrisisParameters.model_validate(choice)


def test_every_number_says_what_it_is_not():
    notes = computed(SMALL)["note"]
    assert notes.str.contains("not migrants affected; no error is known", literal=True).all()


def test_without_displacement_there_is_nothing():
    assert not computed(small({"SYR": 5.0}, {"SYR": 9.0}, [])).height


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["SYR", "HTI", "FRA", "KEN", "COL"]),
        st.tuples(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 10**6)),
        min_size=1,
    )
)
def test_either_is_at_most_the_sum_and_the_world_the_sum_of_countries(countries):
    tables = small(
        {area: float(migrants) for area, (migrants, _, _) in countries.items()},
        dict.fromkeys(countries, 1_000_000.0),
        [
            (area, "FLOW", cause, displaced)
            for area, (_, *flows) in countries.items()
            for cause, displaced in zip(("CONFLICT", "DISASTER"), flows, strict=True)
        ],
    )
    found = computed(tables)
    by_cause = [value(found, "001", f"CRISIS={cause}") for cause in ("CONFLICT", "DISASTER")]
    assert max(by_cause) <= value(found, "001") <= sum(by_cause)
    of_countries = found.filter(pl.col("area") != "001", breakdown="")["value"]
    assert of_countries.sum() == value(found, "001")


@pytest.fixture(scope="module")
def real(shared: Path) -> pl.DataFrame:
    data = shared / "data"
    paths = [data / "idmc" / f"idmc_{name}.parquet" for name in ("stocks", "flows")]
    paths += [data / "unhcr/idmc.parquet"]
    paths += [data / f"desa/undesa_pd_{year}_ims_stock_by_sex_and_destination.xlsx" for year in (2020, 2024)]
    return computed(gather([describe(path, data) for path in paths], packaged=False).as_tables())


def test_the_stock_of_a_country_in_crisis_is_the_published_one(real):
    # UN DESA, revision 2020, Ukraine: 4,997,387 migrants; IDMC 2020: 734,000 displaced of 43.7 million.
    row = real.filter(
        pl.col("source").str.starts_with(REVISION), area="UKR", period="2020", sex="_T", breakdown=""
    )
    assert row["value"].item() == 4_997_387
    assert "displaced at the end of the year 16.8 per 1,000" in row["note"].item()


def test_large_countries_with_many_but_few_per_head_are_in_no_crisis(real):
    # IDMC 2020: 1.7 million disaster displacements in the United States, 5 of 1,000 people.
    row = real.filter(
        pl.col("source").str.starts_with(REVISION), area="USA", period="2020", sex="_T", breakdown=""
    )
    assert row["value"].item() == 0
    assert "disaster: new displacements 5.2 per 1,000" in row["note"].item()


def test_both_revisions_stand_side_by_side_and_both_sexes_add_up(real):
    world = real.filter(area="001", period="2020", breakdown="")
    assert world.filter(sex="_T").height == 2
    for (_,), one in world.group_by("source"):
        sexes = dict(one.select("sex", "value").iter_rows())
        # Each sex is rounded to persons on its own.
        assert sexes["F"] + sexes["M"] == pytest.approx(sexes["_T"], abs=50)
