"""Reports of progress: what the owner of a promise says has happened, with evidence."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry, Record


class ProgressReport(Entry):
    """A report on a commitment or an action for a period. The summary is the narrative.

    It is the owner's own word: it stands beside what is measured and never takes its place.

    Attributes:
        about: the commitment or action.
        period_start, period_end: of which it speaks.
        stated: state of implementation, as the reporter sees it.
        value, unit, value_source: a reported figure and where it comes from.
        obstacles: what stood in the way.
    """

    KIND, PREFIX = "progress_report", "R"

    about = Link(Record, related_name="reports")
    period_start = SaidDateField(blank=True)
    period_end = SaidDateField()
    stated = TermField("implementation_state")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    value_source = models.TextField(blank=True)
    obstacles = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("about", "period_end"), name="reports_by_period"),)


class Reply(Entry):
    """The answer of an actor whom a published record names: the right of reply. It is shown beside that record."""

    KIND, PREFIX = "reply", "Y"

    about = Link(Record, related_name="replies")
    about_version = models.PositiveIntegerField()
