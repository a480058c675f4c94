"""Colours that people with any kind of colour vision can tell apart, on light, dark and printed pages.

The lines of the light and the dark theme are the palette of Okabe and Ito (2008), *Color Universal Design*,
darkened or lightened until each has a contrast of at least 3:1 with its ground (WCAG 2.2, 1.4.11). Text has
at least 4.5:1 (1.4.3). Classes are one hue of rising darkness, so that they keep their order in grey. Print
is darker, on white.
"""

from __future__ import annotations

from dataclasses import dataclass

from sojourn.errors import UsageError


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one ground.

    Attributes:
        ground: behind everything.
        text, muted: titles and labels; sources and axis labels.
        grid, axis: lines behind the numbers, and the line they stand on.
        lines: for lines and highlighted areas, in order of use.
        classes: from few to many.
        target: the promise.
        land: an area without a row.
        missing, suppressed, unsure: an area whose number does not exist, is withheld, or cannot be classed.
    """

    name: str
    ground: str
    text: str
    muted: str
    grid: str
    axis: str
    lines: tuple[str, ...]
    classes: tuple[str, ...]
    target: str
    land: str
    missing: str
    suppressed: str
    unsure: str


LIGHT = Theme(
    name="light",
    ground="#ffffff",
    text="#16202a",
    muted="#52606d",
    grid="#e4e8ec",
    axis="#7b8794",
    lines=("#0072b2", "#c44f00", "#008f68", "#a8327d", "#5c4a00", "#16202a"),
    classes=("#d3e5f3", "#a3cbe5", "#62a3d0", "#2a78b5", "#0b4a80"),
    target="#7a1f5c",
    land="#eef0f2",
    missing="#c3c9cf",
    suppressed="#6b7681",
    unsure="#ffffff",
)

DARK = Theme(
    name="dark",
    ground="#14191f",
    text="#f0f3f6",
    muted="#a9b4c0",
    grid="#2a323b",
    axis="#6b7785",
    lines=("#56b4e9", "#ff9a57", "#2fc49a", "#e396c4", "#f0e442", "#f0f3f6"),
    classes=("#1d3b55", "#255f8c", "#3c8cc4", "#7dbce6", "#cbe6fa"),
    target="#ffa9dc",
    land="#222931",
    missing="#4a5664",
    suppressed="#8a96a3",
    unsure="#14191f",
)

PRINT = Theme(
    name="print",
    ground="#ffffff",
    text="#000000",
    muted="#3b3b3b",
    grid="#d9d9d9",
    axis="#6b6b6b",
    lines=("#00568a", "#b34700", "#00795a", "#84305f", "#4d4000", "#000000"),
    classes=("#d5e3ee", "#b0c7d9", "#7da5c2", "#3f7aa5", "#0b4a80"),
    target="#6b1550",
    land="#f4f4f4",
    missing="#c4c4c4",
    suppressed="#6b6b6b",
    unsure="#ffffff",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}


def theme_of(name: str) -> Theme:
    """Return the theme of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in THEMES:
        raise UsageError(f"There is no theme {name!r}", accepted=", ".join(THEMES))
    return THEMES[name]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance).

    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21: (L1 + 0.05) / (L2 + 0.05) (WCAG 2.2, contrast ratio).

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Choose black or white, whichever reads better on a colour.

    >>> ink_on("#0b4a80"), ink_on("#d3e5f3")
    ('#ffffff', '#000000')
    """
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))
