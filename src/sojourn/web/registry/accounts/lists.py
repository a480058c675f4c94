"""The lists, for administrators: their terms in six languages, and which of them may still be chosen."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sojourn.errors import NotFoundError
from sojourn.web.languages import NAMES
from sojourn.web.pages.rendering import only
from sojourn.web.registry.accounts.speech import page
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Term
from sojourn.web.registry.services import listing, permissions, persons
from sojourn.web.said import say


@login_required
@require_http_methods(["GET"])
def lists(request: HttpRequest) -> HttpResponse:
    """Show which lists there are."""
    _keeper(request)
    only(request.GET)
    return page(request, "account/lists.html", {"lists": listing.vocabularies()})


@login_required
@require_http_methods(["GET", "POST"])
def one_list(request: HttpRequest, vocabulary: str) -> HttpResponse:
    """Show the terms of a list; word one, or add one."""
    person = _keeper(request)
    only(request.GET, "term")
    code = request.POST.get("term", "") or request.GET.get("term", "")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _write(request, person, vocabulary, code)
        except InvalidError as error:
            problems = error.problems
        else:
            return HttpResponseRedirect(reverse("account_list", args=[vocabulary]))
    terms = listing.terms(vocabulary)
    context = {
        "vocabulary": vocabulary,
        "terms": terms,
        "chosen": _chosen(terms, code),
        "names": NAMES,
        "given": request.POST,
        "problems": problems,
    }
    return page(request, "account/list.html", context, 400 if problems else 200)


def _keeper(request: HttpRequest) -> persons.Person:
    person = persons.person_of(request.user)
    if why := permissions.refusal(person, "manage_lists"):
        if not any(one.role == "administrator" for one in person.seats):
            raise NotFoundError(f"There is no page {request.path[:80]!r}")
        raise DeniedError(say(why))
    return person


def _chosen(terms: list[Term], code: str) -> Term | None:
    found = next((one for one in terms if one.code == code), None)
    if code and found is None:
        raise NotFoundError(f"There is no term {code[:60]!r}", accepted=", ".join(one.code for one in terms))
    return found


def _write(request: HttpRequest, person: persons.Person, vocabulary: str, code: str) -> None:
    given: Any = request.POST
    wording = listing.Wording(
        {one: given.get(f"label-{one}", "") for one in NAMES},
        {one: given.get(f"meaning-{one}", "") for one in NAMES},
        bool(given.get("active")),
    )
    if code:
        listing.word(person, vocabulary, code, wording)
    else:
        listing.add(person, vocabulary, given.get("code", "").strip(), wording)
