"""What the registry adds to the site's settings, once there is a database for it.

    SOJOURN_DATABASE    sqlite:///path/to/file, or postgresql://user:password@host:port/name
    SOJOURN_REGISTRY    folder of what the registry keeps beside the database: key, mails, attachments
    SOJOURN_MAIL        smtp://user:password@host:port; by default mails are written to files in that folder
    SOJOURN_MAIL_FROM   address that mails come from
    SOJOURN_OIDC        sign-in by another service: id, secret and address of its discovery document, by spaces

SQLite as Django opens it fails when several write: a transaction that begins by reading cannot become a
writing one while another writes, and dies at once, whatever its timeout. `IMMEDIATE` takes the right to write
first, and then waits.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sojourn.errors import UsageError

WAIT = 20
"""Seconds that a writer waits for its turn."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"
)
_POSTGRESQL = ("postgresql", "postgres")


def database(address: str) -> dict[str, Any]:
    """Read the address of a database as Django wants it.

    Args:
        address: `sqlite:///file` or `postgresql://user:password@host:port/name`; with `?host=/folder` PostgreSQL
            is reached by the socket in that folder.

    Raises:
        UsageError: it is neither.

    >>> database("sqlite:////srv/registry.sqlite3")["NAME"]
    '/srv/registry.sqlite3'
    >>> database("postgresql://ada:p%40ss@db:5433/registry")["PASSWORD"]
    'p@ss'
    """
    parts = urlsplit(address)
    if parts.scheme == "sqlite" and len(parts.path) > 1:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:],
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": WAIT, "init_command": _PRAGMAS},
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in _POSTGRESQL and len(parts.path) > 1:
        socket = parse_qs(parts.query).get("host", [""])[0]
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": socket or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise UsageError(
        "The address of the database cannot be read",
        where="SOJOURN_DATABASE",
        accepted="sqlite:///file or postgresql://user:password@host:port/name",
    )


def lasting_key(folder: Path) -> str:
    """Give the key that signs sessions, drawn once and kept in the folder for its owner's eyes only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # another process drew it first
        else:
            with os.fdopen(descriptor, "w") as stream:
                stream.write(token_urlsafe(50))
    return path.read_text(encoding="ascii")


def _mail(address: str, folder: Path) -> dict[str, Any]:
    if not address:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(folder / "mail"),
        }
    parts = urlsplit(address)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def _sign_in_elsewhere(setting: str) -> dict[str, Any]:
    if not setting:
        return {}
    try:
        client, secret, server = setting.split()
    except ValueError as error:
        raise UsageError(
            "The service to sign in by cannot be read",
            where="SOJOURN_OIDC",
            accepted="id, secret and address of the discovery document, separated by spaces",
        ) from error
    provider = {
        "provider_id": "institution",
        "name": urlsplit(server).hostname or "OpenID Connect",
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [provider]}}


def added(environment: Mapping[str, str], folder: Path, *, https: bool) -> dict[str, Any]:
    """Give the settings that the registry adds.

    Args:
        environment: where the settings above are looked up.
        folder: what the registry keeps beside its database.
        https: the site is reached by https, so that cookies must be too.

    Raises:
        UsageError: a setting cannot be read.
    """
    return {
        "DATABASES": {"default": database(environment["SOJOURN_DATABASE"])},
        "SOJOURN_REGISTRY": str(folder),
        "AUTH_USER_MODEL": "registry.Account",
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
        ],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("email", "name")},
            },
        ],
        "USE_I18N": True,
        "LANGUAGE_CODE": "en",
        "LANGUAGES": [(code, code) for code in ("ar", "zh-hans", "en", "fr", "ru", "es")],
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 1024 * 1024,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 1000,
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_AGE": 14 * 24 * 3600,
        "CSRF_COOKIE_SECURE": https,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "sojourn.web.registry.accounts.speech.not_from_here",
        "DEFAULT_FROM_EMAIL": environment.get("SOJOURN_MAIL_FROM", "registry@localhost"),
        **_mail(environment.get("SOJOURN_MAIL", ""), folder),
        **_allauth(environment.get("SOJOURN_OIDC", ""), https=https),
        **_lockout(),
    }


APPLICATIONS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "sojourn.web.registry.apps.RegistryConfig",
]

MIDDLEWARE = [
    "sojourn.web.registry.middleware.of_programs",
    "sojourn.web.registry.middleware.bounded",
    "sojourn.web.registry.middleware.speaking",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sojourn.web.registry.middleware.of_persons",
    "axes.middleware.AxesMiddleware",
]


SPEECH = "sojourn.web.registry.accounts.speech.voice"
"""What lets the site's own engine render pages of libraries."""

# Mails come from templates in Django's own language; every page is ours, and found by the engine before this one.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]


def _allauth(sign_in_elsewhere: str, *, https: bool) -> dict[str, Any]:
    return {
        "ACCOUNT_ADAPTER": "sojourn.web.registry.signing.InvitedOnly",
        "SOCIALACCOUNT_ADAPTER": "sojourn.web.registry.signing.InvitedOnlyElsewhere",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        # Addresses are those that were invited: whoever opened the invitation reads that mail.
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_PREVENT_ENUMERATION": True,
        # Accounts come by invitation alone: nobody is mailed who has none, and who asks reads the same.
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 900,
        # Wrong passwords are counted in the database, for all processes: see the lockout.
        "ACCOUNT_RATE_LIMITS": {"login_failed": None},
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if https else "http",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Sojourn",
        "USERSESSIONS_TRACK_ACTIVITY": True,
        "SOCIALACCOUNT_PROVIDERS": _sign_in_elsewhere(sign_in_elsewhere),
        # A verified address at the other service is the account that was invited at that address.
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "account_home",
    }


def _lockout() -> dict[str, Any]:
    """Lock an address out of an account after five wrong passwords, for a quarter of an hour."""
    return {
        "AXES_FAILURE_LIMIT": 5,
        "AXES_COOLOFF_TIME": 0.25,
        "AXES_LOCK_OUT_AT_FAILURE": True,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_USERNAME_CALLABLE": "sojourn.web.registry.accounts.speech.account_meant",
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_ENABLE_ADMIN": False,
        "AXES_VERBOSE": False,
        "AXES_CLIENT_IP_CALLABLE": "sojourn.web.middleware.address",
        "AXES_LOCKOUT_CALLABLE": "sojourn.web.registry.accounts.speech.locked_out",
    }
