"""The shelves that lists are read from; they are filled by `sojourn registry init`, and again by `index`."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the shelves; they hold nothing that cannot be made again from the records."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0004_sent_forms")]
    operations: ClassVar[list[object]] = [
        migrations.CreateModel(
            name="Shelf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("theme", models.CharField(default="", max_length=60)),
                ("type", models.CharField(default="", max_length=40)),
                ("records", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "theme", "type"), name="a_shelf_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.record",
                    ),
                ),
                (
                    "shelf",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing",
                        to="registry.shelf",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shelf", "key", "record"), name="a_standing_once")
                ],
            },
        ),
    ]
