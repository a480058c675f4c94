"""Work plans of bodies, version by version, and the actions in them."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry


class WorkPlan(Entry):
    """A plan of a body for some years. `edition` tells its versions apart; `follows` is the one before, to compare."""

    KIND, PREFIX = "work_plan", "W"

    body = Link("registry.Body", related_name="work_plans")
    first_year = models.PositiveIntegerField(null=True, blank=True)
    last_year = models.PositiveIntegerField(null=True, blank=True)
    edition = models.CharField(max_length=60, blank=True)
    follows = Link("self", null=True, blank=True, related_name="followed_by")


class Action(Entry):
    """Something that a plan, or an announcement, says will be done. Leads and partners are its `actors`.

    Attributes:
        key: what the item is called in every edition of the plan, so that editions can be compared.
        level: global, regional, country.
        serves: the commitment that it serves.
        provision: the paragraph that it answers.
        asked_by, answer, answered: for requests of States to a body: who asked, what was answered, and when.
    """

    KIND, PREFIX = "action", "AC"

    work_plan = Link(WorkPlan, null=True, blank=True, related_name="actions")
    statement = Link("registry.Statement", null=True, blank=True, related_name="actions")
    serves = Link("registry.Commitment", null=True, blank=True, related_name="actions")
    provision = Link("registry.Provision", null=True, blank=True, related_name="actions")
    key = models.CharField(max_length=60, blank=True)
    level = TermField("action_level", blank=True)
    start = SaidDateField(blank=True)
    due = SaidDateField(blank=True)
    due_day = models.DateField(null=True, editable=False, db_index=True)
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    progress = TermField("implementation_state", default="unknown")
    audience = models.TextField(blank=True)
    output = models.CharField(max_length=1000, blank=True)
    asked_by = Link("registry.Actor", null=True, blank=True, related_name="requests")
    asked = SaidDateField(blank=True)
    answer = models.TextField(blank=True)
    answered = SaidDateField(blank=True)
