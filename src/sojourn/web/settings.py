"""Django's settings: few, from the environment, safe where nothing is set.

    SOJOURN_RELEASES    folder of releases (or one release); by default that of the current project
    SOJOURN_RELEASE     a release's name, to show this one whatever is published later
    SOJOURN_SHAPES      folder with the shapes of countries for maps (make shapes brings it into build/shapes)
    SOJOURN_MADE        folder, this user's alone, where the processes of the site share the pages that they made
    SOJOURN_SECRET_KEY  signs what the site hands out; drawn anew at each start where it is not set
    SOJOURN_HOSTS       names under which the site answers, separated by commas
    SOJOURN_HTTPS       1: the site is reached by https, which browsers are then told to keep to
    SOJOURN_PROXIES     number of reverse proxies in front, whose X-Forwarded-For is believed
    SOJOURN_REQUESTS    requests a minute that one address may send to the API and the downloads
    SOJOURN_WRITES      changes a minute that one address may send to the registry's API
    SOJOURN_SECONDS     seconds that one answer may be in the making before it is given up

The measurements need no database: a release is opened read-only, and nothing that a reader sends is kept. The
registry of commitments needs one; SOJOURN_DATABASE turns it on, and `registry.configuration` says what it adds.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sojourn import project
from sojourn.web.registry import configuration

HERE = Path(__file__).parent

SECRET_KEY = os.environ.get("SOJOURN_SECRET_KEY") or token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = [
    one.strip() for one in os.environ.get("SOJOURN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if one
]

SOJOURN_RELEASES = os.environ.get("SOJOURN_RELEASES", "")
SOJOURN_RELEASE = os.environ.get("SOJOURN_RELEASE", "") or None
SOJOURN_SHAPES = os.environ.get("SOJOURN_SHAPES", "build/shapes")
SOJOURN_MADE = os.environ.get("SOJOURN_MADE", "")
SOJOURN_PROXIES = int(os.environ.get("SOJOURN_PROXIES", "0"))
SOJOURN_REQUESTS = int(os.environ.get("SOJOURN_REQUESTS", "1200"))
SOJOURN_SECONDS = float(os.environ.get("SOJOURN_SECONDS", "20"))
SOJOURN_WRITES = int(os.environ.get("SOJOURN_WRITES", "120"))

ROOT_URLCONF = "sojourn.web.urls"
WSGI_APPLICATION = "sojourn.web.wsgi.application"
INSTALLED_APPS: list[str] = ["csp"]
DATABASES: dict[str, Any] = {}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "sojourn.web.middleware.headers",
    "sojourn.web.middleware.telling",
    "sojourn.web.middleware.limited",
    "sojourn.web.middleware.with_release",
    "sojourn.web.remembering.remembered",
    "sojourn.web.packing.packed",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "sojourn.web.pages.rendering.environment"},
    }
]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

_HTTPS = os.environ.get("SOJOURN_HTTPS") == "1"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Nothing from elsewhere, nothing inline: a text that slips through as markup still runs nothing.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# The registry stands on top, where there is a database for it; without one nothing of it is loaded.
SOJOURN_DATABASE = os.environ.get("SOJOURN_DATABASE", "")
if SOJOURN_DATABASE:
    _FOLDER = Path(os.environ.get("SOJOURN_REGISTRY") or project.load().registry).resolve()
    globals().update(configuration.added(os.environ, _FOLDER, https=_HTTPS))
    SECRET_KEY = os.environ.get("SOJOURN_SECRET_KEY") or configuration.lasting_key(_FOLDER)
    INSTALLED_APPS += configuration.APPLICATIONS
    MIDDLEWARE += configuration.MIDDLEWARE
    TEMPLATES[0]["OPTIONS"]["context_processors"] = [configuration.SPEECH]
    TEMPLATES += configuration.TEMPLATES

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "sojourn.web": {"handlers": ["console"], "level": "INFO"},
        "django": {"handlers": ["console"], "level": "ERROR"},
    },
}
