"""Labels become codes, slips are folded, and what is new is told."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.sources import vocabulary
from sojourn.sources.vocabulary import ACCESS_POINT, INSTRUMENT, PICKUP, PRODUCT, PROVIDER, SPEED, Vocabulary

ALL = [one for one in vars(vocabulary).values() if isinstance(one, Vocabulary)]


@pytest.mark.parametrize(
    ("words", "label", "code"),
    [
        (PICKUP, "Bank Account", "BANK_ACCOUNT"),
        (PICKUP, "Bank account", "BANK_ACCOUNT"),
        (PICKUP, "Bank Acciunt", "BANK_ACCOUNT"),
        (PICKUP, "Cash, ATM", "ATM+CASH"),
        (PROVIDER, "Money Transfer Operator / Bank", "BANK+MTO"),
        (ACCESS_POINT, "at Branch,Call Center", "BRANCH+CALL_CENTRE"),
        (ACCESS_POINT, "Not available", ""),
        (ACCESS_POINT, "Not available, at Branch", "BRANCH"),
        (INSTRUMENT, "Debit/Credit card", "CARD"),
        (SPEED, "3 to 5 days", "3-5_DAYS"),
        (PRODUCT, "Carrier pigeon", "CARRIER_PIGEON"),
    ],
)
def test_code(words: Vocabulary, label: str, code: str) -> None:
    assert words.code(label) == code


def test_column() -> None:
    values = pl.Series(["Cash", "N/A", None, " cash ", "Sea shells"])
    codes = PICKUP.convert(values)
    assert codes.to_list() == ["CASH", None, None, "CASH", "SEA_SHELLS"]
    assert PICKUP.unknown(codes) == ["SEA_SHELLS"]
    assert PICKUP.unknown(pl.Series([None], dtype=pl.String)) == []


def test_labels_of_codes() -> None:
    assert PICKUP.label("ATM+CASH") == "ATM network + Cash"
    assert PICKUP.label("SEA_SHELLS") == "sea shells"


@pytest.mark.parametrize("words", ALL, ids=lambda words: words.dimension)
def test_every_label_and_spelling_leads_to_a_code_of_the_vocabulary(words: Vocabulary) -> None:
    assert [words.code(label) for label in words.labels.values()] == list(words.labels)
    assert {words.code(spelling) for spelling in words.spellings} <= set(words.labels) | {""}
    assert all(spelling == spelling.casefold() for spelling in words.spellings)


def test_every_speed_has_its_days() -> None:
    assert set(vocabulary.SPEED_DAYS) == set(SPEED.labels)
