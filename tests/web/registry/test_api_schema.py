"""The registry's API answers as its description says, asked by Schemathesis with the key of a focal point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, assume, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from sojourn.web.registry.models import Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import accounts

EXAMPLES = 30
"""Questions to each operation."""


def site(environ, start_response):
    """The site; the description is given without a database too, because tests are named by it before there is one."""
    from sojourn.web.api.routes import api

    if environ["PATH_INFO"] == "/description":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")).encode()]
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return _application()(environ, start_response)


@cache
def _application():
    """A site of our own, made when the first test has set its limits."""
    return get_wsgi_application()


@pytest.fixture
def key(hall, two_releases) -> Iterator[str]:
    person = hall.person(role.FOCAL_POINT, hall.ministry)
    hall.published(person)
    hall.draft(person)
    _, secret = accounts.make_key(person, person.seats[0].seat, "program", ["read", "write"], 30)
    limits = {"SOJOURN_REQUESTS": 10_000_000, "SOJOURN_WRITES": 10_000_000}
    with override_settings(SOJOURN_RELEASES=str(two_releases[0].parent), SOJOURN_RELEASE=None, **limits):
        yield secret


schema = schemathesis.openapi.from_wsgi("/description", site).include(tag="registry")


def _is_no_code(answer) -> bool:
    """Tell whether a theme or type was refused: vocabularies are data, so that no description can list their codes."""
    return answer.status_code == 400 and answer.json()["where"] in ("theme", "type")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_answers_as_it_is_described(case, key):
    # A key that Schemathesis made up opens nothing, and must be refused.
    made_up = "Authorization" in (case.headers or {})
    answer = case.call(headers={} if made_up else {"Authorization": f"Bearer {key}"})
    assume(answer.status_code != 414)
    case.validate_response(answer, excluded_checks=[positive_data_acceptance] if _is_no_code(answer) else [])
    assert not Version.objects.exclude(state__in=("draft", "published", "submitted")).exists()


def test_where_there_is_no_registry_nothing_of_it_is_described():
    code = (
        "import django; django.setup(); from sojourn.web.api.routes import api; "
        "print(*api.get_openapi_schema(path_prefix='/api/v1/')['paths'])"
    )
    without = {name: value for name, value in os.environ.items() if not name.startswith("SOJOURN_")}
    given = {**without, "DJANGO_SETTINGS_MODULE": "sojourn.web.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=given, check=True)
    assert "/api/v1/observations" in done.stdout
    assert "registry" not in done.stdout
