"""Names of columns as people write them: one, several, a pattern such as "PWGTP1..80", or a prefix."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sojourn.errors import UsageError

Names = str | Iterable[str]


def listed(names: Names | None) -> tuple[str, ...]:
    """Give none, one or several names as a tuple."""
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def expanded(names: Names) -> tuple[tuple[str, ...], str | None]:
    """Name the replicates of a list or pattern; a bare word is a prefix, to be found in the file."""
    if not isinstance(names, str):
        given = tuple(names)
        if not given:
            raise UsageError("No replicate weight is declared", advice="Use Design.weights_only(weight).")
        return given, None
    match = re.fullmatch(r"(.+?)\[?(\d+)(?:\.\.|-)(\d+)\]?", names.strip())
    if match is None:
        return (), names.strip()
    stem, first, last = match[1], match[2], match[3]
    width = len(first) if first.startswith("0") else 0
    count = range(int(first), int(last) + 1)
    if not count:
        raise UsageError(f"The pattern {names!r} names no replicate", accepted="such as PWGTP1..80")
    return tuple(f"{stem}{number:0{width}}" for number in count), None
