"""The addresses of the site. The language stands first, so that a link is read in the language it was sent in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, include, path, re_path, register_converter

from sojourn.web import assets, live
from sojourn.web.api.routes import api, nowhere
from sojourn.web.languages import NAMES
from sojourn.web.pages import (
    areas,
    corridors,
    data,
    entry,
    errors,
    goals,
    home,
    methods,
    numbers,
    search,
    series,
    series_pictures,
)


class _Language:
    regex: ClassVar[str] = "|".join(NAMES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Language, "language")


def robots(request: HttpRequest) -> HttpResponse:
    """Let everything be found but the downloads of the API."""
    return HttpResponse("User-agent: *\nDisallow: /api/\n", content_type="text/plain")


def _registry() -> list[Any]:
    """Give the addresses of the registry, where there is a database for it."""
    if not settings.SOJOURN_DATABASE:
        return []
    return [path("<language:language>/registry", include("sojourn.web.registry.public.urls"))]


def _accounts() -> list[Any]:
    """Give the addresses of accounts, where there is a database for them."""
    if not settings.SOJOURN_DATABASE:
        return []
    from sojourn.web.registry.middleware import InLanguage

    return [URLResolver(InLanguage(), [path("account/", include("sojourn.web.registry.accounts.urls"))])]


urlpatterns = [
    path("static/charts.<str:mark>.js", live.serve),
    path("static/<str:name>", assets.serve),
    path("health", entry.health),
    path("robots.txt", robots),
    path("api/", nowhere),
    path("api/v1/", nowhere),
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", nowhere),
    path("", entry.choose_language),
    path("<language:language>", entry.with_slash),
    path("<language:language>/", home.home),
    path("<language:language>/goals", goals.goals),
    path("<language:language>/goals/<str:code>", goals.goal),
    path("<language:language>/targets/<str:code>", goals.target),
    path("<language:language>/indicators", goals.indicators),
    path("<language:language>/indicators/<str:code>", goals.indicator),
    path("<language:language>/series/<str:code>", series.series),
    path("<language:language>/series/<str:code>/embed", series_pictures.embed),
    path("<language:language>/series/<str:code>/<str:kind>.<str:ending>", series_pictures.picture),
    path("<language:language>/methods/<str:code>", methods.method),
    path("<language:language>/number", numbers.number),
    path("<language:language>/areas", areas.areas_list),
    path("<language:language>/areas/<str:code>", areas.area),
    path("<language:language>/corridors", corridors.corridors),
    path("<language:language>/corridors/flows.<str:ending>", corridors.flows),
    path("<language:language>/corridors/<str:origin>/<str:destination>", corridors.pair),
    path("<language:language>/data", data.data),
    path("<language:language>/data/changes", data.changes),
    path("<language:language>/data/differences", data.differences),
    path("<language:language>/data/api", data.api_page),
    path("<language:language>/search", search.search),
    *_registry(),
    *_accounts(),
    re_path(r"^(?P<rest>.*)$", errors.nowhere),
]

handler500 = errors.broken
