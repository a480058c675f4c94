"""What the readers of `bench/site.py` ask for: pages and JSON of many series and areas, drawn from a release.

Popular series are asked for more often than others (the k-th with weight 1/k), areas evenly, languages as the
site may expect them. The same seed gives the same questions.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl

from sojourn import observations
from sojourn.release import open_release

LANGUAGES = {"en": 50, "fr": 14, "es": 14, "ar": 8, "zh": 7, "ru": 7}
"""Per cent of the readers; nobody's figures but an assumption, stated here."""

SHARES = {
    ("page", "home"): 6,
    ("page", "list"): 6,
    ("page", "indicator"): 6,
    ("page", "series"): 24,
    ("page", "area"): 14,
    ("page", "method"): 4,
    ("page", "number"): 6,
    ("page", "search"): 4,
    ("json", "observations of a series"): 12,
    ("json", "observations of an area"): 5,
    ("json", "series"): 5,
    ("json", "provenance"): 4,
    ("json", "corridor"): 4,
}
"""Per cent of the requests by kind and by what they are of."""

LISTS = ("goals", "indicators", "areas", "data", "targets/10.c", "data/differences")


class Mix:
    """Draws addresses that a release can answer.

    Args:
        path: a release folder.
        seed: of the draws.
    """

    def __init__(self, path: Path, seed: int) -> None:
        release = open_release(path)
        self._draw = random.Random(seed)
        self._meanings: Mapping[str, dict[str, Any]] = release.series()
        rows = release.observations()
        self._keys = rows.sample(5000, seed=seed, shuffle=True).select(observations.KEY).to_dicts()
        held = (
            rows.filter(pl.col("value").is_not_null()).group_by("series").agg(pl.col("area").unique().sort())
        )
        self._areas_of: dict[str, list[str]] = dict(held.sort("series").iter_rows())
        self._series = sorted(self._areas_of)
        self._draw.shuffle(self._series)
        self._popular = [1 / rank for rank in range(1, len(self._series) + 1)]
        self._areas = sorted(area for area in rows["area"].unique() if len(area) == 3 and area.isalpha())

    def draw(self) -> Iterator[tuple[str, str, str]]:
        """Give kind, what it is of, and the address, without end."""
        kinds, shares = list(SHARES), list(SHARES.values())
        while True:
            one = self._draw.choices(kinds, shares)[0]
            yield (*one, _MAKERS[one](self, self._language()))

    def _language(self) -> str:
        return self._draw.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]

    def _one_series(self) -> tuple[str, str]:
        series = self._draw.choices(self._series, self._popular)[0]
        return series, self._draw.choice(self._areas_of[series])

    def _home(self, language: str) -> str:
        return f"/{language}/"

    def _list(self, language: str) -> str:
        return f"/{language}/{self._draw.choice(LISTS)}"

    def _indicator(self, language: str) -> str:
        return f"/{language}/indicators/{self._meanings[self._one_series()[0]]['indicator']}"

    def _series_page(self, language: str) -> str:
        series, area = self._one_series()
        if self._draw.random() < 0.4:
            return f"/{language}/series/{series}"
        return f"/{language}/series/{series}?area={area}"

    def _area(self, language: str) -> str:
        return f"/{language}/areas/{self._draw.choice(self._areas)}"

    def _method(self, language: str) -> str:
        return f"/{language}/methods/{self._one_series()[0]}"

    def _key(self) -> str:
        key = self._draw.choice(self._keys)
        return urlencode({name: value for name, value in key.items() if value not in ("", "_T")})

    def _number(self, language: str) -> str:
        return f"/{language}/number?{self._key()}"

    def _search(self, language: str) -> list[str]:
        word = self._draw.choice(self._meanings[self._one_series()[0]]["name"].split())
        return f"/{language}/search?{urlencode({'q': word})}"

    def _of_series(self, _: str) -> str:
        series, area = self._one_series()
        return f"/api/v1/observations?{urlencode({'series': series, 'area': area})}"

    def _of_area(self, _: str) -> str:
        return f"/api/v1/observations?{urlencode({'area': self._draw.choice(self._areas), 'latest': 1})}"

    def _series_json(self, _: str) -> str:
        return f"/api/v1/series/{self._one_series()[0]}"

    def _provenance(self, _: str) -> str:
        return f"/api/v1/provenance?{self._key()}"

    def _corridor(self, _: str) -> str:
        return f"/api/v1/corridors/{'/'.join(self._draw.sample(self._areas, 2))}"


_MAKERS: Mapping[tuple[str, str], Callable[[Mix, str], str]] = {
    ("page", "home"): Mix._home,
    ("page", "list"): Mix._list,
    ("page", "indicator"): Mix._indicator,
    ("page", "series"): Mix._series_page,
    ("page", "area"): Mix._area,
    ("page", "method"): Mix._method,
    ("page", "number"): Mix._number,
    ("page", "search"): Mix._search,
    ("json", "observations of a series"): Mix._of_series,
    ("json", "observations of an area"): Mix._of_area,
    ("json", "series"): Mix._series_json,
    ("json", "provenance"): Mix._provenance,
    ("json", "corridor"): Mix._corridor,
}
