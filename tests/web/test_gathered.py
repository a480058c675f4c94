"""What all areas' pages show, found at once, against the simple way: one area, one question after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from sojourn import areas, observations
from sojourn.release import open_release
from sojourn.release.country import PROGRESS
from sojourn.release.periods import end_of
from sojourn.web.corridors import countries, ends, is_total, series_between
from sojourn.web.holding import Holding, as_text, load
from sojourn.web.pages.gathered import MOST_PAIRS, gather, gathered
from sojourn.web.pages.profile import between, lines
from sojourn.web.question import PERSONS

Row = Mapping[str, Any]
_ABOUT = (*PERSONS, "breakdown")


def plain_lines(holding: Holding, code: str, wider: Sequence[str]) -> list[tuple[Any, ...]]:
    """Give of each series: newest row, periods of its course, rows of the wider areas, count of breakdowns."""
    own = holding.numbers(None, {"area": [code], "counterpart": [""]})
    own = own.filter(~pl.col("series").str.starts_with(PROGRESS))
    if not own.height:
        return []
    plainest = _plainest(own.select("series", *_ABOUT).unique())
    shown = own.join(plainest, on=["series", *_ABOUT], how="semi", maintain_order="left")
    chosen = _newest(shown, holding.release.manifest.as_of)
    near = _near(holding, chosen.select("series", *_ABOUT, "period"), wider)
    counted = dict(own.select("series", *_ABOUT).unique().group_by("series").len().iter_rows())
    courses = shown.filter(pl.col("status") != "P")
    return [
        (
            row,
            courses.filter(series=row["series"])["period"].to_list(),
            [near.get((row["series"], one)) for one in wider],
            counted[row["series"]],
        )
        for row in chosen.iter_rows(named=True)
    ]


def _newest(shown: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Choose the newest number of each series; one that is missing yields to an older one, a withheld one does not."""
    if not shown.height:
        return shown
    ended = {one: end_of(one) for one in shown["period"].unique()}
    known = pl.col("value").is_not_null() | (pl.col("status") == observations.SUPPRESSED)
    dated = shown.with_columns(
        pl.col("period").replace_strict(ended, return_dtype=pl.Date).alias("_end"), known.alias("_known")
    ).filter(pl.col("_end") <= as_of)
    ranked = dated.sort("series", "_known", "_end", pl.col("period").str.len_chars())
    return ranked.unique("series", keep="last", maintain_order=True).drop("_end", "_known")


def _plainest(breakdowns: pl.DataFrame) -> pl.DataFrame:
    """Choose of each series the breakdown with the fewest parts, the first of several."""
    apart = pl.col("breakdown").str.count_matches("=", literal=True) + sum(
        (pl.col(name) != "_T").cast(pl.Int64) for name in PERSONS
    )
    told = breakdowns.with_columns(apart.alias("_apart")).sort("series", "_apart", *_ABOUT)
    return told.unique("series", keep="first", maintain_order=True).drop("_apart")


def _near(holding: Holding, chosen: pl.DataFrame, wider: Sequence[str]) -> dict[tuple[str, str], Row]:
    """Find the number of each wider area for the same thing: of the same period, else the newest before."""
    there = holding.numbers(None, {"area": wider, "counterpart": [""]})
    asked = chosen.rename({"period": "_of"})
    rows = there.join(asked, on=["series", *_ABOUT], how="inner").filter(pl.col("period") <= pl.col("_of"))
    last = (
        rows.sort(pl.col("value").is_not_null(), "period")
        .unique(["series", "area"], keep="last", maintain_order=True)
        .drop("_of")
    )
    return {(one["series"], one["area"]): one for one in last.iter_rows(named=True)}


def plain_between(holding: Holding, code: str, most: int) -> tuple[dict[Any, Any], dict[str, int]]:
    """Give the largest other ends and how many there are, by series and direction; and how many numbers by series."""
    known = series_between(holding)
    counts = dict.fromkeys(known, 0)
    tops: dict[Any, Any] = {}
    for mine, other in (("area", "counterpart"), ("counterpart", "area")):
        rows = holding.found(None, {mine: [code]}).filter(pl.col("counterpart") != "")
        for series, count in as_text(rows.group_by("series").len()).iter_rows():
            if series in counts:
                counts[series] += count
        newest = rows.filter(pl.col("latest"), is_total(), pl.col("value").is_not_null())
        for series, ranked in _ranked(as_text(newest), other, code).items():
            meaning = holding.series[series]
            if meaning["unit"] in ("PS", "NUMBER", "CU_USD_M") or meaning["target"] is not None:
                outward = ends(holding.series[series]).origin == mine
                tops[series, outward] = (ranked.head(most).to_dicts(), ranked.height)
    return tops, {one: count for one, count in counts.items() if count}


def _ranked(newest: pl.DataFrame, other: str, code: str) -> dict[str, pl.DataFrame]:
    """Rank the other ends that are countries, by series."""
    rows = newest.filter(
        ~pl.col("series").str.starts_with(PROGRESS),
        pl.col(other).is_in(sorted(countries())),
        pl.col(other) != code,
    )
    ranked = rows.sort("value", other, descending=[True, False]).with_columns(pl.col(other).alias("other"))
    return {str(key[0]): own for key, own in ranked.partition_by("series", as_dict=True).items()}


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


def test_a_course_stops_before_the_year_that_is_not_complete(holding):
    told = next(one for one in lines(holding, "MEX") if one.spark is not None)
    last = told.spark.last["period"]
    provisional = (pl.col("series") == told.row["series"]) & (pl.col("period") == last)
    status = pl.when(provisional).then(pl.lit("P").cast(pl.Categorical)).otherwise("status").alias("status")
    other = replace(holding, coded=holding.coded.with_columns(status))
    found = gather(other).courses.of("MEX")["row"]
    rows = as_text(other.coded[found]).filter(series=told.row["series"])
    assert rows.height
    assert last not in rows["period"].to_list()


def test_all_areas_at_once_are_what_each_is_by_itself(holding):
    for row in areas.table().iter_rows(named=True):
        code, region = row["area"], row["sdg_region"] or ""
        wider = [one for one in (region, "001") if one and one != code]
        told = lines(holding, code)
        plain = plain_lines(holding, code, wider)
        assert [{name: one.row[name] for name in one.row if name != "basis"} for one in told] == [
            one[0] for one in plain
        ]
        assert [one.others + 1 for one in told] == [one[3] for one in plain]
        assert [[{region: one.region, "001": one.world}[name] for name in wider] for one in told] == [
            one[2] for one in plain
        ]
        courses = as_text(holding.coded[gathered(holding).courses.of(code)["row"]])
        assert all(courses.filter(series=one[0]["series"])["period"].to_list() == one[1] for one in plain)
        found = between(holding, code)
        tops, counts = plain_between(holding, code, MOST_PAIRS)
        assert {(one.series, one.outward): (one.rows, one.total) for one in found.largest} == tops
        assert found.counts == counts
