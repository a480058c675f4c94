"""Pictures: opened, turned upright, and written anew, so that nothing is kept but what is seen."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from sojourn.web.registry.attachments.refusing import refuse
from sojourn.web.said import say

MOST_PIXELS = 40_000_000

_BEGINNINGS = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "WEBP": (b"RIFF",),
}


def clean(content: bytes, form: str) -> tuple[bytes, str]:
    """Write a picture anew.

    Args:
        content: the file.
        form: what it says it is: PNG, JPEG, GIF or WEBP.

    Returns:
        The new file and its form; a GIF becomes a PNG of its first picture.

    Raises:
        RefusedFileError: it is no such picture, is damaged, or has too many pixels.
    """
    if not content.startswith(_BEGINNINGS[form]):
        raise refuse(say("The file is not the kind of picture that its name says"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[form]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise refuse(say("The picture has too many pixels"), accepted=f"at most {MOST_PIXELS:,}")
                upright = ImageOps.exif_transpose(opened)
                return _written(upright, "PNG" if form == "GIF" else form)
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise refuse(say("The picture is damaged, or too large to be opened")) from error


def _written(picture: Image.Image, form: str) -> tuple[bytes, str]:
    """Write the pixels alone: a fresh picture carries no field of the old one."""
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if transparent and form != "JPEG" else "RGB"
    converted = picture.convert(mode)
    bare = Image.frombytes(mode, converted.size, converted.tobytes())
    out = io.BytesIO()
    bare.save(out, form, **({"quality": 90} if form in ("JPEG", "WEBP") else {}))
    return out.getvalue(), form
