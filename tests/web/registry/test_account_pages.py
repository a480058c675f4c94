"""Signing in and what guards it, through the site: invitation, password, second factor, lockout, sessions, forms."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client, override_settings

from sojourn.web.registry.models import Account, Seat
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import accounts
from sojourn.web.registry.services.persons import person_of

GOOD = "a long walk home at dusk"


@pytest.fixture
def site(loaded, two_releases):
    with override_settings(
        SOJOURN_RELEASES=str(two_releases[0].parent),
        SOJOURN_RELEASE=None,
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    ):
        mail.outbox = []
        yield Client(SERVER_NAME="localhost", raise_request_exception=False)


@pytest.fixture
def ada(site):
    account = Account.objects.create_user("ada@example.org", GOOD, name="Ada")
    Seat.objects.create(account=account, role=role.ADMINISTRATOR, valid_from="2020-01-01")
    return account


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def _sign_in(client: Client, email: str = "ada@example.org", password: str = GOOD, **more: str):
    return client.post("/en/account/login/", {"login": email, "password": password, **more})


def _second_factor(client: Client) -> str:
    address = "/en/account/2fa/totp/activate/"
    assert "reauthenticate" in client.get(address)["Location"], (
        "what guards the account is changed by its owner only"
    )
    client.post("/en/account/reauthenticate/", {"password": GOOD})
    page = client.get(address)
    secret = re.search(r"<code>([A-Z2-7]{16,})</code>", page.content.decode())[1]
    done = client.post(address, {"code": _code(secret)})
    assert done.status_code == 302
    return secret


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_the_form_is_in_the_language_of_the_path(site, language):
    page = site.get(f"/{language}/account/login/")
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}"' in text
    assert "untranslated" not in text
    password = {
        "fr": "Mot de passe",
        "ru": "Пароль",
        "es": "Contraseña",
        "zh": "密码",
        "ar": "كلمة المرور",
        "en": "Password",
    }
    assert password[language] in text
    assert page["Cache-Control"] == "private, no-store"


def test_an_invitation_is_accepted_and_signs_in(site):
    _, secret = accounts.invite(None, "ben@example.org", role.REVIEWER, name="Ben")
    address = f"/fr/account/invitation/{secret}"
    page = site.get(address)
    assert "Évaluateur" in page.content.decode()
    poor = site.post(address, {"name": "Ben", "password": "short"})
    assert (poor.status_code, Account.objects.filter(email="ben@example.org").exists()) == (400, False)
    done = site.post(address, {"name": "Ben", "password": GOOD})
    assert (done.status_code, done["Location"]) == (302, "/fr/account/")
    assert "Évaluateur" in site.get("/fr/account/").content.decode()
    assert site.get(address).status_code == 404
    assert site.get("/fr/account/invitation/guessed").status_code == 404


def test_nobody_signs_up(site):
    page = site.post("/en/account/signup/", {"email": "eve@example.org", "password1": GOOD})
    assert "By invitation only" in page.content.decode()
    assert not Account.objects.exists()


def test_signing_in_takes_a_new_session_and_goes_nowhere_else(site, ada):
    site.get("/en/account/login/")
    site.session["planted"] = "by somebody"
    session = site.session
    session.save()
    before = session.session_key
    done = _sign_in(site, next="https://evil.example/")
    assert (done.status_code, done["Location"]) == (302, "/en/account/")
    assert site.session.session_key != before
    for next_one in ("//evil.example", "https:evil.example", "javascript:alert(1)"):
        fresh = Client(SERVER_NAME="localhost")
        assert _sign_in(fresh, next=next_one)["Location"] == "/en/account/"


def test_five_wrong_passwords_lock_an_address_out(site, ada):
    for _ in range(5):
        last = _sign_in(site, password="wrong")
    assert last.status_code == 429
    assert "quarter of an hour" in last.content.decode()
    assert _sign_in(site).status_code == 429, "the right password comes too late"
    assert _sign_in(Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_wrong_passwords_for_one_account_lock_nobody_out_of_another(site, ada):
    Account.objects.create_user("bo@example.org", GOOD, name="Bo")
    for _ in range(6):
        last = site.post("/en/account/login/", {"login": "BO@example.org", "password": "wrong"})
    assert last.status_code == 429
    assert _sign_in(Client(SERVER_NAME="localhost")).status_code == 302


def test_a_second_factor_is_asked_once_it_is_set_up(site, ada):
    _sign_in(site)
    assert not person_of(ada).second_factor
    assert site.get("/en/account/people").status_code == 403
    secret = _second_factor(site)
    assert person_of(ada).second_factor
    assert site.get("/en/account/people").status_code == 200
    fresh = Client(SERVER_NAME="localhost")
    asked = _sign_in(fresh)
    assert asked["Location"].startswith("/en/account/2fa/authenticate/")
    assert fresh.get("/en/account/").status_code == 302
    assert fresh.post("/en/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert fresh.get("/en/account/").status_code == 302
    assert secret not in fresh.get("/en/account/2fa/authenticate/").content.decode()


def test_recovery_codes_open_the_account_once(site, ada):
    _sign_in(site)
    _second_factor(site)
    site.post("/en/account/2fa/recovery-codes/generate/")
    page = site.get("/en/account/2fa/recovery-codes/").content.decode()
    code = re.search(r"<li><code>(\w+)</code>", page)[1]
    for status in (302, 200):
        fresh = Client(SERVER_NAME="localhost")
        _sign_in(fresh)
        assert fresh.post("/en/account/2fa/authenticate/", {"code": code}).status_code == status


def test_sessions_are_listed_and_the_others_ended(site, ada):
    other = Client(SERVER_NAME="localhost", HTTP_USER_AGENT="Elsewhere/1.0")
    _sign_in(other)
    _sign_in(site)
    assert "Elsewhere/1.0" in site.get("/en/account/sessions/").content.decode()
    site.post("/en/account/sessions/")
    assert other.get("/en/account/").status_code == 302
    assert site.get("/en/account/").status_code == 200


def test_a_new_password_is_sent_to_accounts_only_and_says_nothing(site, ada):
    told = [
        site.post("/fr/account/password/reset/", {"email": one})["Location"]
        for one in ("ada@example.org", "nobody@example.org")
    ]
    assert told[0] == told[1]
    links = [
        re.search(r"http://localhost(/fr/account/password/reset/key/\S+)", one.body) for one in mail.outbox
    ]
    assert [one.to for one in mail.outbox] == [["ada@example.org"]]
    first = site.get(next(link[1] for link in links if link))
    done = site.post(
        first["Location"], {"password1": "another way home at dawn", "password2": "another way home at dawn"}
    )
    assert done.status_code == 302
    assert _sign_in(Client(SERVER_NAME="localhost"), password="another way home at dawn").status_code == 302


def test_a_form_from_elsewhere_is_refused(site, ada):
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    refused = _sign_in(strict)
    assert refused.status_code == 403
    assert "not sent from this site" in refused.content.decode()
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get("/en/account/login/").content.decode()
    )[1]
    assert _sign_in(strict, csrfmiddlewaretoken=token).status_code == 302


def test_an_administrator_invites_by_mail_and_ends_seats(site, ada):
    _sign_in(site)
    _second_factor(site)
    wrong = site.post("/en/account/people", {"email": "ben@example.org", "role": "focal_point"})
    assert wrong.status_code == 400
    mail.outbox = []
    site.post(
        "/en/account/people",
        {"email": "ben@example.org", "role": "moderator", "name": "<script>alert(1)</script>"},
    )
    link = re.search(r"http://localhost(/\S+)", mail.outbox[0].body)[1]
    guest = Client(SERVER_NAME="localhost")
    guest.post(link, {"name": "<script>alert(1)</script>", "password": GOOD})
    page = site.get("/en/account/people").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert guest.get("/en/account/people").status_code == 404
    seat = Seat.objects.get(account__email="ben@example.org")
    site.post("/en/account/people", {"end": seat.pk})
    seat.refresh_from_db()
    assert seat.valid_to is not None
    own = Seat.objects.get(account=ada)
    assert site.post("/en/account/people", {"end": own.pk}).status_code == 403


def test_a_key_is_shown_once(site, ada):
    _sign_in(site)
    seat = Seat.objects.get(account=ada)
    made = site.post(
        "/en/account/keys", {"name": "script", "seat": seat.pk, "scopes": ["read"], "days": "30"}
    )
    secret = re.search(r'role="status">.*?<code>([\w-]+)</code>', made.content.decode(), re.DOTALL)[1]
    assert accounts.key_of(secret) is not None
    page = site.get("/en/account/keys").content.decode()
    assert secret not in page
    site.post("/en/account/keys", {"revoke": re.search(r'name="revoke" value="(\d+)"', page)[1]})
    assert accounts.key_of(secret) is None


def test_pages_of_measurements_set_no_cookie_and_ask_no_database(site):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page = site.get("/en/goals")
    assert (page.status_code, list(page.cookies), len(asked)) == (200, [], 0)
    assert "Cookie" not in page.get("Vary", "")
    assert site.post("/en/goals").status_code == 405
    assert "no-store" not in page["Cache-Control"]
