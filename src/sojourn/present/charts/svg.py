"""Turns what Vega draws into one SVG text that is the same, byte for byte, wherever and whenever it is drawn.

Vega numbers its clip paths and gradients by a counter of the process, so that the second picture differs from
the first, and two pictures in one page share ids. It writes coordinates with sixteen digits. And its roles
and labels on groups are not allowed by ARIA; here the whole picture is one image with one text.
"""

from __future__ import annotations

import re
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

_IDS = re.compile(r'\bid="([^"]+)"')
_ARIA = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_NUMBERED = re.compile(r' (d|transform|x|y|x1|x2|y1|y2|width|height|r|cx|cy|points)="([^"]*)"')
_LONG = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_OUTLINE = re.compile(r' d="((?:[ML]-?[\d.]+,-?[\d.]+|Z){12,})"')
_CORNERS = re.compile(r"([MLZ])([^MLZ]*)")
_ROOT = re.compile(r"<svg [^>]*?(viewBox=\"[^\"]*\")>")


def normalised(svg: str, alt: str, title: str, language: str) -> str:
    """Number ids by content, round coordinates to a hundredth of a pixel (paths to a tenth), name the picture.

    Args:
        svg: as Vega wrote it.
        alt: what the picture shows, for those who do not see it.
        title: its name.
        language: of both.

    Returns:
        The same picture; its text runs left to right whatever the page around it does.
    """
    bare = _OUTLINE.sub(_stepwise, _NUMBERED.sub(_round, _outside_text(svg)))
    bare = _renumber(bare)
    box = _ROOT.search(bare)
    view = box.group(1) if box else ""
    width, height = view.removesuffix('"').split()[-2:]
    mark = sha256(bare.encode()).hexdigest()[:10]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{language}" direction="ltr"'
        f' aria-labelledby="t{mark} d{mark}" width="{width}" height="{height}" {view}>'
        f'<title id="t{mark}">{escape(title)}</title><desc id="d{mark}">{escape(alt)}</desc>'
    )
    return head + bare[box.end() if box else 0 :]


def _outside_text(svg: str) -> str:
    return re.sub(r"<[^>]+>", lambda tag: _ARIA.sub("", tag.group()), svg)


def _round(found: re.Match[str]) -> str:
    digits = 1 if found.group(1) == "d" else 2
    return f" {found.group(1)}={quoteattr(_LONG.sub(lambda long: _shortened(long.group(), digits), found.group(2)))}"


def _shortened(text: str, digits: int) -> str:
    return f"{round(float(text), digits) + 0.0:.10g}"


def _stepwise(found: re.Match[str]) -> str:
    """Write the corners of a long outline as steps from one to the next: half the bytes, the same picture."""
    written: list[str] = []
    before, command = (0, 0), ""
    for part, text in _CORNERS.findall(found.group(1)):
        if part == "Z":
            written.append("Z")
            command = "Z"
            continue
        # Whole tenths of a pixel, so that no rounding adds up along the outline.
        x, y = (round(float(one) * 10) for one in text.split(","))
        if part == "M":
            written.append(f"M{x / 10:g},{y / 10:g}")
        else:
            across, down = f"{(x - before[0]) / 10:g}", f"{(y - before[1]) / 10:g}"
            joint = "" if across.startswith("-") and command == "L" else " " if command == "L" else "l"
            written.append(joint + across + ("" if down.startswith("-") else ",") + down)
        before, command = (x, y), part
    return f' d="{"".join(written)}"'


def _renumber(svg: str) -> str:
    """Call ids c0, c1 … in order of appearance, with a mark of the content, so that two pictures may meet."""
    names = list(dict.fromkeys(_IDS.findall(svg)))
    places = {name: f"\0{index}\0" for index, name in enumerate(names)}
    for name, place in places.items():
        svg = svg.replace(f'id="{name}"', f'id="{place}"').replace(f"url(#{name})", f"url(#{place})")
    mark = sha256(svg.encode()).hexdigest()[:8]
    return re.sub("\0(\\d+)\0", lambda found: f"c{mark}-{found.group(1)}", svg)
