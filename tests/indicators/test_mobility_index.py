"""The mobility index: reference values of outward freedom, and what must hold for every index shown."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from sojourn.indicators import mobility_components, mobility_index
from sojourn.indicators.mobility_index import MobilityIndexParameters
from sojourn.indicators.model import Tables
from sojourn.release import Release, build, open_release

FILES = (
    "policy/passport-index-tidy-iso3.csv",
    "wdi/sm.pop.totl.csv.gz",
    "wdi/sp.pop.totl.csv.gz",
    "unsdg/ddf--datapoints--sg_cpa_migrs--by--geo_area--nature--policy_domains--units--year.csv",
)
DEFAULTS = MobilityIndexParameters()


@pytest.fixture(scope="module")
def released(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("mobility")
    for name in FILES:
        (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shared / "data" / name, folder / "data" / name)
    return open_release(build(folder / "data", folder / "releases").path)


def rows(released: Release, **where: str) -> pl.DataFrame:
    return released.observations(**{"series": "SJ_MOBILITY"} | where)


def test_outward_freedom_of_the_reference(released):
    # methods/indicators.md, section 6: unweighted destinations, eTA = 0.7, snapshot of January 2025.
    outward = rows(released, breakdown="COMPONENT=OUTWARD")
    found = dict(outward.select("area", pl.col("value").round(3)).rows())
    assert outward.height == 199 + 1
    assert set(outward["period"]) == {"2025"}
    areas = ("001", "ARE", "ESP", "SYR", "AFG")
    assert [found[area] for area in areas] == [0.534, 0.827, 0.825, 0.223, 0.224]


def test_the_matrix_is_complete_so_both_sides_have_one_mean(released):
    both = [rows(released, area="001", breakdown=f"COMPONENT={side}") for side in ("OUTWARD", "INWARD")]
    assert both[0]["value"].item() == pytest.approx(both[1]["value"].item(), abs=1e-12)


def test_realised_and_protected_of_spain(released):
    # World Bank 2024: 18.16 % of the population; UNSD 2019: category 3 of 4.
    realised = rows(released, area="ESP", breakdown="COMPONENT=REALISED")
    assert "immigrants 18.16 % of the population in 2024" in realised["note"].item()
    assert realised["value"].item() == pytest.approx(1 - math.log(0.1816) / math.log(0.001), abs=1e-4)
    protected = rows(released, area="ESP", breakdown="COMPONENT=PROTECTED")
    assert protected["value"].item() == 0.75
    assert "category 3 in 2019" in protected["note"].item()


def test_every_index_is_the_geometric_mean_of_its_parts(released):
    found = rows(released)
    parts = found.filter(pl.col("breakdown") != "", pl.col("area") != "001")
    index = found.filter(breakdown="")
    assert index.height == 196
    for area, value in index.select("area", "value").iter_rows():
        own = parts.filter(area=area)["value"].to_numpy()
        assert len(own) >= 3
        assert value == pytest.approx(float(np.exp(np.log(np.maximum(own, 0.01)).mean())), rel=1e-12)


def test_no_index_stands_without_its_parts_and_the_range_of_its_rank(released):
    index = rows(released, breakdown="")
    ranks = released.observations(series="SJ_MOBILITY_RANK")
    assert sorted(index["area"]) == sorted(ranks["area"])
    assert ranks["level"].null_count() == ranks.height
    assert (ranks["lower"] <= ranks["value"]).all()
    assert (ranks["value"] <= ranks["upper"]).all()
    assert (ranks["lower"] < ranks["upper"]).mean() > 0.9
    for note in (*index["note"], *ranks["note"]):
        assert all(word in note for word in ("parts: OUTWARD", "INWARD", "in 90 % of 1000 variants"))
        assert "no official index" in note
        assert "a range, no probability interval" in note


def test_a_missing_part_is_told_and_two_make_no_index(released):
    without = rows(released, area="SGP", breakdown="")["note"].item()
    assert "without PROTECTED, which is not known" in without
    taiwan = rows(released, area="TWN")
    assert sorted(taiwan["breakdown"]) == ["COMPONENT=INWARD", "COMPONENT=OUTWARD"]
    assert taiwan["note"].str.contains("no index, because 2 of 4 parts are known").all()
    assert released.observations(series="SJ_MOBILITY_RANK", area="TWN").is_empty()


def test_a_closed_country_counts_as_the_floor(released):
    # Of 34 pairs without admission and the visas it asks of all others, nothing is left of openness.
    closed = rows(released, area="AFG", breakdown="COMPONENT=INWARD")
    assert closed["value"].item() == 0
    assert "counts as 0.01 in the index" in closed["note"].item()


def matrix(period: str = "2025", **cells: str) -> pl.DataFrame:
    """One row per cell, such as AB="E_VISA": from A to B."""
    return pl.DataFrame(
        [
            {"passport": pair[0] * 3, "destination": pair[1] * 3, "requirement": cell}
            for pair, cell in cells.items()
        ]
    ).with_columns(pl.lit(period).alias("period"), pl.lit("visas@x").alias("source"))


VISAS = {"AB": "VISA_FREE", "AC": "ETA", "BA": "E_VISA", "BC": "NO_ADMISSION", "CA": "ON_ARRIVAL", "CB": "VISA_REQUIRED"}  # fmt: skip


def test_parts_by_hand():
    found = mobility_index.components(Tables({}), matrix(**VISAS), "2025", DEFAULTS)
    outward = dict(found.filter(component="OUTWARD").select("area", "score").rows())
    inward = dict(found.filter(component="INWARD").select("area", "score").rows())
    assert outward == pytest.approx({"AAA": 0.85, "BBB": 0.25, "CCC": 0.35})
    assert inward == pytest.approx({"AAA": 0.6, "BBB": 0.5, "CCC": 0.35})


def test_visas_alone_give_parts_and_no_index():
    frames = mobility_index.compute(Tables({"visa_matrix": matrix(**VISAS)}), DEFAULTS)
    assert {frame["series"][0] for frame in frames} == {"SJ_MOBILITY"}
    assert all((frame["breakdown"] != "").all() for frame in frames)
    assert mobility_index.compute(Tables({"visa_matrix": matrix(**VISAS).clear()}), DEFAULTS) == []


def stocks() -> pl.DataFrame:
    total = {"period": "2024", "sex": "_T", "age": "_T", "source": "desa@2024"}
    figures = [
        ("population", "AAA", "", 900.0),
        ("stock", "AAA", "", 90.0),
        ("stock", "001", "AAA", 100.0),
        ("population", "BBB", "", 100.0),
        ("stock", "BBB", "", 0.0),
        ("stock", "001", "BBB", 100.0),
        ("population", "CCC", "", 0.0),
        ("stock", "CCC", "", 5.0),
        ("stock", "001", "CCC", 5.0),
    ]
    return pl.DataFrame(
        [
            total | {"measure": measure, "destination": to, "origin": of, "value": value}
            for measure, to, of, value in figures
        ]
    )


def test_stocks_by_origin_count_both_ways():
    """A: 90 of 900 came, 100 of 1,000 left, one tenth each. B: nobody came, half left. C has no people."""
    found = mobility_index.components(
        Tables({"migrant_stock": stocks()}), matrix(**VISAS), "2025", DEFAULTS
    ).filter(component="REALISED")
    assert found["area"].to_list() == ["AAA", "BBB"]
    expected = [2 / 3, (0 + 1 + math.log(0.5) / math.log(1000)) / 2]
    assert found["score"].to_list() == pytest.approx(expected)
    assert "emigrants 10.0 % of population and emigrants in 2024" in found["note"][0]


def test_emigrants_are_summed_where_the_world_is_not_given():
    """Another revision gives pairs by sex alone: 60 women and 40 men who left A; regions do not count."""
    same = {"measure": "stock", "origin": "AAA", "period": "2024", "age": "_T", "source": "desa@2024"}
    pairs = [("ESP", "F", 50.0), ("ESP", "M", 40.0), ("830", "F", 10.0), ("150", "F", 500.0)]
    table = pl.concat(
        [
            stocks().filter(pl.col("destination") == "AAA"),
            pl.DataFrame([same | {"destination": to, "sex": sex, "value": n} for to, sex, n in pairs]).select(
                stocks().columns
            ),
        ]
    )
    found = mobility_components.realised(Tables({"migrant_stock": table}), 2025, 10, 0.001)
    assert found.select("area", "value").rows() == [("AAA", pytest.approx(math.log(0.1)))]


def test_the_newest_source_with_enough_areas_counts():
    def of(source: str, period: str, *codes: str) -> pl.DataFrame:
        return pl.DataFrame({"area": codes}).with_columns(
            pl.lit(period).alias("period"), pl.lit(source).alias("source")
        )

    values = pl.concat([of("a@1", "2019", "AAA", "BBB", "CCC", "DDD"), of("a@2", "2020", "AAA", "BBB")])
    one_country = of("own@1", "2023", "AAA")
    found = mobility_components.latest(pl.concat([values, one_country]), 2025, 10)
    assert found["source"].unique().to_list() == ["a@2"]


def test_stocks_of_another_shape_or_time_are_not_used():
    for other in (stocks().drop("origin"), stocks().with_columns(pl.lit("2030").alias("period"))):
        assert mobility_components.realised(Tables({"migrant_stock": other}), 2025, 10, 0.001).is_empty()
    old = stocks().with_columns(pl.lit("2015").alias("period"))
    assert mobility_components.realised(Tables({"migrant_stock": old}), 2025, 10, 0.001).height == 2
    assert mobility_components.realised(Tables({"migrant_stock": old}), 2025, 9, 0.001).is_empty()


def test_three_countries_have_an_index_even_if_a_part_does_not_vary():
    people = stocks().with_columns(
        pl.when(pl.col("measure") == "population").then(1000.0).otherwise(10.0).alias("value")
    )
    frames = mobility_index.compute(
        Tables({"visa_matrix": matrix(**VISAS), "migrant_stock": people}), DEFAULTS
    )
    (ranks,) = (frame for frame in frames if frame["series"][0] == "SJ_MOBILITY_RANK")
    assert sorted(ranks["area"]) == ["AAA", "BBB", "CCC"]


def test_a_value_that_is_no_category_is_no_policy():
    same = {"series": "SG_CPA_MIGRS", "period": "2021", "breakdown": "", "source": "unsdg@x"}
    values = pl.DataFrame([same | {"area": "AAA", "value": 4.0}, same | {"area": "BBB", "value": 7.0}])
    found = mobility_components.protected(Tables({"published_values": values}), 2025, 10)
    assert found.select("area", "value", "note").rows() == [("AAA", 4.0, "category 4 in 2021")]


def test_weights_are_open_and_within_bounds():
    closed = MobilityIndexParameters(eta=0.0)
    found = mobility_index.components(Tables({}), matrix(**VISAS), "2025", closed)
    assert found.filter(component="OUTWARD", area="AAA")["score"].item() == 0.5
    with pytest.raises(ValidationError):
        MobilityIndexParameters(eta=1.2)
    with pytest.raises(ValidationError):
        MobilityIndexParameters(floor=0.0)


def test_the_choices_behind_the_index_can_be_taken_apart():
    # The composite itself is at hand: its Sobol indices are those of the engine.
    people = stocks().with_columns(
        pl.when(pl.col("destination") == "CCC").then(50.0).otherwise("value").alias("value")
    )
    tables = Tables({"migrant_stock": people})
    built = mobility_index.build(
        mobility_index.components(tables, matrix(**VISAS), "2025", DEFAULTS), DEFAULTS
    )
    assert built is not None
    assert built.sensitivity(16)["factor"].to_list()[3] == "aggregation"


def test_what_moves_the_ranks_is_published(released):
    found = released.observations(series="SJ_MOBILITY_SENSITIVITY", area="001")
    assert found.height == 10
    assert (found["lower"] <= found["value"]).all()
    assert (found["value"] <= found["upper"]).all()
    total = found.filter(pl.col("breakdown").str.ends_with("ORDER=TOTAL"))
    assert total["value"].sum() > 0.95
    assert total.filter(breakdown="FACTOR=GOALPOSTS;ORDER=TOTAL")["value"].item() > 0
    assert found["n"].unique().to_list() == [196]
