"""What there is: indicators, series, areas, releases."""

from __future__ import annotations

import base64
import json
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router

from sojourn import areas, framework
from sojourn.errors import IntegrityError, NotFoundError
from sojourn.web import state
from sojourn.web.api.answers import whole
from sojourn.web.api.observed import FAULTS
from sojourn.web.api.schemas import AREA_KINDS, Kind, Listing, Thing
from sojourn.web.changes import changes as compared
from sojourn.web.holding import Holding, as_text
from sojourn.web.pages.rendering import only
from sojourn.web.question import area as area_of
from sojourn.web.sealed import Pieces

router = Router(tags=["what there is"])

SUMS = "SHA256SUMS"

LISTS: dict[int, Any] = {200: Listing, **FAULTS}
THINGS: dict[int, Any] = {200: Thing, **FAULTS}


@router.get("/indicators", response=LISTS, summary="Indicators of the release")
def indicators(request: HttpRequest, release: str = "") -> HttpResponse:
    """List the indicators with their series and how many numbers each has."""
    only(request.GET)
    return listing(
        request.holding, [one.model_dump(mode="json") for one in request.holding.release.manifest.indicators]
    )


@router.get("/indicators/{code}", response=THINGS, summary="One indicator")
def indicator(request: HttpRequest, code: str, release: str = "") -> HttpResponse:
    """Give one indicator: its series, and what the global list says of it."""
    only(request.GET)
    holding = request.holding
    series = holding.indicators.get(code)
    if series is None:
        raise NotFoundError(f"No indicator is called {code[:60]!r}", accepted=", ".join(holding.indicators))
    official = [one.model_dump(mode="json") for one in framework.load().indicators if one.code == code]
    built = [
        one.model_dump(mode="json") for one in holding.release.manifest.indicators if one.indicator == code
    ]
    item = {
        "indicator": code,
        "series": list(series),
        "built": built,
        "official": official[0] if official else None,
    }
    return thing(holding, item)


@router.get("/series", response=LISTS, summary="Series of the release")
def all_series(request: HttpRequest, release: str = "") -> HttpResponse:
    """List the series: what each means, its unit, its dimensions, how many numbers it has."""
    only(request.GET)
    return listing(request.holding, [_series(request.holding, code) for code in request.holding.series])


@router.get("/series/{code}", response=THINGS, summary="One series")
def one_series(request: HttpRequest, code: str, release: str = "") -> HttpResponse:
    """Give one series with its codes, areas and periods."""
    only(request.GET)
    holding = request.holding
    found = as_text(holding.found(code).select("period", "sex", "age", "breakdown").unique())
    item = _series(holding, code) | {
        "areas": list(holding.areas_of.get(code, ())),
        "periods": sorted(set(found["period"])),
        "sexes": sorted(set(found["sex"])),
        "ages": sorted(set(found["age"])),
        "breakdowns": sorted(set(found["breakdown"]))[:2000],
    }
    return thing(holding, item)


@router.get("/areas", response=LISTS, summary="Areas")
def all_areas(request: HttpRequest, kind: Query[Kind]) -> HttpResponse:
    """List countries, regions and groups with their names in six languages."""
    only(request.GET, "kind")
    if kind.kind and kind.kind not in AREA_KINDS:
        raise NotFoundError(
            f"There is no kind of area {kind.kind[:60]!r}", where="kind", accepted=", ".join(AREA_KINDS)
        )
    table = areas.table().filter(pl.col("kind") == kind.kind) if kind.kind else areas.table()
    return listing(request.holding, [_area(row) for row in table.iter_rows(named=True)])


@router.get("/areas/{code}", response=THINGS, summary="One area")
def one_area(request: HttpRequest, code: str, release: str = "") -> HttpResponse:
    """Give one area: names, groups, and the series that have a number for it."""
    only(request.GET)
    found = area_of(code)
    row = areas.table().filter(area=found).row(0, named=True)
    series = [one for one, held in request.holding.areas_of.items() if found in held]
    return thing(request.holding, _area(row) | {"groups": list(areas.groups_of(found)), "series": series})


@router.get("/releases", response=LISTS, summary="Releases")
def releases(request: HttpRequest) -> HttpResponse:
    """List the releases that may be read, newest first."""
    only(request.GET)
    names = state.store().names()
    items = [
        {"release": name, "shown": name == request.holding.name, "href": f"/api/v1/releases/{name}"}
        for name in names
    ]
    return listing(request.holding, items)


@router.get("/releases/{name}", response=THINGS, summary="One release")
def one_release(request: HttpRequest, name: str) -> HttpResponse:
    """Give the manifest of a release: files with hashes, code, libraries, choices."""
    only(request.GET)
    holding = state.store().named(name)
    return thing(holding, holding.release.manifest.model_dump(mode="json") | {"name": holding.name})


@router.get("/releases/{name}/files/{file}", response={200: None, **FAULTS}, summary="A file of a release")
def file_of_release(request: HttpRequest, name: str, file: str) -> HttpResponse:
    """Stream a file of a release; its SHA-256, which was checked before it goes out, is in the manifest."""
    only(request.GET)
    holding = state.store().named(name)
    known = {one.file: one for one in holding.release.manifest.outputs}
    if file == SUMS:
        return HttpResponse(_sums(holding), content_type="text/plain; charset=utf-8")
    if file not in known:
        raise NotFoundError(f"The release has no file {file[:60]!r}", accepted=", ".join((*known, SUMS)))
    stream = state.seals.open(holding.release.path, known[file])
    response = StreamingHttpResponse(Pieces(stream), content_type="application/octet-stream")
    response.headers["Content-Length"] = str(known[file].size)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{file}"'
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(known[file].sha256)}:"
    return whole(response)


@router.get("/releases/{name}/changes", response=THINGS, summary="What changed between two releases")
def changes(request: HttpRequest, name: str, since: str) -> HttpResponse:
    """Say what changed from one release to another: counts, reasons, and the hundred largest changes."""
    only(request.GET, "since")
    store = state.store()
    before, after = store.named(since), store.named(name)
    found = compared(before, after)
    item = {
        "before": before.name,
        "after": after.name,
        "added": found.added.height,
        "removed": found.removed.height,
        "changed": found.changed.height,
        "unchanged": found.unchanged,
        "reasons": list(found.reasons),
        "largest": found.changed.head(100).to_dicts(),
    }
    return thing(after, item)


def _sums(holding: Holding) -> str:
    """Give the list of checksums, if it says of every file what the manifest says.

    Raises:
        IntegrityError: it was changed since the release was published.
    """
    try:
        text = (holding.release.path / SUMS).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise IntegrityError(f"{SUMS} cannot be read") from error
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())}
    wrong = [one.file for one in holding.release.manifest.outputs if listed.get(one.file) != one.sha256]
    if wrong:
        raise IntegrityError(f"{SUMS} says something else than the manifest of {', '.join(wrong[:3])}")
    return text


def listing(holding: Holding, items: list[dict[str, Any]]) -> HttpResponse:
    """Answer with a list."""
    return _json({"release": holding.name, "total": len(items), "items": items})


def thing(holding: Holding, item: dict[str, Any]) -> HttpResponse:
    """Answer with one thing."""
    return _json({"release": holding.name, "item": item})


def _json(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), content_type="application/json")


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _series(holding: Holding, code: str) -> dict[str, Any]:
    """Give what a series means and how much of it there is; its long text is at provenance and on its page."""
    meaning = {name: value for name, value in holding.series[code].items() if name != "explanation"}
    return meaning | {
        "observations": holding.places.get(code, (0, 0))[1],
        "areas": len(holding.areas_of.get(code, ())),
    }


def _area(row: dict[str, Any]) -> dict[str, Any]:
    names = {language: areas.name(row["area"], language) for language in areas.LANGUAGES}
    return row | {"names": names}
