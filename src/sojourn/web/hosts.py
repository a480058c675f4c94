"""The name under which a reader reached the site, for addresses that are used elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site_of(request: HttpRequest) -> str:
    """Give scheme and host of the site.

    Args:
        request: of the reader; behind a proxy that speaks https the setting tells, not the request.
    """
    scheme = "https" if settings.SECURE_HSTS_SECONDS else request.scheme
    return f"{scheme}://{request.get_host()}"
