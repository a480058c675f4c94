"""Files that people attach: what is let in, what is kept, and how it is handed out.

    refusing.py   the one error, and the limits
    images.py     opened and written anew: place, camera and whatever else hides in a picture is gone
    pdf.py        no script, no launched program, no file in the file
    archives.py   Word, Excel, PowerPoint and OpenDocument: no macro, no foreign object, no bomb
    texts.py      plain text and CSV: readable, and no page in disguise
    kept.py       random names, checksums, headers of the answer

A name's ending chooses the check, and the content has to pass it: what a browser or an office program could take
for something else is refused, with the reason. No check of this kind replaces a scanner for viruses.
"""

from __future__ import annotations

from sojourn.web.registry.attachments.kept import Kept, accept, headers, intact, read, store
from sojourn.web.registry.attachments.refusing import LARGEST, RefusedFileError

__all__ = ["LARGEST", "Kept", "RefusedFileError", "accept", "headers", "intact", "read", "store"]
