"""The key of a chart, from the rows themselves: what does not occur is not explained."""

from __future__ import annotations

import polars as pl

from sojourn.present.charts import states
from sojourn.present.charts.furniture import KeyItem
from sojourn.present.charts.numbers import ltr, percent
from sojourn.present.charts.words import word


def interval_key(rows: pl.DataFrame, symbol: str, colour: str, language: str) -> list[KeyItem]:
    """Name each level of confidence that occurs, and ranges that are no confidence intervals."""
    known = rows.filter(pl.col("state") == states.KNOWN)
    levels = known["level"].drop_nulls().unique().sort().to_list()
    texts = [word("level", language, share=ltr(percent(level, language), language)) for level in levels]
    texts += [word("range", language)] if known["level"].null_count() else []
    return [KeyItem(symbol, text, colour) for text in texts]


def state_key(rows: pl.DataFrame, colour: str, language: str) -> list[KeyItem]:
    """Name every state but the ordinary one."""
    order = (states.ERROR_UNKNOWN, states.CANNOT_TELL, states.SUPPRESSED, states.MISSING)
    return [
        KeyItem("ring" if state == states.ERROR_UNKNOWN else state, word(state, language), colour)
        for state in states.present(rows, order)
    ]
