"""Whether an error says that a disk is full, or that a quota is used up, whoever raised it."""

from __future__ import annotations

import errno
from pathlib import Path

from sojourn.errors import SourceError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SIGNS = ("no space left", "max_temp_directory_size", "file too large", "quota exceeded", "disk full")


def is_full(error: BaseException) -> bool:
    """Say whether an error of the system, of PyArrow or of DuckDB means that nothing more can be written.

    >>> is_full(OSError(errno.ENOSPC, "No space left on device")), is_full(OSError(errno.ENOENT, "none"))
    (True, False)
    """
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    text = str(error).lower()
    return any(sign in text for sign in SIGNS)


def unwritten(what: str, where: Path, error: OSError) -> SourceError:
    """Name what could not be written, and say so where the disk is full.

    >>> print(unwritten("The cube", Path("a.arrow"), OSError(errno.ENOSPC, "No space left on device")))
    The cube cannot be written: the disk is full, or a quota is used up
      where:    a.arrow
      to do:    Make room, or write to a larger disk. What was there before is unchanged.
    """
    if is_full(error):
        return SourceError(
            f"{what} cannot be written: the disk is full, or a quota is used up",
            where=where,
            advice="Make room, or write to a larger disk. What was there before is unchanged.",
        )
    return SourceError(f"{what} cannot be written: {error}", where=where)
