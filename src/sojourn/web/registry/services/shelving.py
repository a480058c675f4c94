"""Puts public records on their shelves and takes them off, in the transaction that publishes or withdraws them.

The counts of shelves are kept as records come and go, so that no page ever counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import F

from sojourn.web.registry.models import Entry, Shelf, Standing, Theme
from sojourn.web.registry.models.shelves import LONGEST_KEY

THEMES = "gfmd_themes"
"""Vocabulary that lists are narrowed by."""

ORDER: Mapping[str, str] = {
    "meeting": "start",
    "instrument": "adopted",
    "commitment": "due_day",
    "actor": "title",
    "body": "valid_from",
}
"""Kind -> column that its lists are ordered by; others are ordered by public id."""

NEWEST_FIRST = frozenset({"meeting"})

TYPE: Mapping[str, str] = {
    "actor": "type",
    "instrument": "type",
    "body": "type",
    "practice": "type",
    "commitment": "force",
}
"""Kind -> column by which its records are told apart."""

_LAST = "~"
"""Stands behind every date and public id."""

Narrowed = tuple[str, str, str]
"""Kind, theme, type."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a shelf.

    Attributes:
        keys: numbers of its records, in order.
        first, last: where it begins and ends, as (key, number of the record); None: it is empty.
        before, after: whether anything stands before and after it.
    """

    keys: tuple[int, ...]
    first: tuple[str, int] | None
    last: tuple[str, int] | None
    before: bool
    after: bool


def shelve(entities: Sequence[Entry]) -> None:
    """Put records on their shelves, in place of where they stood; those that are not public come off."""
    take_off([one.pk for one in entities])
    public = [one for one in entities if one.is_public]
    themes = _themes([one.pk for one in public])
    wanted = {one.pk: [*_shelves(one, themes.get(one.pk, ()))] for one in public}
    added = Counter(shelf for each in wanted.values() for shelf in each)
    numbers = {shelf: _number(shelf) for shelf in sorted(added)}
    rows = [
        Standing(shelf_id=numbers[shelf], key=key_of(one), record_id=one.pk)
        for one in public
        for shelf in wanted[one.pk]
    ]
    Standing.objects.bulk_create(rows, batch_size=2_000)
    for shelf in sorted(added):
        Shelf.objects.filter(pk=numbers[shelf]).update(records=F("records") + added[shelf])


def take_off(records: Sequence[int]) -> None:
    """Take records off all shelves."""
    standing = Standing.objects.filter(record__in=records)
    gone = Counter(standing.order_by("shelf").values_list("shelf", flat=True))
    if not gone:
        return
    standing.delete()
    for shelf, count in sorted(gone.items()):
        Shelf.objects.filter(pk=shelf).update(records=F("records") - count)


def clear() -> None:
    """Empty all shelves."""
    Standing.objects.all().delete()
    Shelf.objects.all().delete()


def _themes(records: Sequence[int]) -> dict[int, list[str]]:
    filed: dict[int, list[str]] = {}
    rows = Theme.objects.filter(record__in=records, term__vocabulary=THEMES)
    for record, code in rows.values_list("record", "term__code"):
        filed.setdefault(record, []).append(code)
    return filed


def _shelves(entity: Entry, themes: Iterable[str]) -> Iterable[Narrowed]:
    types = {"", str(getattr(entity, TYPE[entity.kind]) or "") if entity.kind in TYPE else ""}
    return ((entity.kind, theme, one) for theme, one in product({"", *themes}, types))


def _number(shelf: Narrowed) -> int:
    kind, theme, of_type = shelf
    return int(Shelf.objects.get_or_create(kind=kind, theme=theme, type=of_type)[0].pk)


def key_of(entity: Entry) -> str:
    """Give what a record is ordered by in lists; what has no date stands last."""
    column = ORDER.get(entity.kind, "public_id")
    value: Any = getattr(entity, column)
    if entity.kind in NEWEST_FIRST:
        return str(value or "")
    return str(value or _LAST).casefold()[:LONGEST_KEY]


def shelf_of(kind: str, theme: str = "", of_type: str = "") -> Shelf | None:
    """Find a shelf; None: nothing ever stood there."""
    return Shelf.objects.filter(kind=kind, theme=theme, type=of_type).first()


def themes_of(kind: str) -> list[tuple[str, int]]:
    """Give the themes of the public records of a kind with their counts, the most frequent first."""
    return _counts(Shelf.objects.filter(kind=kind, type="").exclude(theme=""), "theme")


def types_of(kind: str) -> list[tuple[str, int]]:
    """Give the types of the public records of a kind with their counts, the most frequent first."""
    return _counts(Shelf.objects.filter(kind=kind, theme="").exclude(type=""), "type")


def kinds() -> dict[str, int]:
    """Give how many public records there are of each kind."""
    return dict(Shelf.objects.filter(theme="", type="", records__gt=0).values_list("kind", "records"))


def _counts(shelves: Any, column: str) -> list[tuple[str, int]]:
    found = shelves.filter(records__gt=0).values_list(column, "records")
    return sorted(found, key=lambda one: (-one[1], one[0]))


def stretch(
    shelf: Shelf | None,
    most: int,
    *,
    after: tuple[str, int] | None = None,
    before: tuple[str, int] | None = None,
) -> Stretch:
    """Read a stretch of a shelf.

    Args:
        shelf: which one.
        most: how many records.
        after, before: where the stretch before ended, or the one behind it begins; neither: from the beginning.
    """
    if shelf is None:
        return Stretch((), None, None, False, False)
    backwards = before is not None
    falls = (shelf.kind in NEWEST_FIRST) != backwards
    rows = Standing.objects.filter(shelf=shelf)
    if (edge := before or after) is not None:
        key, number = edge
        side = "lt" if falls else "gt"
        # The first condition lets the index begin at the edge; the second tells equal keys apart.
        rows = rows.filter(**{f"key__{side}e": key}).exclude(**{"key": key, f"record__{_not(side)}": number})
    sign = "-" if falls else ""
    found = list(rows.order_by(f"{sign}key", f"{sign}record").values_list("key", "record")[: most + 1])
    more, found = len(found) > most, found[:most]
    if backwards:
        found.reverse()
    if not found:
        return Stretch((), None, None, after is not None, before is not None)
    return Stretch(
        tuple(record for _, record in found),
        found[0],
        found[-1],
        more if backwards else after is not None,
        True if backwards else more,
    )


def _not(side: str) -> str:
    return {"lt": "gte", "gt": "lte"}[side]
