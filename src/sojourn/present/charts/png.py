"""Writes into a PNG what the picture is of, so that it still says so where it was copied to."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = len(_SIGNATURE) + 25
"""Bytes of the signature and of the chunk IHDR, which comes first in every PNG."""


def with_texts(picture: bytes, texts: Mapping[str, str]) -> bytes:
    """Add texts to a PNG: `tEXt` where Latin-1 can write them, else `iTXt`.

    Args:
        picture: a PNG.
        texts: keyword -> text; empty ones are left out.

    Source: PNG Specification (Third Edition), W3C 2025, sections 11.3.3.2 and 11.3.3.4.
    """
    added = b"".join(_chunk(name, text) for name, text in texts.items() if text)
    return picture[:_HEAD] + added + picture[_HEAD:]


def texts_of(picture: bytes) -> dict[str, str]:
    """Read the texts of a PNG back."""
    found = {}
    for kind, content in _chunks(picture):
        name, _, rest = content.partition(b"\0")
        if kind == b"tEXt":
            found[name.decode("latin-1")] = rest.decode("latin-1")
        elif kind == b"iTXt":
            # Two flags of compression, then language and translated keyword, each ended by a zero.
            found[name.decode("latin-1")] = rest[2:].split(b"\0", 2)[2].decode()
    return found


def _chunk(name: str, text: str) -> bytes:
    keyword = name.encode("latin-1") + b"\0"
    try:
        kind, content = b"tEXt", keyword + text.encode("latin-1")
    except UnicodeEncodeError:
        kind, content = b"iTXt", keyword + b"\0\0\0\0" + text.encode()
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length
