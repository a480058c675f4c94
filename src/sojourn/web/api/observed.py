"""Observations by page, whole tables by format, and how one number was made."""

from __future__ import annotations

import json
import math
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from sojourn import observations
from sojourn.errors import NotFoundError, UsageError
from sojourn.web.api.answers import columns_of, format_of, table, with_edition
from sojourn.web.api.schemas import Ending, Fault, Key, Observations, Page, Paged, Thing
from sojourn.web.holding import Holding, as_text
from sojourn.web.provenance import citation, provenance
from sojourn.web.question import Question, area, read

router = Router(tags=["observations"])

FAULTS = {400: Fault, 404: Fault, 429: Fault, 503: Fault}

_PAGING = ("columns", "page", "per_page", "release")


def asked(request: HttpRequest, *also: str, **fixed: str) -> Question:
    """Read the question of a request; what the path fixes cannot be asked otherwise."""
    given = {name: request.GET.getlist(name) for name in request.GET}
    if twice := sorted(set(given) & set(fixed)):
        raise UsageError(f"{twice[0]} stands in the path already", where=twice[0])
    return read(
        {**given, **{name: [one] for name, one in fixed.items()}}, request.holding, also=(*_PAGING, *also)
    )


@router.get("/observations", response={200: Observations, **FAULTS}, summary="Observations, by page")
def page_of_observations(request: HttpRequest, page: Query[Page]) -> Any:
    """Give a page of observations as JSON; by `Accept` the whole table as CSV, Arrow, Parquet, Excel or zip."""
    question, columns = asked(request), columns_of(page.columns)
    found = question.answer(request.holding, request.deadline.check)
    if (ending := format_of(request, "")) != "json":
        address = request.get_full_path()
        return table(
            found,
            request.holding,
            ending=ending,
            columns=columns,
            asked=address,
            name="observations",
            check=request.deadline.check,
        )
    return page_of(request, found, page, columns)


@router.get("/observations.{ending}", response={200: None, **FAULTS}, summary="Observations, as a file")
def file_of_observations(request: HttpRequest, ending: Path[Ending], page: Query[Page]) -> HttpResponse:
    """Give all observations that are meant, in one file: csv, json, parquet, arrow, xlsx or zip."""
    question = asked(request)
    return table(
        question.answer(request.holding, request.deadline.check),
        request.holding,
        ending=format_of(request, ending.ending),
        columns=columns_of(page.columns),
        asked=request.get_full_path(),
        name="-".join(question.where.get("series", ("observations",)))[:80],
        check=request.deadline.check,
    )


@router.get("/provenance", response={200: Thing, **FAULTS}, summary="How one number was made")
def provenance_of(request: HttpRequest, key: Query[Key]) -> Any:
    """Trace one observation: its sources, their files with SHA-256, its method, its release, its code."""
    asked(request)
    row = observation(request.holding, key.dict())
    body = {"release": request.holding.name, "item": provenance(request.holding, row)}
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), content_type="application/json")


def observation(holding: Holding, key: dict[str, str]) -> dict[str, Any]:
    """Find one observation by its key; without source and method, the headline.

    Raises:
        NotFoundError: there is none; the periods that there are are named.
    """
    where = {name: [key[name]] for name in observations.KEY if name != "series" and key.get(name)}
    where |= {name: [key[name]] for name in ("counterpart", "breakdown")}
    where["area"] = [area(key["area"])]
    every = bool(key.get("source") or key.get("method"))
    found = holding.numbers(key["series"], where, every=every)
    if not found.height:
        others = holding.numbers(key["series"], {"area": where["area"]})["period"].unique().sort()
        raise NotFoundError(
            f"The release {holding.name} has no such number of {key['series']}",
            accepted=f"periods of {where['area'][0]}: {', '.join(others) or 'none'}",
        )
    return found.head(1).with_columns(pl.lit(holding.name).alias("release")).row(0, named=True)


def page_of(request: HttpRequest, found: pl.DataFrame, page: Paged, columns: list[str]) -> HttpResponse:
    """Answer with one page of coded rows."""
    start = (page.page - 1) * page.per_page
    rows = as_text(with_edition(found.slice(start, page.per_page)).select(columns)).to_dicts()
    pages = math.ceil(found.height / page.per_page)
    holding = request.holding
    body = {
        "release": holding.name,
        "as_of": str(holding.release.manifest.as_of),
        "citation": citation(holding),
        "total": found.height,
        "page": page.page,
        "pages": pages,
        "per_page": page.per_page,
        "next": _next(request, page.page + 1) if page.page < pages else None,
        "observations": [one | {"release": holding.name} for one in rows],
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")


def _next(request: HttpRequest, page: int) -> str:
    given = [(name, one) for name in request.GET for one in request.GET.getlist(name) if name != "page"]
    return f"{request.path}?{urlencode([*given, ('page', page)])}"
