"""Reviews by peers, and the endorsement by the owner's own institution: both of one version, and void for the next."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import TermField
from sojourn.web.registry.models.record import Version


class Review(models.Model):
    """What a reviewer holds of a version.

    Attributes:
        conflict: the reviewer has a conflict of interest; the review is kept and does not count.
        conflict_statement: what it is, or that there is none; never empty.
        advice: publish or return.
        scores: criterion -> 1 to 5.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    seat = models.ForeignKey("registry.Seat", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("registry.Account", on_delete=models.PROTECT, related_name="+")
    conflict = models.BooleanField()
    conflict_statement = models.TextField()
    advice = TermField("review_advice")
    scores = models.JSONField(default=dict)
    remarks = models.TextField(blank=True)
    edit = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(fields=("version", "account", "edit"), name="a_review_once_a_reviewer"),
        )


class Endorsement(models.Model):
    """That a validator of the owner's institution stands behind a version as it was at a save (`edit`)."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="endorsements")
    seat = models.ForeignKey("registry.Seat", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("registry.Account", on_delete=models.PROTECT, related_name="+")
    edit = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = (models.UniqueConstraint(fields=("version", "edit"), name="an_endorsement_once"),)
