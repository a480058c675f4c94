"""`sojourn serve`: the site on this machine, by a server that is meant for production too."""

from __future__ import annotations

import os
from pathlib import Path

from sojourn import project
from sojourn.errors import NotFoundError, Place, UsageError
from sojourn.web.registry.starting import offer as offer_registry

THREADS = 64
"""Requests that one process works on at a time: many, because those that wait for a picture hold up nobody else."""


def serve(releases: Path | None, release: str | None, *, host: str, port: int, workers: int) -> None:
    """Serve a folder of releases until it is stopped.

    Args:
        releases: folder of releases, or one release; None: the project's.
        release: show this one only.
        host, port: where to listen.
        workers: processes.

    Raises:
        NotFoundError: there is no such folder. (An empty one is served: the site says what to do.)
        UsageError: the parts that the site needs are not installed.
    """
    root = (releases or project.load().releases).resolve()
    if not root.is_dir():
        raise NotFoundError(
            "There is no folder of releases here",
            where=Place(root),
            advice="Make a first release with 'sojourn demo' or 'sojourn build', or give --releases.",
        )
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ModuleNotFoundError as error:
        raise UsageError(
            "The site's server is not installed", advice="Install it with: pip install 'sojourn[web]'"
        ) from error
    os.environ["SOJOURN_RELEASES"] = str(root)
    offer_registry()
    if release:
        os.environ["SOJOURN_RELEASE"] = release
    local = "localhost,127.0.0.1,[::1]"
    os.environ.setdefault("SOJOURN_HOSTS", local if host in ("127.0.0.1", "::1") else f"{local},{host}")
    # One key for all processes of this start, unless the owner set one that lasts.
    if workers > 1 and "SOJOURN_SECRET_KEY" not in os.environ:
        from secrets import token_urlsafe

        os.environ["SOJOURN_SECRET_KEY"] = token_urlsafe(50)
    print(f"http://{host}:{port}/  ({root.name}; stop with Ctrl+C)", flush=True)
    Granian(
        "sojourn.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * 2,
        log_access=False,
    ).serve()
