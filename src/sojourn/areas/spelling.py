"""Two spellings of one name become one key, so that matching can be exact."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_NOT_WORD = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """Return the form in which two spellings of the same name are equal.

    Case, accents, apostrophes, punctuation and doubled spaces are set aside and `&` is read as
    "and"; nothing else is. Words are never dropped or reordered: that is what keeps Guinea from
    Guinea-Bissau, and Southern Africa from South Africa.

    Args:
        text: a name in any script.

    Returns:
        The key; empty where the text holds no letter or digit.

    >>> key("Côte d’Ivoire") == key("COTE D'IVOIRE")
    True
    >>> key(" Latin America &  Caribbean ")
    'latin america and caribbean'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", bare).replace("&", " and ")).strip()
