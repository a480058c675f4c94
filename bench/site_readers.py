"""Readers of a site, in a process of their own: each asks, waits for the answer, thinks, and asks again.

    python bench/site_readers.py http://127.0.0.1:8010 MIX.json --readers 50 --seconds 60 --think 1

MIX.json holds a list of [kind, of, address]. --releases names all there may be, of which an answer may name one: that
of its header. After a page a reader fetches its pictures, as a browser does. Prints
one line of JSON: a list of [seconds since the start, kind, of, milliseconds, status, bytes, release, fault].
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PICTURE = re.compile(rb'<img[^>]* src="(/[^"]+)"')


class Reader:
    """One reader with one connection that is kept open.

    Args:
        host, port: of the site.
        asked: (kind, of, address), each once.
        started: moment from which seconds are counted.
        releases: names of which an answer may hold no other than its header.
    """

    def __init__(
        self, host: str, port: int, asked: list[list[str]], started: float, releases: list[str]
    ) -> None:
        self._host, self._port, self._asked, self._started = host, port, asked, started
        # As a browser names it: pages are made ahead under the name by which readers come.
        self._named = f"{host}:{port}"
        self._releases = {one.encode() for one in releases}
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._seen: set[str] = set()
        self.told: list[list[Any]] = []

    async def read(self, until: float, think: float, draw: random.Random) -> None:
        """Ask until the time is over; readers begin spread over one thinking time."""
        await asyncio.sleep(draw.uniform(0, think))
        for kind, of, address in self._asked:
            if time.perf_counter() >= until:
                break
            body = await self._ask(kind, of, address)
            # Those further down are fetched when somebody scrolls to them.
            for picture in PICTURE.findall(body)[:2] if kind == "page" else ():
                text = picture.decode().replace("&amp;", "&")
                # A browser keeps the files of a site, and does not ask twice.
                if not text.startswith("/static/") or text not in self._seen:
                    self._seen.add(text)
                    await self._ask("picture", "static" if text.startswith("/static/") else "drawn", text)
            await asyncio.sleep(draw.uniform(0.5, 1.5) * think)
        if self._connection:
            self._connection[1].close()

    async def _ask(self, kind: str, of: str, address: str) -> bytes:
        start = time.perf_counter()
        try:
            status, headers, packed = await self._exchange(address)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            self._connection = None
            self._tell(start, kind, of, 0, 0, "", f"{address}: {error!r}")
            return b""
        end = time.perf_counter()
        body = gzip.decompress(packed) if headers.get(b"content-encoding") == b"gzip" else packed
        release = headers.get(b"sojourn-release", b"")
        fault = "" if status == 200 else f"{address}: {status}"
        # The page of releases names them all.
        if not fault and kind != "picture" and "/data" not in address:
            named = {one for one in self._releases if one in body}
            fault = f"{address}: names {named}" if named - {release} or (named and not release) else ""
        self._tell(start, kind, of, status, len(packed), release.decode(), fault, end)
        return body

    def _tell(self, start: float, kind: str, of: str, *rest: Any) -> None:
        status, size, release, fault, *ended = rest
        took = ((ended[0] if ended else time.perf_counter()) - start) * 1000
        self.told.append([start - self._started, kind, of, took, status, size, release, fault])

    async def _exchange(self, address: str) -> tuple[int, dict[bytes, bytes], bytes]:
        if self._connection is None:
            self._connection = await asyncio.open_connection(self._host, self._port, limit=1 << 20)
        stream, sink = self._connection
        sink.write(
            f"GET {address} HTTP/1.1\r\nHost: {self._named}\r\nAccept-Encoding: gzip\r\n\r\n".encode("ascii")
        )
        head = await stream.readuntil(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(b":") for one in lines)}
        if b"content-length" in headers:
            body = await stream.readexactly(int(headers[b"content-length"]))
        else:
            body = b"".join([piece async for piece in _chunks(stream)])
        return int(first.split()[1]), headers, body


async def _chunks(stream: asyncio.StreamReader) -> Any:
    while size := int(await stream.readline(), 16):
        yield await stream.readexactly(size)
        await stream.readline()
    await stream.readline()


async def main(
    site: str, mix: Path, readers: int, seconds: float, think: float, releases: list[str]
) -> list[list[Any]]:
    """Let all readers read, each from its own place in the mix."""
    asked, parts = json.loads(mix.read_text(encoding="utf-8")), urlsplit(site)
    share = len(asked) // readers
    started = time.perf_counter()
    crowd = [
        Reader(
            str(parts.hostname),
            int(parts.port or 80),
            asked[one * share : (one + 1) * share],
            started,
            releases,
        )
        for one in range(readers)
    ]
    await asyncio.gather(
        *(one.read(started + seconds, think, random.Random(number)) for number, one in enumerate(crowd))
    )
    return [row for one in crowd for row in one.told]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("mix", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--releases", nargs="*", default=[])
    given = parser.parse_args()
    read = main(given.site, given.mix, given.readers, given.seconds, given.think, given.releases)
    print(json.dumps(asyncio.run(read)))
