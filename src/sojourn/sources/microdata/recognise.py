"""The mapping assistant: which columns of a survey file are about migration, how sure that is, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from sojourn.sources.microdata.coding import with_codes
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN, concepts
from sojourn.sources.microdata.family import confirmed, family_of
from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Column
from sojourn.sources.microdata.meanings import fold, longest, meaning_of_label, words
from sojourn.sources.microdata.proposals import DESIGN, Description, Proposal
from sojourn.sources.microdata.variables import TEXT, Variable

_SAMPLE = 20_000
_MOST_CODES = 60


@dataclass(slots=True)
class _Evidence:
    """Signs for and against, while they are gathered."""

    doubt: float = 1.0
    signs: list[str] = field(default_factory=list)

    def add(self, weight: float, sign: str) -> None:
        self.doubt *= 1 - weight
        self.signs.append(sign)


def describe(survey: Survey, *, families: bool = True) -> Description:
    """Propose what the columns of a survey file mean.

    A column is judged by its name, its label, the labels of its codes (or its words) and its values, in English,
    Spanish, French and Polish. Nothing is taken for granted: a proposal says why, and a design is not proposed
    but pointed out.

    Args:
        survey: the opened file.
        families: also compare the names with the packaged mappings of known surveys.

    Returns:
        The proposals with confidence and reason.
    """
    sample = survey.frame.head(_SAMPLE).collect()
    known = family_of(survey, sample) if families else ""
    replicates, members = _replicates(survey, sample)
    found: list[Proposal] = []
    refused: list[tuple[str, str]] = []
    for variable in survey.variables:
        if variable.name in members:
            continue
        for concept in words():
            if concept == "replicate":
                continue
            proposal, refusal = _judged(variable, concept, sample)
            found += [proposal] if proposal else []
            refused += [(variable.name, refusal)] if refusal else []
    found = confirmed(found, survey, known) if known else found
    order = [*concepts(), *DESIGN]
    found.sort(key=lambda one: (order.index(one.concept), -one.confidence, one.column))
    best: list[Proposal] = []
    others: list[Proposal] = []
    taken = _assigned(found)
    for one in found:
        (best if taken.get(one.concept) == one.column else others).append(one)
    coded = [with_codes(one, survey, found) for one in best]
    return Description(survey, tuple(coded), tuple(others), replicates, tuple(dict.fromkeys(refused)), known)


def _assigned(found: list[Proposal]) -> dict[str, str]:
    """Give each concept its most likely column, and each column to one concept only."""
    taken: dict[str, str] = {}
    for one in sorted(found, key=lambda one: -one.confidence):
        if one.concept not in taken and one.column not in taken.values() and one.confidence >= 0.5:
            taken[one.concept] = one.column
    return taken


def _replicates(survey: Survey, sample: pl.DataFrame) -> tuple[tuple[str, int], set[str]]:
    """Find ten or more numbered columns that are called like replicate weights."""
    groups: dict[str, list[tuple[str, int, str]]] = {}
    for name in survey.variables.names:
        parts = re.fullmatch(r"(.*?)(\d+)", name)
        if parts and sample[name].dtype.is_numeric():
            groups.setdefault(parts[1], []).append((parts[2], int(parts[2]), name))
    best: tuple[str, list[tuple[str, int, str]]] = ("", [])
    for stem, numbered in groups.items():
        called = any(one.fullmatch(fold(stem)) for one in words()["replicate"].names)
        if called and len(numbered) >= 10 and len(numbered) > len(best[1]):
            best = (stem, numbered)
    if not best[1]:
        return ("", 0), set()
    ordered = sorted(best[1], key=lambda one: one[1])
    pattern = f"{best[0]}{{{ordered[0][0]}..{ordered[-1][1]}}}"
    return (pattern, len(ordered)), {name for _, _, name in ordered}


def _judged(variable: Variable, concept: str, sample: pl.DataFrame) -> tuple[Proposal | None, str]:
    """Judge one column for one concept; give a proposal, or the reason to refuse what looked like one."""
    known, cells = words()[concept], sample[variable.name]
    evidence = _Evidence()
    name = fold(variable.name)
    if any(one.fullmatch(name) for one in known.names):
        evidence.add(0.7, "its name")
    label = fold(variable.label)
    if label and (length := longest(known.labels, label)):
        # A label that says little else says it more surely.
        evidence.add(0.5 + 0.35 * length / len(label), f"its label {variable.label!r}")
    if not evidence.signs:
        return None, ""
    if refusal := _refusal(concept, variable, cells, sample):
        return None, refusal
    if (share := _understood(concept, variable, cells)) is not None:
        if share >= 0.5:
            evidence.add(0.6 * share, "the labels of its codes" if variable.codes else "its words")
        elif share == 0:
            evidence.doubt = 1 - (1 - evidence.doubt) * 0.4
            evidence.signs.append("though its codes are not understood")
    confidence = round(1 - evidence.doubt, 2)
    return Proposal(
        concept, variable.name, confidence, ", ".join(evidence.signs), Column(column=variable.name)
    ), ""


def _understood(concept: str, variable: Variable, cells: pl.Series) -> float | None:
    """Give the share of codes whose label means a code of the concept; None if there are no words."""
    if concept in DESIGN or concepts()[concept].kind != "coded":
        return None
    labels = _labels(variable, cells)
    meanings = [meaning_of_label(concept, label) for label in labels.values()]
    told = [one for one in meanings if one not in (UNKNOWN, NOT_IN_UNIVERSE)]
    return None if not told else sum(one is not None for one in told) / len(told)


def _labels(variable: Variable, cells: pl.Series) -> dict[str, str]:
    """Give code -> label: as the file states them, or the words that stand in the cells."""
    if variable.codes:
        return dict(variable.codes)
    if variable.kind != TEXT or cells.n_unique() > _MOST_CODES:
        return {}
    present = cells.drop_nulls().cast(pl.String).unique().sort().to_list()
    return {one: one for one in present if not re.fullmatch(r"-?\d+(\.\d+)?", one)}


def _refusal(concept: str, variable: Variable, cells: pl.Series, sample: pl.DataFrame) -> str:
    """Say why a column cannot be what its name suggests; empty if it can."""
    numbers = cells.cast(pl.Float64, strict=False).drop_nulls() if cells.dtype != pl.Boolean else cells
    if concept == "weight":
        return _no_weight(variable, cells, numbers, sample)
    if concept in DESIGN:
        return ""
    kind = concepts()[concept].kind
    if kind == "number" and cells.dtype == pl.String and len(numbers) < cells.drop_nulls().len() / 2:
        return f"is called like {concept}, but holds words"
    if (
        kind == "coded"
        and cells.n_unique() > 4 * _MOST_CODES
        and not variable.codes
        and concept != "previous_residence"
    ):
        return f"is called like {concept}, but has {cells.n_unique()} different values"
    if concept == "age" and len(numbers) and not -99 <= float(numbers.max() or 0) <= 1000:  # type: ignore[arg-type]
        return "is called like age, but holds larger numbers"
    return ""


def _no_weight(variable: Variable, cells: pl.Series, numbers: pl.Series, sample: pl.DataFrame) -> str:
    if not len(numbers) or cells.dtype == pl.String:
        return "is called like a weight, but holds no numbers"
    body = {"height", "bmi", "wzrost", "talla", "estatura", "taille", "imc"}
    beside = sorted(body & {fold(name) for name in sample.columns})
    if beside or re.search(r"\b(kg|kilogram\w*|body|corporal|ciala)\b", fold(variable.label)):
        why = f"beside {', '.join(beside)}" if beside else "by its label"
        return f"is the weight of the body ({why}), not a survey weight"
    return "is called like a weight, but has negative values" if float(numbers.min() or 0) < 0 else ""  # type: ignore[arg-type]
