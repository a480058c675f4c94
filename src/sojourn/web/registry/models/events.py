"""The audit trail: what was done, by whom, in which seat – append-only, each event sealing the one before."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """An event. Triggers in the database forbid to change or delete one; `services.audit` writes and verifies them.

    Persons are numbers here, so that a name can be removed and the chain still holds. There are no foreign keys:
    an event must not depend on anything that can change.

    Attributes:
        number: 1, 2, 3 … without a gap.
        account, seat: numbers of who did it; None: the registry itself.
        verb: what was done: created, edited, submitted …
        subject: the public id, or such as `seat:12`.
        version: of the record.
        told: the difference and further facts, as canonical JSON.
        previous, seal: seal of the event before, and SHA-256 over that and all the rest.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    seat = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=30)
    subject = models.CharField(max_length=40)
    version = models.PositiveIntegerField(null=True)
    told = models.TextField()
    previous = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject", "number"), name="events_of_a_subject"),
            models.Index(fields=("account", "number"), name="events_of_an_account"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject}"
