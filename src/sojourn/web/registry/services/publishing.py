"""What publishing a version changes: the public text, the translations that fall behind, what rests on a report."""

from __future__ import annotations

from django.utils import timezone

from sojourn.web.registry.models import Commitment, Entry, ProgressReport, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import content, indexing

PROMISING = ("lead", "owner", "partner", "implementer")
"""Roles of actors whose own promise a commitment is; others are named in it, gain from it, or pay for it."""


def put_in_place(version: Version) -> Entry:
    """Let the record's row show a version from now on, and freeze the version.

    Args:
        version: the endorsed version.

    Returns:
        The record's row.
    """
    now = timezone.now()
    entity: Entry = version.record.entity
    before = content.read(entity) if entity.published_version is not None else {}
    content.put(entity, version.content)
    entity.state, entity.version = state.PUBLISHED, version.number
    entity.published_version, entity.published_at, entity.changed = version.number, now, now
    entity.save()
    content.put_parts(entity, version.content)
    version.state, version.published_at, version.changed = state.PUBLISHED, now, now
    version.save()
    _let_translations_fall_behind(entity, list(content.difference(before, version.content)))
    if isinstance(entity, ProgressReport):
        _say_what_was_stated(entity)
    indexing.index(entity)
    return entity


def _let_translations_fall_behind(entity: Entry, changed: list[str]) -> None:
    """Mark translations of what has changed as stale: they say what the original said before."""
    entity.texts.filter(field__in=changed).update(stale=True)


def _say_what_was_stated(report: ProgressReport) -> None:
    """Let a commitment show the state that its newest published report gives it, by those whose promise it is.

    Others may report what they saw, and it stands on the page; a promise is not completed by the word of a stranger.
    """
    commitment = Commitment.objects.filter(pk=report.about_id).first()
    if commitment is None:
        return
    promising = set(commitment.actors.filter(role__in=PROMISING).values_list("actor", flat=True))
    own = ProgressReport.objects.public().filter(
        about=report.about_id, owner__in=promising | {commitment.owner_id} - {None}
    )
    newest = own.order_by("-period_end", "-pk").first()
    if newest is not None:
        Commitment.objects.filter(pk=commitment.pk).update(stated=newest.stated)
