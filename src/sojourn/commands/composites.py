"""What stands beside a composite index wherever a person reads it: its components, and its rank with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sojourn.console import interval, number
from sojourn.release import Release

NO_PARTS = "parts not known"


@dataclass(frozen=True, slots=True)
class Beside:
    """Of one area and period: components in words and numbers, and the rank with its range."""

    parts: tuple[tuple[str, float], ...]
    rank: str

    def in_words(self) -> str:
        """Write the components in one line."""
        return ", ".join(f"{name} {number(value)}" for name, value in self.parts) or NO_PARTS


Key = tuple[str, str]


def beside(release: Release, meaning: Mapping[str, Any], areas: Sequence[str]) -> dict[Key, Beside]:
    """Give what belongs beside a composite index, by area and period; empty for a series that is none.

    Args:
        release: an opened release.
        meaning: metadata of the series, as frozen with the release.
        areas: whose numbers are shown.
    """
    if not meaning.get("composite") or not areas:
        return {}
    index, rank = meaning["composite"]
    wanted = sorted(set(areas))
    found = release.observations(series=index, area=wanted, only_headline=True)
    parts: dict[Key, list[tuple[str, float]]] = {}
    for row in found.filter(pl.col("breakdown") != "", pl.col("value").is_not_null()).iter_rows(named=True):
        name = row["breakdown"].partition("=")[2]
        parts.setdefault((row["area"], row["period"]), []).append((name, row["value"]))
    ranks = release.observations(series=rank, area=wanted, only_headline=True)
    written = {
        (row["area"], row["period"]): f"{number(row['value'])} ({interval(row)})"
        for row in ranks.iter_rows(named=True)
    }
    return {key: Beside(tuple(parts.get(key, ())), written.get(key, "")) for key in {*parts, *written}}
