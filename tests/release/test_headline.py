"""Which of several numbers is the headline."""

from __future__ import annotations

import polars as pl

from sojourn.indicators.migrant_stock_series import SERIES as STOCK
from sojourn.indicators.portability import INDICATOR as PORTABILITY
from sojourn.observations import complete
from sojourn.release.headline import headline, preference

COMPUTED = ("desa_migrant_stock@2019", "stock_over_population/1", 432.0)
PUBLISHED = ("desa_migrant_stock@2024", "as_published/1", 100.0)
SIMULATED = ("desa_migrant_stock@simulated-2030", "as_published/1", 1.0)


def observed(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return complete(
        pl.DataFrame(
            [
                {
                    "indicator": "SJ.migrant_stock", "series": "SJ_MIGRANT_STOCK_SHARE", "area": "BES",
                    "period": "2005", "value": value, "unit": "PT", "source": source, "method": method,
                }
                for source, method, value in rows
            ]
        )
    )  # fmt: skip


def chosen(*rows: tuple[str, str, float], preferred=None) -> float:
    return headline(observed(*rows), preferred)["value"].item()


def test_computed_comes_before_published_where_nothing_is_preferred() -> None:
    assert chosen(COMPUTED, PUBLISHED) == 432.0


def test_a_series_may_prefer_what_is_published() -> None:
    preferred = {one.code: one.headline for one in STOCK}
    assert chosen(COMPUTED, PUBLISHED, preferred=preferred) == 100.0


def test_simulated_comes_last_whatever_is_preferred() -> None:
    preferred = {one.code: one.headline for one in STOCK}
    assert chosen(COMPUTED, SIMULATED, preferred=preferred) == 432.0


def test_preferred_methods_are_names_without_version() -> None:
    # Two parts of a method's name are not told apart by a preference, so none may hold a slash.
    (portability, *_) = PORTABILITY.series
    assert portability.headline == ("as_published", "regimes_of_corridors")
    ranked = observed(PUBLISHED).select(preference({"SJ_MIGRANT_STOCK_SHARE": portability.headline}))
    assert ranked.item() == 0
