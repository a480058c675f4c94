"""The server under measurement: started as a person starts it, its memory read, and stopped."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        process: the number of its first process; those that it started have the same group.
        port: on the loopback.
        start_seconds: from the command to the first answer.
    """

    process: int
    port: int
    start_seconds: float

    @property
    def site(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def megabytes(self) -> float:
        """Sum the resident memory of its processes, in MB (10^6 bytes)."""
        total = 0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getpgid(int(status.parent.name)) == self.process:
                    lines = status.read_text().splitlines()
                    total += sum(int(one.split()[1]) for one in lines if one.startswith("VmRSS"))
            except (OSError, ValueError):
                continue
        return total * 1024 / 1e6

    def release(self) -> str:
        """Give the name of the release that is shown."""
        return str(json.loads(get(self.port, "/health")[1])["release"])


def get(port: int, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Fetch one address; header names in small letters."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={key.replace("_", "-"): one for key, one in headers.items()})
        answer = connection.getresponse()
        return {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(*command: str, patience: float = 300) -> Iterator[Server]:
    """Start a server with `--port` and wait for its first answer at /health; stop it in the end.

    Args:
        command: arguments of Python.
        patience: seconds to wait.
    """
    port = free_port()
    start = time.perf_counter()
    started = subprocess.Popen(
        [sys.executable, *command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        # All readers of the measurement come from one address.
        env=os.environ | {"SOJOURN_REQUESTS": "10000000", "PYTHONPATH": str(SOURCES)},
    )
    try:
        while True:
            try:
                get(port, "/health")
                break
            except OSError:
                if started.poll() is not None or time.perf_counter() - start > patience:
                    raise SystemExit(f"the server did not start: {' '.join(command)}") from None
                time.sleep(0.05)
        yield Server(started.pid, port, time.perf_counter() - start)
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(timeout=60)
