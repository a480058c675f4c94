"""Office files, which are ZIP archives: no macro, no script, no foreign object, no bomb."""

from __future__ import annotations

import io
import re
import zipfile

from sojourn.web.languages import N_
from sojourn.web.registry.attachments.refusing import refuse
from sojourn.web.said import say

MOST_PARTS = 3_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 150
_SMALL = 1024 * 1024

MAIN_PART = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
    "ods": "content.xml",
    "odp": "content.xml",
}
"""The part that a file of each kind must have."""

_ODF_TYPE = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
_BAD_PART = re.compile(
    r"vbaproject|vbadata|macros?/|/?activex/|/embeddings/|oleobject|externallinks/|^basic/|^scripts/|^object \d|"
    r"\.(?:bin|exe|dll|js|vbs|ps1|bat|cmd|scr|jar|swf|hta|lnk|html?|svg)$",
    re.IGNORECASE,
)
_HARMLESS_BIN = re.compile(r"^xl/printerSettings/printerSettings\d*\.bin$|^word/printerSettings\d*\.bin$")
_BAD_TEXT = (
    (re.compile(rb"macroEnabled", re.IGNORECASE), N_("The document holds macros")),
    (
        re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE),
        N_("The document holds a definition of its own XML"),
    ),
    (
        re.compile(rb"script:event-listener|<office:scripts>\s*<", re.IGNORECASE),
        N_("The document holds scripts"),
    ),
    (
        re.compile(rb"\bDDE(?:AUTO)?\b\s+[\"\w\\]|ddeLink|<table:dde-link", re.IGNORECASE),
        N_("The document holds a link that runs a program"),
    ),
    (
        re.compile(
            rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External[\"'])(?![^>]*/hyperlink[\"'])[^>]*>",
            re.IGNORECASE,
        ),
        N_("The document holds a part that is fetched from elsewhere"),
    ),
)


def check(content: bytes, kind: str) -> None:
    """Refuse an office file that could do more than be read, or that unpacks to too much.

    Args:
        content: the file.
        kind: docx, xlsx, pptx, odt, ods or odp.

    Raises:
        RefusedFileError: it is no such file, or holds what could act.
    """
    if not content.startswith(b"PK\x03\x04"):
        raise refuse(say("The file is not the kind of document that its name says"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, len(content))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise refuse(say("The document is damaged, or locked")) from error
    if MAIN_PART[kind] not in parts:
        raise refuse(say("The file is not the kind of document that its name says"))
    if kind in _ODF_TYPE and parts.get("mimetype", b"").strip() != _ODF_TYPE[kind]:
        raise refuse(say("The file is not the kind of document that its name says"))
    if kind not in _ODF_TYPE and "[Content_Types].xml" not in parts:
        raise refuse(say("The file is not the kind of document that its name says"))
    for name, text in parts.items():
        _look(name, text)


def _parts(archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    """Unpack the archive within limits: what it says about its sizes is not believed."""
    listed = archive.infolist()
    if len(listed) > MOST_PARTS or len({one.filename.lower() for one in listed}) < len(listed):
        raise refuse(say("The document has too many parts, or two of one name"))
    parts: dict[str, bytes] = {}
    left = min(MOST_UNPACKED, max(_SMALL * 20, packed * MOST_RATIO))
    for one in listed:
        if one.flag_bits & 0x1:
            raise refuse(say("The document is locked, so that nobody can look into it"))
        if ".." in one.filename.split("/") or one.filename.startswith("/") or "\\" in one.filename:
            raise refuse(say("The document holds a part with a name that leads elsewhere"))
        with archive.open(one) as stream:
            text = stream.read(left + 1)
        left -= len(text)
        if left < 0 or (len(text) > _SMALL and len(text) > MOST_RATIO * max(one.compress_size, 1)):
            raise refuse(
                say("The document unpacks to too much"),
                accepted=say("at most {most} MB", most=MOST_UNPACKED // _SMALL),
            )
        parts[one.filename] = text
    return parts


def _look(name: str, text: bytes) -> None:
    if _BAD_PART.search(name) and not _HARMLESS_BIN.match(name):
        raise refuse(
            say("The document holds a part that could act ({name})", name=name[:80]),
            accepted=say("a document without it"),
        )
    if text.startswith((b"PK\x03\x04", b"MZ", b"\xd0\xcf\x11\xe0")):
        raise refuse(
            say("The document holds another file ({name})", name=name[:80]),
            accepted=say("a document without it"),
        )
    if name.lower().endswith((".xml", ".rels", "mimetype")):
        # Letters of two bytes would hide words from a search by bytes.
        if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:64]:
            raise refuse(say("A part of the document is not written in UTF-8"))
        for pattern, what in _BAD_TEXT:
            if pattern.search(text):
                raise refuse(say(what), accepted=say("a document without it"))
