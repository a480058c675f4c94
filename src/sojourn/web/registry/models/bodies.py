"""Bodies: mechanisms, forums and working groups, who belonged to them and when, and what came before and after."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry, Record


class Body(Entry):
    """A mechanism, forum or working group.

    Attributes:
        type: mechanism, forum, commission …
        standing: what its outcomes bind to: binding, voluntary, informal.
        actor: the body where it acts and speaks itself; its secretariat's seats are seats of this actor.
        mandate: decision that it rests on.
        rejected: options that were considered when it was set up, and turned down.
    """

    KIND, PREFIX = "body", "B"

    type = TermField("body_type")
    standing = TermField("legal_standing", default="unknown")
    actor = Link("registry.Actor", null=True, blank=True, related_name="bodies")
    mandate = models.TextField(blank=True)
    rejected = models.TextField(blank=True)
    valid_from = SaidDateField(blank=True)
    valid_to = SaidDateField(blank=True)


class Membership(Entry):
    """An actor's place in a body, with dates: a chair's term, a member's years.

    Attributes:
        as_of: the year of which the source speaks, where it says neither beginning nor end.
    """

    KIND, PREFIX = "membership", "MB"

    body = Link(Body, related_name="memberships")
    actor = Link("registry.Actor", null=True, blank=True, related_name="memberships")
    role = TermField("body_role", default="member")
    valid_from = SaidDateField(blank=True)
    valid_to = SaidDateField(blank=True)
    as_of = models.CharField(max_length=40, blank=True)


class Succession(Entry):
    """One body, meeting series or commitment that took the place of another."""

    KIND, PREFIX = "succession", "SU"

    earlier = Link(Record, related_name="succeeded_by")
    later = Link(Record, related_name="successor_of")
    relation = TermField("succession", default="replaces")
    date = SaidDateField(blank=True)
