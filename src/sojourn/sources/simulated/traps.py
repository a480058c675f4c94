"""The trap workbook: every irregularity that the official price file is known to contain, on known rows.

A reader is tested against it: each `Trap` says where an irregularity stands and what to make of it.
Not reproduced: the formula cells of `corridor` in 2024_4Q.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sojourn.sources.simulated.market_facts import COUNTRIES, Country
from sojourn.sources.simulated.remittance_prices import (
    COLUMNS,
    LABEL,
    NEW_SHEET,
    NUMBERS,
    OLD_SHEET,
    PRICE_FACTS,
    Cell,
    SheetCells,
    write_sheets,
)

_RENAMED_REGION = "Middle East, North Africa, Afghanistan & Pakistan"


@dataclass(frozen=True, slots=True)
class Trap:
    """One irregularity of the official file: where it stands and what a reader should make of it.

    `row` counts as a spreadsheet does (the header is 1), None for a trap of the whole sheet; `column` is
    the header, or the letters (AQ ... AU) where there is none; `value` is the cell as written. The
    `expectation` begins with one of: "read as", "keep row", "skip row", "reject row", "ignore", "absent".
    """

    sheet: str
    row: int | None
    column: str
    value: Cell
    expectation: str


class _Case(NamedTuple):
    """A row: what differs from the plain row, what a reader should do (by column), cells beyond."""

    differs: dict[str, Cell]
    expects: dict[str, str]
    beyond: tuple[Cell, ...] = ()


def trap_workbook(path: Path) -> tuple[Trap, ...]:
    """Write a small workbook with every known irregularity of the official one; say where each stands.

    Both sheets are present; the first data row of each is plain.
    """
    traps = [
        Trap(NEW_SHEET, None, "period", "2025_2Q", "absent: no survey in that round"),
        Trap(NEW_SHEET, None, "transparent", "no", "absent after 2021_4Q"),
    ]
    sheets: dict[str, SheetCells] = {}
    for sheet, cases in ((OLD_SHEET, _old_cases()), (NEW_SHEET, _new_cases())):
        lines = []
        for number, case in enumerate(cases, start=2):
            cells = _plain(sheet, number) | case.differs if case.differs else {}
            cells |= {_letters(43 + i): cell for i, cell in enumerate(case.beyond)}
            lines.append([cells.get(name) for name in COLUMNS[sheet]] + list(case.beyond))
            traps += [
                Trap(sheet, number, column, cells.get(column), expected)
                for column, expected in case.expects.items()
            ]
        sheets[sheet] = (COLUMNS[sheet], lines)
    write_sheets(path, sheets, "none")
    return tuple(traps)


def _letters(column: int) -> str:
    """Name a column from A to ZZ as a spreadsheet does, counting from 1.

    >>> _letters(43)
    'AQ'
    """
    first, second = divmod(column - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def _plain(sheet: str, number: int) -> dict[str, Cell]:
    """Make a regular row: USD 200 to Mexico for a fee of 6 and a margin of 2 per cent, 5 in all."""
    old = sheet == OLD_SHEET
    period, day = ("2015_3Q", dt.date(2015, 8, 3)) if old else ("2016_2Q", dt.date(2016, 5, 9))
    return {
        "id": 1000 + number, "period": period, "date": day, "corridor": "USAMEX",
        **_country("source", "USA"), **_country("destination", "MEX"),
        "firm": f"Trap Remit {number}", "firm_type": "Money Transfer Operator", "product": "Cash to cash",
        "sending location": "at Branch", "payment instrument": "Cash", "access point": "Agent",
        "speed actual": "Same day", **_prices("cc1", 200, 6.0, 19.6, 2.0, 5.0),
        **_prices("cc2", 500, 10.0, 19.6, 2.0, 4.0), "inter lcu bank fx": 20.0, "transparent": "yes",
        "note2": LABEL, "coverage": "Nationwide", "pick-up method": "Cash",
        "receiving network coverage": "High", "pickup location": "Agent", "pickup method": "Cash",
    }  # fmt: skip


def _country(end: str, code: str, **differs: str) -> dict[str, Cell]:
    """Fill the six columns of the sending or receiving country."""
    known = {country.code: country for country in COUNTRIES}
    code_, name, region, income, lending, club, _ = known.get(code, Country(code, code, *[".."] * 5))
    facts = {
        "code": code_,
        "name": name,
        "region": region,
        "income": income,
        "lending": lending,
        "G8G20": club,
    }
    return {f"{end}_{fact}": value for fact, value in (facts | differs).items()}


def _prices(block: str, amount: float, *figures: float) -> dict[str, Cell]:
    """Fill the seven columns of one amount; `figures` are fee, rate, margin and total cost."""
    values: tuple[Cell, ...] = (amount, 200 if block == "cc1" else 500, "USD", *figures)
    return {f"{block} {fact}": value for fact, value in zip(PRICE_FACTS, values, strict=True)}


def _hidden(fee: float) -> dict[str, Cell]:
    """Fill the prices as stored for a service that hides its exchange rate: margin 0, cost = fee."""
    small, large = (
        _prices(block, usd, fee, 20.0, 0.0, 100 * fee / usd) for block, usd in (("cc1", 200), ("cc2", 500))
    )
    return {**small, **large, "transparent": "no"}


def _at(period: str, day: dt.date) -> dict[str, Cell]:
    return {"period": period, "date": day}


def _old_cases() -> list[_Case]:
    """List the rows of the sheet up to Q1 2016."""
    null = "read as null"
    return [
        _Case({"id": 44140}, {}),
        _Case(
            {"id": 44140, **_at("2015_4Q", dt.date(2015, 11, 2))},
            {"id": "keep row: unique only in its period"},
        ),
        _Case(
            _hidden(8.0),
            {"transparent": "read as not transparent", "cc1 fx margin": null, "cc2 fx margin": null},
        ),
        _Case(
            {"product": "N/A", "speed actual": "N/A", "coverage": "N/A"},
            {"product": null, "speed actual": null, "coverage": null},
        ),
        _Case({"sending location": "Not available", "pick-up method": None}, {"sending location": null}),
        _Case(
            {"cc1 denomination amount": None},
            {"cc1 denomination amount": "keep row: it is 200 by definition"},
        ),
        _Case({"pick-up method": "Bank account"}, {"pick-up method": "read as Bank account"}),
        _Case({"pick-up method": "Bank Account"}, {"pick-up method": "read as Bank account"}),
        _Case(
            _country("source", "USA", income="High income: OECD"), {"source_income": "read as High income"}
        ),
    ]


def _new_cases() -> list[_Case]:
    """List the rows of the sheet from Q2 2016, in the order of their periods."""
    null, keep = "read as null", "keep row"
    spring, late = _at("2025_1Q", dt.date(2025, 2, 3)), _at("2025_3Q", dt.date(2025, 8, 4))
    to_kosovo = _country("source", "DEU") | _country("destination", "KSV")
    texts = [_at("2024_3Q", dt.date(2024, 8, 5)), _at("2024_4Q", dt.date(2024, 11, 4))]
    plain_numbers = {name: value for name, value in _plain(NEW_SHEET, 2).items() if name in NUMBERS}
    return [
        _Case({"id": 1}, {"transparent": "read as transparent", "date": "read as 2016-05-09"}),
        _Case({"id": 1, **_at("2016_3Q", dt.date(2016, 8, 8))},
              {"id": "keep row: unique only in its period"}),
        _Case({"firm": "Twice Remit"}, {"firm": keep}),
        _Case({"firm": "Twice Remit"}, {"firm": "keep row: equal to the one above but for its id"}),
        _Case({"speed actual": "N/A", "pickup location": "-"},
              {"speed actual": null, "pickup location": null}),
        _Case({}, {"id": "skip row: empty"}),
        _Case(
            _country("source", "USA"),
            {"source_region": "read as null: not classified",
             "source_lending": "read as null: not classified",
             "destination_G8G20": "read as G20"},
        ),
        _Case({"payment instrument": "Bank Account"}, {"payment instrument": "read as Bank account"}),
        _Case({"payment instrument": "Bank account"}, {"payment instrument": "read as Bank account"}),
        _Case({"cc2 lcu fee": None, "Standard Note": ".."}, {"cc2 lcu fee": null, "Standard Note": null}),
        _Case(
            _prices("cc1", 200, 0.0, 20.4, -2.0, -2.0) | _prices("cc2", 500, 0.0, 20.4, -2.0, -2.0),
            {"cc1 fx margin": "keep row: a promotion", "cc1 total cost %": "read as -2.0"},
        ),
        _Case(_prices("cc1", 200, 610.0, 19.6, 2.0, 307.0), {"cc1 total cost %": "read as 307.0"}),
        _Case({"inter lcu bank fx": 0}, {"inter lcu bank fx": "read as null: a rate cannot be 0"}),
        _Case(
            _country("source", "RUS") | _country("destination", "UZB")
            | {"corridor": "RUSUZB", "inter lcu bank fx": 1}
            | _prices("cc1", 200, 4.0, 1, 0.0, 2.0) | _prices("cc2", 500, 10.0, 1, 0.0, 2.0)
            | {"cc1 lcu code": "RUB", "cc2 lcu code": "RUB"},
            {"cc1 lcu fx rate": "keep row: 1 marks rates that cannot be compared",
             "inter lcu bank fx": "keep row: 1 marks rates that cannot be compared"},
        ),
        _Case(
            _country("destination", "ZZZ") | {"corridor": "USAZZZ"},
            {"destination_code": "reject row: unknown country"},
        ),
        _Case(
            _country("source", "ZAF") | _country("destination", "NAM", income="NA")
            | {"corridor": "ZAFNAM", "note2": "NA"},
            {"destination_code": "read as NAM", "destination_income": "read as NA: text, not null",
             "note2": "read as NA: text, not null"},
        ),
        _Case({**_at("2021_4Q", dt.date(2021, 11, 8)), **_hidden(8.0)},
              {"transparent": "read as not transparent", "cc1 fx margin": null, "cc2 fx margin": null}),
        _Case({**_at("2021_4Q", dt.date(2021, 9, 28)), **to_kosovo, "corridor": "DEUXKX"},
              {"destination_code": "read as XKX", "corridor": "keep row: differs from its two codes",
               "date": "keep row: a date outside its period"}),
        _Case({**_at("2023_1Q", dt.date(2023, 2, 6)), **to_kosovo,
               "destination_code": "XKX", "corridor": "DEUXKX"},
              {"destination_code": "read as XKX"}),
        _Case({**_at("2024_1Q", dt.date(2024, 2, 5)), **_country("destination", "MLI", income="Lower income"),
               "corridor": "USAMLI"}, {"destination_income": "read as Low income"}),
        *(
            _Case(
                {**when, **{name: str(value) for name, value in plain_numbers.items()}},
                {name: f"read as {value}" for name, value in plain_numbers.items()},
            )
            for when in texts
        ),
        _Case({**spring, "transparent": "Yes", "receiving network coverage": "low"},
              {"transparent": "read as transparent", "date": "read as 2025-02-03",
               "receiving network coverage": "read as Low"}),
        _Case({**late, "transparent": "Yes"}, {_letters(43 + i): "ignore" for i in range(5)},
              (2025, "USA2025", "MEX2025", "USA2026", "MEX2026")),
        _Case({**late, **_country("destination", "EGY", region=_RENAMED_REGION),
               "corridor": "USAEGY", "transparent": "Yes"},
              {"destination_region": "keep row: the new name of a region"}),
    ]  # fmt: skip
