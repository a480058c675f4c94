"""Somebody else saved in between: both texts side by side, a choice for each field, and nothing lost.

What the text was when this person opened it is found by undoing the saves since, which the audit trail keeps. A field
that only one of the two has changed is settled by that; where both have, the person chooses.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from sojourn.web.languages import N_
from sojourn.web.registry.faults import DeniedError
from sojourn.web.registry.models import Event, Version
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing import pages
from sojourn.web.registry.writing.opened import Opened, opened
from sojourn.web.registry.writing.saying import Saying
from sojourn.web.said import again

SAVED_BY_ANOTHER = N_("Somebody else has saved this text. Press Save to compare both.")

MINE, THEIRS = "mine", "theirs"

_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two texts differ.

    Attributes:
        name, label: of the field.
        mine, theirs: both values in words; where both are texts, with what differs marked.
        keep: which one stands unless the person says otherwise.
        both: both sides changed it, so that the person has to look.
    """

    name: str
    label: str
    mine: Markup
    theirs: Markup
    keep: str
    both: bool


def both(
    request: HttpRequest,
    language: str,
    person: Person,
    record: Opened,
    given: Mapping[str, Any],
    seen: int,
) -> HttpResponse:
    """Show both texts side by side."""
    now = opened(person, str(record.entity.public_id))
    saying = Saying(str(now.entity.kind), person, language, given, now.content)
    context = {
        "record": now,
        "differences": differences(saying, given, now.content, before(now.version, seen)),
        "mine": json.dumps(dict(given), ensure_ascii=False),
        "edit": now.version.edit,
        "seen": seen,
        "token": pages.token(person, f"merge:{now.entity.public_id}"),
        "when": now.version.changed,
        "editable": now.refusal(person, "edit") is None,
    }
    return pages.drawn(request, language, "conflict", context, 409)


def kept(
    request: HttpRequest,
    language: str,
    person: Person,
    record: Opened,
    given: Mapping[str, Any],
    error: DeniedError,
) -> HttpResponse:
    """Tell that a text can no longer be changed, and give back what was written, to be copied."""
    saying = Saying(str(record.entity.kind), person, language, given)
    context = {"record": record, "groups": saying.groups(given), "why": again(language, error.what)}
    return pages.drawn(request, language, "not_taken", context, 403)


def before(version: Version, seen: int) -> dict[str, Any] | None:
    """Give the text of a version as it was at a count of saves; None where that cannot be told.

    Args:
        version: as it is now.
        seen: the count of saves.
    """
    events = Event.objects.filter(
        subject=version.record.public_id, version=version.number, verb="edited"
    ).order_by("-number")
    text: dict[str, Any] = dict(version.content)
    count = version.edit
    for event in events:
        if count <= seen:
            break
        told = json.loads(event.told)
        text |= {name: values[0] for name, values in told["changes"].items()}
        count = told["edit"] - 1
    return text if count == seen else None


def differences(
    saying: Saying, mine: Mapping[str, Any], theirs: Mapping[str, Any], base: Mapping[str, Any] | None
) -> list[Difference]:
    """List the fields in which two texts differ, in the order of the form."""
    found = []
    for name in saying.in_order(mine):
        if _same(mine[name], theirs.get(name)):
            continue
        old = (base or {}).get(name)
        i_did = base is None or not _same(mine[name], old)
        they_did = base is None or not _same(theirs.get(name), old)
        own, other = _side_by_side(saying, name, mine, theirs)
        keep = MINE if i_did else THEIRS
        found.append(Difference(name, saying.label(name), own, other, keep, i_did and they_did))
    return found


def _side_by_side(
    saying: Saying, name: str, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[Markup, Markup]:
    own, other = mine[name], theirs.get(name)
    if isinstance(own, str) and isinstance(other, str) and own and other and saying.is_prose(name):
        return marked(other, own, "ins"), marked(own, other, "del")
    return saying.value(name, own, mine), saying.value(name, other, theirs)


def marked(old: str, new: str, tag: str) -> Markup:
    """Give a text with the words marked that another does not have.

    >>> marked("halve the cost", "halve all costs", "ins")
    Markup('halve <ins>all costs</ins>')
    """
    before_, after = _WORD.findall(old), _WORD.findall(new)
    parts = []
    for what, _, _, first, last in difflib.SequenceMatcher(
        None, before_, after, autojunk=False
    ).get_opcodes():
        text = Markup("{}").format("".join(after[first:last]))
        if text:
            parts.append(text if what == "equal" else Markup("<{0}>{1}</{0}>").format(Markup(tag), text))
    # Words that stand together are marked together.
    return Markup(re.sub(rf"</{tag}>(\s+)<{tag}>", r"\1", Markup("").join(parts)))


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values say the same, however they are written.

    >>> _same("5", 5), _same("", None), _same([{"actor": "A-1", "role": ""}], [{"actor": "A-1"}]), _same("a", "b")
    (True, True, True, False)
    """
    return _bare(one) == _bare(other)


def _bare(value: Any) -> Any:
    if value in (None, "", []):
        return None
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _bare(one) for name, one in value.items() if _bare(one) is not None}
    return value if isinstance(value, bool) else str(value)
