"""A question understood: its areas first, then the codes and wishes, and what is left is its subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sojourn.web.finding import places, wishes
from sojourn.web.finding.pieces import CODE, HAN, WORD, Piece, cut
from sojourn.web.finding.places import AREA, Place
from sojourn.web.finding.subjects import Vocabulary
from sojourn.web.finding.wishes import FROM, TO, WISH
from sojourn.web.registry.tokens import Group, question


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Attributes:
        places: its areas.
        wishes: how it is meant, of `wishes.toml`.
        codes: of targets, indicators or series.
        goal: number of a goal; empty: none.
        groups: the words of its subject.
        beside: words of areas and breakdowns, which a name may have too.
        read_as: misspelt words, and what they were taken for.
    """

    places: tuple[Place, ...]
    wishes: tuple[str, ...]
    codes: tuple[str, ...]
    goal: str
    groups: tuple[Group, ...]
    beside: tuple[Group, ...]
    read_as: tuple[tuple[str, str], ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """Codes of the areas."""
        return tuple(one.area for one in self.places)

    @property
    def between(self) -> tuple[str, str] | None:
        """Origin and destination, where there are two areas: as the words around them say, else in their order."""
        if len(self.places) != 2:
            return None
        first, second = self.places
        turned = (first.side, second.side) in {(TO, FROM), (TO, ""), ("", FROM)}
        return (second.area, first.area) if turned else (first.area, second.area)


def understand(text: str, words: Vocabulary) -> Asked:
    """Read a question.

    Args:
        text: as typed, in any of the six languages.
        words: those of the names that may be meant; a word that is none of them may be misspelt.
    """
    pieces = wishes.mark_goal(wishes.mark(places.mark(cut(text))))
    pieces = places.mark_misspelt(places.mark_parts(pieces, words.knows), words.knows)
    subject, read_as = _spelled(pieces, words)
    breakdowns = [one.text for one in pieces if one.kind == WISH and one.meaning in wishes.BREAKDOWNS]
    groups, beside = (
        _groups(subject),
        _groups([*breakdowns, *(one.text for one in pieces if one.kind == AREA)]),
    )
    wanted = wishes.asked(pieces)
    if not groups and breakdowns:
        # With nothing to break down, women are the subject.
        groups = _groups(breakdowns)
        wanted = tuple(one for one in wanted if one not in wishes.BREAKDOWNS)
    return Asked(
        places=places.places(pieces),
        wishes=wanted,
        codes=tuple(dict.fromkeys(one.text for one in pieces if one.kind == CODE)),
        goal=next((one.meaning for one in pieces if one.kind == wishes.GOAL), ""),
        groups=groups,
        beside=beside,
        read_as=read_as,
    )


def _spelled(pieces: Sequence[Piece], words: Vocabulary) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Give the words of the subject, misspelt ones put right, and which these were."""
    subject: list[str] = []
    read_as: list[tuple[str, str]] = []
    for piece in pieces:
        if piece.kind not in (WORD, HAN):
            continue
        meant = "" if piece.kind == HAN or words.knows(piece.text) else words.nearest(piece.text)
        subject.append(meant or piece.text)
        read_as += [(piece.text, meant)] if meant else []
    return subject, tuple(read_as)


def _groups(texts: Iterable[str]) -> tuple[Group, ...]:
    return question(" ".join(texts)).groups
