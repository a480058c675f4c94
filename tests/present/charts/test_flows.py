"""Flows: from whom to whom, how much, and what is not known, on a map or without one."""

import json
import math

import polars as pl
import pytest

from sojourn.areas import LANGUAGES
from sojourn.errors import UsageError
from sojourn.present.charts import Shapes, disclaimer, flows
from sojourn.present.charts.flows import bow, taper
from sojourn.present.charts.numbers import plain
from sojourn.present.charts.words import word

from .conftest import TYPES, row
from .test_charts import texts

MIDDLES = {
    "MEX": (-102.0, 23.0),
    "USA": (-99.0, 39.0),
    "IND": (79.0, 22.0),
    "PHL": (122.0, 12.0),
    "FJI": (178.0, -17.0),
}


def square(x, y):
    return [[x, y], [10, 0], [0, 10], [-10, 0], [0, -10]]


@pytest.fixture
def shapes():
    """Two squares of land; points for five countries."""
    topology = {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [square(-104, 18), square(75, 18)],
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "MultiPolygon", "arcs": [[[0]]], "id": "MEX"},
                    {"type": "MultiPolygon", "arcs": [[[1]]], "id": "IND"},
                ],
            }
        },
    }
    return Shapes(topology, frozenset({"MEX", "IND"}), MIDDLES)


def between(*triples, language="en", **more):
    found = []
    for area, counterpart, value in triples:
        half = None if value is None else 0.5
        one = row(value, area=area, counterpart=counterpart, half=half, language=language, **more)
        found.append({**one, "counterpart": counterpart})
    return pl.DataFrame(found, schema={**TYPES, "counterpart": pl.String})


@pytest.fixture
def stock():
    return between(("MEX", "USA", 11e6), ("IND", "USA", 3e6), ("PHL", "USA", 2e6), ("USA", "MEX", 8e5))


def records(chart):
    return chart.spec["datasets"]["flows"]


def test_a_flow_is_as_wide_as_its_amount_at_its_origin_and_ends_in_a_point(stock, about, shapes):
    chart = flows(stock, about, shapes)
    widths = []
    for record in records(chart):
        outline = record["path"].split("Z")[0]
        first = [float(one) for one in outline[1:].split("Q")[0].split(",")]
        last = [float(one) for one in outline.rsplit(" ", 1)[1].split(",")]
        widths.append(math.dist(first, last))
    assert chart.kind == "flows"
    # Coordinates are rounded to a tenth of a pixel.
    assert [wide / widths[0] for wide in widths] == pytest.approx([1, 3 / 11, 2 / 11, 1.8 / 15], abs=0.015)


def test_the_two_directions_of_a_corridor_do_not_hide_each_other():
    there, back = bow((0, 0), (100, 0)), bow((100, 0), (0, 0))
    assert there == "M0,0Q50,-20 100,0"
    assert back == "M100,0Q50,20 0,0"
    assert taper((5, 5), (5, 5), 3).startswith("M"), "a flow of no length is drawn, not divided by"


def test_over_the_pacific_a_flow_leaves_the_map_and_enters_it_again(stock, about, shapes):
    paths = {record["origin"]: record["path"] for record in records(flows(stock, about, shapes))}
    assert paths["Philippines"].count("M") == 2
    assert paths["India"].count("M") == 1
    chart = flows(stock, about, shapes, width=720)
    assert any(
        float(one.split(",")[0]) > 700
        for one in paths["Philippines"].replace("Q", " ").strip("MZ").split()
        if "," in one
    )
    assert chart.svg().count("<text") > 5


def test_corridors_on_both_sides_of_the_antimeridian_are_shown_together(about, shapes):
    near = Shapes(shapes.topology, shapes.known, {"FJI": (178.0, -17.0), "WSM": (-172.0, -13.6)})
    chart = flows(between(("FJI", "WSM", 3.0)), about, near)
    (land,) = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "geoshape"]
    assert abs(abs(land["projection"]["rotate"][0]) - 177) <= 1
    (record,) = records(chart)
    assert record["path"].count("M") == 1


def test_withheld_missing_and_undecided_have_lines_of_their_own(about, shapes):
    rows = pl.concat(
        [
            between(("MEX", "USA", 5.0)),
            between(("IND", "USA", None), status="Q"),
            between(("PHL", "USA", None)),
            between(("USA", "MEX", 4.0)),
        ]
    ).with_columns(cannot_tell=pl.Series([False, False, False, True]))
    chart = flows(rows, about, shapes)
    drawn = {
        layer["transform"][0]["filter"]: layer["mark"].get("strokeDash")
        for layer in chart.spec["layer"]
        if layer.get("data") == {"name": "flows"}
    }
    assert drawn == {
        "datum.state == 'cannot_tell'": None,
        "datum.state == 'suppressed'": [5, 3],
        "datum.state == 'missing'": [1, 3],
        "datum.valued": None,
    }
    assert {"Suppressed", "Missing", "Cannot tell"} <= set(texts(chart))
    assert "suppressed: 1; missing: 1" in chart.alt


def test_prices_are_told_by_colour_and_all_have_one_width(about, shapes):
    rows = between(("USA", "MEX", 3.0), ("USA", "IND", 6.0), ("USA", "PHL", 9.0))
    chart = flows(rows, about, shapes, amounts=False)
    assert len({record["fill"] for record in records(chart)}) == 3
    assert word("pointed", "en") in texts(chart)
    assert word("wide_at_origin", "en") not in texts(chart)


def test_the_series_says_which_end_is_the_origin(stock, about, shapes):
    first = records(flows(stock, about, shapes, origin="counterpart", destination="area"))[0]
    assert (first["origin"], first["destination"]) == ("United States", "Mexico")


def test_what_has_no_place_and_what_is_beyond_the_most_is_counted(stock, about, shapes):
    more = pl.concat([stock, between(("GIB", "USA", 5.0))])
    assert "Not shown: 3" in texts(flows(more, about, shapes, most=2))


def test_without_shapes_the_corridors_are_ranked(stock, about):
    chart = flows(stock, about, None)
    assert chart.kind == "ranking"
    assert "Mexico → United States" in texts(chart)


def test_a_pair_with_two_rows_is_refused_and_a_country_with_itself_is_no_corridor(stock, about, shapes):
    with pytest.raises(UsageError, match="share a pair"):
        flows(pl.concat([stock, stock]), about, shapes)
    chart = flows(pl.concat([stock, between(("MEX", "MEX", 1.0))]), about, shapes)
    assert len(records(chart)) == stock.height


def test_no_corridor_is_a_map_that_says_so(about, shapes):
    chart = flows(between(), about, shapes)
    assert "There is no number to show" in texts(chart)
    assert json.loads(chart.specification)["datasets"]["flows"] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_flow_map_speaks_every_language_and_says_whose_boundaries_these_are_not(
    about, shapes, language, theme
):
    rows = between(("MEX", "USA", 11e6), ("IND", "USA", 3e6), language=language)
    chart = flows(rows, about, shapes, language=language, theme=theme, width=460)
    said = "".join("".join(texts(chart)).split())
    assert "".join(disclaimer(language).split()) in said
    assert "{" not in said + chart.alt
    assert "".join(plain(word("wide_at_origin", language)).split()) in said
    assert (
        flows(rows.reverse(), about, shapes, language=language, theme=theme, width=460).svg() == chart.svg()
    )


@pytest.mark.parametrize("value", [0.0, -3.0, math.nan, math.inf, 1e300, 1e-300])
def test_hostile_numbers_are_drawn_or_missing_never_a_fault(about, shapes, value):
    name = "<script>alert(1)</script>' + datum"
    rows = between(("MEX", "USA", value), ("IND", "USA", 2.0)).with_columns(counterpart_name=pl.lit(name))
    svg = flows(rows, about, shapes).svg()
    assert "<script" not in svg
    assert "NaN" not in svg
