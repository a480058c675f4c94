"""Forms that were sent: each is taken once, however often it comes back."""

from __future__ import annotations

from django.db import models


class SentForm(models.Model):
    """That a form was taken. Its row is written in the transaction of what it did.

    Attributes:
        token_hash: of the token that the form carried.
        subject: public id of the record that it wrote to, so that whoever sends it again is led there.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey("registry.Account", on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(db_index=True)
