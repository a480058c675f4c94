"""`sojourn survey inventory`: what files could be used for, on the terminal, as a page, for a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
from rich.text import Text

from sojourn import areas, console
from sojourn.commands.survey import open_file
from sojourn.commands.survey_inventory_page import page
from sojourn.console import table
from sojourn.errors import SojournError, SourceError, UsageError
from sojourn.sources.listing import unreadable
from sojourn.sources.microdata.holdings import Best, Held, best, by_country, missing_questions, reasons
from sojourn.sources.microdata.inventory import IMPOSSIBLE, LESS, POSSIBLE, Use, of_description, of_mapping
from sojourn.sources.microdata.mapping import Mapping, packaged, packaged_mapping, read_mapping
from sojourn.sources.microdata.recognise import describe

_STYLE = {POSSIBLE: "green", LESS: "yellow", IMPOSSIBLE: "red"}
_SIGN = {POSSIBLE: "yes", LESS: "with less", IMPOSSIBLE: "no"}
_SHORT = {
    "everybody": "all",
    "citizenship": "citizens",
    "legal_status": "legal",
    "time since arrival": "arrival",
}
_SHORT |= {"previous residence": "previous"}
_WIDE, _FILE = 110, 25
_ENDINGS: tuple[str, ...] = (
    ".csv",
    ".tsv",
    ".csv.gz",
    ".zip",
    ".parquet",
    ".sav",
    ".zsav",
    ".por",
    ".dta",
    ".sas7bdat",
    ".xpt",
)
_ENDINGS = (*_ENDINGS, ".rda", ".rdata", ".rds", ".xml", ".toml")


def show_inventory(
    file: Path,
    *,
    write: Path | None,
    cache: Path | None,
    table_name: str | None,
    encoding: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print what could be computed from a file, with a mapping, or from all files of a folder.

    Raises:
        UsageError: the page is already there, or its ending is not .md or .html.
        SourceError: a file cannot be read; in a folder such files are listed.
    """
    if write is not None and (write.suffix not in (".md", ".html") or write.exists()):
        raise UsageError(
            "The page is already there" if write.exists() else f"{write.name} names no kind of page",
            where=write,
            accepted="a new file that ends in .md or .html",
        )
    files, unread = _held(file, cache, table_name, encoding)
    if write is not None:
        _write(write, page(file.name or str(file), files, unread, html=write.suffix == ".html"))
    several = file.is_dir()
    if as_json:
        console.print_json(_as_json(files, unread) if several else [asdict(one) for one in files[0].uses])
        return
    if as_csv:
        console.print_frame(_frame(files, several), as_json=False, as_csv=True)
        return
    if several:
        for area, held in by_country(files).items():
            _draw(_country(area), [one.use for one in best(held)], best(held))
        for name, why in unread:
            console.out.print(console.plain(f"not read: {name}: {why}"), style="yellow")
    else:
        _draw(file.name, files[0].uses, ())
    if write is not None:
        console.out.print(console.plain(f"Written to {write}"))


def _held(
    file: Path, cache: Path | None, table_name: str | None, encoding: str | None
) -> tuple[list[Held], list[tuple[str, str]]]:
    if not file.is_dir():
        return [_one(file, cache, table_name, encoding)], []
    found: list[Held] = []
    unread = []
    listed = sorted(
        path for path in file.iterdir() if path.name.lower().endswith(_ENDINGS) and path.is_file()
    )
    mapped = {path.name.partition(".")[0] for path in listed if path.suffix == ".toml"}
    for path in listed:
        # Of a file and its mapping, the mapping says more: a person has corrected it.
        if path.suffix != ".toml" and path.name.partition(".")[0] in mapped:
            continue
        try:
            found.append(_one(path, cache, table_name, encoding))
        except SojournError as error:
            unread.append((path.name, error.what))
    if not found:
        raise SourceError(
            "The folder holds no survey file that can be read"
            if unread
            else "The folder holds no survey file",
            where=file,
            accepted=", ".join(_ENDINGS),
            advice="; ".join(f"{name}: {why}" for name, why in unread[:5]) or None,
        )
    return found, unread


def _one(file: Path, cache: Path | None, table_name: str | None, encoding: str | None) -> Held:
    if not file.exists() and str(file) in packaged():
        return _of_mapping(str(file), packaged_mapping(str(file)))
    if file.suffix.lower() == ".toml":
        return _of_mapping(file.name, read_mapping(file))
    found = describe(open_file(file, cache, table_name, encoding))
    area = packaged_mapping(found.family).area if found.family else ""
    return Held(file.name, of_description(found), area, None, found.survey.rows, found.proposals)


def _of_mapping(name: str, mapping: Mapping) -> Held:
    return Held(name, of_mapping(mapping), mapping.area, mapping.years[1] if mapping.years else None)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unreadable(str(path), error) from error


def _as_json(files: Sequence[Held], unread: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "countries": {
            area or "not stated": [asdict(one.use) | {"file": one.file} for one in best(held)]
            for area, held in by_country(files).items()
        },
        "files": [{"file": one.name, "area": one.area, "year": one.year, "rows": one.rows} for one in files],
        "not_read": [{"file": name, "why": why} for name, why in unread],
    }


def _frame(files: Sequence[Held], several: bool) -> pl.DataFrame:
    rows = []
    for area, held in by_country(files).items():
        for one in best(held):
            row = asdict(one.use) | {"why": "; ".join(one.use.why), "question": "; ".join(one.use.question)}
            rows.append(row | ({"area": area, "file": one.file} if several else {}))
    return pl.DataFrame(rows)


def _country(area: str) -> str:
    if not area:
        return "files of no stated country"
    try:
        return areas.name(area)
    except SojournError:
        return area


def _draw(name: str, uses: Sequence[Use], chosen: Sequence[Best]) -> None:
    breakdowns = list(dict.fromkeys(one.breakdown for one in uses))
    by = {(one.indicator, one.breakdown): one for one in uses}
    wide = console.out.width >= _WIDE + (_FILE if chosen else 0)
    files = {one.use.indicator: one.file for one in reversed(chosen) if one.file}
    rows = []
    for code, label in dict.fromkeys((one.indicator, one.label) for one in uses):
        signs = [_sign(by[code, breakdown], wide) for breakdown in breakdowns]
        file = files.get(code, "")
        told = f"{code} {label}" + (f" [{file}]" if file else "")
        rows.append([code, label, *signs, *([file] if chosen else [])] if wide else [told, *signs])
    heads = [("indicator", "code"), ("what", "wide")] if wide else [("indicator", "wide")]
    heads += [(one if wide else _SHORT.get(one, one), "left" if wide else "code") for one in breakdowns]
    heads += [("best file", "left")] if chosen and wide else []
    table(f"What {name} could be used for", heads, rows)
    less = reasons(uses)
    everywhere = {why for why, codes in less.items() if len(codes) == len({u.indicator for u in uses})}
    everywhere |= _in_all(uses)
    for why in sorted(everywhere):
        console.out.print(console.plain(f"everywhere: {why}"), style="yellow")
    rest = [(why, ", ".join(codes)) for why, codes in less.items() if why not in everywhere]
    if rest:
        table("With less", [("because", "left"), ("indicators", "left")], rest)
    missing = missing_questions(uses)
    if missing:
        lines = [(*key, ", ".join(codes)) for key, codes in missing.items()]
        heads = [("not asked", "left"), ("question to add", "wide"), ("would serve", "left")]
        table("Missing questions", heads, lines)


def _in_all(uses: Sequence[Use]) -> set[str]:
    """Give the reasons that hold for everything that is possible at all."""
    sets = [set(one.why) for one in uses if one.status == LESS]
    whole = any(one.status == POSSIBLE for one in uses)
    return set() if whole or not sets else set.intersection(*sets)


def _sign(use: Use, wide: bool) -> Text:
    word = _SIGN[use.status]
    return Text(word if wide else word.removeprefix("with "), style=_STYLE[use.status])
