"""What fields, kinds and choices are called and mean, in the six languages: `fields.csv` is the list.

A row is named by its field, such as `due`, or by kind and field, such as `call.direction`, where a kind means
something of its own by it; `kind.…` names kinds, and `term.…` terms of vocabularies. What a row does not say in a
language is said in English.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sojourn.web.languages import ENGLISH

LABEL, HELP = "label", "help"


@cache
def rows() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Read the list: (name, label or help) -> language -> text."""
    text = files(__package__).joinpath("fields.csv").read_text(encoding="utf-8")
    listed = csv.DictReader(text.splitlines())
    return {(row.pop("name"), row.pop("what")): row for row in listed}


def label(kind: str, field: str, language: str) -> str:
    """Give what a field of a kind is called.

    >>> label("commitment", "due", "en"), label("call", "direction", "fr")
    ('Deadline', 'Recherche ou offre')
    """
    return _said(kind, field, LABEL, language) or field


def meaning(kind: str, field: str, language: str) -> str:
    """Give what a field of a kind means; empty where its label says it all."""
    return _said(kind, field, HELP, language)


def kind_label(kind: str, language: str) -> str:
    """Give what one record of a kind is called.

    >>> kind_label("progress_report", "en")
    'Progress report'
    """
    return _said("kind", kind, LABEL, language) or kind


def kind_meaning(kind: str, language: str) -> str:
    """Give what records of a kind are for, in one sentence."""
    return _said("kind", kind, HELP, language)


def term_meaning(vocabulary: str, code: str, language: str) -> str:
    """Give what a term of a vocabulary means; empty where its label says it all."""
    found = rows().get((f"term.{vocabulary}.{code}", HELP), {})
    return found.get(language) or found.get(ENGLISH, "")


def _said(kind: str, field: str, what: str, language: str) -> str:
    for name in (f"{kind}.{field}", field):
        found = rows().get((name, what))
        if found is not None:
            return found.get(language) or found[ENGLISH]
    return ""
