"""Meetings: series, meetings, the tree of an agenda, and who said what under which rule."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import AreaField, Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry


class Series(Entry):
    """A series of meetings, such as the Coordination Meetings."""

    KIND, PREFIX = "series", "S"

    body = Link("registry.Body", null=True, blank=True, related_name="series")
    mandate = models.TextField(blank=True)
    standing = TermField("legal_standing", default="unknown")


class Meeting(Entry):
    """A meeting.

    Attributes:
        number: its number in the series.
        attribution: rule for naming who spoke, unless a statement has its own.
        edition: standing of its document, such as "advance copy".
        participants, participants_note: how many took part, and how exactly that is known.
    """

    KIND, PREFIX = "meeting", "M"

    series = Link(Series, null=True, blank=True, related_name="meetings")
    number = models.PositiveIntegerField(null=True, blank=True)
    start = SaidDateField(blank=True)
    end = SaidDateField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    area = AreaField(blank=True)
    attribution = TermField("attribution", default="named")
    edition = models.CharField(max_length=100, blank=True)
    participants = models.PositiveIntegerField(null=True, blank=True)
    participants_note = models.TextField(blank=True)
    document = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = (models.Index(fields=("series", "number"), name="meetings_of_a_series"),)


class AgendaItem(Entry):
    """An item of an agenda; items form a tree. The source's own numbering is kept, slips and all."""

    KIND, PREFIX = "agenda_item", "AI"

    meeting = Link(Meeting, related_name="agenda")
    parent = Link("self", null=True, blank=True, related_name="items")
    source_number = models.CharField(max_length=20, blank=True)
    position = models.PositiveIntegerField(default=0)


class Statement(Entry):
    """What somebody said, announced, asked or agreed to at a meeting. The summary is in own words.

    Attributes:
        actor: who; a collective such as "participants" too. Never shown where the rule forbids.
        capacity: in which the actor spoke, in the source's words.
        attribution: `named`, `by_type` or `none`; empty: the meeting's rule.
        type: finding, call, plan, agreement …; only some need a follow-up (`needs_follow_up`).
        quotation: the source's words.
        due: when it was to be done, as it was said.
    """

    KIND, PREFIX = "statement", "ST"

    agenda_item = Link(AgendaItem, related_name="statements")
    actor = Link("registry.Actor", null=True, blank=True, related_name="statements")
    capacity = models.CharField(max_length=200, blank=True)
    attribution = TermField("attribution", blank=True)
    type = TermField("item_kind")
    quotation = models.TextField(blank=True)
    due = SaidDateField(blank=True)
    due_day = models.DateField(null=True, editable=False, db_index=True)
    position = models.PositiveIntegerField(default=0)

    @property
    def rule(self) -> str:
        """The rule of attribution that holds for it."""
        return str(self.attribution or self.agenda_item.meeting.attribution)
