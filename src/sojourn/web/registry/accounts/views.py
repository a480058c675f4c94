"""One's own account: seats, keys for programs, an invitation; and for administrators, who has which seat."""

from __future__ import annotations

from datetime import date

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.pages.errors import language_of
from sojourn.web.registry.accounts.speech import page
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Account, Actor, Invitation, Seat, Term, Token
from sojourn.web.registry.models.accounts import READER, ROLES
from sojourn.web.registry.services import accounts, inviting, permissions, persons
from sojourn.web.said import say

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show one's seats and what can be set."""
    seats = Seat.objects.filter(account=request.user).select_related("actor").order_by("-valid_from")
    person = persons.person_of(request.user)
    context = {
        "seats": seats,
        "held": {one.seat for one in person.seats},
        "roles": _labels(request),
        "second_factor": person.second_factor,
        "manages": permissions.may(person, "manage_accounts"),
        "administers": any(one.role == "administrator" for one in person.seats),
    }
    return page(request, "account/home.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation, and accept it."""
    found = accounts.invitation(secret)
    known = Account.objects.filter(email__iexact=found.email).first()
    problems: dict[str, str] = {}
    if request.method == "POST":
        given = {"name": request.POST.get("name", ""), "signed_in": request.user}
        try:
            account = accounts.accept(secret, request.POST.get("password", ""), **given)
        except InvalidError as error:
            problems = error.problems
        else:
            if known is None:
                login(request, account, backend=_BACKEND)
            return HttpResponseRedirect(reverse("account_home"))
    context = {
        "invitation": found,
        "institution": found.actor.title if found.actor_id else "",
        "role": _labels(request)[found.role],
        "known": known is not None,
        "can_accept": known is None or known.pk == request.user.pk,
        "problems": problems,
    }
    return page(request, "account/invitation.html", context, 400 if problems else 200)


@login_required
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Show one's keys for programs; make one, whose secret is shown this once; revoke one."""
    person = persons.person_of(request.user)
    secret, problems = "", {}
    if request.method == "POST" and "revoke" in request.POST:
        accounts.revoke_key(person, _number(request.POST["revoke"]))
        return HttpResponseRedirect(reverse("account_keys"))
    if request.method == "POST":
        given = request.POST
        try:
            _, secret = accounts.make_key(
                person,
                _number(given.get("seat", "")),
                given.get("name", ""),
                given.getlist("scopes"),
                _number(given.get("days", "")),
            )
        except InvalidError as error:
            problems = error.problems
    own = Token.objects.filter(seat__account=request.user).select_related("seat__actor")
    context = {
        "keys": own,
        "seats": Seat.objects.filter(pk__in=[one.seat for one in person.seats]).select_related("actor"),
        "roles": _labels(request),
        "scopes": persons.SCOPES,
        "secret": secret,
        "problems": problems,
        "now": timezone.now(),
    }
    return page(request, "account/keys.html", context, 400 if problems else 200)


@login_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Show administrators who has which seat; invite somebody; say when a seat ends."""
    person = persons.person_of(request.user)
    if why := permissions.refusal(person, "manage_accounts"):
        if not any(one.role == "administrator" for one in person.seats):
            raise NotFoundError(f"There is no page {request.path[:80]!r}")
        raise DeniedError(say(why))
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _manage(request, person)
        except InvalidError as error:
            problems = error.problems
        else:
            return HttpResponseRedirect(reverse("account_people"))
    now = timezone.now()
    context = {
        "seats": Seat.objects.select_related("account", "actor").order_by("account__email", "valid_from"),
        "open": Invitation.objects.filter(accepted=None, expires__gt=now).select_related("actor"),
        "institutions": Actor.objects.public().filter(collective=False).order_by("title"),
        "roles": _labels(request),
        "choices": [one for one in ROLES if one != READER],
        "problems": problems,
        "today": now.date(),
    }
    return page(request, "account/people.html", context, 400 if problems else 200)


def _manage(request: HttpRequest, person: persons.Person) -> None:
    given = request.POST
    if "end" in given:
        accounts.end_seat(person, _number(given["end"]), timezone.now().date())
        return
    language = language_of(request)
    made, secret = accounts.invite(
        person,
        given.get("email", ""),
        given.get("role", ""),
        _institution(given.get("institution", "")),
        name=given.get("name", ""),
        language=language,
        until=_day(given.get("until", "")),
    )
    address = request.build_absolute_uri(reverse("account_invitation", args=[secret]))
    inviting.mail(made, address)


def _institution(public_id: str) -> int | None:
    if not public_id:
        return None
    found: int | None = (
        Actor.objects.public().filter(public_id=public_id).values_list("pk", flat=True).first()
    )
    if found is None:
        raise InvalidError({"actor": accounts.NEEDS_INSTITUTION})
    return found


def _labels(request: HttpRequest) -> dict[str, str]:
    """Give the roles in words; one whose term is not loaded is shown by its code."""
    language = language_of(request)
    said = {one.code: one.label(language) for one in Term.objects.filter(vocabulary="seat_role")}
    return {one: said.get(one, one) for one in ROLES}


def _number(given: str) -> int:
    if not given.isdigit() or len(given) > 18:
        raise UsageError(f"{given[:20]!r} is no number")
    return int(given)


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InvalidError({"until": "2030-12-31"}) from error
