"""How fast the site hands out everything it has, and in how much memory: one reader, a real server, the loopback.

    python bench/site_download.py RELEASES [--json]

Each format is downloaded whole (all series, sources and methods) and thrown away as it comes. Memory is the
resident memory of the server's processes, read ten times a second; "grown" is its peak during the download less
what it was before, "again" the same for a second download, which shows what the first one left behind.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path

from site_server import Server, running

STREAMED = ("csv", "json", "arrow")
PROMISED = 50
"""MB/s that a download in pieces should reach."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Download:
    """One download of everything.

    Attributes:
        ending: its format.
        megabytes: its size (10^6 bytes).
        seconds: from asking to the last byte.
        first_byte: seconds to the first one.
        busy: seconds of processor time that the server took; on a machine that others use too, this is what counts.
        grown, again: MB that the server's memory grew by, the first and the second time.
    """

    ending: str
    megabytes: float
    seconds: float
    first_byte: float
    busy: float
    grown: float
    again: float

    @property
    def rate(self) -> float:
        """MB a second."""
        return self.megabytes / self.seconds


def download(server: Server, path: str) -> tuple[int, float, float]:
    """Fetch an address; give its bytes, the seconds that it took, and those to its first byte."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=600)
    started = time.perf_counter()
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        size, first = 0, 0.0
        while piece := answer.read(_PIECE):
            first = first or time.perf_counter() - started
            size += len(piece)
        return size, time.perf_counter() - started, first
    finally:
        connection.close()


def busy(server: Server) -> float:
    """Sum the processor time of a server's processes, in seconds."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if os.getpgid(int(stat.parent.name)) == server.process:
                told = stat.read_text().rpartition(")")[2].split()
                ticks += int(told[11]) + int(told[12])
        except (OSError, ValueError):
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def watched(server: Server) -> Iterator[list[float]]:
    """Read the memory of a server ten times a second; the first reading is that before."""
    readings, ended = [server.megabytes()], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            readings.append(server.megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield readings
    finally:
        ended.set()
        watcher.join()


def measure(server: Server, ending: str) -> Download:
    """Download everything in a format, twice; the second time counts for speed."""
    grown = []
    for _ in range(2):
        before = busy(server)
        with watched(server) as readings:
            size, seconds, first = download(server, f"/api/v1/observations.{ending}?every=1")
        grown.append(max(readings) - readings[0])
    return Download(ending, size / 1e6, seconds, first, busy(server) - before, grown[0], grown[1])


def main() -> int:
    """Print one line for each format; the exit code is 1 where one is slower than promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("releases", help="folder of releases, or one release")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = parser.parse_args()
    with running("-m", "sojourn", "serve", "--releases", given.releases) as server:
        found = [measure(server, ending) for ending in STREAMED]
    if given.json:
        print(json.dumps([asdict(one) | {"rate": one.rate} for one in found]))
    else:
        for one in found:
            print(
                f"{one.ending:>6}: {one.megabytes:7.1f} MB in {one.seconds:6.2f} s = {one.rate:6.1f} MB/s "
                f"(promised {PROMISED}), {one.megabytes / one.busy:.1f} MB a second of the processor; "
                f"first byte {one.first_byte:.2f} s; memory grown {one.grown:.0f} MB, "
                f"again {one.again:.0f} MB"
            )
    return int(any(one.rate < PROMISED for one in found))


if __name__ == "__main__":
    sys.exit(main())
