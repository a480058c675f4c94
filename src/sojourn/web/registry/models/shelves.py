"""Shelves: where each public record stands in the lists for readers, and how many stand there.

A shelf is a kind of record, narrowed by a theme, by a type, or by both. A list is read from one shelf in the order of
its keys, so that its thousandth page costs what the first one does; and a count is one row, and never counted.
"""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.record import Record

LONGEST_KEY = 60


class Shelf(models.Model):
    """A kind of record, narrowed or whole.

    Attributes:
        kind: name of the kind.
        theme, type: code of the theme, and of what the kind is told apart by; empty: all.
        records: how many public records stand on it.
    """

    kind = models.CharField(max_length=24)
    theme = models.CharField(max_length=60, default="")
    type = models.CharField(max_length=40, default="")
    records = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "theme", "type"), name="a_shelf_once"),)

    def __str__(self) -> str:
        return " · ".join(one for one in (self.kind, self.theme, self.type) if one)


class Standing(models.Model):
    """A public record on a shelf.

    Attributes:
        key: what the shelf is ordered by; the number of the record tells equal keys apart.
    """

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="standing", db_index=False)
    key = models.CharField(max_length=LONGEST_KEY)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("shelf", "key", "record"), name="a_standing_once"),)
