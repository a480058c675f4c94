"""16.2.2 from UNODC's rows: a lower bound with the range that hidden counts leave."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sojourn import observations
from sojourn.indicators import trafficking
from sojourn.indicators.model import Tables


def computed(release, **codes: str) -> pl.DataFrame:
    codes = {"series": "VC_HTF_DETV", "counterpart": ""} | codes
    found = release.observations(indicator="16.2.2").filter(observations.basis() == observations.COMPUTED)
    return found.filter(**codes)


def test_the_world_of_2022_is_a_lower_bound_with_a_range(real):
    world = computed(real, area="001", period="2022", sex="_T", age="_T")
    # Shared data README, section 2.6: 75,128 over 112 countries; 12 of them "<5", so 12 x 4 more at most.
    assert world.select("value", "lower", "upper", "level").rows() == [(75128, 75128, 75176, None)]
    assert "112 countries reported, 12 of them as <5" in world["note"].item()


def test_two_files_of_one_export_count_once(real):
    assert computed(real, area="001", period="2022", sex="_T", age="_T").height == 1
    assert set(computed(real, area="NOR")["source"].str.slice(0, 23)) == {"unodc_glotip@2025-04-14"}


def test_hidden_counts_have_a_status_and_no_number(real):
    hidden = computed(real).filter(status="Q")
    assert hidden.height > 1000
    assert hidden["value"].null_count() == hidden["upper"].null_count() == hidden.height


def test_how_much_of_the_published_figures_reproduces(real):
    pairs = real.differences().filter(
        pl.col("published_source").str.starts_with("unsdg@"),
        series="VC_HTF_DETV",
        breakdown="",
        counterpart="",
    )
    pairs = pairs.filter(pl.col("computed_source").str.starts_with("unodc_glotip@"), sex="_T", age="_T")
    print(f"{pairs['agrees'].sum()} of {pairs.height} country-years of UNSD equal UNODC's rows")
    # UNODC's file is five years younger than UNSD's: what countries reported later is in it.
    assert (pairs.height, int(pairs["agrees"].sum())) == (859, 776)


def test_forms_sexes_ages_and_citizenship(real):
    world = {"area": "001", "period": "2022"}
    assert computed(real, **world, series="VC_HTF_DETVSX", sex="_T", age="_T")["value"].item() > 40_000
    assert set(computed(real, **world)["sex"]) == {"_T", "F", "M", "_O", "_U"}
    assert {"Y0T17", "Y_GE18"} < set(computed(real, **world)["age"])
    assert computed(real, area="PAK", period="2022", counterpart="PAK")["value"].item() == 26539
    assert not computed(real, series="SJ_HTF_DETV_RATE").filter(area="001").height


def reported(counts: list[int | None]) -> pl.DataFrame:
    countries = ["MEX", "NOR", "SWE", "FIN", "DNK", "USA"][: len(counts)]
    return pl.DataFrame(
        {
            "measure": "VICTIMS", "area": countries, "period": "2020", "dimension": "TOTAL", "category": "_T",
            "sex": "_T", "age": "_T", "value": pl.Series(counts, dtype=pl.Int64),
            "hidden": [one is None for one in counts], "row": range(len(counts)), "source": "unodc_glotip@x",
        }
    )  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.integers(5, 10_000)), min_size=1, max_size=6))
def test_the_true_sum_lies_in_the_range_whatever_is_hidden(counts):
    frames = trafficking.compute(
        Tables({"trafficking_victims": reported(counts)}), trafficking.TraffickingParameters()
    )
    world = pl.concat(frames, how="diagonal").filter(area="001").row(0, named=True)
    hidden = counts.count(None)
    for guess in range(5):
        truth = sum(one for one in counts if one is not None) + guess * hidden
        assert world["value"] <= world["lower"] <= truth <= world["upper"]


def test_who_takes_hidden_counts_for_at_least_one_may_say_so():
    frames = trafficking.compute(
        Tables({"trafficking_victims": reported([10, None, None])}),
        trafficking.TraffickingParameters(least_hidden=1),
    )
    world = pl.concat(frames, how="diagonal").filter(area="001").row(0, named=True)
    assert (world["value"], world["lower"], world["upper"]) == (12, 12, 18)
    assert "least_hidden 1" in world["method"]


def test_a_file_that_differs_in_one_row_is_summed_whole():
    first = reported([10, 20])
    second = reported([10, 30]).with_columns(pl.lit("unodc_glotip@x-0123abcd").alias("source"))
    same = reported([10, 20]).with_columns(pl.lit("unodc_glotip@x-89abcdef").alias("source"))
    tables = Tables({"trafficking_victims": pl.concat([first, second, same])})
    frames = trafficking.compute(tables, trafficking.TraffickingParameters())
    world = pl.concat(frames, how="diagonal").filter(area="001")
    assert world.select("source", "value").rows() == [("unodc_glotip@x", 30), ("unodc_glotip@x-0123abcd", 40)]
