"""`sojourn serve`: the site on this machine, by a server that is meant for production too."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

from sojourn import project
from sojourn.errors import NotFoundError, Place, UsageError
from sojourn.release import folder
from sojourn.web.registry.starting import offer as offer_registry

THREADS = 64
"""Requests that one process works on at a time: many, because those that wait for a picture hold up nobody else."""

PATIENCE = 3
"""Seconds for which answers that are under way may go on once the site is to stop: a slow download could take hours."""

WORKERS = 2
"""Processes, unless the owner says otherwise: one makes pages on one core, and each holds the whole release."""


def serve(releases: Path | None, release: str | None, *, host: str, port: int, workers: int | None) -> None:
    """Serve a folder of releases until it is stopped.

    Args:
        releases: folder of releases, or one release; None: the project's.
        release: show this one only.
        host, port: where to listen.
        workers: processes; None: `WORKERS`, and one where there is but one core.

    Raises:
        NotFoundError: there is no such folder or release. (An empty folder is served: the site says what to do.)
        UsageError: the parts that the site needs are not installed, or nobody can listen there.
    """
    workers = workers or min(WORKERS, os.cpu_count() or 1)
    root = (releases or project.load().releases).resolve()
    found = _releases(root, release)
    try:
        import granian  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError(
            "The site's server is not installed", advice="Install it with: pip install 'sojourn[web]'"
        ) from error
    _check_free(host, port)
    with TemporaryDirectory(prefix="sojourn-made-", ignore_cleanup_errors=True) as made:
        _set(root, release, host, workers, made)
        _serve(root, found, host, port, workers)


def _serve(root: Path, found: list[str], host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    told = f"loading {found[-1]} …" if found else "it is empty; pages say so until a release is built here"
    print(f"{root}: {told}", flush=True)
    # Workers begin anew: a forked one would inherit the locks that the thread below held at that moment, such as that
    # of a module it was importing, and wait for them for ever.
    multiprocessing.set_start_method("spawn", force=True)
    threading.Thread(target=_tell, args=(host, port), daemon=True).start()
    Granian(
        "sojourn.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        workers_kill_timeout=PATIENCE,
        backpressure=THREADS * 2,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


def _releases(root: Path, release: str | None) -> list[str]:
    """List the releases that may be shown, the newest last."""
    if not root.is_dir():
        raise NotFoundError(
            "There is no folder of releases here",
            where=Place(root),
            advice="Make a first release with 'sojourn demo' or 'sojourn build', or give --releases.",
        )
    names = [root.name] if folder.is_release(root) else [one.name for one in folder.releases(root)]
    chosen = [one for one in names if one.startswith(release or "")]
    if release and not chosen:
        raise NotFoundError(
            f"No release is called {release!r}",
            where=Place(root),
            accepted=", ".join(names) or "none is here",
        )
    return chosen


def _check_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        raise UsageError(
            f"Nobody can listen at {host}, port {port}: {error.strerror or error}",
            advice="Stop the program that does, or choose another port with --port.",
        ) from error


def _set(root: Path, release: str | None, host: str, workers: int, made: str) -> None:
    """Hand the choices to the processes that answer, by their environment."""
    os.environ["SOJOURN_RELEASES"] = str(root)
    # A folder that the owner set lasts; ours is gone with this start.
    os.environ.setdefault("SOJOURN_MADE", made)
    offer_registry()
    if release:
        os.environ["SOJOURN_RELEASE"] = release
    # The C library keeps what a thread gave back for that thread, and there are many: pieces of downloads would stay
    # in each. With few places to keep it, and pieces given back to the system at once, memory stays where it was.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(256 * 1024))
    local = "localhost,127.0.0.1,[::1]"
    os.environ.setdefault("SOJOURN_HOSTS", local if host in ("127.0.0.1", "::1") else f"{local},{host}")
    # One key for all processes of this start, unless the owner set one that lasts.
    if workers > 1 and "SOJOURN_SECRET_KEY" not in os.environ:
        os.environ["SOJOURN_SECRET_KEY"] = token_urlsafe(50)


def _tell(host: str, port: int) -> None:
    """Print the address once it answers."""
    start = time.monotonic()
    named = f"[{host}]" if ":" in host else host
    while True:
        connection = HTTPConnection(host, port, timeout=60)
        try:
            connection.request("GET", "/health", headers={"Host": "localhost"})
            told = json.loads(connection.getresponse().read())
            break
        except (OSError, HTTPException, ValueError):
            time.sleep(0.2)
        finally:
            connection.close()
    shown = f"release {told.get('release') or 'none yet'}, after {time.monotonic() - start:.0f} s"
    print(f"http://{named}:{port}/  ({shown}; stop with Ctrl+C)", flush=True)
