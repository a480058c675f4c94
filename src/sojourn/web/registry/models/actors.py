"""Actors: States, cities, agencies, associations, persons – whoever promises, speaks or takes part."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import AreaField, Link, TermField
from sojourn.web.registry.models.record import Entry


class Actor(Entry):
    """Somebody who acts. The title is the name; names in other languages are its translations.

    All types stand at par: the same pages and rules for a State, a union and a city.

    Attributes:
        type: what kind of actor.
        area: its country, or the region that it works in.
        parent: the actor that it belongs to, such as a ministry's government.
        collective: it stands for several ("participants"); it can speak, but holds no seat.
        iso, ror, iati: identifiers elsewhere.
    """

    KIND, PREFIX = "actor", "A"

    type = TermField("actor_type")
    area = AreaField(blank=True)
    parent = Link("registry.Actor", null=True, blank=True, related_name="children")
    collective = models.BooleanField(default=False)
    ror = models.CharField(max_length=40, blank=True)
    iati = models.CharField(max_length=60, blank=True)
    website = models.URLField(blank=True, max_length=500)

    class Meta:
        indexes = (models.Index(fields=("type", "area"), name="actors_by_type"),)
