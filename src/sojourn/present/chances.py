"""How a probability is written: in whole per cent, in tenths near its ends, and never as certain."""

from __future__ import annotations

from babel.numbers import format_percent

LEAST = 0.001
"""Chances below it are written as less than it, those as near to 1 as more."""


def chance(share: float, language: str) -> tuple[str, str]:
    """Write a probability.

    Args:
        share: from 0 to 1.
        language: one of six.

    Returns:
        "less", "more" or nothing, and the figure that it is less or more than.

    >>> chance(0.34, "en"), chance(0.004, "en"), chance(0.00034, "en"), chance(0.9999, "en")
    (('', '34%'), ('', '0.4%'), ('less', '0.1%'), ('more', '99.9%'))
    """
    bound = "less" if share < LEAST else "more" if share > 1 - LEAST else ""
    shown = min(max(share, LEAST), 1 - LEAST)
    near = not 0.01 <= shown <= 0.99
    return bound, str(
        format_percent(round(shown, 3 if near else 2), locale=language, decimal_quantization=False)
    )
