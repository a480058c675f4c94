"""The words of charts in six languages, read from `words.toml` beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from sojourn.present.charts.numbers import checked

CONFIRMED = ("en",)
"""Languages whose words somebody who writes them for a living has confirmed."""


@cache
def _all() -> dict[str, dict[str, str]]:
    text = resources.files("sojourn.present.charts").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def word(name: str, language: str, **filled: str) -> str:
    """Return a word or sentence of charts, with its gaps filled.

    Args:
        name: as in `words.toml`.
        language: one of six.
        filled: what goes into {…}.

    Raises:
        UsageError: charts are not drawn in this language.

    >>> word("target_by", "en", value="3%", period="2030")
    'Target for 2030: 3%'
    """
    return _all()[name][checked(language)].format(**filled)


def disclaimer(language: str) -> str:
    """What has to stand under every map: whose boundaries these are not.

    >>> disclaimer("en")[:30]
    'The boundaries and names shown'
    """
    return word("boundaries", language)
