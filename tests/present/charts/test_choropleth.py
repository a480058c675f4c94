"""Maps: shapes as the United Nations' list has them, and what a map must not claim."""

import json
import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sojourn.areas import LANGUAGES
from sojourn.errors import SourceError, UsageError
from sojourn.present.charts import NoShapesError, choropleth, disclaimer, shapes
from sojourn.present.charts.shapes import conform

from .conftest import frame, row
from .test_charts import texts


def square(x, y):
    """Four arcs of a square of side 10, so that neighbours can share one."""
    return [[[x, y], [10, 0]], [[x + 10, y], [0, 10]], [[x + 10, y + 10], [-10, 0]], [[x, y + 10], [0, -10]]]


@pytest.fixture
def topology():
    """Cyprus and northern Cyprus side by side; Kosovo, a glacier and Kenya apart; shape 010 is Antarctica."""
    cyprus = square(0, 0)
    north = square(10, 0)[:3]  # its west side is the east side of Cyprus
    others = [square(40, 0), square(60, 0), square(80, 0), square(100, 0)]
    arcs = [*cyprus, *north, *(arc for one in others for arc in one)]

    def polygon(identity, ring):
        return {"type": "Polygon", "arcs": [ring], "id": identity, "properties": {}}

    geometries = [polygon("196", [0, 1, 2, 3]), polygon("-1", [4, 5, 6, ~1])]
    geometries += [
        polygon(identity, [first, first + 1, first + 2, first + 3])
        for identity, first in (("-2", 7), ("KAS", 11), ("404", 15), ("010", 19))
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
    }


def test_shapes_carry_our_codes_and_antarctica_is_left_out(topology):
    found = conform(topology)
    assert found.known == {"CYP", "XKX", "KEN"}
    ids = [geometry["id"] for geometry in found.topology["objects"]["areas"]["geometries"]]
    assert sorted(ids) == ["CYP", "KEN", "XKX", "_3"], "the glacier stays land without a number"


def test_parts_of_one_state_are_joined_without_a_line_between(topology):
    geometries = conform(topology).topology["objects"]["areas"]["geometries"]
    (cyprus,) = (geometry for geometry in geometries if geometry["id"] == "CYP")
    ((ring,),) = cyprus["arcs"]
    assert sorted(ring) == [0, 2, 3, 4, 5, 6], "arc 1 was the line between"
    ends = {0: ((0, 0), (10, 0)), 2: ((10, 10), (0, 10)), 3: ((0, 10), (0, 0))}
    ends |= {4: ((10, 0), (20, 0)), 5: ((20, 0), (20, 10)), 6: ((20, 10), (10, 10))}
    assert all(ends[a][1] == ends[b][0] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)), (
        "the ring closes"
    )


def test_a_map_without_shapes_says_what_to_do(countries, about, tmp_path):
    with pytest.raises(NoShapesError) as caught:
        choropleth(countries(), about, None)
    assert "make shapes" in caught.value.advice
    with pytest.raises(NoShapesError):
        shapes(tmp_path)


def test_a_file_that_holds_no_shapes_is_refused_and_named(tmp_path):
    (tmp_path / "110m.json").write_text('{"objects": {}}', encoding="utf-8")
    with pytest.raises(SourceError, match="no shapes") as caught:
        shapes(tmp_path)
    assert "110m.json" in str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_under_every_map_stands_whose_boundaries_these_are_not(topology, countries, about, language):
    chart = choropleth(countries(language), about, conform(topology), language=language)
    said = "".join("".join(texts(chart)).split())
    assert "".join(disclaimer(language).split()) in said


def test_withheld_missing_undecided_and_absent_have_grounds_of_their_own(topology, about):
    rows = frame(
        row(None, area="CYP", status="Q"),
        row(None, area="XKX"),
        row(5.0, area="KEN", half=4.5),
        *(
            row(float(at), area=area, half=0.01)
            for at, area in enumerate(("FRA", "MEX", "USA", "IND", "CHN", "BGR"), 1)
        ),
    )
    chart = choropleth(rows, about, conform(topology))
    records = next(
        rows
        for rows in chart.spec["datasets"].values()
        if isinstance(rows, list) and rows and "state" in rows[0]
    )
    found = {record["id"]: (record["state"], record["fill"]) for record in records}
    assert [found[area][0] for area in ("CYP", "XKX", "KEN", "_3")] == [
        "suppressed",
        "missing",
        "cannot_tell",
        "no_row",
    ]
    assert len({fill for _, fill in found.values()}) == 4
    assert {"Suppressed", "Missing", "Cannot tell", "No number in this release", "Not shown: 6"} <= set(
        texts(chart)
    )


def test_two_rows_for_one_area_are_refused(topology, countries, about):
    with pytest.raises(UsageError, match="share an area"):
        choropleth(pl.concat([countries(), countries()]), about, conform(topology))


def test_an_empty_map_is_a_map(topology, about):
    chart = choropleth(frame(), about, conform(topology))
    assert "No number in this release" in texts(chart)
    assert "There is no number to show" in chart.alt


@pytest.fixture(params=["110m", "50m"])
def real(request):
    folder = Path(os.environ.get("SOJOURN_SHAPES", "build/shapes"))
    if not (folder / "world" / f"{request.param}.json").is_file():
        pytest.skip(f"no shapes in {folder}: run make shapes to test the real ones")
    return shapes(folder, request.param)


def test_the_real_shapes_close_and_know_the_areas_of_the_list(real):
    assert {"PSE", "ESH", "XKX", "CYP", "SOM", "SSD"} <= real.known
    arcs = real.topology["arcs"]

    def ends(arc):
        xs, ys = zip(*arcs[arc if arc >= 0 else ~arc], strict=True)
        first, last = (xs[0], ys[0]), (sum(xs), sum(ys))
        return (first, last) if arc >= 0 else (last, first)

    for geometry in real.topology["objects"]["areas"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                assert all(
                    ends(a)[1] == ends(b)[0] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
                ), geometry["id"]


def test_a_real_map_is_drawn_and_is_small_enough_for_a_page(real, countries, about):
    chart = choropleth(countries(), about, real)
    assert json.loads(chart.specification)["projection" if "projection" in chart.spec else "layer"]
    assert chart.svg() == chart.svg()
    assert chart.svg().count("<path") > 170


def test_classes_are_the_same_at_every_time(topology, about):
    over = [float(value) for value in range(1, 60)]
    early, late = (
        choropleth(frame(row(value, area="KEN", half=0.01)), about, conform(topology), over=over)
        for value in (3.0, 55.0)
    )

    def key(chart):
        return [one for one in texts(chart) if "–" in one or "Under" in one or "or more" in one]

    assert key(early) == key(late)
    assert len(key(early)) == 5

    def fill(chart):
        return next(one["fill"] for one in chart.spec["datasets"]["numbers"] if one["id"] == "KEN")

    assert fill(early) != fill(late)


def test_a_state_too_small_for_a_shape_is_a_dot(topology, about):
    small = replace(conform(topology), middles={"TUV": (179.2, -8.5), "MLT": (14.4, 35.9)})
    rows = frame(
        row(3.0, area="KEN"), row(5.0, area="TUV"), row(None, area="MLT", status="Q"), row(1.0, area="GIB")
    )
    chart = choropleth(rows, about, small)
    dots = {one["id"]: (one["state"], one["x"] > 500) for one in chart.spec["datasets"]["small"]}
    assert dots == {"TUV": ("known", True), "MLT": ("suppressed", False)}
    assert "Not shown: 1" in texts(chart), "Gibraltar has no place here"
