"""National plans and UN country frameworks, and how far migration has come into them."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import AreaField, Link, TermField
from sojourn.web.registry.models.record import Entry


class Plan(Entry):
    """A national development plan, sector plan or UN country framework."""

    KIND, PREFIX = "plan", "NP"

    type = TermField("plan_kind")
    area = AreaField()
    first_year = models.PositiveIntegerField(null=True, blank=True)
    last_year = models.PositiveIntegerField(null=True, blank=True)
    document = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = (models.Index(fields=("area", "first_year"), name="plans_of_an_area"),)


class Mainstreaming(Entry):
    """That a plan takes up migration at a stage – mention, objective, action, budget … – with page and quotation."""

    KIND, PREFIX = "mainstreaming", "MS"

    plan = Link(Plan, related_name="mainstreaming")
    stage = TermField("mainstreaming_stage")
    page = models.CharField(max_length=40, blank=True)
    quotation = models.TextField(blank=True)
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    indicator = models.CharField(max_length=200, blank=True)
