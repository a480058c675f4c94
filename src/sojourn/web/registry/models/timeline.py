"""Milestones of the field, and notes on slips of the sources."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry, Record


class Milestone(Entry):
    """Something that happened and changed the field."""

    KIND, PREFIX = "milestone", "H"

    date = SaidDateField()
    type = TermField("milestone_kind")
    follows = models.CharField(max_length=200, blank=True)
    quotation = models.TextField(blank=True)


class Note(Entry):
    """A slip or gap of a source. The source's wording stays as it is; the note stands beside it."""

    KIND, PREFIX = "note", "N"

    about = Link(Record, null=True, blank=True, related_name="notes")
    where = models.CharField(max_length=200, blank=True)
