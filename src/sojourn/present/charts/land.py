"""The land under marks: one layer of shapes without a number, in one colour."""

from __future__ import annotations

from typing import Any

from sojourn.present.charts.furniture import Layer, Sheet
from sojourn.present.charts.ground import View

WORLD = "world"
"""Name under which a specification holds the shapes."""


def shaped() -> dict[str, Any]:
    """Say where a layer finds the shapes."""
    return {"name": WORLD, "format": {"type": "topojson", "feature": "areas"}}


def land(on: Sheet, view: View) -> Layer:
    """Draw all shapes in the colour of land, as far as the window reaches."""
    theme = on.theme
    mark = {"type": "geoshape", "fill": theme.land, "stroke": theme.axis, "strokeWidth": 0.4, "clip": True}
    return {"data": shaped(), "mark": mark, "projection": view.projection}
