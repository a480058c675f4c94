"""Finds the series that a person means by what they type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz, process, utils

from sojourn.errors import NotFoundError

_GOOD, _CLOSE = 85, 60


def find_series(text: str, series: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Give the codes of the series that a text means, best first.

    A code, in any case, means itself; an indicator's number means all its series; other words are compared
    with names and with what people call them.

    Args:
        text: what was typed.
        series: metadata by code, as a release keeps it.

    Raises:
        NotFoundError: nothing is close; the closest are named.
    """
    by_code = {code.lower(): code for code in series}
    if text.lower() in by_code:
        return [by_code[text.lower()]]
    of_indicator = [code for code, one in series.items() if one["indicator"].lower() == text.lower()]
    if of_indicator:
        return of_indicator
    called = [(word, code) for code, one in series.items() for word in (one["name"], *one["words"])]
    scored = process.extract(
        text,
        [word for word, _ in called],
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        limit=None,
    )
    # Of equally good matches the shorter name is the plainer meaning.
    ranked = sorted(scored, key=lambda hit: (-hit[1], -fuzz.ratio(text.lower(), hit[0].lower())))
    good = list(dict.fromkeys(called[index][1] for _, score, index in ranked if score >= _GOOD))
    if good:
        return good
    close = list(dict.fromkeys(called[index][1] for _, score, index in ranked if score >= _CLOSE))[:5]
    named = "; ".join(f"{code} ({series[code]['name']})" for code in close)
    raise NotFoundError(
        f"No series is called {text!r}",
        advice=f"Did you mean: {named}?" if close else "Run 'sojourn list series' to see them all.",
    )
