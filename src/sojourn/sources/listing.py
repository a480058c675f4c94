"""Lists the files of a data folder and hashes them: all that a build must know before it reads anything.

Every file is read and hashed every time. A size or a time of change could stand for the bytes and be wrong;
a hash cannot, and costs a third of a second for 67 MB. Nothing heavy is imported here, so that a build with
nothing to do is done at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sojourn.errors import Place, SourceError

_IGNORED_SUFFIXES = {".md", ".part", ".lock", ".rst", ".pdf", ".html", ".py", ".toml", ".log"}
_IGNORED_NAMES = {"fetched.json", "readme", "readme.txt"}


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was found: `name` is its path below the data folder, with forward slashes."""

    path: Path
    name: str
    size: int
    sha256: str


def input_files(folder: Path) -> list[InputFile]:
    """List the data files below a folder in the order of their names, with their hashes.

    Linked folders are followed. Notes, hidden files, half-finished downloads and the download ledger are
    not data.

    Raises:
        SourceError: the folder does not exist or holds no data file; a file in it cannot be opened, or a
            link leads nowhere or in a circle.
    """
    if not folder.is_dir():
        what = "This is not a folder" if folder.exists() else "There is no such data folder"
        raise SourceError(
            what,
            where=Place(folder),
            accepted="a folder",
            advice="Name the folder that holds the official files: sojourn build --data DIR",
        )
    paths = sorted(_paths(folder), key=lambda path: path.as_posix())
    if not paths:
        raise SourceError(
            "The data folder holds no data file",
            where=Place(folder),
            advice="Run 'sojourn fetch' to see which official files can be had and how.",
        )
    return [describe(path, folder) for path in paths]


def _paths(folder: Path) -> Iterator[Path]:
    """Walk the folder and the folders that it links to, each once."""

    def refuse(error: OSError) -> None:
        raise unreadable(str(error.filename), error) from error

    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        seen.add(os.path.realpath(parent))
        # A link to a folder above or beside would bring the same files twice, or for ever.
        folders[:] = [name for name in folders if not _skipped(parent, name, seen)]
        yield from (path for name in names if _is_data(name) and not (path := Path(parent, name)).is_fifo())


def _skipped(parent: str, name: str, seen: set[str]) -> bool:
    return name.startswith(".") or os.path.realpath(os.path.join(parent, name)) in seen  # noqa: PTH118


def _is_data(name: str) -> bool:
    path = Path(name)
    return (
        not name.startswith((".", "~$"))
        and path.suffix.lower() not in _IGNORED_SUFFIXES
        and name.lower() not in _IGNORED_NAMES
    )


def describe(path: Path, folder: Path | None = None) -> InputFile:
    """Hash one file; its name is its path below `folder`.

    Raises:
        SourceError: it cannot be opened, or is a folder.
    """
    name = path.relative_to(folder).as_posix() if folder else path.name
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return InputFile(path, name, path.stat().st_size, digest)
    except OSError as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: OSError) -> SourceError:
    """Say that the machine does not let us read a file."""
    return SourceError(
        f"The file cannot be opened ({error.strerror or error})",
        where=Place(name),
        accepted="a file that this user may read",
        advice="Correct its permission or its link, or take it out of the data folder.",
    )
