"""From goal to target to indicator: what was promised, what measures it, and what is missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sojourn import framework
from sojourn.errors import NotFoundError
from sojourn.web.pages.codes import as_written
from sojourn.web.pages.rendering import only, render
from sojourn.web.said import offer, quoted, say


def _here(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    return dict(request.holding.indicators)


def _coverage(request: HttpRequest) -> list[framework.TargetCoverage]:
    return list(framework.gaps(framework.load(), _here(request), set(request.holding.places)))


def goals(request: HttpRequest, language: str) -> HttpResponse:
    """List the goals with their targets about migration."""
    only(request.GET)
    facts, rows = framework.load(), _coverage(request)
    by_goal = {
        goal.number: [row for row in rows if row.target.partition(".")[0] == str(goal.number)]
        for goal in facts.goals
    }
    listed = [(goal, by_goal[goal.number]) for goal in facts.goals if by_goal[goal.number]]
    return render(request, language, "goals.html", {"goals": listed})


def goal(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one goal: its targets, what measures them, what they lack."""
    only(request.GET)
    facts = framework.load()
    found = [one for one in facts.goals if str(one.number) == code]
    if not found:
        raise NotFoundError(
            say("There is no goal {code}", code=quoted(code)),
            accepted=say("{first} to {last}", first=1, last=17),
        )
    rows = [row for row in _coverage(request) if row.target.partition(".")[0] == code]
    return render(request, language, "goal.html", {"goal": found[0], "targets": rows})


def target(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one target: its indicators, official and proposed, and the series that measure them here."""
    only(request.GET)
    facts = framework.load()
    rows = {row.target: row for row in _coverage(request)}
    if there := as_written(request, code, rows):
        return there
    if code not in rows:
        raise NotFoundError(
            say("There is no target {code} among the facts", code=quoted(code)),
            accepted=offer(rows, "targets/{}"),
        )
    context = {
        "target": next(one for one in facts.targets if one.target == code),
        "goal": next(one for one in facts.goals if str(one.number) == code.partition(".")[0]),
        "coverage": rows[code],
        "indicators": facts.indicators_of(code),
        "proposals": facts.proposals_of(code),
        "here": _here(request),
    }
    return render(request, language, "target.html", context)


def indicators(request: HttpRequest, language: str) -> HttpResponse:
    """List the indicators of the release with their series."""
    only(request.GET)
    built = request.holding.release.manifest.indicators
    return render(request, language, "indicators.html", {"indicators": built})


def indicator(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one indicator: what the global list says of it, and its series."""
    only(request.GET)
    holding, facts = request.holding, framework.load()
    known = [*holding.indicators, *(one.code for one in facts.indicators)]
    if there := as_written(
        request, code, [*known, *(one.indicator for one in holding.release.manifest.indicators)]
    ):
        return there
    official = next((one for one in facts.indicators if one.code == code), None)
    built = [one for one in holding.release.manifest.indicators if one.indicator == code]
    if official is None and not built and code not in holding.indicators:
        raise NotFoundError(
            say("There is no indicator {code}", code=quoted(code)),
            accepted=offer(holding.indicators, "indicators/{}"),
        )
    context = {
        "code": code,
        "official": official,
        "built": built,
        "name": official.label_own_words if official else built[0].name if built else code,
        "series": holding.indicators.get(code, ()),
    }
    return render(request, language, "indicator.html", context)
