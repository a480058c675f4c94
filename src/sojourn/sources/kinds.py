"""What a file is, told by its bytes: a name is never trusted, an error page saved as `data.xlsx` is one."""

from __future__ import annotations

import re
import zipfile

from sojourn.errors import DamagedError, Place
from sojourn.sources.listing import InputFile, unreadable

_MAGIC = {b"PK\x03\x04": "zip", b"\xd0\xcf\x11\xe0": "xls", b"PAR1": "parquet", b"\x1f\x8b": "gzip"}
_MARKS_OF_UNICODE = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(file: InputFile) -> str:
    """Tell from its first bytes what a file is: xlsx, xls, zip, gzip, parquet, json, html, xml or text.

    Raises:
        DamagedError: the file is empty, or a zip archive that was cut off.
        SourceError: the file cannot be opened.
    """
    try:
        with file.path.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        raise unreadable(file.name, error) from error
    if not start.strip(b"\x00 \r\n\t").removeprefix(b"\xef\xbb\xbf"):
        what = "The file is empty" if b"\x00" not in start else "The file holds nothing but zero bytes"
        raise DamagedError(what, where=Place(file.name), advice="Download it again.")
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return _workbook_or_archive(file) if kind == "zip" else kind
    return _kind_of_text(start)


def _kind_of_text(start: bytes) -> str:
    for mark in _MARKS_OF_UNICODE:
        start = start.removeprefix(mark)
    text = start.replace(b"\x00", b"").lstrip().lower()
    if is_web_page(text):
        return "html"
    if text.startswith(b"<"):
        return "xml"
    return "json" if text.startswith((b"{", b"[")) else "text"


def is_web_page(head: bytes) -> bool:
    """Tell whether bytes begin a web page, behind an XML declaration and comments if need be.

    >>> is_web_page(b"<!-- error --><HTML>"), is_web_page(b"<?xml version='1.0'?><Structure>")
    (True, False)
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for opening, closing in ((b"<?xml", b"?>"), *((b"<!--", b"-->"),) * 8):
        if text.startswith(opening):
            text = text.partition(closing)[2].lstrip()
    return text.startswith(b"<!doctype html") or bool(re.match(rb"<html[\s>]", text))


def _workbook_or_archive(file: InputFile) -> str:
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise damaged(file, error) from error
    return "xlsx" if any(name.startswith("xl/workbook") for name in names) else "zip"


def damaged(file: InputFile, error: object, sheet: str | None = None) -> DamagedError:
    """Say that a file is cut off or half-written."""
    return DamagedError(
        f"The file is truncated or damaged ({error})",
        where=Place(file.name, sheet=sheet),
        advice="Download it again; 'sojourn fetch' checks what it gets.",
    )
