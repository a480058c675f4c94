"""Who spoke: named, by type only, or not at all, as the rule of the meeting or of the statement says.

Where the rule is not "named" – the Chatham House Rule – no page, search, feed, table, history or API tells the speaker
or the capacity; nor does a promise lead back to the statement that it came from, since it names who made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from sojourn.web.registry.models import Record, Reply, Statement

NAMED, BY_TYPE = "named", "by_type"

_TELLS_WHO = frozenset({"actor", "capacity", "actors"})
_LEADS_BACK = "statement"


def names_speaker(statement: Statement, content: Mapping[str, Any] | None = None) -> bool:
    """Tell whether a statement may name who spoke.

    Args:
        statement: its row.
        content: the text of a version that is to be shown; the stricter rule of both holds.
    """
    of_text = (content or {}).get("attribution") or NAMED
    return statement.rule == NAMED and of_text == NAMED


def hidden(entity: Record, content: Mapping[str, Any] | None = None) -> frozenset[str]:
    """Name the columns and parts of a record that would tell who spoke where nobody may know.

    Args:
        entity: the row of its kind.
        content: the text of a version that is to be shown; None: the row's own.
    """
    if isinstance(entity, Statement):
        return frozenset() if names_speaker(entity, content) else _TELLS_WHO
    said = _statements(entity, content)
    return frozenset() if all(names_speaker(one) for one in said) else frozenset({_LEADS_BACK})


def names_owner(record: Record) -> bool:
    """Tell whether a record may name the institution that answers for it.

    Of what was said at a meeting that could be who spoke; and only whom a statement concerns replies to it.
    """
    if record.kind == Statement.KIND:
        return False
    about = Statement.objects.filter(pk=record.entity.about_id).first() if record.kind == Reply.KIND else None
    return about is None or names_speaker(about)


def no_unnamed_statement() -> Q:
    """Say of a record, as a condition for a query, that it is no statement whose speaker nobody may know."""
    of_meeting = Q(as_statement__attribution="", as_statement__agenda_item__meeting__attribution=NAMED)
    return ~Q(kind=Statement.KIND) | Q(as_statement__attribution=NAMED) | of_meeting


def _statements(entity: Record, content: Mapping[str, Any] | None) -> list[Statement]:
    """Give the statements that a record comes from, by its row and by the text that is to be shown."""
    keys = {getattr(entity, f"{_LEADS_BACK}_id", None)} - {None}
    names = {(content or {}).get(_LEADS_BACK)} - {None, ""}
    if not keys and not names:
        return []
    rows = Statement.objects.select_related("agenda_item__meeting")
    return [*rows.filter(pk__in=keys), *rows.filter(public_id__in=names)]
