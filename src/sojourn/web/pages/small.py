"""Small pictures made of nothing but numbers, which stand beside these in tables: written here and not in templates,
because a page holds hundreds of them. What they show stands beside them in words, so nobody is read them aloud.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sojourn.web.pages.sparks import HEIGHT, WIDTH, Spark

if TYPE_CHECKING:
    from sojourn.web.pages.profile import Line

_SILENT = 'aria-hidden="true" focusable="false"'
_BESIDE = 120.0
"""Width of the scale on which an area stands beside its region and the world."""


def bar(row: Mapping[str, Any], scale: tuple[float, float]) -> Markup:
    """Draw a number as a bar from zero, with its interval.

    Args:
        row: value, lower and upper.
        scale: the lowest and the highest that the bars of the table reach.

    >>> "width" in bar({"value": 3.0, "lower": 2.0, "upper": 4.0}, (0.0, 6.0)), str(bar({"value": None}, (0.0, 6.0)))
    (True, '')
    """
    value, low = row["value"], scale[0]
    if value is None:
        return Markup("")
    width = (scale[1] - low) or 1
    fill = _rect("fill", (min(value, 0) - low) / width * 100, abs(value) / width * 100, 2, 6, 2)
    reach = ""
    if row["lower"] is not None and row["upper"] is not None:
        start, long = (row["lower"] - low) / width * 100, (row["upper"] - row["lower"]) / width * 100
        reach = _rect("range", start, long, 4, 2, 2)
    return Markup(
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" {_SILENT}>{fill}{reach}</svg>'
    )


def beside(told: Line) -> Markup:
    """Draw an area as a bar, with its interval, the world as a stroke and its region as a triangle."""
    row, (low, high) = told.row, told.scale()
    if row["value"] is None:
        return Markup("")
    at = _BESIDE / ((high - low) or 1)
    parts = [_rect("fill", (min(row["value"], 0) - low) * at, abs(row["value"]) * at, 4, 6)]
    if row["lower"] is not None and row["upper"] is not None:
        parts.append(_rect("range", (row["lower"] - low) * at, (row["upper"] - row["lower"]) * at, 6, 2))
    if told.world is not None and told.world["value"] is not None:
        parts.append(_rect("world", (told.world["value"] - low) * at - 1, 2, 0, 14))
    if told.region is not None and told.region["value"] is not None:
        parts.append(
            f'<path class="region" d="M{round((told.region["value"] - low) * at, 1)} 8 l4 8 h-8 Z"/>'
        )
    drawn = "".join(parts)
    return Markup(
        f'<svg class="beside" viewBox="-4 0 128 16" width="128" height="16" {_SILENT}>{drawn}</svg>'
    )


def line(drawn: Spark) -> Markup:
    """Draw a course with its band, a line for each edition of its source, and a dot at its end."""
    size = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" height="{HEIGHT:g}"'
    band = f'<polygon class="band" points="{drawn.band}"/>' if drawn.band else ""
    lines = "".join(f'<polyline class="course" points="{one}" fill="none"/>' for one in drawn.lines)
    end = f'<circle class="end" cx="{drawn.end[0]}" cy="{drawn.end[1]}" r="2.5"/>'
    return Markup(f"<svg {size} {_SILENT}>{band}{lines}{end}</svg>")


def _rect(name: str, x: float, width: float, y: int, height: int, digits: int = 1) -> str:
    place = f'x="{round(x, digits)}" width="{round(width, digits)}"'
    return f'<rect class="{name}" {place} y="{y}" height="{height}"/>'
