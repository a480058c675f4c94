"""An office's own feasibility file: which indicators it could produce, how widely, how soon, how finely.

One row per candidate; a CSV file (UTF-8) with these columns:

    indicator       its code or name, unique
    targets         the targets it serves, separated by spaces: "10.7 8.8"
    coverage        share of what should be covered that is: 0 to 1
    lag             years from the reference period to publication: 0 or more
    disaggregation  readings of migratory status it is known by: of "nativity citizenship legal_status"; may be empty
    variables       how many variables it is made of: 1 for a single one, more for a composite
    feasible        yes or no; a candidate that is not feasible is never chosen (optional, yes)
    required        yes or no; a required one is always chosen (optional, no)
    label           what it is called (optional)
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sojourn.errors import DamagedError, LayoutError, NotFoundError, Place, SourceError
from sojourn.framework.records import TargetCodes, Text

REQUIRED = ("indicator", "targets", "coverage", "lag", "disaggregation", "variables")
OPTIONAL = {"feasible": "yes", "required": "no", "label": ""}


def _yes(cell: object) -> object:
    return {"yes": True, "no": False}.get(cell.strip().lower(), cell) if isinstance(cell, str) else cell


YesNo = Annotated[bool, Field(strict=True), BeforeValidator(_yes)]


class Candidate(BaseModel):
    """An indicator that an office could choose, as its feasibility file says."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    indicator: Text
    targets: Annotated[TargetCodes, Field(min_length=1)]
    coverage: Annotated[float, Field(ge=0, le=1)]
    lag: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    disaggregation: Annotated[
        tuple[Literal["nativity", "citizenship", "legal_status"], ...],
        BeforeValidator(lambda cell: tuple(cell.split()) if isinstance(cell, str) else cell),
    ]
    variables: Annotated[int, Field(ge=1)]
    feasible: YesNo = True
    required: YesNo = False
    label: str = ""


def read_feasibility(path: Path) -> tuple[Candidate, ...]:
    """Read a feasibility file.

    Returns:
        The candidates, sorted by indicator.

    Raises:
        NotFoundError: there is no such file.
        LayoutError: a column is missing, unknown or repeated.
        SourceError: a cell is not what its column accepts, or an indicator is repeated; every bad row counts,
            the first is named.
        DamagedError: the file is no text in UTF-8, or holds no row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="beyond the header", restval="")
            header = list(reader.fieldnames or [])
            _check_header(path, header)
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise NotFoundError("The feasibility file cannot be read", where=Place(path)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DamagedError("The feasibility file is no CSV in UTF-8", where=Place(path)) from error
    if not rows:
        raise DamagedError("The feasibility file holds no candidate", where=Place(path))
    candidates, faults = [], []
    first_row: dict[str, int] = {}
    for line, row in rows:
        found = _candidate(path, line, row)
        if isinstance(found, SourceError):
            faults.append(found)
        elif found.indicator in first_row:
            place = Place(path, row=line, column="indicator", value=found.indicator)
            faults.append(
                SourceError(
                    "An indicator is repeated",
                    where=place,
                    accepted=f"once (row {first_row[found.indicator]})",
                )
            )
        else:
            first_row[found.indicator] = line
            candidates.append(found)
    if faults:
        more = f" (and {len(faults) - 1} more rows)" if len(faults) > 1 else ""
        first = faults[0]
        raise SourceError(first.what + more, where=first.where, accepted=first.accepted)
    return tuple(sorted(candidates, key=lambda one: one.indicator))


def _check_header(path: Path, header: list[str]) -> None:
    allowed = {*REQUIRED, *OPTIONAL}
    wrong = [name for name in header if name not in allowed or header.count(name) > 1]
    missing = [name for name in REQUIRED if name not in header]
    if wrong or missing:
        said = [f"missing: {', '.join(missing)}"] if missing else []
        said += [f"unknown or repeated: {', '.join(dict.fromkeys(wrong))}"] if wrong else []
        raise LayoutError(
            f"The columns of the feasibility file are not as documented ({'; '.join(said)})",
            where=Place(path, row=1),
            accepted=f"{', '.join(REQUIRED)}; optional: {', '.join(OPTIONAL)}",
        )


def _candidate(path: Path, line: int, row: dict[str, str]) -> Candidate | SourceError:
    filled = {name: cell or OPTIONAL.get(name, "") for name, cell in row.items()}
    try:
        return Candidate.model_validate(filled)
    except ValidationError as error:
        first = error.errors()[0]
        column = str(first["loc"][0])
        return SourceError(
            "A cell of the feasibility file is not what its column accepts",
            where=Place(path, row=line, column=column, value=row.get(column)),
            accepted=first["msg"],
        )
