"""How often pages ask the database when somebody is signed in, and how often reading writes."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection

from sojourn.web.registry.models import accounts as role

READING = ("", "/commitments", "/search?q=Halve", "/records/{name}")
WORKING = {"/desk": 18, "/desk/new": 6, "/records/{name}/history": 16, "/desk/{name}": 22}
"""Pages for work on one text ask about rights, versions, reviews and files as well."""


def asked_by(client, path: str) -> list[str]:
    """Give what a page asks of the database, once its reader was here before."""
    asked: list[str] = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    assert client.get(path).status_code == 200, path
    with connection.execute_wrapper(count):
        client.get(path)
    return asked


@pytest.mark.parametrize(
    "seat", [role.FOCAL_POINT, role.VALIDATOR, role.REVIEWER, role.MODERATOR, role.AUDITOR]
)
def test_pages_ask_the_database_a_few_times_whoever_is_signed_in(town, seat):
    hall = town.hall
    given = {"themes": ["gfmd_themes:skills"], "areas": ["MEX"]}
    record = hall.published(actors=[{"actor": hall.ministry.public_id, "role": "lead"}], **given)
    client = town.enter(seat, hall.ministry if seat in (role.FOCAL_POINT, role.VALIDATOR) else None)
    for path, most in {**dict.fromkeys(READING, 10), **WORKING}.items():
        asked = asked_by(client, "/en/registry" + path.format(name=record.public_id))
        assert len(asked) <= most, (path, len(asked))
        assert not [one for one in asked if one.startswith(("INSERT", "UPDATE", "DELETE"))], path


def test_a_session_is_seen_again_after_a_while_and_from_another_browser(town, monkeypatch):
    client = town.enter(role.MODERATOR)
    client.get("/en/registry/desk")
    first = UserSession.objects.get()
    client.get("/en/registry/desk")
    assert UserSession.objects.get().last_seen_at == first.last_seen_at
    client.get("/en/registry/desk", HTTP_USER_AGENT="Elsewhere/1.0")
    other = UserSession.objects.get()
    assert (other.user_agent, other.last_seen_at > first.last_seen_at) == ("Elsewhere/1.0", True)
    monkeypatch.setattr("sojourn.web.registry.middleware._SEEN_AGAIN", 0)
    client.get("/en/registry/desk", HTTP_USER_AGENT="Elsewhere/1.0")
    assert UserSession.objects.get().last_seen_at > other.last_seen_at
