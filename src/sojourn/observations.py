"""The one table that every indicator produces: its columns, its key and its contract.

Long, one number per row, aligned with the global SDG data structure (SDMX DSD `SDG`). An empty
`counterpart` or `breakdown` means the total; `_T` is the total of a coded dimension; null in `se`,
`lower`, `upper`, `n` means *not known*, never zero.
"""

from __future__ import annotations

import re

import polars as pl

from sojourn import areas
from sojourn.errors import ContractError

SCHEMA = pl.Schema(
    {
        "indicator": pl.String,  # SDG or Sojourn indicator: 10.c.1
        "series": pl.String,  # SI_RMT_COST; our own begin with SJ_
        "area": pl.String,  # whom the series is about
        "counterpart": pl.String,  # the other end of a corridor or flow; empty: none
        "period": pl.String,  # ISO 8601: 2015, 2015-Q3, 2010/P5Y
        "sex": pl.String,
        "age": pl.String,
        "nativity": pl.String,
        "citizenship": pl.String,
        "legal_status": pl.String,
        "breakdown": pl.String,  # sorted DIM=CODE;DIM=CODE
        "value": pl.Float64,
        "unit": pl.String,  # SDMX unit code
        "se": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
        "level": pl.Float64,  # 0.95; null for a range that is not a probability interval
        "n": pl.Int64,  # unweighted cases behind the number
        "status": pl.String,  # SDMX OBS_STATUS
        "confidentiality": pl.String,  # SDMX CONF_STATUS
        "nature": pl.String,  # SDMX NATURE
        "source": pl.String,  # name@edition
        "method": pl.String,  # name/version [rules]
        "note": pl.String,
    }
)

KEY = (
    "series",
    "area",
    "counterpart",
    "period",
    "sex",
    "age",
    "nativity",
    "citizenship",
    "legal_status",
    "breakdown",
    "source",
    "method",
)

PLACE = tuple(name for name in KEY if name not in ("source", "method"))
"""What a number is about: its key without where it comes from."""

_DEFAULTS = {
    "counterpart": "",
    "sex": "_T",
    "age": "_T",
    "nativity": "_T",
    "citizenship": "_T",
    "legal_status": "_T",
    "breakdown": "",
    "se": None,
    "lower": None,
    "upper": None,
    "level": None,
    "n": None,
    "status": "A",
    "confidentiality": "F",
    "nature": "_X",
    "note": "",
}

PUBLISHED = "published"
COMPUTED = "computed from rows"
SIMULATED = "simulated"

SUPPRESSED = "Q"
"""OBS_STATUS of a value that exists and is withheld."""

OBS_STATUS = frozenset("ABDEFGIJKLMNOPQSUVW")
"""SDMX code list of the observation status (CL_OBS_STATUS 2.2)."""

CONF_STATUS = frozenset("ACDFNPSRT")
"""SDMX code list of the confidentiality status (CL_CONF_STATUS)."""

NATURE = frozenset({"C", "CA", "E", "G", "M", "N", "_X"})
"""Code list of the nature of SDG data (CL_NATURE); _X is not specified."""

MISSING = ("L", "M", "O", SUPPRESSED)
"""OBS_STATUS codes that go with a null value."""

_MONTH = r"(0[1-9]|1[0-2])"
_PERIOD = rf"^\d{{4}}(-(Q[1-4]|S[12]|{_MONTH}(-\d{{2}})?)|/P\d+Y)?$"
_BREAKDOWN = r"^([A-Z][A-Z0-9_]*=[A-Z0-9_+<>.\-]+(;[A-Z][A-Z0-9_]*=[A-Z0-9_+<>.\-]+)*)?$"


def complete(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the columns that an indicator did not state with their defaults, in schema order.

    Args:
        frame: at least indicator, series, area, period, value, unit, source and method.

    Returns:
        A frame with exactly the columns of `SCHEMA`.

    Raises:
        ContractError: a column without default is absent, or a column is not of the schema.
    """
    if unknown := sorted(set(frame.columns) - set(SCHEMA.names())):
        raise ContractError(f"Observation columns {unknown} are not of the schema")
    if missing := [name for name in SCHEMA.names() if name not in frame.columns and name not in _DEFAULTS]:
        raise ContractError(f"Observation columns {missing} are absent and have no default")
    columns = [
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(_DEFAULTS[name], dtype).alias(name)
        for name, dtype in SCHEMA.items()
    ]
    return frame.select(columns)


def breakdown(**codes: str) -> str:
    """Write a breakdown as sorted `DIM=CODE;DIM=CODE`.

    >>> breakdown(PROVIDER="BANK", AMOUNT="500")
    'AMOUNT=500;PROVIDER=BANK'
    """
    return ";".join(f"{dimension}={codes[dimension]}" for dimension in sorted(codes))


def parse_breakdown(text: str) -> dict[str, str]:
    """Read `DIM=CODE;DIM=CODE` back into a mapping.

    >>> parse_breakdown("AMOUNT=500;PROVIDER=BANK")
    {'AMOUNT': '500', 'PROVIDER': 'BANK'}
    """
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def editions(source: str) -> dict[str, frozenset[str]]:
    """Take a source apart: its names, each with the editions that a number rests on.

    >>> {name: sorted(own) for name, own in editions("rpw@2014-Q2+wdi@2023+wdi@2024").items()}
    {'rpw': ['2014-Q2'], 'wdi': ['2023', '2024']}
    """
    found: dict[str, frozenset[str]] = {}
    for part in source.split("+"):
        name, _, edition = part.partition("@")
        found[name] = found.get(name, frozenset()) | {edition}
    return found


def other_edition(one: str, other: str) -> bool:
    """Tell whether two sources have a name in common and no edition of it: what lies between is a revision too.

    >>> other_edition("wpp@2019", "wpp@2022"), other_edition("rpw@2014-Q2", "wdi@2023")
    (True, False)
    """
    if one == other:
        return False
    first, second = editions(one), editions(other)
    return any(not first[name] & second[name] for name in first.keys() & second.keys())


def basis() -> pl.Expr:
    """Say of each row what its number rests on: published, computed from rows, or simulated."""
    return (
        pl.when(pl.col("source").str.contains("simulated", literal=True))
        .then(pl.lit(SIMULATED))
        .when(pl.col("method").str.starts_with("as_published/"))
        .then(pl.lit(PUBLISHED))
        .otherwise(pl.lit(COMPUTED))
        .alias("basis")
    )


def validate(frame: pl.DataFrame) -> pl.DataFrame:
    """Check the contract and return the table sorted by its key.

    The contract: exact columns; unique keys; known areas; ISO 8601 periods; sorted breakdowns; finite values;
    SDMX codes; a null value exactly where the status says so; lower <= value <= upper, and a level only
    with an interval; no negative standard error or count. What a series declares (unit, breakdown) is
    checked where series are known, in the release.

    Raises:
        ContractError: names the first offending row of the first broken rule, and how many there are.
    """
    if frame.schema != SCHEMA:
        raise ContractError("Observation columns or types differ from the schema")
    for rule, broken in _RULES.items():
        offenders = frame.filter(broken)
        if offenders.height:
            raise ContractError(f"{offenders.height} observations break the rule: {rule}; {_show(offenders)}")
    _check_breakdown_order(frame)
    _check_areas(frame)
    ordered = frame.sort(KEY)
    duplicate = ordered.filter(pl.struct(KEY) == pl.struct(KEY).shift(1))
    if duplicate.height:
        raise ContractError(f"{duplicate.height} observations repeat a key; {_show(duplicate)}")
    return ordered


_RULES: dict[str, pl.Expr] = {
    "key columns, unit and codes are never null": pl.any_horizontal(
        pl.col(*KEY, "indicator", "unit", "status", "confidentiality", "nature", "note").is_null()
    ),
    "period is ISO 8601": ~pl.col("period").str.contains(_PERIOD),
    "breakdown is DIM=CODE;DIM=CODE": ~pl.col("breakdown").str.contains(_BREAKDOWN),
    "values and errors are finite numbers": pl.any_horizontal(
        pl.col("value", "se", "lower", "upper").is_infinite()
        | pl.col("value", "se", "lower", "upper").is_nan()
    ),
    "value is null exactly where the status says missing or suppressed": (
        pl.col("value").is_null() != pl.col("status").is_in(MISSING)
    ),
    "a suppressed value carries no interval or count": (
        (pl.col("status") == SUPPRESSED)
        & pl.any_horizontal(pl.col("se", "lower", "upper", "n").is_not_null())
    ),
    "lower <= value <= upper": (
        (pl.col("lower") > pl.col("upper"))
        | (pl.col("value") < pl.col("lower"))
        | (pl.col("value") > pl.col("upper"))
    ),
    "status, confidentiality and nature are SDMX codes": ~(
        pl.col("status").is_in(list(OBS_STATUS))
        & pl.col("confidentiality").is_in(list(CONF_STATUS))
        & pl.col("nature").is_in(list(NATURE))
    ),
    "a level goes with an interval": (
        pl.col("level").is_not_null() & (pl.col("lower").is_null() | pl.col("upper").is_null())
    ),
    "level lies between 0 and 1": (pl.col("level") <= 0) | (pl.col("level") >= 1),
    "standard error and count are not negative": (pl.col("se") < 0) | (pl.col("n") < 0),
}


def _check_breakdown_order(frame: pl.DataFrame) -> None:
    """Breakdowns are few and repeated: look at each distinct text once, in Python."""
    for text in frame["breakdown"].unique():
        dimensions = re.findall(r"([A-Z][A-Z0-9_]*)=", text)
        if dimensions != sorted(set(dimensions)):
            raise ContractError(f"Breakdown {text!r} is not sorted by dimension, or repeats one")


def _check_areas(frame: pl.DataFrame) -> None:
    known = set(areas.table()["area"])
    for column, empty in (("area", set()), ("counterpart", {""})):
        if unknown := sorted(set(frame[column].unique()) - known - empty):
            raise ContractError(f"{len(unknown)} codes of {column} are no areas: {', '.join(unknown[:5])}")


def _show(frame: pl.DataFrame) -> str:
    row = frame.row(0, named=True)
    return ", ".join(f"{name}={row[name]!r}" for name in (*KEY, "value", "status"))


EMPTY = pl.DataFrame(schema=SCHEMA)
