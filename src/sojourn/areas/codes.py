"""Publishers' codes and spellings, mapped to our area codes: exactly, or not at all.

Nothing here guesses. A spelling that could mean two areas ("Korea") maps to none, and what maps to
none is reported by `unmapped`, with the reason in `unmappable` where we know it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

import polars as pl

from sojourn.areas.facts import known, read, table
from sojourn.areas.spelling import key
from sojourn.errors import UsageError

SCHEMES = ("alpha3", "m49", "name", "worldbank", "wpp")


class Index(NamedTuple):
    """A way to look a text up: first its key, then the area under that key."""

    key: Callable[[str], str]
    areas: dict[str, str]


def code_key(text: str) -> str:
    """Return the form in which two writings of a code are equal.

    >>> code_key(" mex ")
    'MEX'
    """
    return text.strip().upper()


def number_key(text: str) -> str:
    """Return the form in which two writings of an M49 number are equal.

    >>> number_key("4"), number_key("004"), number_key("mex")
    ('004', '004', 'MEX')
    """
    return code_key(text).zfill(3) if text.strip().isdecimal() else code_key(text)


@cache
def name_candidates() -> dict[str, frozenset[str]]:
    """Return, for the key of each English name and publisher's spelling, the areas that it may mean.

    A World Bank group yields to a region of the same name: "Sub-Saharan Africa" is M49's `202`
    unless the column is known to be the World Bank's.

    >>> sorted(name_candidates()["korea"]), sorted(name_candidates()["sub saharan africa"])
    (['KOR', 'PRK'], ['202'])
    """
    candidates: defaultdict[str, set[str]] = defaultdict(set)
    for area, name in _names(worldbank=False):
        candidates[key(name)].add(area)
    for area, name in _names(worldbank=True):
        if key(name) not in candidates:
            candidates[key(name)].add(area)
    for alias, area in _aliases("name"):
        candidates[key(alias)].add(area)
    return {spelling: frozenset(areas) for spelling, areas in candidates.items()}


def _names(*, worldbank: bool) -> Iterable[tuple[str, str]]:
    chosen = pl.col("area").str.starts_with("WB_") == worldbank
    return table().filter(chosen).select("area", "name").iter_rows()


def _aliases(scheme: str) -> Iterable[tuple[str, str]]:
    return (
        read("aliases.csv")
        .filter(pl.col("area").is_not_null(), scheme=scheme)
        .select("alias", "area")
        .iter_rows()
    )


@cache
def _indices(scheme: str) -> tuple[Index, ...]:
    """Return the indices to try in turn. Our own codes are in each, so that mapping twice does no harm."""
    ours = {area: area for area in known()}
    alpha3 = Index(code_key, ours | dict(_aliases("alpha3")))
    numbers = dict(table().drop_nulls("m49").select("m49", "area").iter_rows())
    names = {spelling: min(areas) for spelling, areas in name_candidates().items() if len(areas) == 1}
    groups = {area.removeprefix("WB_"): area for area in known() if area.startswith("WB_")}
    group_names = {key(name): area for area, name in _names(worldbank=True)}
    return {
        "alpha3": (alpha3,),
        "m49": (Index(number_key, ours | numbers),),
        "wpp": (Index(number_key, ours | numbers | dict(_aliases("wpp"))),),
        "name": (Index(code_key, ours), Index(key, names)),
        "worldbank": (Index(code_key, alpha3.areas | groups), Index(key, names | group_names)),
    }[scheme]


def find(text: str, scheme: str) -> str | None:
    """Return the area that a publisher's code or spelling means, or None.

    >>> find("ZAR", "alpha3"), find("Micronesia", "name"), find("Korea", "name")
    ('COD', '057', None)
    """
    for index in _indices(scheme):
        if (area := index.areas.get(index.key(text))) is not None:
            return area
    return None


def _texts(values: pl.Series, scheme: str) -> pl.Series:
    if scheme not in SCHEMES:
        raise UsageError(f"No code scheme is called {scheme!r}", accepted=", ".join(SCHEMES))
    if values.dtype.is_float():
        # A column of codes with gaps often arrives as 4.0, NaN, 484.0.
        return values.fill_nan(None).cast(pl.String).str.strip_suffix(".0")
    return values.cast(pl.String)


def to_area(values: pl.Series, scheme: str = "alpha3") -> pl.Series:
    """Map a column of a publisher's codes or names to our area codes.

    Our own codes pass every scheme unchanged; case and outer spaces do not matter.

    Args:
        values: the column; text, or numbers for `m49`.
        scheme: `alpha3` (ISO, and old or private three-letter codes for the same areas), `m49` (numbers,
            with or without leading zeros), `name` (English names and publishers' spellings),
            `worldbank` (the World Bank's codes and names, of countries and of its groups) or `wpp` (location
            codes of the World Population Prospects, in which 900 is the world).

    Returns:
        A text column of the same name and length, null where a value means no area of ours or more
        than one; `unmapped` lists those values.

    Raises:
        UsageError: there is no such scheme.

    >>> to_area(pl.Series("geo", [4, 484, 1, 999]), "m49").to_list()
    ['AFG', 'MEX', '001', None]
    >>> to_area(pl.Series(["SSF", "KSV", "Sub-Saharan Africa"]), "worldbank").to_list()
    ['WB_SSF', 'XKX', 'WB_SSF']
    """
    texts = _texts(values, scheme)
    distinct = texts.drop_nulls().unique()
    areas = pl.Series([find(text, scheme) for text in distinct], dtype=pl.String)
    return texts.replace_strict(distinct, areas, default=None, return_dtype=pl.String)


def unmapped(values: pl.Series, scheme: str = "alpha3") -> list[str]:
    """Return the distinct values that `to_area` cannot map, as published and sorted.

    Raises:
        UsageError: there is no such scheme.

    >>> unmapped(pl.Series(["Chad", "Stateless", "Korea", None]), "name")
    ['Korea', 'Stateless']
    """
    distinct = _texts(values, scheme).drop_nulls().unique()
    return sorted(text for text in distinct if find(text, scheme) is None)


def unmappable() -> pl.DataFrame:
    """Return the codes and spellings that are known to mean no area of ours, and why.

    Returns:
        A table with the columns scheme, alias and note, so that a reader can tell what it left out on
        purpose from what is new to it.

    >>> unmappable().filter(alias="CHI").item(0, "note")
    'World Bank code of the Channel Islands; no ISO code'
    """
    return read("aliases.csv").filter(pl.col("area").is_null()).select("scheme", "alias", "note")
