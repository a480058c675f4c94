"""Corridors: which series have them, the pairs of one series ranked, and everything between two areas."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from sojourn import areas
from sojourn.errors import NotFoundError, UsageError
from sojourn.web.api.answers import columns_of
from sojourn.web.api.described import LISTS, listing
from sojourn.web.api.observed import FAULTS, asked, page_of
from sojourn.web.api.schemas import KINDS, Observations, Pairs
from sojourn.web.holding import as_text
from sojourn.web.pages.rendering import only
from sojourn.web.question import PERSONS
from sojourn.web.question import area as area_of

router = Router(tags=["corridors"])


@router.get("/corridors", response=LISTS, summary="Series between two areas")
def corridors(request: HttpRequest, release: str = "") -> HttpResponse:
    """List the series that have a counterpart: how many corridors and numbers, and who the two ends are."""
    only(request.GET)
    holding = request.holding
    ends = as_text(
        holding.found().filter(pl.col("counterpart") != "").select("series", "area", "counterpart")
    )
    counted = ends.group_by("series").agg(
        pl.struct("area", "counterpart").n_unique().alias("corridors"), pl.len().alias("numbers")
    )
    roles = ("name", "area_role", "counterpart_role")
    items = [
        row | {name: holding.series[row["series"]][name] for name in roles}
        for row in counted.sort("series").to_dicts()
    ]
    return listing(holding, items)


@router.get(
    "/series/{code}/corridors",
    response={200: Observations, **FAULTS},
    summary="Corridors of a series, ranked",
)
def pairs(request: HttpRequest, code: str, page: Query[Pairs]) -> HttpResponse:
    """Rank the pairs of areas of a series, the largest first.

    Without a choice: the newest numbers, of everybody, between countries.
    """
    holding = request.holding
    if code not in holding.series:
        raise NotFoundError(f"There is no series {code[:60]!r}", accepted=", ".join(sorted(holding.series)))
    if page.kind not in KINDS:
        raise UsageError(
            f"{page.kind[:60]!r} is no kind of corridor", where="kind", accepted=", ".join(KINDS)
        )
    question = asked(request, "kind", series=code)
    where = dict.fromkeys(PERSONS, ("_T",)) | {"breakdown": ("",)} | dict(question.where)
    newest = not ("period" in where or question.first or question.last)
    found = replace(question, where=where, latest=question.latest or newest).answer(
        holding, request.deadline.check
    )
    found = found.filter(pl.col("counterpart") != "")
    if page.kind == "country":
        found = found.filter(_is_country("area"), _is_country("counterpart"))
    ranked = found.sort(
        "value", "area", "counterpart", "period", descending=[True, False, False, False], nulls_last=True
    )
    return page_of(request, ranked, page, columns_of(page.columns))


@router.get("/corridors/{area}/{counterpart}", response=LISTS, summary="Everything between two areas")
def corridor(request: HttpRequest, area: str, counterpart: str, release: str = "") -> HttpResponse:
    """Give the newest numbers of all series between two areas, in both directions; once where both are one."""
    only(request.GET)
    one, other = area_of(area), area_of(counterpart, "counterpart")
    ways = dict.fromkeys(((one, other), (other, one)))
    asked = [{"area": [here], "counterpart": [there]} for here, there in ways]
    found = [request.holding.numbers(None, way, only_latest=True) for way in asked]
    return listing(request.holding, pl.concat(found).to_dicts())


def _is_country(name: str) -> pl.Expr:
    kinds = areas.table().filter(pl.col("kind").is_in(["country", "former", "simulated"]))["area"]
    return pl.col(name).cast(pl.String).is_in(kinds.implode())
