"""Vocabularies: how a publisher's free labels become codes, and what each code is called.

Publishers write "Bank Account", "Bank account" and once "Bank Acciunt". A vocabulary folds case and
known slips to one code; a label it does not know becomes a code made of its own letters, and is listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sojourn.sources.parsing import text


@dataclass(frozen=True)
class Vocabulary:
    """Codes of one dimension: label of each code, and other spellings found in real files.

    A cell may hold several labels ("at Branch,Call Center"); they become one code joined by `+` in
    alphabetical order, because the publisher prices them as one service.
    """

    dimension: str
    labels: dict[str, str]
    spellings: dict[str, str]
    separator: str = ","

    @cached_property
    def _codes(self) -> dict[str, str]:
        known = {label.casefold(): code for code, label in self.labels.items()}
        return known | {spelling.casefold(): code for spelling, code in self.spellings.items()}

    def code(self, label: str) -> str:
        """Give the code of one cell; empty for a label such as "Not available".

        >>> SPEED.code("Less than one hour")
        'LESS_THAN_ONE_HOUR'
        """
        whole = label.casefold().strip()
        if whole in self._codes:
            return self._codes[whole]
        parts = {part.strip() for part in label.split(self.separator) if part.strip()}
        codes = {self._codes.get(part.casefold(), slug(part)) for part in parts} - {""}
        return "+".join(sorted(codes))

    def convert(self, values: pl.Series) -> pl.Series:
        """Map a column of labels to codes; empty cells stay null, "Not available" becomes an empty text."""
        cells = text(values)
        distinct = cells.drop_nulls().unique(maintain_order=True)
        codes = [self.code(label) for label in distinct]
        return cells.replace_strict(
            distinct, pl.Series(codes, dtype=pl.String), default=None, return_dtype=pl.String
        )

    def label(self, code: str) -> str:
        """Say what a code, or a joined code, means in words."""
        return " + ".join(self.labels.get(part, part.replace("_", " ").lower()) for part in code.split("+"))

    def unknown(self, codes: pl.Series) -> list[str]:
        """List the codes in a column that are not of this vocabulary."""
        parts = codes.drop_nulls().unique().str.split("+").explode().unique().sort()
        return [code for code in parts if code not in self.labels]


def slug(label: str) -> str:
    """Make a code of a label's own letters.

    >>> slug("Door to door")
    'DOOR_TO_DOOR'
    """
    return re.sub(r"[^A-Z0-9]+", "_", label.upper()).strip("_") or "OTHER"


PROVIDER = Vocabulary(
    "PROVIDER",
    {
        "MTO": "Money Transfer Operator",
        "BANK": "Bank",
        "POST": "Post office",
        "MOBILE": "Mobile Operator",
        "CREDIT_UNION": "Credit Union",
        "BUILDING_SOCIETY": "Building Society",
        "NON_BANK_FI": "Non-Bank FI",
    },
    {
        "money transfer operators": "MTO",
        "postal operator": "POST",
        "mobile money operator": "MOBILE",
        "non-bank financial institution": "NON_BANK_FI",
    },
    separator="/",
)

PRODUCT = Vocabulary(
    "PRODUCT",
    {
        "ACCOUNT": "Account",
        "ACCOUNT_TO_ACCOUNT": "Account to account",
        "ACCOUNT_TO_ACCOUNT_OTHER_BANK": "Account to account (other bank)",
        "ACCOUNT_TO_ACCOUNT_SAME_BANK": "Account to account (same bank)",
        "ACCOUNT_TO_CASH": "Account to cash",
        "CARD": "Card",
        "CARD_SERVICE": "Credit/debit card service",
        "CASH": "Cash",
        "CASH_TO_ACCOUNT": "Cash to account",
        "CASH_TO_ACCOUNT_OTHER_BANK": "Cash to account (other bank)",
        "CASH_TO_ACCOUNT_SAME_BANK": "Cash to account (same bank)",
        "CASH_TO_CASH": "Cash to cash",
        "DOOR_TO_DOOR": "Door to door",
        "MOBILE": "Mobile",
        "ONLINE": "Online service",
        "ONLINE_TO_CASH": "Online to cash",
        "PREPAID_CARD": "Prepaid card",
    },
    {"bank account": "ACCOUNT", "home delivery": "DOOR_TO_DOOR"},
)

INSTRUMENT = Vocabulary(
    "INSTRUMENT",
    {
        "BANK_ACCOUNT": "Bank account transfer",
        "CARD": "Debit or credit card",
        "CASH": "Cash",
        "MOBILE_MONEY": "Mobile money",
        "CHEQUE": "Cheque",
    },
    {
        "bank account": "BANK_ACCOUNT",
        "account": "BANK_ACCOUNT",
        "debit/credit card": "CARD",
        "credit/debit card": "CARD",
        "debit card": "CARD",
        "credit card": "CARD",
        "check": "CHEQUE",
        "mobile wallet": "MOBILE_MONEY",
    },
)

ACCESS_POINT = Vocabulary(
    "ACCESS_POINT",
    {
        "AGENT": "Agent",
        "BRANCH": "Branch",
        "CALL_CENTRE": "Call centre",
        "INTERNET": "Internet",
        "MOBILE": "Mobile phone",
        "POST_OFFICE": "Post office",
        "ATM": "ATM",
    },
    {
        "at branch": "BRANCH",
        "bank branch": "BRANCH",
        "call center": "CALL_CENTRE",
        "on-line": "INTERNET",
        "online": "INTERNET",
        "mobile app": "MOBILE",
        "not available": "",
    },
)

SPEED = Vocabulary(
    "SPEED",
    {
        "LESS_THAN_ONE_HOUR": "Less than one hour",
        "SAME_DAY": "Same day",
        "NEXT_DAY": "Next day",
        "2_DAYS": "2 days",
        "3-5_DAYS": "3-5 days",
        "6_DAYS_OR_MORE": "6 days or more",
    },
    {
        "3 to 5 days": "3-5_DAYS",
        "more than 5 days": "6_DAYS_OR_MORE",
        "less than an hour": "LESS_THAN_ONE_HOUR",
    },
)

SPEED_DAYS = {
    "LESS_THAN_ONE_HOUR": 0,
    "SAME_DAY": 0,
    "NEXT_DAY": 1,
    "2_DAYS": 2,
    "3-5_DAYS": 5,
    "6_DAYS_OR_MORE": 6,
}
"""Days until the money can be had, at most; the last class is open and counted at its least."""

COVERAGE = Vocabulary(
    "COVERAGE",
    {
        "NATIONWIDE": "Nationwide",
        "HIGH": "High",
        "MEDIUM": "Medium",
        "LOW": "Low",
        "MAJOR_CITIES": "Major cities",
        "MAIN_CITY": "Main city",
        "URBAN_ONLY": "Urban only",
        "RURAL_ONLY": "Rural only",
    },
    {"national": "NATIONWIDE"},
)

PICKUP = Vocabulary(
    "PICKUP",
    {
        "ATM": "ATM network",
        "BANK_ACCOUNT": "Bank account",
        "CARD": "Card",
        "CASH": "Cash",
        "HOME_DELIVERY": "Home delivery",
        "MOBILE_MONEY": "Mobile money",
    },
    {
        "atm": "ATM",
        "bank acciunt": "BANK_ACCOUNT",
        "own/partner bank account": "BANK_ACCOUNT",
        "own/partner bank account in receiving country": "BANK_ACCOUNT",
        "account": "BANK_ACCOUNT",
        "door to door": "HOME_DELIVERY",
        "prepaid cash card": "CARD",
        "credit card": "CARD",
        "mobile": "MOBILE_MONEY",
        "mobile wallet": "MOBILE_MONEY",
    },
)
