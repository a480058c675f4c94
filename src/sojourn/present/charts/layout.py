"""Where things stand: a layout that is computed, not measured, so that server and page agree.

Vega measures text with the fonts of the machine. Here the room for titles, labels and keys comes from a table
of the widths of Liberation Sans (the same as Arial's and Arimo's), and nothing moves when another font is used.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sojourn.present.charts.numbers import plain

FONT = "Liberation Sans, Arimo, Arial, Helvetica, sans-serif"
"""Four names of one set of widths: the server has the first, readers one of the others. No font is sent."""

FONT_WITH_ARABIC = "DejaVu Sans, Noto Sans Arabic, Arial, sans-serif"
"""Fonts that hold Arabic in both weights; a server without them would draw everything bold."""

_NARROW = set("iIl.,:;|!'’·()[]/ftjr -")
_WIDE = set("mwMWQO%@")
_LATIN_IN_ARABIC = 1.15
"""How much wider Latin letters are in the fonts that hold Arabic."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole picture and the plot inside it, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def total_height(self) -> int:
        """Height of the picture with everything above and below the plot."""
        return self.top + self.height + self.bottom

    @property
    def inner(self) -> int:
        """Width of the plot."""
        return self.width - self.left - self.right


def text_width(text: str, size: float, beside_arabic: bool = False) -> float:
    """Estimate the width of a text in pixels.

    Args:
        text: one line.
        size: of its letters.
        beside_arabic: whether another line of the same text holds Arabic, whose font it is drawn in then.

    >>> round(text_width("Mexico", 10)), round(text_width("墨西哥", 10))
    (34, 30)
    """
    bare = plain(text)
    wider = _LATIN_IN_ARABIC if beside_arabic or has_arabic(bare) else 1.0
    return size * sum(_em(one) * (wider if one < "\u0590" else 1.0) for one in bare)


def has_arabic(text: str) -> bool:
    """Tell whether a text holds letters that are written from the right.

    >>> has_arabic("المصدر: UN"), has_arabic("UN")
    (True, False)
    """
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.31
    if character in _WIDE:
        return 0.85
    return 0.66 if character.isupper() else 0.55


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines that fit; Chinese breaks between any two signs.

    >>> wrap("Cost of sending remittances", 90, 10)
    ['Cost of sending', 'remittances']
    """
    lines: list[str] = []
    current, arabic = "", has_arabic(text)
    for piece in _pieces(text):
        if current and text_width(current + piece.rstrip(), size, arabic) > width:
            lines.append(current.rstrip())
            current = ""
        current += piece
    return [*lines, current.rstrip()] if current.strip() else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        breakable = (
            not pieces or pieces[-1].endswith(" ") or unicodedata.east_asian_width(pieces[-1][-1]) in "W"
        )
        # No line begins with a closing sign.
        if breakable and not (pieces and unicodedata.category(character) in ("Po", "Pe")):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def cut(text: str, width: float, size: float) -> str:
    """Shorten a text to a width, with an ellipsis where something was left out.

    >>> cut("United Kingdom of Great Britain and Northern Ireland", 100, 10)
    'United Kingdom of G…'
    """
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def spread(wanted: list[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Push labels apart until each has its room, in the order given, as near to their place as that allows.

    >>> spread([10.0, 12.0, 90.0], 14, 0, 100)
    [10.0, 24.0, 90.0]
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    at = lowest - gap
    for index in order:
        at = placed[index] = max(wanted[index], at + gap, lowest)
    at = highest + gap
    for index in reversed(order):
        at = placed[index] = min(placed[index], at - gap)
    return placed


def side_by_side(wanted: list[float], widths: list[float], lowest: float, highest: float) -> list[float]:
    """Push centred labels apart until none lies over another or beyond the edges, in the order of their places.

    >>> side_by_side([10.0, 20.0, 95.0], [30, 30, 30], 0, 100)
    [15.0, 45.0, 85.0]
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    edge = lowest
    for index in order:
        placed[index] = max(wanted[index], edge + widths[index] / 2)
        edge = placed[index] + widths[index] / 2
    edge = highest
    for index in reversed(order):
        placed[index] = min(placed[index], edge - widths[index] / 2)
        edge = placed[index] - widths[index] / 2
    return placed
