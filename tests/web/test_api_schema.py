"""The API answers as its description says: every operation, asked by Schemathesis in ways that it finds itself.

What fits the description is answered, what does not is refused, nothing breaks, and every answer has the shape,
the headers and the status that are described.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, assume, settings

EXAMPLES = 50
"""Questions to each operation."""


def site(environ: dict[str, Any], start_response: Any) -> Any:
    """The site; the description is given without a release too, because tests are named by it before there is one."""
    from sojourn.web.api.routes import api
    from sojourn.web.wsgi import application

    if environ["PATH_INFO"] == "/description":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")).encode()]
    # Schemathesis unpacks nothing that it asks of an application directly.
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


@pytest.fixture(autouse=True, scope="module")
def _released(two_releases) -> Iterator[None]:
    with override_settings(
        SOJOURN_RELEASES=str(two_releases[0].parent), SOJOURN_RELEASE=None, SOJOURN_REQUESTS=10_000_000
    ):
        yield


# The registry's part is asked beside its other tests, which have a database for it.
schema = schemathesis.openapi.from_wsgi("/description", site).exclude(tag="registry")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_answers_as_it_is_described(case):
    answer = case.call()
    # How long an address may be cannot be described; that a longer one is refused is tested beside the others.
    assume(answer.status_code != 414)
    case.validate_response(answer)
