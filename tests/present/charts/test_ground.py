"""The ground of maps: lighter shapes that still meet, points for areas, a projection that d3 would draw alike."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.present.charts.ground import equal_earth, lighter, middles, view


def ends(arc):
    xs, ys = zip(*arc, strict=True)
    return (xs[0], ys[0]), (sum(xs), sum(ys))


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=2, max_size=30),
        min_size=1,
        max_size=6,
    )
)
def test_rounding_keeps_ends_together_and_every_point_near(arcs):
    transform = {"scale": [0.001, 0.002], "translate": [-180, -90]}
    found, scaled = lighter(arcs, transform)
    for before, after in zip(arcs, found, strict=True):
        assert len(after) >= 2, "an arc has two ends"
        for (x, y), (x2, y2) in zip(ends(before), ends(after), strict=True):
            assert abs(x * 0.001 - x2 * scaled["scale"][0]) <= scaled["scale"][0] / 2 + 1e-9
            assert abs(y * 0.002 - y2 * scaled["scale"][1]) <= scaled["scale"][1] / 2 + 1e-9
    shared = {}
    for before, after in zip(arcs, found, strict=True):
        for place, rounded in zip(ends(before), ends(after), strict=True):
            assert shared.setdefault(place, rounded) == rounded, "ends that met still meet"


def test_what_is_coarse_already_stays_as_it_is():
    arcs = [[[0, 0], [3, 4]]]
    transform = {"scale": [0.04, 0.04], "translate": [0, 0]}
    assert lighter(arcs, transform) == (arcs, transform)


def _topology(*rings):
    arcs = []
    for ring in rings:
        steps = [ring[0], *((b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise([*ring, ring[0]]))]
        arcs.append([list(step) for step in steps])
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {
            "areas": {"geometries": [{"id": "A", "arcs": [[[number]] for number in range(len(arcs))]}]}
        },
    }


def test_an_area_stands_in_the_middle_of_its_largest_part():
    small, large = [(50, 50), (51, 50), (51, 51), (50, 51)], [(0, 0), (10, 0), (10, 4), (0, 4)]
    assert middles(_topology(small, large))["A"] == pytest.approx((5, 2))


def test_an_area_across_the_antimeridian_stands_there_and_not_on_the_other_side_of_the_world():
    ring = [(177, -19), (-179, -19), (-179, -16), (177, -16)]
    x, y = middles(_topology(ring))["A"]
    assert (x, y) == pytest.approx((179, -17.5))


def test_a_shape_without_area_has_a_point_all_the_same():
    assert middles(_topology([(3, 3), (3, 3)]))["A"] == pytest.approx((3, 3))


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_equal_earth_keeps_areas(longitude, latitude):
    """The Jacobian of the projection over cos(latitude) is the same everywhere."""
    step = 1e-4

    def at(x, y):
        return equal_earth(x, y)

    x0, y0 = at(longitude, latitude)
    across = (at(longitude + step, latitude)[0] - x0) / math.radians(step)
    up = (at(longitude, latitude + step)[1] - y0) / math.radians(step)
    assert across * up / math.cos(math.radians(latitude)) == pytest.approx(1.0, rel=1e-3)


def test_the_window_holds_all_places_and_comes_closer_where_they_lie_close():
    world = view(800, 400)
    assert world.whole
    assert view(800, 400, [(-120, -50), (100, 65), (20, 0)]).whole
    near = view(800, 400, [(7, 45), (10, 50), (2, 47)])
    assert not near.whole
    assert near.scale > 2 * world.scale
    for place in ((7, 45), (10, 50), (2, 47)):
        x, y = near.place(*place)
        assert 0 < x < 800
        assert 0 < y < 400


def test_no_sky_above_the_world_in_a_close_window():
    near = view(436, 218, [(10, 51), (-99, 39), (90, 60)])
    if not near.whole:
        assert near.place(0, 83)[1] <= 20


@pytest.mark.parametrize("place", [(0.0, 0.0), (180.0, 0.0), (-180.0, 80.0)])
def test_one_place_alone_is_a_window(place):
    window = view(700, 300, [place])
    assert all(math.isfinite(one) for one in (*window.place(*place), window.scale))
