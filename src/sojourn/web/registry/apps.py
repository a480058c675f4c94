"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Names the application `registry`, whatever the path of its package."""

    name = "sojourn.web.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
