"""Addresses of the registry's public pages, below the language."""

from __future__ import annotations

from django.urls import include, path

from sojourn.web.registry.public import handed_out, listing, overview, records, searching, tables

urlpatterns = [
    path("", overview.overview),
    path("/unmeasured", overview.unmeasured_page),
    path("/timeline", overview.timeline),
    path("/claims", overview.claims_page),
    path("/answers", include("sojourn.web.registry.answers.urls")),
    path("/search", searching.search_page),
    path("/search.atom", handed_out.found_feed),
    path("/feed.atom", handed_out.feed),
    path("/calendar.ics", handed_out.dates),
    path("/records/<str:public_id>", records.record),
    path("", include("sojourn.web.registry.writing.urls")),
    path("/<slug:slug>.<str:ending>", tables.exported),
    path("/<slug:slug>", listing.listing),
]
