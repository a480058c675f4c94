"""Addresses of the answers, below those of the registry."""

from __future__ import annotations

from django.urls import path

from sojourn.web.registry.answers import comparing, pages

urlpatterns = [
    path("", pages.answers),
    path("/same-work", pages.same_work),
    path("/funding", pages.funding_page),
    path("/practices", pages.practices),
    path("/differences", comparing.differences),
]
