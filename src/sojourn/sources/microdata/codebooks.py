"""What a survey called its columns in which year, as dated facts with their certainty."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, ValidationError

from sojourn.errors import ContractError
from sojourn.sources.microdata.variables import Variable, Variables


class Named(BaseModel):
    """A variable of a survey through the years.

    Attributes:
        name: the name used in mappings.
        label: what it is.
        also: other names it had, each with its first and last year.
        codes: code -> label.
        certainty: "real files" or "from memory".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: str = ""
    also: tuple[tuple[str, int, int], ...] = ()
    codes: dict[str, str] = {}
    certainty: str = "from memory"


@cache
def codebook(name: str) -> tuple[Named, ...]:
    """Give a packaged codebook; an empty name is an empty codebook.

    >>> [one.also[0][0] for one in codebook("acs_pums") if one.name == "STATE"]
    ['ST']
    """
    if not name:
        return ()
    try:
        text = files(__package__).joinpath("codebooks", f"{name}.toml").read_text(encoding="utf-8")
        return tuple(Named.model_validate(row) for row in tomllib.loads(text)["variables"])
    except (OSError, ValidationError, KeyError) as error:
        raise ContractError(f"The codebook {name!r} cannot be read: {error}") from error


def labels_of(name: str) -> Variables:
    """Give labels and codes of a codebook, under all names that a variable had."""
    return Variables(
        tuple(
            Variable(called, one.label, one.codes)
            for one in codebook(name)
            for called in (one.name, *(other for other, _, _ in one.also))
        )
    )


def find_column(wanted: str, present: Sequence[str], book: str = "", year: int | None = None) -> str | None:
    """Find a column of a file: by its name, by its name in another case, or by a name it had.

    A name that belongs to the year of the file is preferred.

    >>> find_column("PWGTP1", ["pwgtp1"]), find_column("STATE", ["ST"], "acs_pums", 2011)
    ('pwgtp1', 'ST')
    """
    if wanted in present:
        return wanted
    folded = {name.casefold(): name for name in reversed(present)}
    if (found := folded.get(wanted.casefold())) is not None:
        return found
    for one in codebook(book):
        names = [(one.name, 0, 9999), *one.also]
        if wanted not in [name for name, _, _ in names]:
            continue
        names.sort(key=lambda name: not (year is not None and name[1] <= year <= name[2]))
        return next((folded[name.casefold()] for name, _, _ in names if name.casefold() in folded), None)
    return None
