"""Instruments – declarations, agendas, conventions, plans – their provisions, and what provisions stand beside."""

from __future__ import annotations

from django.db import models

from sojourn.web.registry.models.fields import Link, SaidDateField, TermField
from sojourn.web.registry.models.record import Entry
from sojourn.web.registry.models.vocabulary import Term


class Instrument(Entry):
    """A text that was adopted: by States, by civil society, by a forum – at par.

    Attributes:
        symbol: document symbol, such as `A/RES/68/4`.
        force: what it binds to.
        body: the body that adopted it; `adopted_by` says it where no body is registered.
    """

    KIND, PREFIX = "instrument", "IN"

    symbol = models.CharField(max_length=60, blank=True)
    type = TermField("instrument_kind")
    force = TermField("legal_standing", default="unknown")
    body = Link("registry.Body", null=True, blank=True, related_name="instruments")
    meeting = Link("registry.Meeting", null=True, blank=True, related_name="instruments")
    adopted_by = models.CharField(max_length=200, blank=True)
    adopted = SaidDateField(blank=True)
    text_link = models.URLField(max_length=1000, blank=True)


class Provision(Entry):
    """A paragraph, point or recommendation of an instrument, in own words; the official text is linked.

    Attributes:
        number: as the source numbers it; empty where nobody has checked the number.
        force: the verb: recognize, call, decide …
        position: place in the instrument.
    """

    KIND, PREFIX = "provision", "P"

    instrument = Link(Instrument, related_name="provisions")
    parent = Link("self", null=True, blank=True, related_name="provisions")
    number = models.CharField(max_length=20, blank=True)
    position = models.PositiveIntegerField(default=0)
    force = TermField("force_verb", blank=True)
    follow_up_expected = models.BooleanField(default=True)
    text_link = models.URLField(max_length=1000, blank=True)

    class Meta:
        indexes = (models.Index(fields=("instrument", "position"), name="provisions_in_order"),)


class Crosswalk(Entry):
    """That a provision goes with a theme, a target of the 2030 Agenda or another provision, and why somebody says so.

    Attributes:
        relation: explicit (the text says it) or related.
        reason: the editor's reason.
    """

    KIND, PREFIX = "crosswalk", "X"

    provision = Link(Provision, related_name="crosswalks")
    term = Link(Term, null=True, blank=True, related_name="crosswalks")
    other = Link(Provision, null=True, blank=True, related_name="crosswalked_from")
    relation = TermField("crosswalk_relation", default="related")
    reason = models.TextField(blank=True)
    date = SaidDateField(blank=True)
