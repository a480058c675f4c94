"""Plain text and CSV: readable by everybody, and no page in disguise."""

from __future__ import annotations

import re

from sojourn.web.registry.attachments.refusing import refuse
from sojourn.web.said import say

_PAGE = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|img|meta|link)\b", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check(content: bytes) -> None:
    """Refuse what is no text in UTF-8, or what a browser could take for a page.

    Raises:
        RefusedFileError: it is not.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(
            say("The text is not written in UTF-8"), accepted=say("UTF-8, as spreadsheets save it")
        ) from error
    if _CONTROL.search(text):
        raise refuse(say("The file is no plain text"))
    if _PAGE.search(text):
        raise refuse(say("The text holds the markup of a page"), accepted=say("plain text or CSV"))
