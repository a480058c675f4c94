"""Everything that a release holds about one country, and what it lacks: the data of a national report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sojourn import areas, framework, observations
from sojourn.discovery import indicators
from sojourn.indicators.model import Indicator, Series
from sojourn.release.coherence import others, pairs_of
from sojourn.release.compute import sources_for, supply
from sojourn.release.gate import Release

PROGRESS = "SJ_PROGRESS_"


@dataclass(frozen=True, slots=True)
class Gap:
    """A series without a number for the country, from whom it should come, and the sources that could fill it."""

    series: str
    name: str
    why: str
    from_whom: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One country in one release.

    Attributes:
        area: its code.
        numbers: the newest headline number of each series and breakdown with `basis`; corridors left out.
        sources: what each two sources say of the same number of the country, as `coherence.pairs` gives it.
        corridors: how many numbers the release holds with the country as one end of a corridor, by series.
        progress: the newest numbers of progress to target.
        gaps: series without any number for the country.
    """

    area: str
    numbers: pl.DataFrame
    sources: pl.DataFrame
    corridors: dict[str, int]
    progress: pl.DataFrame
    gaps: tuple[Gap, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the profile as plain data, for `--json`."""
        return {
            "area": self.area,
            "name": areas.name(self.area),
            "groups": list(areas.groups_of(self.area)),
            "numbers": [
                row | {"other_sources": others(self.sources, row)}
                for row in self.numbers.iter_rows(named=True)
            ],
            "corridors": self.corridors,
            "progress": self.progress.to_dicts(),
            "gaps": [
                {
                    "series": gap.series,
                    "name": gap.name,
                    "why": gap.why,
                    "from_whom": list(gap.from_whom),
                    "sources": list(gap.sources),
                }
                for gap in self.gaps
            ],
        }


def profile(release: Release, area: str) -> Profile:
    """Gather everything about one country.

    Args:
        release: an opened release.
        area: a code, or a name in any of the six languages.

    Raises:
        NotFoundError: there is no such area.
    """
    code = areas.resolve(area)
    own = release.observations(area=code, only_headline=True)
    plain = release.latest(own.filter(pl.col("counterpart") == "")).with_columns(observations.basis())
    is_progress = pl.col("series").str.starts_with(PROGRESS)
    ends = release.observations(area=code).filter(pl.col("counterpart") != "")
    others = release.observations(counterpart=code)
    both = pl.concat([ends, others]).group_by("series").len().sort("series")
    held = set(own["series"]) | set(others["series"])
    return Profile(
        area=code,
        numbers=plain.filter(~is_progress),
        sources=pairs_of(release, area=code).filter(pl.col("counterpart") == ""),
        corridors=dict(both.iter_rows()),
        progress=plain.filter(is_progress),
        gaps=gaps_of(held, _areas_by_series(release)),
    )


def _areas_by_series(release: Release) -> dict[str, set[str]]:
    pairs = release.observations().select("series", "area").unique()
    return {code: set(own["area"]) for (code,), own in pairs.partition_by("series", as_dict=True).items()}


def gaps_of(held: Collection[str], of_series: Mapping[str, Collection[str]]) -> tuple[Gap, ...]:
    """List the series without a number for a country, and why.

    Args:
        held: series that have a number for it.
        of_series: series -> areas that the release has a number for.
    """
    countries = set(areas.table().filter(kind="country")["area"])
    found = []
    for indicator in indicators():
        for series in indicator.series:
            if series.code in held or series.code.startswith(PROGRESS) or not series.of_countries:
                continue
            known_for = set(of_series.get(series.code, ()))
            if not known_for:
                why = "no source in this release"
            elif known_for & countries:
                why = "the sources have no figure for this country"
            else:
                why = "a figure of the world or of regions, not of countries"
            found.append(
                Gap(series.code, series.name, why, _from_whom(indicator, series), supply(indicator, series))
            )
    return tuple(found)


def _from_whom(indicator: Indicator, series: Series) -> tuple[str, ...]:
    """Say who should supply a series: its stated supplier, else the custodian, else who publishes its sources."""
    if series.supplier:
        return (series.supplier,)
    official = {one.code: one.custodian for one in framework.load().indicators}
    publishers = dict.fromkeys(source.publisher for source in sources_for(indicator, series))
    return official.get(indicator.code, ()) or tuple(publishers)
