"""From an upload to a stored file, and from a stored file to an answer that a browser runs nothing of."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sojourn.errors import IntegrityError, NotFoundError
from sojourn.web.registry.attachments import archives, images, pdf, texts
from sojourn.web.registry.attachments.refusing import LARGEST, refuse
from sojourn.web.said import say

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
MEDIA = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "docx": _OFFICE + "wordprocessingml.document",
    "xlsx": _OFFICE + "spreadsheetml.sheet",
    "pptx": _OFFICE + "presentationml.presentation",
    "odt": _OPEN + "text",
    "ods": _OPEN + "spreadsheet",
    "odp": _OPEN + "presentation",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
"""Endings that are let in, and the type under which they are handed out. Nothing else is."""

_FORMS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}
_STORED = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was let in.

    Attributes:
        name: what the person called it, without what could deceive; never used as a path.
        media_type: under which it is handed out.
        content: what is stored; a picture is not what was sent.
        stored: its random name.
        sha256: of what is stored.
    """

    name: str
    media_type: str
    content: bytes
    stored: str
    sha256: str


def accept(name: str, content: bytes) -> Kept:
    """Let a file in, or say why not.

    Args:
        name: as the browser sent it.
        content: all of it.

    Raises:
        RefusedFileError: its ending is not allowed, it is too large, or its content fails the check of its kind.
    """
    shown = clean_name(name)
    stem, _, ending = shown.rpartition(".")
    kind = ending.lower()
    if kind not in MEDIA or not stem:
        raise refuse(say("Files of this kind are not taken"), accepted=", ".join(sorted(MEDIA)))
    if not content or len(content) > LARGEST:
        raise refuse(
            say("The file is empty or too large"),
            accepted=say("at most {most} MB", most=LARGEST // 1024 // 1024),
        )
    if kind in _FORMS:
        content, form = images.clean(content, _FORMS[kind])
        if form != _FORMS[kind]:
            kind = form.lower()
            shown = f"{stem}.{kind}"
    elif kind == "pdf":
        pdf.check(content)
    elif kind in archives.MAIN_PART:
        archives.check(content, kind)
    else:
        texts.check(content)
    return Kept(shown, MEDIA[kind], content, secrets.token_hex(32), hashlib.sha256(content).hexdigest())


def clean_name(name: str) -> str:
    """Keep of a name what can be shown: no folders, no signs of control or of direction, not too long.

    >>> clean_name("../../etc/re\\u202efdp.exe"), clean_name("C:\\\\papers\\\\plan 2015.pdf")
    ('refdp.exe', 'plan 2015.pdf')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C" and one not in "\u2028\u2029")
    stem, dot, ending = shown.strip(" .").rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending[:20]}"


def store(folder: Path, kept: Kept) -> Path:
    """Write a file under its random name, whole or not at all; no two names are the same."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / kept.stored
    half = folder / f".{kept.stored}"
    with half.open("xb") as stream:
        stream.write(kept.content)
        stream.flush()
        os.fsync(stream.fileno())
    half.chmod(0o600)
    return half.rename(place)


def read(folder: Path, stored: str, sha256: str) -> bytes:
    """Give the bytes of a stored file.

    Raises:
        NotFoundError: there is none of this name, or it is no name that was ever given.
        IntegrityError: its bytes are not those that were stored.
    """
    place = folder / stored
    if not _STORED.fullmatch(stored) or not place.is_file():
        raise NotFoundError("There is no such file")
    content = place.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise IntegrityError("The file is not the one that was stored")
    return content


def intact(folder: Path, stored: str, sha256: str) -> bool:
    """Tell whether a stored file is there, and what it was."""
    try:
        read(folder, stored, sha256)
    except (NotFoundError, IntegrityError):
        return False
    return True


def headers(name: str, media_type: str) -> dict[str, str]:
    """Give the headers under which a file is handed out: saved, never shown, and nothing in it runs.

    >>> print(headers("plan.pdf", "application/pdf")["Content-Disposition"])
    attachment; filename="plan.pdf"; filename*=UTF-8''plan.pdf
    """
    shown = clean_name(name)
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%;\r\n]', "_", plain) or "file"
    return {
        "Content-Type": media_type if media_type in MEDIA.values() else "application/octet-stream",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
