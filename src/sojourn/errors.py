"""Every error Sojourn raises on purpose, as one small tree.

    SojournError
    ├── UsageError              the question itself cannot be answered as asked
    │   └── NotFoundError       nothing is called that (close names are offered)
    ├── SourceError             an input file cannot be used
    │   ├── LayoutError         it is a known source, but a column or sheet is missing or renamed
    │   └── DamagedError        it is truncated, half-written or not what its name says
    ├── FetchError              a download failed, or must be done by hand
    ├── ContractError           a table breaks the observation contract (our own fault)
    └── ReleaseError            a release cannot be built, opened or trusted
        ├── IntegrityError      bytes differ from what was published
        ├── EmbargoError        it may not be read yet
        └── BusyError           another build holds the folder

Each carries *what* happened, *where* (file, sheet, row, column, value), *what is accepted* and *what
to do*; the command line prints exactly these and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a file and, as far as known, the cell in it.

    Rows and columns are named as a person sees them: the row number that a spreadsheet or text
    editor shows (the first line is 1), the column by its header.
    """

    file: str | Path | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: object = None

    def __str__(self) -> str:
        parts = [str(self.file)] if self.file is not None else []
        for label in ("sheet", "row", "column"):
            if (known := getattr(self, label)) is not None:
                parts.append(f"{label} {known!r}" if isinstance(known, str) else f"{label} {known}")
        if self.value is not None:
            parts.append(f"value {self.value!r}")
        return ", ".join(parts)


class SojournError(Exception):
    """Base of all errors: what, where, what is accepted, what to do.

    >>> print(SojournError("Unknown country code", where=Place("a.csv", row=7, value="XYZ"),
    ...                    accepted="ISO 3166-1 alpha-3", advice="Correct the code."))
    Unknown country code
      where:    a.csv, row 7, value 'XYZ'
      accepted: ISO 3166-1 alpha-3
      to do:    Correct the code.
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: Place | str | Path | None = None,
        accepted: str | None = None,
        advice: str | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.accepted = accepted
        self.advice = advice
        super().__init__(what)

    def __str__(self) -> str:
        lines = [self.what]
        if self.where is not None and str(self.where):
            lines.append(f"  where:    {self.where}")
        if self.accepted:
            lines.append(f"  accepted: {self.accepted}")
        if self.advice:
            lines.append(f"  to do:    {self.advice}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | None]:
        """Return the same four facts for `--json` and the API."""
        return {
            "error": type(self).__name__,
            "what": self.what,
            "where": None if self.where is None else str(self.where),
            "accepted": self.accepted,
            "advice": self.advice,
        }


class UsageError(SojournError):
    """The question itself cannot be answered as asked."""

    exit_code = 2


class NotFoundError(UsageError):
    """Nothing is called that; the advice offers close names."""


class SourceError(SojournError):
    """An input file cannot be used."""


class LayoutError(SourceError):
    """A known source whose column or sheet is missing or renamed."""


class DamagedError(SourceError):
    """A file that is truncated, half-written or not what its name says."""


class FetchError(SojournError):
    """A download failed, or has to be done by hand."""


class ContractError(SojournError):
    """A table breaks the observation contract: a fault of this program, not of its user."""


class ReleaseError(SojournError):
    """A release cannot be built, opened or trusted."""


class IntegrityError(ReleaseError):
    """The bytes of a release differ from those that were published."""


class EmbargoError(ReleaseError):
    """The release may not be read before its `not_before`."""


class BusyError(ReleaseError):
    """Another build is writing to the same folder."""
