"""Addresses of accounts, below the language. Signing in, second factor and sessions are django-allauth's."""

from __future__ import annotations

from django.urls import include, path

from sojourn.web.pages.errors import nowhere
from sojourn.web.registry.accounts import lists, searches, views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("invitation/<str:secret>", views.invitation, name="account_invitation"),
    path("keys", views.keys, name="account_keys"),
    path("searches", searches.searches, name="account_searches"),
    path("searches/<int:number>", searches.one_search, name="account_search"),
    path("people", views.people, name="account_people"),
    path("lists", lists.lists, name="account_lists"),
    path("lists/<str:vocabulary>", lists.one_list, name="account_list"),
    # The address is that of the invitation: it changes by a new one only.
    path("email/", nowhere),
    path("3rdparty/", nowhere),
    path("3rdparty/signup/", nowhere),
    path("", include("allauth.urls")),
]
