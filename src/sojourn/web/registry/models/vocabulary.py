"""Vocabularies: lists of terms with labels in six languages. They are data, which administrators keep."""

from __future__ import annotations

from typing import Any

from django.db import models


class Term(models.Model):
    """A term of a vocabulary or of a scheme of themes.

    Attributes:
        vocabulary: the list, such as `actor_type` or `gcm_objectives`.
        code: what is stored where the term is used.
        labels: language -> label; a language that is missing has no label yet.
        help: language -> what the term means, shown beside the field.
        broader: the term above it, in a thesaurus.
        position: place in the list.
        active: whether it may still be chosen; what used it before keeps it.
        source, certainty_note: where it comes from and how sure it is, as the facts say it.
    """

    vocabulary = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    labels = models.JSONField(default=dict)
    help = models.JSONField(default=dict, blank=True)
    broader = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="narrower"
    )
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    is_theme = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    certainty_note = models.TextField(blank=True)

    class Meta:
        ordering = ("vocabulary", "position", "code")
        constraints = (
            models.UniqueConstraint(fields=("vocabulary", "code"), name="a_term_once_in_its_vocabulary"),
        )

    def __str__(self) -> str:
        return f"{self.vocabulary}:{self.code}"

    def label(self, language: str) -> str:
        """Give the label in a language, else in English, else the code."""
        labels: dict[str, Any] = self.labels
        return str(labels.get(language) or labels.get("en") or self.code)

    def said(self, language: str) -> bool:
        """Tell whether there is a label in this very language."""
        return bool(self.labels.get(language))


class Relation(models.Model):
    """Two terms of different schemes that belong together, such as an objective and a point of an agenda.

    `reason` and `certainty_note` say who holds so; most of these links are judgements.
    """

    one = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="related")
    other = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    source = models.TextField(blank=True)
    certainty_note = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="a_relation_once"),)


class Source(models.Model):
    """A document or page that facts come from, by the id that facts cite (`S1`)."""

    code = models.CharField(max_length=8, primary_key=True)
    what = models.TextField()
    where = models.TextField(blank=True)
    kind = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.code}: {self.what}"
