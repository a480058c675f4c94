"""An answer to a question: a page of the site with its state, and why it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sojourn.web.languages import N_

BY_CODE = N_("Its code is in the question.")
EVERY_WORD = N_("Its name has every word of the question.")
SOME_WORDS = N_("Words of the question in its name: {count} of {all}.")
OF_AREA = N_("It has numbers of {areas}.")
NOT_OF_AREA = N_("It has no number of {areas} in this release.")
OF_PAIR = N_("It has numbers between the two.")
NOT_OF_PAIR = N_("It has no number between the two in this release.")
NAMED = N_("The question names it.")
GUESSED = N_("“{text}” was read as this name.")
BOTH_NAMED = N_("The question names both.")
BROKEN_DOWN = N_("It can be broken down by: {columns}.")
JUDGED = N_("Progress to its target is judged.")

Told = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page is offered: a text, and what fills it: numbers, words, codes of areas, names of columns."""

    text: str
    fields: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One page that may be meant.

    Attributes:
        kind: "series", "progress", "area", "corridor", "target", "indicator" or "goal".
        code: of what the page is about.
        path: of the page, without language.
        state: what its address holds beside.
        anchor: the place on it.
        areas: that the title names; of a corridor, origin and destination.
        why: reasons.
    """

    kind: str
    code: str
    path: str
    state: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    anchor: str = ""
    areas: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()

    @property
    def address(self) -> str:
        """Where it leads, without the language.

        >>> Hit("series", "SL_TLF_UEM", "series/SL_TLF_UEM", {"area": "MEX"}, "choose").address
        'series/SL_TLF_UEM?area=MEX#choose'
        """
        asked = urlencode(self.state, doseq=True)
        return self.path + (f"?{asked}" if asked else "") + (f"#{self.anchor}" if self.anchor else "")
