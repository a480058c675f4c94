"""What readers follow: subscriptions, saved searches, and the reminders that were sent."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import TermField
from sojourn.web.registry.models.record import Record


class Subscription(models.Model):
    """That an account wants to hear of a record."""

    account = models.ForeignKey("registry.Account", on_delete=models.CASCADE, related_name="subscriptions")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="subscriptions")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "record"), name="a_subscription_once"),)


class SavedSearch(models.Model):
    """A search that an account keeps, and may be told of what is new in it."""

    account = models.ForeignKey("registry.Account", on_delete=models.CASCADE, related_name="searches")
    name = models.CharField(max_length=100)
    query = models.JSONField(default=dict)
    by_mail = models.BooleanField(default=False)
    at = models.DateTimeField()
    seen = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("account", "name"), name="a_saved_search_once"),)


class Reminder(models.Model):
    """A step of reminding about a deadline: once for a record, step and account, however often the job runs.

    Attributes:
        step: which one, such as `90_before` or `7_after`.
        due_day: the deadline as it then was; another deadline is another reminder.
        sent: when the mail went out; None: it is still to go.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="reminders")
    account = models.ForeignKey("registry.Account", on_delete=models.PROTECT, related_name="reminders")
    step = TermField("reminder_step")
    due_day = models.DateField()
    made = models.DateTimeField()
    sent = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("record", "account", "step", "due_day"), name="a_reminder_once"),
        )
