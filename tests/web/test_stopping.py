"""`sojourn serve` ends when it is told to, with all its processes: while it starts, and while readers read."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc"),
]

MOST = 15
"""Seconds in which everything has to be gone: ten, and what a machine under a suite of tests takes besides."""


@pytest.fixture
def served(root: Path, tmp_path: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], int, Path]]]:
    """Starts the site in a group of processes of its own; gives its first process, its port and its log."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[subprocess.Popen[bytes], int, Path]:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = int(found.getsockname()[1])
        log = tmp_path / f"log{len(started)}"
        command = [sys.executable, "-m", "sojourn", "serve", "--releases", str(root), "--port", str(port)]
        with log.open("wb") as out:
            started.append(subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True))
        return started[-1], port, log

    yield start
    for one in started:
        if _alive(one.pid):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait(timeout=30)


def _alive(group: int) -> list[int]:
    """List the processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, own = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(own) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def _seconds_to_end(process: subprocess.Popen[bytes]) -> float:
    start = time.monotonic()
    while time.monotonic() - start < MOST and (process.poll() is None or _alive(process.pid)):
        time.sleep(0.05)
    assert process.poll() is not None, "it goes on"
    assert _alive(process.pid) == [], "processes that it started go on"
    return time.monotonic() - start


@pytest.mark.parametrize("after", [0.3, 1.5, 4.0])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_it_can_be_stopped_while_it_starts(served, how, after):
    process, _, log = served()
    time.sleep(after)
    # Ctrl+C reaches every process of the terminal.
    (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
    assert _seconds_to_end(process) < MOST
    assert process.returncode in (0, 130, -how)
    if after > 1:  # before that Python itself may still be starting
        assert "Traceback" not in log.read_text()


def test_a_reader_who_reads_slowly_does_not_keep_it_from_ending(served):
    process, port, log = served()
    until = time.monotonic() + 180
    while f"http://127.0.0.1:{port}/" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)
    slow = socket.socket()
    with slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.sendall(b"GET /api/v1/observations.json?every=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert slow.recv(1024).startswith(b"HTTP/1.1 200")
        process.terminate()
        assert _seconds_to_end(process) < MOST
    assert process.returncode == 0
    assert "Traceback" not in log.read_text()
