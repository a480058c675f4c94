"""Proposals of indicators: who proposed what for which target, who objected, and what came of it."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, TermField
from sojourn.web.registry.models.record import Entry


class Proposal(Entry):
    """A proposed indicator or rule; several rivals may stand for one target.

    Attributes:
        family: the set that it belongs to, such as the five of 2015.
        targets: codes of the targets, separated by spaces.
        official: code of the official indicator that it became.
        series: series of a release that measure it.
        support, objection: who spoke for and against it, and why.
        outcome, fate: what came of it, as a term and in words.
    """

    KIND, PREFIX = "proposal", "IP"

    proposed_by = models.CharField(max_length=300, blank=True)
    statement = Link("registry.Statement", null=True, blank=True, related_name="proposals")
    year = models.PositiveIntegerField(null=True, blank=True)
    family = models.CharField(max_length=60, blank=True)
    targets = models.CharField(max_length=200, blank=True)
    official = models.CharField(max_length=200, blank=True)
    series = models.CharField(max_length=300, blank=True)
    support = models.TextField(blank=True)
    objection = models.TextField(blank=True)
    outcome = TermField("proposal_outcome", default="unknown")
    fate = models.TextField(blank=True)
