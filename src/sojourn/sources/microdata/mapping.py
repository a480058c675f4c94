"""The mapping file: which column of a survey is which concept, and by which design it was drawn.

A mapping is a TOML file that a person can write, correct and publish beside the results.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as AnyMapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from sojourn.errors import LayoutError, NotFoundError, Place
from sojourn.sources.listing import unreadable
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN, Concept, concepts
from sojourn.sources.microdata.variables import code

Codes = tuple[int | float | str, ...]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Record):
    """How one concept is read from a file, in all or some years.

    Attributes:
        column: the column; or
        expression: SQL over the file's columns; or
        derived: SQL over concepts that stand before it in the mapping.
        otherwise: the column that is read where the file lacks a column of `expression`, such as one that
            brings amounts to the prices of the year.
        codes: code of the concept -> codes of the file; "100..554" is a span of whole numbers.
        unknown: codes that mean the answer is not known.
        not_in_universe: codes that mean the question was not for this person.
        blank: what an empty cell means: unknown, not_in_universe or a code of the concept.
        other: what a code that is listed nowhere means: an error, or unknown (then counted as a problem).
        years: the first and last year it holds for; empty: all.
        kind: of a name that is not in the vocabulary.
        absent: what to do where the file has no such column; empty: as the mapping says.
        certainty: what the person or program who wrote it knows, such as "from memory".
    """

    column: str = ""
    expression: str = ""
    derived: str = ""
    otherwise: str = ""
    codes: dict[str, Codes] = Field(default_factory=dict)
    unknown: Codes = ()
    not_in_universe: Codes = ()
    blank: str = UNKNOWN
    other: Literal["error", "unknown"] = "error"
    years: tuple[int, int] | tuple[()] = ()
    kind: Literal["", "coded", "number", "text"] = ""
    absent: Literal["", "error", "leave out"] = ""
    certainty: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> Column:
        if sum(map(bool, (self.column, self.expression, self.derived))) != 1:
            raise ValueError("state one of column, expression, derived")
        if self.otherwise and not self.expression:
            raise ValueError("otherwise stands in for an expression")
        return self

    @model_validator(mode="after")
    def _each_code_once(self) -> Column:
        listed = [code(one) for group in self.groups.values() for one in group]
        if twice := sorted({one for one in listed if listed.count(one) > 1}):
            raise ValueError(f"the codes {', '.join(twice)} are listed twice")
        return self

    @property
    def groups(self) -> dict[str, Codes]:
        """Code of the concept -> codes of the file, with unknown and not in universe among them."""
        return {**self.codes, UNKNOWN: self.unknown, NOT_IN_UNIVERSE: self.not_in_universe}

    def holds(self, year: int | None) -> bool:
        """Tell whether it is for a year."""
        return not self.years or year is None or self.years[0] <= year <= self.years[1]


KINDS = ("none", "weights", "sdr", "brr", "fay", "jk1", "jkn", "bootstrap", "taylor")


class Design(_Record):
    """The declared design of the sample; nothing of it is ever guessed.

    Attributes:
        kind: "none" (no weights: counts of the sample only), "weights" (points without errors), or a
            replicate method, or "taylor".
        weight: the column of the weight.
        replicates: the replicate weights, as "PWGTP{1..80}" or a list.
        strata, clusters, fpc: columns, for "taylor"; several stages in order.
        lonely: what is done with a stratum of one cluster; by default it is an error.
        scale, rscales, fay: as the survey's documentation states them.
        centre: what replicates are compared with: the full estimate or their own mean.
        bad_weights: a weight that is missing, negative or text is an error, or its row is set aside and counted.
    """

    kind: Literal["none", "weights", "sdr", "brr", "fay", "jk1", "jkn", "bootstrap", "taylor"] = "none"
    weight: str = ""
    replicates: str | tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    lonely: Literal["fail", "certainty", "remove", "adjust", "average"] = "fail"
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    fay: float | None = None
    centre: Literal["estimate", "mean"] = "estimate"
    bad_weights: Literal["error", "set aside"] = "error"
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Design:
        if self.kind != "none" and not self.weight:
            raise ValueError(f"the design {self.kind!r} needs a weight")
        replicated = self.kind not in ("none", "weights", "taylor")
        if replicated != bool(self.replicates):
            raise ValueError(
                f"the design {self.kind!r} {'needs' if replicated else 'has no'} replicates; declared replicates "
                "are never ignored"
            )
        return self

    @property
    def replicate_columns(self) -> tuple[str, ...]:
        """List the replicate weights, the pattern written out.

        >>> Design(kind="sdr", weight="W", replicates="W{1..3}").replicate_columns
        ('W1', 'W2', 'W3')
        """
        if not isinstance(self.replicates, str):
            return self.replicates
        if not (found := re.fullmatch(r"(.*)\{(\d+)\.\.(\d+)\}(.*)", self.replicates)):
            return (self.replicates,)
        before, first, last, after = found.groups()
        # {01..80} keeps its zeros.
        return tuple(f"{before}{n:0{len(first)}d}{after}" for n in range(int(first), int(last) + 1))


class Break(_Record):
    """A change that makes years hard to compare."""

    year: int
    concept: str = ""
    what: str
    certainty: str = ""


class Join(_Record):
    """A second file – households, another module – whose columns are joined to each person."""

    key: tuple[str, ...]
    what: str = "households"


class Mapping(_Record):
    """The whole mapping of a survey.

    Attributes:
        title: what is mapped.
        area: ISO 3166-1 alpha-3 of the country; empty: stated when it is used.
        years: the first and last year it holds for; empty: any.
        year_column: the column with the year of each row, for files of several years.
        codebook: the packaged codebook that knows renamed columns.
        extends: the packaged mapping that this one changes in the parts that it states.
        absent: whether a column that the file lacks is an error, or its concept is left out and said so.
        simulated: whether the persons are invented; then every number and every source label says so.
        concepts: name -> how it is read; several with years where the coding changed.
    """

    title: str
    area: str = ""
    years: tuple[int, int] | tuple[()] = ()
    year_column: str = ""
    codebook: str = ""
    extends: str = ""
    absent: Literal["error", "leave out"] = "error"
    source: str = ""
    note: str = ""
    simulated: bool = False
    design: Design = Design()
    join: Join | None = None
    breaks: tuple[Break, ...] = ()
    concepts: dict[str, tuple[Column, ...]] = Field(default_factory=dict)

    @field_validator("concepts", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        if not isinstance(given, AnyMapping):
            return given
        return {name: (one,) if isinstance(one, (dict, Column)) else one for name, one in given.items()}

    @model_validator(mode="after")
    def _known_codes(self) -> Mapping:
        for name, ways in self.concepts.items():
            concept = self.concept(name)
            allowed = {*concept.codes, UNKNOWN, NOT_IN_UNIVERSE}
            for way in ways:
                if concept.kind == "coded" and concept.codes:
                    _only(name, [*way.codes, way.blank], allowed)
                elif concept.kind != "coded" and way.codes:
                    raise ValueError(f"{name} is a {concept.kind}: it has no codes")
        return self

    def concept(self, name: str) -> Concept:
        """Give a concept of the vocabulary, or one that this mapping adds by stating its kind."""
        if name in concepts():
            return concepts()[name]
        codes = tuple(sorted({one for way in self.concepts.get(name, ()) for one in way.codes}))
        for way in self.concepts.get(name, ()):
            if way.kind:
                return Concept(kind=way.kind, label=name, codes=codes)
        raise ValueError(f"{name!r} is not in the vocabulary: state its kind (coded, number, text)")


def _only(name: str, given: list[str], allowed: set[str]) -> None:
    if wrong := [one for one in given if one not in allowed]:
        raise ValueError(f"{name} has no code {', '.join(wrong)}; it has {', '.join(sorted(allowed))}")


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        LayoutError: it is no TOML, or says something that a mapping cannot; names where.
        SourceError: it cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise unreadable(str(path), error) from error
    except UnicodeDecodeError as error:
        raise LayoutError(
            "The mapping is not UTF-8 text", where=Place(str(path)), advice="Save it as UTF-8."
        ) from error
    return parse_mapping(text, str(path))


def parse_mapping(text: str, name: str) -> Mapping:
    """Read the text of a mapping file; `name` stands in errors."""
    try:
        return Mapping.model_validate(_extended(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(
            f"The mapping is no TOML: {error}",
            where=Place(name),
            advice="Correct the line; 'sojourn survey describe FILE --write MAP' writes one to begin with.",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise LayoutError(
            f"The mapping is wrong: {first['msg'].removeprefix('Value error, ')}",
            where=Place(name, column=path or None),
            advice="Correct it; the concepts and their codes are in the documentation of mappings.",
        ) from error


def _extended(stated: dict[str, Any]) -> dict[str, Any]:
    if not (base := stated.get("extends")):
        return stated
    below = packaged_mapping(str(base)).model_dump(exclude_defaults=True)
    both = {**below, **stated}
    both["concepts"] = {**below.get("concepts", {}), **stated.get("concepts", {})}
    return both


def packaged() -> list[str]:
    """List the mappings that come with this program.

    >>> "acs_pums" in packaged()
    True
    """
    folder = files(__package__).joinpath("mappings")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def packaged_mapping(name: str) -> Mapping:
    """Give a mapping that comes with this program.

    Raises:
        NotFoundError: there is none of that name.
    """
    if name not in packaged():
        raise NotFoundError(f"No packaged mapping is called {name!r}", accepted=", ".join(packaged()))
    text = files(__package__).joinpath("mappings", f"{name}.toml").read_text(encoding="utf-8")
    return parse_mapping(text, name)
