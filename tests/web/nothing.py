"""Addresses of a site that can make nothing: what it answers, it was given."""

urlpatterns: list[object] = []
