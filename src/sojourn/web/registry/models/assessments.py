"""Assessments of bodies and forums, and the money that they have."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry, Record


class Assessment(Entry):
    """An assessment: who was asked, how many answered, what they said. Its recommendations are provisions.

    Attributes:
        about: the body, meeting or instrument that was assessed.
        instrument: holds its recommendations as provisions.
        results: list of question, answer, count.
    """

    KIND, PREFIX = "assessment", "AS"

    about = Link(Record, null=True, blank=True, related_name="assessments")
    instrument = Link("registry.Instrument", null=True, blank=True, related_name="recommended_by")
    date = SaidDateField(blank=True)
    respondents = models.CharField(max_length=300, blank=True)
    asked = models.PositiveIntegerField(null=True, blank=True)
    answered = models.PositiveIntegerField(null=True, blank=True)
    questions = models.TextField(blank=True)
    results = models.JSONField(default=list, blank=True)
    document = models.CharField(max_length=1000, blank=True)


class Funding(Entry):
    """Money pledged or paid to a body or action.

    Attributes:
        recipient: the body, action or practice.
        pledged_on: when it was pledged; with `first_year` it tells how far ahead.
        amount, currency: as pledged or paid; `stage` says which.
        earmarked, multi_year: whether it may be used for one purpose only; whether it was pledged for years.
    """

    KIND, PREFIX = "funding", "F"

    recipient = Link(Record, related_name="funding")
    donor = Link("registry.Actor", null=True, blank=True, related_name="funding_given")
    stage = TermField("funding_stage")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    pledged_on = SaidDateField(blank=True)
    paid_on = SaidDateField(blank=True)
    first_year = models.PositiveIntegerField()
    last_year = models.PositiveIntegerField()
    earmarked = models.BooleanField(default=False)
    multi_year = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("recipient", "first_year"), name="funding_of_a_recipient"),)
