"""Answers packed by gzip: pages well, because they are kept packed and sent again; long streams quickly."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]

SHORTEST = 200
"""Bytes below which packing gains nothing."""

_TEXTS = ("text/", "application/json", "image/svg+xml")
_GZIP = 16 + zlib.MAX_WBITS
_WELL, _QUICKLY = 6, 1
_ACCEPTS = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


def accepts_gzip(request: HttpRequest) -> bool:
    """Tell whether the reader unpacks gzip."""
    return bool(_ACCEPTS.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


def packed(answer: Answer) -> Answer:
    """Pack texts for readers who unpack them; files that are packed by themselves stay as they are."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if not response.headers.get("Content-Type", "").startswith(_TEXTS):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if response.has_header("Content-Encoding") or not accepts_gzip(request):
            return response
        if response.streaming:
            response.streaming_content = pieces(response.streaming_content)
        elif len(response.content) < SHORTEST:
            return response
        else:
            response.content = whole(response.content)
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        return response

    return middleware


def whole(content: bytes) -> bytes:
    """Pack one text.

    >>> import gzip
    >>> gzip.decompress(whole(b"migration"))
    b'migration'
    """
    packer = zlib.compressobj(_WELL, wbits=_GZIP)
    return packer.compress(content) + packer.flush()


def pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """Pack a stream as it comes.

    >>> import gzip
    >>> gzip.decompress(b"".join(pieces([b"migra", b"tion"])))
    b'migration'
    """
    packer = zlib.compressobj(_QUICKLY, wbits=_GZIP)
    for piece in content:
        if ready := packer.compress(piece):
            yield ready
    yield packer.flush()
