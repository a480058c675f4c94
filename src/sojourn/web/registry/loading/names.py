"""Titles of the main records in the other languages."""

from __future__ import annotations

from sojourn.framework import Framework
from sojourn.web.registry.loading.put import name_in
from sojourn.web.registry.models import Record

_NUMBERED = "*"


def load_names(facts: Framework) -> None:
    """Give records their titles: a key that ends in a star names every record of a numbered series."""
    for one in facts.names:
        stem, star, _ = one.key.partition(_NUMBERED)
        found = Record.objects.filter(fact__startswith=stem) if star else Record.objects.filter(fact=one.key)
        for public_id, fact in found.values_list("public_id", "fact"):
            for language, title in one.titles.items():
                said = title.format(number=fact.removeprefix(stem)) if star else title
                name_in(public_id, language, said, one.status)
