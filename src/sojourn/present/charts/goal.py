"""The target in a chart whose numbers run along the page: a line across it, and its label."""

from __future__ import annotations

from collections.abc import Callable

from sojourn.present.charts.about import Target
from sojourn.present.charts.furniture import Layer, Sheet, once, words_at
from sojourn.present.charts.layout import text_width
from sojourn.present.charts.numbers import ltr, number
from sojourn.present.charts.periods import written
from sojourn.present.charts.words import word


def target_digits(value: float, decimals: int) -> int:
    """Write a whole target without digits after the point.

    >>> target_digits(3.0, 1), target_digits(2.5, 1)
    (0, 1)
    """
    return 0 if float(value).is_integer() else max(1, decimals)


def goal_text(goal: Target, language: str, decimals: int) -> str:
    """Say what was promised, and by when."""
    if goal.label:
        return goal.label
    value = ltr(number(goal.value, language, target_digits(goal.value, decimals)), language)
    if not goal.period:
        return word("target", language, value=value)
    return word("target_by", language, value=value, period=written(goal.period, language))


def goal_across(
    on: Sheet, goal: Target | None, place: Callable[[float], float], decimals: int, rows: float | None = None
) -> list[Layer]:
    """Draw the target as an upright line down to `rows`, its label above the plot and inside its edges."""
    if goal is None:
        return []
    text = goal_text(goal, on.language, decimals)
    x = place(goal.value)
    half = text_width(text, 11) * 0.56
    at = min(max(x, half), max(half, on.frame.inner - half))
    height = on.frame.height if rows is None else rows
    rule = once("rule", x, None, 0, height, color=on.theme.target, strokeWidth=1.5)
    label = words_at(
        on, text, at, -3, align="center", baseline="bottom", color=on.theme.target, fontWeight="bold"
    )
    return [rule, label]
