"""What kinds of records there are, and which fields each has: what a program must know before it writes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from ninja import Router

from sojourn.errors import NotFoundError
from sojourn.web.languages import ENGLISH
from sojourn.web.pages.rendering import only
from sojourn.web.registry.api import schemas
from sojourn.web.registry.api.answers import address, answer
from sojourn.web.registry.api.keys import OPTIONAL, READS
from sojourn.web.registry.models import KINDS, Term
from sojourn.web.registry.models.fields import AreaField, LanguageField, SaidDateField, TermField
from sojourn.web.registry.models.parts import PARTS
from sojourn.web.registry.services import content, shelving
from sojourn.web.registry.writing import labels

router = Router(tags=["registry"])

_HOLDS: tuple[tuple[type, str], ...] = (
    (TermField, "code"),
    (AreaField, "area"),
    (LanguageField, "language"),
    (SaidDateField, "date"),
    (models.DateField, "day"),
    (models.BooleanField, "yes or no"),
    (models.IntegerField, "whole number"),
    (models.DecimalField, "number"),
    (models.URLField, "address"),
    (models.JSONField, "rows"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)
"""Columns and what they hold; the first that fits counts."""


@router.get(
    "/kinds",
    response={200: schemas.Kinds, **schemas.READING},
    auth=READS,
    summary="Kinds of records",
    openapi_extra=OPTIONAL,
)
def kinds(request: HttpRequest) -> HttpResponse:
    """List the kinds of records, what each is for, and how many are public."""
    only(request.GET)
    counts = shelving.kinds()
    listed = [
        {
            "kind": kind,
            "label": labels.kind_label(kind, ENGLISH),
            "help": labels.kind_meaning(kind, ENGLISH),
            "records": counts.get(kind, 0),
            "href": address("kinds", kind),
        }
        for kind in KINDS
    ]
    return answer({"kinds": listed})


@router.get(
    "/kinds/{kind}",
    response={200: schemas.Fields, **schemas.READING},
    auth=READS,
    summary="Fields of a kind",
    openapi_extra=OPTIONAL,
)
def fields(request: HttpRequest, kind: str) -> HttpResponse:
    """List the fields of a kind: what each holds, whether it is needed, and which codes it takes."""
    only(request.GET)
    if kind not in KINDS:
        raise NotFoundError(f"There is no kind {kind[:40]!r}", accepted=", ".join(KINDS))
    own = [_field(kind, one) for one in content.columns(KINDS[kind])]
    return answer({"kind": kind, "fields": [*own, *(_part(kind, part) for part in PARTS)]})


def _part(kind: str, part: Any) -> dict[str, Any]:
    """Describe a field that has rows."""
    named = _named(kind, part.PART)
    rows = [_field(kind, one) for one in content.columns(part)]
    return {**named, "holds": "rows", "needed": False, "rows": rows}


def _field(kind: str, column: Any) -> dict[str, Any]:
    described = {**_named(kind, column.name), "holds": _holds(column), "needed": not column.blank}
    if isinstance(column, models.ForeignKey):
        other = column.remote_field.model
        return described if other is Term else {**described, "links_to": getattr(other, "KIND", "") or "any"}
    if isinstance(column, TermField):
        active = Term.objects.filter(vocabulary=column.vocabulary, active=True)
        codes = sorted(active.values_list("code", flat=True))
        return {**described, "vocabulary": column.vocabulary, "codes": codes}
    if isinstance(column, (models.CharField, models.TextField)):
        described["longest"] = column.max_length or content.LONGEST
    return described


def _named(kind: str, name: str) -> dict[str, str]:
    return {
        "name": name,
        "label": labels.label(kind, name, ENGLISH),
        "help": labels.meaning(kind, name, ENGLISH),
    }


def _holds(column: Any) -> str:
    """Say what a column holds; a link to a term is written with its vocabulary."""
    if isinstance(column, models.ForeignKey):
        return "vocabulary:code" if column.remote_field.model is Term else "public id"
    return next(said for kind, said in _HOLDS if isinstance(column, kind))
