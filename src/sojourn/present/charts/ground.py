"""The ground of maps: shapes as light as a picture needs, one point for each area, and the projection.

A picture is a thousand pixels wide, so coordinates finer than a thirtieth of a degree only cost bytes. A point
stands for an area where a flow begins or ends, and where a small State has no shape that could be seen. The
projection is Equal Earth (Šavrič, Patterson and Jenny 2019), written out here as well, because arcs between two
places are computed in pixels.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
"""Longitude and latitude in degrees, or a place in pixels."""

FINEST = 0.03
"""Degrees to one step of a coordinate."""

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2


def lighter(arcs: Sequence[Sequence[Sequence[int]]], transform: Mapping[str, Any]) -> tuple[Any, Any]:
    """Round the arcs of a topology to `FINEST` degrees; points that fall together become one.

    Args:
        arcs: quantized, each point the difference to the one before.
        transform: scale and translate of TopoJSON.

    Returns:
        Arcs and transform; ends that met still meet.

    >>> lighter([[[0, 0], [1, 0], [100, 0]]], {"scale": [0.001, 0.001], "translate": [0, 0]})[0]
    [[[0, 0], [3, 0]]]
    """
    factors = [max(1, round(FINEST / scale)) for scale in transform["scale"]]
    if factors == [1, 1]:
        return arcs, transform
    scale = [one * factor for one, factor in zip(transform["scale"], factors, strict=True)]
    return [_rounded(arc, factors) for arc in arcs], {**transform, "scale": scale}


def _rounded(arc: Sequence[Sequence[int]], factors: Sequence[int]) -> list[list[int]]:
    places = [(round(x / factors[0]), round(y / factors[1])) for x, y in _absolute(arc)]
    kept = [place for number, place in enumerate(places) if number == 0 or place != places[number - 1]]
    kept = kept if len(kept) > 1 else [kept[0], kept[0]]  # an arc has two ends, even where they meet
    steps = [[x - before[0], y - before[1]] for before, (x, y) in itertools.pairwise(kept)]
    return [list(kept[0]), *steps]


def _absolute(arc: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    across = itertools.accumulate(point[0] for point in arc)
    return list(zip(across, itertools.accumulate(point[1] for point in arc), strict=True))


def middles(topology: Mapping[str, Any]) -> dict[str, Point]:
    """Give each area the centroid of its largest polygon, in degrees.

    A = Σ (x₁y₂ - x₂y₁) / 2, and the centroid is Σ (p₁ + p₂)(x₁y₂ - x₂y₁) / 6A. Computed on the plane of degrees:
    a place to put a mark, not a measurement.

    Args:
        topology: with the object `areas`, as `Shapes` holds it.
    """
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [
        [(x * scale[0] + move[0], y * scale[1] + move[1]) for x, y in _absolute(arc)]
        for arc in topology["arcs"]
    ]
    found: dict[str, Point] = {}
    for geometry in topology["objects"]["areas"]["geometries"]:
        rings = [_ring(polygon[0], arcs) for polygon in geometry["arcs"]]
        x, y = max((_centroid(ring) for ring in rings), key=lambda one: one[0])[1]
        found[geometry["id"]] = ((x + 180) % 360 - 180, y)
    return found


def _ring(parts: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """Put the arcs of a ring together; one that crosses the antimeridian goes on beyond 180 degrees."""
    points = [point for part in parts for point in (arcs[part] if part >= 0 else arcs[~part][::-1])]
    turns = 0.0
    found = points[:1]
    for (before, _), (x, y) in itertools.pairwise(points):
        turns += 360.0 * ((before - x > 180) - (x - before > 180))
        found.append((x + turns, y))
    return found


def _centroid(ring: Sequence[Point]) -> tuple[float, Point]:
    """Area and centroid of a ring; of one without area, the middle of its points."""
    twice = across = up = 0.0
    for (x, y), (x2, y2) in itertools.pairwise([*ring, ring[0]]):
        cross = x * y2 - x2 * y
        twice, across, up = twice + cross, across + (x + x2) * cross, up + (y + y2) * cross
    if abs(twice) < 1e-9:
        count = len(ring)
        return 0.0, (math.fsum(x for x, _ in ring) / count, math.fsum(y for _, y in ring) / count)
    return abs(twice) / 2, (across / (3 * twice), up / (3 * twice))


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project degrees to the plane of Equal Earth, where the world is 5.41 wide and up is positive.

    sin θ = √3/2 sin φ; x = 2√3 λ cos θ / 3(9A₄θ⁸ + 7A₃θ⁶ + 3A₂θ² + A₁); y = A₄θ⁹ + A₃θ⁷ + A₂θ³ + A₁θ
    (Šavrič, Patterson and Jenny 2019, *International Journal of Geographical Information Science* 33).

    >>> [round(one, 4) for one in equal_earth(180, 0)], round(equal_earth(0, 90)[1], 4)
    ([2.7066, 0.0], 1.3174)
    """
    turn = math.asin(_M * math.sin(math.radians(latitude)))
    square, sixth = turn**2, turn**6
    bend = _M * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square))
    across = math.radians(longitude) * math.cos(turn) / bend
    return across, turn * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


_WEST, _EAST, _NORTH, _SOUTH = -2.68, 2.7, 1.29, -1.01
"""The inhabited world on the plane: from Samoa to Tuvalu, from Svalbard to South Georgia."""

ASPECT = (_NORTH - _SOUTH) / (_EAST - _WEST)
"""Height to width of the inhabited world."""

_CLOSEST = 5.0
_MARGIN = 0.18


@dataclass(frozen=True, slots=True)
class View:
    """A window on the plane of Equal Earth, drawn into a plot.

    Attributes:
        scale: pixels to one unit of the plane.
        across, down: pixels of the plane's origin in the plot.
        middle: longitude that stands upright.
        whole: whether the window shows the whole world.
    """

    scale: float
    across: float
    down: float
    middle: float = 0.0
    whole: bool = True

    def place(self, longitude: float, latitude: float) -> Point:
        """Where degrees stand in the plot, in pixels from its top left."""
        x, y = equal_earth(_from(longitude, self.middle), latitude)
        return round(self.across + self.scale * x, 2), round(self.down - self.scale * y, 2)

    def around(self, latitude: float) -> float:
        """Pixels of once around the world at a latitude."""
        return round(2 * self.scale * equal_earth(180, latitude)[0], 2)

    @property
    def projection(self) -> dict[str, Any]:
        """The same, as Vega-Lite says it."""
        placed = {"scale": self.scale, "translate": [self.across, self.down]}
        return {"type": "equalEarth", "rotate": [-self.middle, 0], **placed}


def _from(longitude: float, middle: float) -> float:
    """Degrees east of a meridian, -180 to 180."""
    return (longitude - middle + 180) % 360 - 180


def view(width: int, height: int, around: Sequence[Point] = ()) -> View:
    """Choose a window: the inhabited world, or what lies around some places where that is much less.

    Args:
        width, height: of the plot in pixels.
        around: degrees of the places that must be seen; none: the world.
    """
    far = min(width / (_EAST - _WEST), height / (_NORTH - _SOUTH))
    world = _window(far, (_WEST, _EAST, _SOUTH, _NORTH), width, height)
    if not around:
        return world
    middle = _meridian([longitude for longitude, _ in around])
    planes = [equal_earth(_from(longitude, middle), latitude) for longitude, latitude in around]
    xs, ys = [x for x, _ in planes], [y for _, y in planes]
    margin = _MARGIN * max(max(xs) - min(xs), max(ys) - min(ys), 0.2)
    box = (min(xs) - margin, max(xs) + margin, min(ys) - margin, max(ys) + margin)
    near = min(width / (box[1] - box[0]), height / (box[3] - box[2]), _CLOSEST * far)
    return world if near < 1.3 * far else _window(near, box, width, height, middle, whole=False)


def _meridian(longitudes: Sequence[float]) -> float:
    """The meridian in the middle of some longitudes where they lie across the antimeridian, else 0."""
    order = sorted(longitudes)
    gaps = [(later - sooner, later) for sooner, later in itertools.pairwise([*order, order[0] + 360])]
    widest, begin = max(gaps)
    across = begin < order[0] + 360
    return round(_from(begin + (360 - widest) / 2, 0)) if across and widest > 180 else 0


def _window(
    scale: float,
    box: tuple[float, float, float, float],
    width: int,
    height: int,
    middle: float = 0.0,
    whole: bool = True,
) -> View:
    """Put the middle of a box of the plane into the middle of the plot, with no sky above the world."""
    scale = round(scale, 2)
    down = height / 2 + scale * (box[2] + box[3]) / 2
    down = min(down, scale * _NORTH) if scale * (_NORTH - _SOUTH) >= height else down
    return View(scale, round(width / 2 - scale * (box[0] + box[1]) / 2, 2), round(down, 2), middle, whole)
