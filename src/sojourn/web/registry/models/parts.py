"""What a record of any kind may have several of: those who take part, areas, themes, evidence, files.

Parts are text of the record like its columns: a version holds them as lists, and the rows here are those of the
version that the record shows.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sojourn.web.registry.models.fields import AreaField, Link, TermField
from sojourn.web.registry.models.record import Record
from sojourn.web.registry.models.vocabulary import Term


class Involvement(models.Model):
    """An actor who takes part in a record, and as what: lead, partner, implementer, named …"""

    PART: ClassVar[str] = "actors"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="actors", editable=False)
    actor = Link("registry.Actor", related_name="involvements")
    role = TermField("part_role", default="partner")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("record", "actor", "role"), name="an_involvement_once"),
        )
        indexes = (models.Index(fields=("actor", "record"), name="involvements_by_actor"),)


class Place(models.Model):
    """An area that a record is about, and what it is in it: origin, transit, destination, or nothing said."""

    PART: ClassVar[str] = "areas"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="areas", editable=False)
    area = AreaField()
    role = TermField("migration_role", blank=True, default="")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("record", "area", "role"), name="a_place_once"),)
        indexes = (models.Index(fields=("area", "record"), name="places_by_area"),)


class Theme(models.Model):
    """A theme that a record is filed under, of any scheme of themes."""

    PART: ClassVar[str] = "themes"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="themes", editable=False)
    term = Link(Term, related_name="records")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("record", "term"), name="a_theme_once"),)
        indexes = (models.Index(fields=("term", "record"), name="themes_by_term"),)


class Evidence(models.Model):
    """What shows that a record says the truth: a link or a file, with its licence and its grade."""

    PART: ClassVar[str] = "evidence"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="evidence", editable=False)
    title = models.CharField(max_length=300)
    link = models.URLField(max_length=1000, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    grade = TermField("evidence_grade", default="none")

    class Meta:
        ordering = ("id",)


class Attachment(models.Model):
    """A file that belongs to a record. It lies under a random name; its checksum is in the audit trail.

    Attributes:
        name: what the person called it, shown and never used as a path.
        stored: its random name in the folder of attachments.
        removed: it is no longer handed out; the row stays, since events speak of it.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("registry.Seat", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.name


PARTS = (Involvement, Place, Theme, Evidence)
"""The parts that a version holds as lists."""
