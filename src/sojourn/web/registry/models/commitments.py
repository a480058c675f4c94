"""Commitments and their targets: what was promised, and what would show that it happened."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import AreaField, Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry, Record


class Commitment(Entry):
    """A promise by actors of any type; who leads is in its `actors`.

    Attributes:
        provision, statement: where it comes from; both empty for a pledge by form.
        form: individual, common, in partnership, matching.
        nature: financial, process, policy, law …
        force: pledge, decision, plan, call …
        due: deadline as it was said; `due_day` is its last day.
        matched_with: the pledge that it answers.
        superseded_by: what took its place, so that it is not shown as merely missed.
        stated: state of implementation by the last published report, in the reporter's words.
        beneficiaries: whom it is for.
        not_measurable: reason why no target can be named for it; empty where nobody has looked yet.
    """

    KIND, PREFIX = "commitment", "C"
    PRIVATE = ("contact",)

    provision = Link("registry.Provision", null=True, blank=True, related_name="commitments")
    statement = Link("registry.Statement", null=True, blank=True, related_name="commitments")
    form = TermField("pledge_form", default="individual")
    nature = TermField("pledge_nature", blank=True)
    force = TermField("commitment_force", default="pledge")
    scope = TermField("geographic_scope", blank=True)
    beneficiaries = models.TextField(blank=True)
    start = SaidDateField(blank=True)
    due = SaidDateField(blank=True)
    due_day = models.DateField(null=True, editable=False)
    matched_with = Link("self", null=True, blank=True, related_name="matches")
    superseded_by = Link(Record, null=True, blank=True, related_name="supersedes")
    stated = TermField("implementation_state", default="unknown", editable=False)
    not_measurable = models.TextField(blank=True)
    contact = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("due_day",), name="commitments_by_deadline"),
            models.Index(fields=("stated",), name="commitments_by_stated_state"),
        )


class Target(Entry):
    """A measured value that a commitment is held to; a commitment has none, one or many.

    Attributes:
        series, indicator: what is measured, such as `SI_RMT_COST` of `10.c.1`.
        area, counterpart, breakdown, sex, age, nativity, citizenship, legal_status: of whom, as in a release.
        each: every area or corridor is held to it, not the average ("no corridor above 5 %").
        direction: lower or higher is better.
        value, unit, date: what is to be reached, and by when.
        baseline_rule, baseline_period: from where progress counts.
        basis: in the text, national, or proxy by an editor.
        link_strength: direct, proxy, or context; a context is shown and gives no state.
        reason: why this indicator stands for this promise.
        second_editor: the steward who agreed.
    """

    KIND, PREFIX = "target", "T"

    commitment = Link(Commitment, related_name="targets")
    indicator = models.CharField(max_length=20, blank=True)
    series = models.CharField(max_length=60)
    area = AreaField(blank=True)
    counterpart = AreaField(blank=True)
    sex = models.CharField(max_length=10, default="_T")
    age = models.CharField(max_length=20, default="_T")
    nativity = models.CharField(max_length=20, default="_T")
    citizenship = models.CharField(max_length=20, default="_T")
    legal_status = models.CharField(max_length=20, default="_T")
    breakdown = models.CharField(max_length=300, blank=True)
    each = models.BooleanField(default=False)
    direction = TermField("direction")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    date = SaidDateField(blank=True)
    baseline_rule = TermField("baseline_rule", default="first_since_start")
    baseline_period = models.CharField(max_length=20, blank=True)
    basis = TermField("target_basis")
    link_strength = TermField("link_strength")
    reason = models.TextField(blank=True)
    second_editor = models.ForeignKey(
        "registry.Account", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )


class MeasuredState(models.Model):
    """What a release says of a target. One row for a target and release; never changed, only added to.

    Attributes:
        release, as_of: the pinned release, and the day on which it judges "latest" and "too old".
        state: met, missed, on track, too slow, wrong way, cannot tell, no data, not measurable.
        figures: value, interval, distance, pace, chance … as the join computed them.
        previous: the state by the release before it, where that was another.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="states")
    release = models.CharField(max_length=80)
    as_of = models.DateField()
    state = TermField("measured_state")
    figures = models.JSONField(default=dict)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("target", "at")
        constraints = (models.UniqueConstraint(fields=("target", "release"), name="a_state_once_a_release"),)
        indexes = (models.Index(fields=("release", "state"), name="states_of_a_release"),)
