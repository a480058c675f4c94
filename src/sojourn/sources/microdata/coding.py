"""Tells what the codes of a recognised column mean, from labels, words, other columns or, last, custom."""

from __future__ import annotations

import re

import polars as pl

from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN, concepts
from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Column
from sojourn.sources.microdata.meanings import fold, meaning_of_label
from sojourn.sources.microdata.proposals import DESIGN, Proposal
from sojourn.sources.microdata.variables import Variable, code, code_of

_ABROAD = re.compile("foreign|fborn|immig|abroad")


def with_codes(one: Proposal, survey: Survey, found: list[Proposal]) -> Proposal:
    """Tell the meaning of every code that occurs in the whole file."""
    if one.known or one.concept in DESIGN:
        return one
    if concepts()[one.concept].kind != "coded":
        return _with_missing(one, survey)
    schema = survey.frame.collect_schema()
    cells = survey.frame.select(code_of(pl.col(one.column), schema[one.column]).alias("code"))
    present = cells.unique().drop_nulls().sort("code").collect(engine="streaming")["code"].to_list()
    variable = survey.variables.get(one.column) or Variable(one.column)
    # Codes that are labelled may occur in the next file, if not in this one.
    present += [value for value in map(code, variable.codes) if value not in present]
    meant, reason = _told(one, present, variable, survey, found)
    if one.concept not in ("education", "occupation") and not set(meant.values()) - {
        UNKNOWN,
        NOT_IN_UNIVERSE,
    }:
        meant = {}
    missing = {value for value in present if value in variable.missing and value not in meant}
    groups: dict[str, list[str]] = {}
    for value, meaning in {**meant, **dict.fromkeys(sorted(missing), UNKNOWN)}.items():
        groups.setdefault(meaning, []).append(value)
    open_codes = tuple(value for value in present if value not in meant and value not in missing)
    order = concepts()[one.concept].codes
    way = Column(
        column=one.column,
        codes={key: tuple(_plain(value) for value in groups[key]) for key in order if key in groups},
        unknown=tuple(_plain(value) for value in groups.get(UNKNOWN, [])),
        not_in_universe=tuple(_plain(value) for value in groups.get(NOT_IN_UNIVERSE, [])),
        other="unknown" if open_codes else "error",
        certainty="guessed",
    )
    return Proposal(one.concept, one.column, one.confidence, one.reason + reason, way, open_codes)


def _with_missing(one: Proposal, survey: Survey) -> Proposal:
    """Take what the file labels as missing; point out numbers such as -8 that nobody is old or earns."""
    variable = survey.variables.get(one.column) or Variable(one.column)
    groups: dict[str, list[int | str]] = {UNKNOWN: [], NOT_IN_UNIVERSE: []}
    for value, label in variable.codes.items():
        if (meaning := meaning_of_label(one.concept, label) or _always(label)) in groups:
            groups[meaning].append(_plain(value))
    listed = {str(value) for values in groups.values() for value in values}
    groups[UNKNOWN] += [_plain(value) for value in variable.missing if value not in listed]
    open_codes: tuple[str, ...] = ()
    if concepts()[one.concept].kind == "number":
        cells = survey.frame.select(pl.col(one.column).cast(pl.Float64, strict=False).alias("cell"))
        low = cells.filter(pl.col("cell").is_in([float(-n) for n in range(1, 10)])).unique().sort("cell")
        open_codes = tuple(
            value for value in map(code, low.collect(engine="streaming")["cell"]) if value not in listed
        )
    way = Column(
        column=one.column,
        unknown=tuple(groups[UNKNOWN]),
        not_in_universe=tuple(groups[NOT_IN_UNIVERSE]),
    )
    return Proposal(one.concept, one.column, one.confidence, one.reason, way, open_codes)


def _always(label: str) -> str:
    """Understand "unknown" and "not in universe", which any concept's labels may say."""
    return meaning_of_label("sex", label) or ""


def _told(
    one: Proposal, present: list[str], variable: Variable, survey: Survey, found: list[Proposal]
) -> tuple[dict[str, str], str]:
    labels = {code(value): label for value, label in variable.codes.items()} or {
        value: value for value in present
    }
    meant = {
        value: meaning
        for value in present
        if (meaning := meaning_of_label(one.concept, labels.get(value, ""))) is not None
    }
    if meant or variable.codes:
        return meant, ""
    return _by_convention(one, present, survey, found)


def _by_convention(
    one: Proposal, present: list[str], survey: Survey, found: list[Proposal]
) -> tuple[dict[str, str], str]:
    """Tell codes without labels: by another column that is filled for some of them only, or by custom."""
    beside = {"nativity": "birthplace", "citizenship": "country_of_citizenship"}.get(one.concept)
    for other in (proposal.column for proposal in found if proposal.concept == beside):
        filled = _filled_for(one.column, other, survey)
        abroad = {value for value, share in filled.items() if share > 0.95}
        here = {value for value, share in filled.items() if share < 0.05}
        # One who has two citizenships is a citizen, and also names a foreign country: then which code is whose?
        doubtful = one.concept == "citizenship" and len(present) > 2
        if abroad and here and abroad | here == set(present) and not doubtful:
            native, foreign = concepts()[one.concept].codes[:2]
            meant = {value: foreign if value in abroad else native for value in present}
            return meant, f", codes told by {other}, which is filled for {', '.join(sorted(abroad))} only"
    if one.concept == "nativity" and set(present) <= {"0", "1"} and _ABROAD.search(fold(one.column)):
        return {"0": "native", "1": "foreign"}, ", codes 0 and 1 by its name"
    if one.concept == "sex" and "female" in fold(one.column) and set(present) <= {"0", "1"}:
        return {"0": "male", "1": "female"}, ", codes 0 and 1 by its name"
    customs = {
        "sex": {"1": "male", "2": "female"},
        "nativity": {"1": "native", "2": "foreign"},
        "insurance": {"1": "yes", "2": "no"},
        "school_attendance": {"1": "yes", "2": "no"},
    }
    custom = customs.get(one.concept, {})
    if custom and set(custom) <= set(present) and set(present) - set(custom) <= {"0", "3", "8", "9"}:
        return custom, ", codes by custom only: check them"
    return {}, ""


def _filled_for(column: str, other: str, survey: Survey) -> dict[str, float]:
    schema = survey.frame.collect_schema()
    counted = (
        survey.frame.group_by(code_of(pl.col(column), schema[column]).alias("code"))
        .agg(pl.col(other).is_not_null().sum().alias("filled"), pl.len().alias("rows"))
        .drop_nulls("code")
        .collect(engine="streaming")
    )
    return {value: filled / rows for value, filled, rows in counted.iter_rows()}


def _plain(value: str) -> int | str:
    return int(value) if re.fullmatch(r"-?\d+", value) else value
