"""A small file server on the loopback interface that misbehaves exactly as told.

It knows ETag, Last-Modified, Range, If-Range, If-None-Match and If-Modified-Since. Each path has a
queue of faults; every request to it takes one, and behaves well once the queue is empty.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Fault:
    """One scripted answer. What is left out happens as it should."""

    status: int | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: bytes | None = None
    drop_after: int | None = None
    hold: bool = False
    ignore_range: bool = False
    ignore_conditions: bool = False


@dataclass
class File:
    content: bytes
    etag: str | None = ""
    last_modified: str | None = "Sat, 01 Feb 2020 00:00:00 GMT"
    media: str = "application/octet-stream"

    def __post_init__(self) -> None:
        if self.etag == "":
            self.etag = f'"{hashlib.md5(self.content).hexdigest()}"'


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    status: int


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, File] = {}
        self.faults: dict[str, deque[Fault]] = {}
        self.log: list[Asked] = []
        self.released = threading.Event()

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def offer(self, name: str, content: bytes, *faults: Fault, **facts: str | None) -> str:
        """Serve `content` as `name`, after these faults; return its address."""
        self.files["/" + name] = File(content, **facts)  # type: ignore[arg-type]
        self.faults["/" + name] = deque(faults)
        return self.address(name)

    @property
    def statuses(self) -> list[int]:
        return [asked.status for asked in self.log]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the play."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        queue = self.server.faults.get(self.path, deque())
        fault = queue.popleft() if queue else Fault()
        file = self.server.files.get(self.path)
        if fault.status is not None:
            return self.answer(fault.status, {}, fault.body or b"", fault)
        if file is None:
            return self.answer(404, {}, b"nothing here", fault)
        facts = {"ETag": file.etag, "Last-Modified": file.last_modified, "Content-Type": file.media}
        if self.is_current(file) and not fault.ignore_conditions:
            return self.answer(304, facts, b"", fault)
        body = file.content if fault.body is None else fault.body
        start = None if fault.ignore_range else self.start_of_range(file)
        if start is None:
            return self.answer(200, facts, body, fault)
        if start >= len(body):
            return self.answer(416, facts | {"Content-Range": f"bytes */{len(body)}"}, b"", fault)
        facts["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return self.answer(206, facts, body[start:], fault)

    def is_current(self, file: File) -> bool:
        if (known := self.headers["If-None-Match"]) is not None:
            return known == file.etag
        return file.last_modified is not None and self.headers["If-Modified-Since"] == file.last_modified

    def start_of_range(self, file: File) -> int | None:
        asked, condition = self.headers["Range"], self.headers["If-Range"]
        if asked is None or condition not in (None, file.etag, file.last_modified):
            return None
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def answer(self, status: int, facts: Mapping[str, str | None], body: bytes, fault: Fault) -> None:
        self.server.log.append(Asked(self.path, dict(self.headers), status))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **facts, **fault.headers}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: fault.drop_after])
        if fault.hold:
            self.server.released.wait(10)
        if fault.drop_after is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server in a thread for as long as the block runs."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join(5)
