"""The searches that one keeps: a list, and what is new in each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sojourn.web.pages.errors import language_of
from sojourn.web.registry.accounts.speech import page
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.public.overview import KIND_LABELS
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services import searches as kept
from sojourn.web.registry.services.persons import person_of


@login_required
@require_http_methods(["GET", "POST"])
def searches(request: HttpRequest) -> HttpResponse:
    """Show the searches that one keeps, and keep one more."""
    person, language = person_of(request.user), language_of(request)
    problems: dict[str, str] = {}
    if request.method == "POST":
        given = request.POST
        asked = {name: given.get(name, "").strip() for name in ("q", "kind", "theme")}
        try:
            kept.keep(person, given.get("name", ""), kept.Question(**asked))
        except InvalidError as error:
            problems = error.problems
        else:
            return HttpResponseRedirect(reverse("account_searches"))
    context = {
        "kept": kept.kept_by(person, language),
        "labels": KIND_LABELS,
        "told": Told(language),
        "problems": problems,
    }
    return page(request, "account/searches.html", context, 400 if problems else 200)


@login_required
@require_http_methods(["GET", "POST"])
def one_search(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is new in a search that one keeps; say that it was seen; remove the search."""
    person = person_of(request.user)
    if request.method == "POST":
        if "remove" in request.POST:
            kept.forget(person, number)
        else:
            kept.mark_seen(person, number)
        return HttpResponseRedirect(reverse("account_searches"))
    search, rows = kept.whats_new(person, number)
    context = {
        "search": search,
        "rows": rows,
        "labels": KIND_LABELS,
        "told": Told(language_of(request), rows),
    }
    return page(request, "account/search.html", context)
