"""Practices: what somebody did, what it cost and brought, what went wrong, who did it after them, who is sought."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry


class Practice(Entry):
    """A practice. Implementers and partners are its `actors`; failures belong here as much as successes.

    Attributes:
        problem: what it set out to solve.
        result, result_value, result_unit, result_method: what came of it, in words and as a figure, and how known.
        consulted: who was asked, migrants among them.
        lessons, pitfalls, conditions: what was learnt, what went wrong, what reuse needs.
        legal_text: law or agreement that it rests on.
        confirmed: when somebody last said that it still runs.
        contact: private unless its holder says otherwise.
    """

    KIND, PREFIX = "practice", "PR"
    PRIVATE = ("contact",)

    type = TermField("practice_kind")
    scope = TermField("geographic_scope", blank=True)
    maturity = TermField("practice_maturity", blank=True)
    problem = models.TextField(blank=True)
    start = SaidDateField(blank=True)
    end = SaidDateField(blank=True)
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    result = models.TextField(blank=True)
    result_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    result_unit = models.CharField(max_length=40, blank=True)
    result_method = models.TextField(blank=True)
    consulted = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    pitfalls = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    legal_text = models.TextField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    gfmd_source = models.TextField(blank=True)
    meeting = Link("registry.Meeting", null=True, blank=True, related_name="practices")
    confirmed = models.DateField(null=True, blank=True)
    contact = models.TextField(blank=True)
    contact_public = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("type", "maturity"), name="practices_by_type"),)


class Adoption(Entry):
    """That one practice was taken over from another, what was changed, and how it went."""

    KIND, PREFIX = "adoption", "AD"

    origin = Link(Practice, related_name="adoptions")
    adopted = Link(Practice, related_name="adopted_from")
    changes = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    date = SaidDateField(blank=True)


class Call(Entry):
    """A call for partners, or an offer to be one."""

    KIND, PREFIX, DUE = "call", "CL", "closes"
    PRIVATE = ("contact",)

    direction = TermField("call_direction")
    practice = Link(Practice, null=True, blank=True, related_name="calls")
    commitment = Link("registry.Commitment", null=True, blank=True, related_name="calls")
    wanted = models.TextField(blank=True)
    closes = SaidDateField(blank=True)
    due_day = models.DateField(null=True, editable=False, db_index=True)
    contact = models.TextField(blank=True)
    contact_public = models.BooleanField(default=False)
