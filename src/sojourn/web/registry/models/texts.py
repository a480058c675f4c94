"""Translations of records: a text in a language, and whether it still says what the original says."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import LanguageField, TermField
from sojourn.web.registry.models.record import Record


class Text(models.Model):
    """One column of a record in another language.

    Attributes:
        version: version of the original that it translates.
        status: official, unofficial_translation, machine_translation; `stale` once the original has moved on.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="texts")
    field = models.CharField(max_length=40)
    language = LanguageField()
    text = models.TextField()
    version = models.PositiveIntegerField()
    status = TermField("text_status", default="unofficial_translation")
    stale = models.BooleanField(default=False)
    by = models.ForeignKey("registry.Seat", null=True, on_delete=models.PROTECT, related_name="+")
    changed = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("record", "field", "language"), name="a_translation_once"),
        )
