"""PDF: no script, no launched program, no file in the file; also where these are packed or written in disguise."""

from __future__ import annotations

import re
import zlib

from sojourn.web.registry.attachments.refusing import refuse
from sojourn.web.said import say

MOST_UNPACKED = 200 * 1024 * 1024

_ACTIVE = (
    b"JavaScript",
    b"JS",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"Rendition",
    b"Movie",
    b"GoToE",
)
_FORBIDDEN = re.compile(rb"/(" + b"|".join(_ACTIVE) + rb")(?![A-Za-z0-9])")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm(?![A-Za-z0-9])")
_PLAINLY_PACKED = re.compile(rb"/Filter\s*(?:/FlateDecode(?![A-Za-z0-9])|\[\s*/FlateDecode\s*\])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_DICTIONARY = 64 * 1024


def check(content: bytes) -> None:
    """Refuse a PDF that could do more than be read.

    Raises:
        RefusedFileError: it is no PDF, is locked, or holds what could act.
    """
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise refuse(say("The file is no whole PDF"))
    _search(content)
    left = MOST_UNPACKED
    for match in _STREAM.finditer(content):
        window = content[max(0, match.start() - _DICTIONARY) : match.start()]
        dictionary = _plain(window.rpartition(b"obj")[2])
        unpacked = _unpacked(match.group(1), left)
        left -= len(unpacked or b"")
        if left <= 0:
            raise refuse(
                say("The PDF unpacks to too much"),
                accepted=say("at most {most} MB", most=MOST_UNPACKED // 1024 // 1024),
            )
        if _OBJECT_STREAM.search(dictionary) and b"/Filter" in dictionary:
            # Packed twice or by a predictor, words could hide: what cannot be read is not let in.
            if unpacked is None or not _PLAINLY_PACKED.search(dictionary) or b"/DecodeParms" in dictionary:
                raise refuse(say("The PDF holds a part that cannot be looked into"))
            _search(unpacked)


def _search(text: bytes) -> None:
    plain = _plain(text)
    if _ENCRYPTED.search(plain):
        raise refuse(
            say("The PDF is locked, so that nobody can look into it"),
            accepted=say("a PDF without a password"),
        )
    if found := _FORBIDDEN.search(plain):
        raise refuse(
            say("The PDF holds something that acts ({name})", name=found.group(1).decode()),
            accepted=say("a PDF without it"),
        )


def _plain(text: bytes) -> bytes:
    """Write names as they are meant: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda match: bytes([int(match.group(1), 16)]), text)


def _unpacked(packed: bytes, most: int) -> bytes | None:
    """Unpack a stream as far as it goes, and no further than is allowed; None where it is packed otherwise."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return None
