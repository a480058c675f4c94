"""The few files that a page needs beside itself, under names that hold their hash: kept for ever by browsers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError
from sojourn.web.packing import accepts_gzip, whole
from sojourn.web.said import say

_MEDIA = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class Asset:
    """One file: its address, its media type and its bytes, as they are and packed."""

    address: str
    media: str
    content: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Read the files of `static`, by name."""
    found = {}
    for entry in files("sojourn.web").joinpath("static").iterdir():
        stem, dot, ending = entry.name.rpartition(".")
        if dot + ending in _MEDIA:
            content = entry.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:12]
            address = f"/static/{stem}.{digest}{dot}{ending}"
            found[entry.name] = Asset(address, _MEDIA[dot + ending], content, whole(content))
    return found


def asset(name: str) -> str:
    """Give the address of a file."""
    return assets()[name].address


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a file; only what was read at the start can be asked for."""
    for one in assets().values():
        if one.address == f"/static/{name}":
            return answer(request, one)
    raise NotFoundError(say("There is no such file"))


def answer(request: HttpRequest, one: Asset) -> HttpResponse:
    """Answer with the bytes of a file, to be kept for ever."""
    packing = accepts_gzip(request)
    response = HttpResponse(one.packed if packing else one.content, content_type=one.media)
    if packing:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
