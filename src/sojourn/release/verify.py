"""Checks that a release is, byte for byte, what was published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sojourn.errors import NotFoundError, Place
from sojourn.release import folder


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: `faults` names each file that is damaged, missing or foreign."""

    path: Path
    files: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """True where nothing is wrong."""
        return not self.faults


def verify(path: Path) -> Verdict:
    """Hash every file of a release and compare with its checksums, and these with the release's name.

    One flipped byte anywhere – data, manifest or checksums – is found. A release whose folder was given
    another name can still be checked against its own checksums.

    Raises:
        NotFoundError: the folder is no release.
    """
    if not path.is_dir():
        raise NotFoundError("There is no such release", where=Place(path))
    sums = path / folder.CHECKSUMS
    if not sums.is_file():
        if not folder.is_release(path):
            raise NotFoundError("This folder is no release", where=Place(path))
        return Verdict(path, 0, (f"{folder.CHECKSUMS} is missing",))
    content = sums.read_bytes()
    faults = _name_faults(path, content)
    expected, malformed = _expected(content)
    faults += malformed
    present = {one.name for one in path.iterdir()} - {folder.CHECKSUMS}
    faults += [f"{name} is missing" for name in sorted(expected.keys() - present)]
    faults += [f"{name} is not part of the release" for name in sorted(present - expected.keys())]
    for name in sorted(expected.keys() & present):
        if folder.sha256(path / name) != expected[name]:
            faults.append(f"{name} differs from what was published")
    return Verdict(path, len(expected), tuple(faults))


def _name_faults(path: Path, content: bytes) -> list[str]:
    """A release's name ends with the hash of its checksums; a renamed folder has no such name."""
    if folder.sequence(path) == 0:
        return []
    named = path.name.rsplit("-", 1)[-1]
    actual = hashlib.sha256(content).hexdigest()[: len(named)]
    return [] if actual == named else [f"{folder.CHECKSUMS} differs from what was published"]


def _expected(content: bytes) -> tuple[dict[str, str], list[str]]:
    expected, faults = {}, []
    for line in content.decode("utf-8", errors="replace").splitlines():
        digest, separator, name = line.partition("  ")
        if separator and len(digest) == 64 and name:
            expected[name] = digest
        else:
            faults.append(f"{folder.CHECKSUMS} has a damaged line")
    return expected, faults
