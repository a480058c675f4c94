"""From a form that was sent back to a text as services take it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sojourn.web.registry.models import KINDS
from sojourn.web.registry.models.fields import TermField
from sojourn.web.registry.models.parts import PARTS, Theme
from sojourn.web.registry.services import content
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.reading import visible
from sojourn.web.registry.writing.fields import HIDDEN, RESULTS, widget_of
from sojourn.web.registry.writing.lists import kinds_of

MOST_ROWS = 200

_ID = re.compile(r"([A-Z]{1,2}-\d{4}-\d{4,})(?:\s|$)")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def text_of(kind: str, post: Any, person: Person) -> dict[str, Any]:
    """Read the fields of a form; what the form does not name is left out, and so stays as it is.

    Args:
        kind: of the record.
        post: what was sent.
        person: who sent it; a record may be named by its title, if they see one of that title only.
    """
    given: dict[str, Any] = {}
    asked = set(post.getlist("asked"))
    for column in content.columns(KINDS[kind]):
        name = column.name
        if name in HIDDEN.get(kind, ()):
            continue
        if widget_of(column) == "tick":
            if name in asked:
                given[name] = name in post
        elif f"{name}-rows" in post:
            given[name] = _results(name, post)
        elif name in post:
            given[name] = _value(kind, column, post[name], person)
    for part in PARTS:
        if part is Theme and part.PART in asked:
            given[part.PART] = [{"term": one} for one in dict.fromkeys(post.getlist(part.PART))]
        elif f"{part.PART}-rows" in post:
            given[part.PART] = _rows(part, post, person)
    return given


def cells(given: Mapping[str, Any], problems: Mapping[str, str], lookup: content.Lookup) -> dict[str, str]:
    """Name the cells of rows that do not fit, beside what services say of the whole part."""
    found = dict(problems)
    for part in PARTS:
        if part.PART in problems and isinstance(given.get(part.PART), list):
            for number, row in enumerate(given[part.PART]):
                for name, problem in content.row_problems(part, row, lookup).items():
                    found[f"{part.PART}.{number}.{name}"] = problem
    return found


def _value(kind: str, column: Any, typed: str, person: Person) -> Any:
    text = typed.replace("\r\n", "\n").strip()
    widget = widget_of(column)
    if widget in ("number", "said", "day"):
        return text.translate(_DIGITS)
    return _record(text, kinds_of(kind, column), person) if widget == "link" else text


def _record(typed: str, kinds: tuple[str, ...], person: Person) -> str:
    """Take a record by its number, also where its title stands behind, or by its title alone."""
    if not typed or (found := _ID.match(typed)):
        return found[1] if typed and found else typed
    named = visible(person).filter(kind__in=kinds, title=typed).values_list("public_id", flat=True)[:2]
    return str(named[0]) if len(named) == 1 else typed


def _numbered(name: str, post: Any) -> range:
    told = post.get(f"{name}-rows", "")
    return range(min(int(told[:4]), MOST_ROWS) if told.isascii() and told.isdigit() else 0)


def _rows(part: Any, post: Any, person: Person) -> list[dict[str, Any]]:
    """Read the rows of a part; one that was left empty, or is to go, is none."""
    columns = content.columns(part)
    rows = []
    for number in _numbered(part.PART, post):
        typed = {one.name: post.get(f"{part.PART}-{number}-{one.name}") for one in columns}
        row = {
            one.name: _value(part.PART, one, typed[one.name], person)
            for one in columns
            if typed[one.name] is not None
        }
        filled = any(row.get(one.name) for one in columns if not isinstance(one, TermField))
        if filled and f"{part.PART}-{number}-gone" not in post:
            # A row says nothing by an empty choice; the model's own default stands for it.
            rows.append({name: value for name, value in row.items() if value or name == columns[0].name})
    return rows


def _results(name: str, post: Any) -> list[dict[str, str]]:
    rows = [
        {own: post.get(f"{name}-{number}-{own}", "").strip()[: content.LONGEST] for own in RESULTS}
        for number in _numbered(name, post)
        if f"{name}-{number}-gone" not in post
    ]
    return [row for row in rows if any(row.values())]
