"""The releases, what changed between two, open differences to published figures, and the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sojourn.errors import UsageError
from sojourn.release import differences as paired
from sojourn.release.compare import Comparison
from sojourn.web import changes as changed
from sojourn.web import state
from sojourn.web.api.routes import api
from sojourn.web.pages.rendering import only, render
from sojourn.web.provenance import citation
from sojourn.web.question import codes
from sojourn.web.said import offer, quoted, say

MOST = 200


def data(request: HttpRequest, language: str) -> HttpResponse:
    """Show the release: what it holds, what it was built from, what was rejected; and the others."""
    only(request.GET)
    holding = request.holding
    inputs = holding.release.manifest.inputs
    context = {
        "names": state.store().names(),
        "manifest": holding.release.manifest,
        "used": [one for one in inputs if one.source],
        "unused": [one for one in inputs if not one.source],
        "problems": holding.problems.group_by("problem")
        .len()
        .sort("len", "problem", descending=[True, False])
        .head(20)
        .rows(),
        "agreement": _agreement(request),
        "citation": citation(holding),
    }
    return render(request, language, "data.html", context)


def _agreement(request: HttpRequest) -> list[dict[str, object]]:
    found = paired.summary(request.holding.differences)
    return found.to_dicts()


def changes(request: HttpRequest, language: str) -> HttpResponse:
    """Show what changed from one release to another; without two, the choice of them."""
    only(request.GET, "before", "after")
    store = state.store()
    names = store.names()
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    if not (before and after):
        chosen = {"before": before or (names[1] if len(names) > 1 else ""), "after": after or names[0]}
        return render(request, language, "changes.html", {"names": names, "found": None, **chosen})
    old, new = store.named(before), store.named(after)
    found = changed.changes(old, new)
    context = {
        "names": names,
        "before": old.name,
        "after": new.name,
        "found": found,
        "series": {**old.series, **new.series},
        "by_series": by_series(found),
        "largest": found.changed.head(MOST).to_dicts(),
    }
    return render(request, language, "changes.html", context)


def by_series(found: Comparison) -> list[dict[str, object]]:
    """Count what changed, was added and was removed in each series, the most changed first."""
    parts = {"changed": found.changed, "added": found.added, "removed": found.removed}
    counted: dict[str, dict[str, int]] = {}
    for name, frame in parts.items():
        for series, count in frame.group_by("series").len().iter_rows():
            counted.setdefault(series, dict.fromkeys(parts, 0))[name] = count
    told = [{"series": series, **counts} for series, counts in counted.items()]
    return sorted(told, key=lambda one: (-sum(counted[str(one["series"])].values()), str(one["series"])))


def differences(request: HttpRequest, language: str) -> HttpResponse:
    """List the computed numbers that differ from published ones, of one series or all, the largest first."""
    only(request.GET, "series")
    holding, series = request.holding, request.GET.get("series", "")
    pairs = holding.differences.filter(paired.open_difference())
    if series:
        if series not in codes(holding, "series"):
            raise UsageError(
                say("There is no series {code}", code=quoted(series)),
                accepted=offer(sorted(holding.series), "data/differences?series={}"),
            )
        pairs = pairs.filter(series=series)
    ordered = pairs.sort(pairs["difference"].abs(), descending=True, maintain_order=True)
    context = {"series": series, "total": pairs.height, "pairs": ordered.head(MOST).to_dicts()}
    return render(request, language, "differences.html", context)


def api_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show what the API answers, read from its own description."""
    only(request.GET)
    described = api.get_openapi_schema(path_prefix="/api/v1/")
    listed = [
        {
            "path": path,
            "method": method.upper(),
            "summary": one["summary"],
            "description": one.get("description", ""),
            "parameters": [each["name"] for each in one.get("parameters", ()) if each["in"] == "query"],
        }
        for path, methods in sorted(described["paths"].items())
        for method, one in methods.items()
    ]
    return render(request, language, "api.html", {"endpoints": listed})
