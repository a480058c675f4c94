"""`sojourn framework gaps|core-set|crosswalk`: what is monitored, what is missing, what to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sojourn import console, discovery, framework
from sojourn.commands.current import current
from sojourn.commands.framework_facts import supplies
from sojourn.console import table
from sojourn.errors import UsageError
from sojourn.framework.core_set import CRITERIA, EQUAL, choose, scores
from sojourn.framework.feasibility import read_feasibility
from sojourn.framework.stability import stability


def series_here() -> dict[str, tuple[str, ...]]:
    """Give the series that this program measures, by indicator; several indicators may have one number."""
    here: dict[str, tuple[str, ...]] = {}
    for indicator in discovery.indicators():
        here[indicator.code] = here.get(indicator.code, ()) + tuple(one.code for one in indicator.series)
    return here


def show_gaps(release: str | None, *, as_json: bool, as_csv: bool) -> None:
    """Print what each target has and lacks, what serves several, the subjects, and the rivals of the five."""
    facts, here = framework.load(), series_here()
    held = framework.availability(current(release).observations()) if release else None
    rows = framework.gaps(facts, here, None if held is None else held["series"].to_list())
    if as_csv:
        console.print_frame(_flat([asdict(row) for row in rows]), as_json=False, as_csv=True)
        return
    answers = framework.subjects(facts, here)
    missing = [] if held is None else _without_numbers(rows, set(held["series"]))
    if as_json:
        console.print_json(
            {
                "targets": [asdict(row) for row in rows],
                "shared": [asdict(one) for one in framework.shared(facts)],
                "subjects": [
                    one.subject.model_dump() | {"series_measured": one.series_here} for one in answers
                ],
                "proposals": [one.model_dump() for one in facts.proposals],
                "indicators": [
                    one.model_dump() | {"from_memory": one.from_memory} for one in facts.indicators
                ],
                "availability": None if held is None else held.to_dicts(),
                "without_numbers": None if held is None else missing,
            }
        )
        return
    left = [
        ("target", "code"),
        ("relation", "left"),
        ("indicators", "left"),
        ("here", "right"),
        ("lacks", "left"),
        ("certainty", "left"),
    ]
    lines = [
        (
            row.target,
            row.relation,
            " ".join(row.indicators),
            len(row.series_here),
            "; ".join(row.gaps) or "–",
            row.certainty,
        )
        for row in rows
    ]
    table("Targets: official indicators, series measured here, what is missing", left, lines)
    kinds = [("serves several", "code"), ("what", "left"), ("targets", "left")]
    table("", kinds, [(one.code, one.label, " ".join(one.targets)) for one in framework.shared(facts)])
    columns = [("subject", "left"), ("answer", "code"), ("series here", "left"), ("best source", "left")]
    columns.append(("certainty", "left"))
    table(
        "Subjects the 2015 meeting wanted measured",
        columns,
        [
            (
                one.subject.label,
                one.subject.answer,
                " ".join(one.series_here),
                one.subject.best_source,
                one.subject.grade,
            )
            for one in answers
        ],
    )
    columns = [("proposal", "left"), ("by", "left"), ("for", "left"), ("objection", "left"), ("fate", "left")]
    columns.append(("certainty", "left"))
    table(
        "The five of 2015 and their rivals",
        columns,
        [
            (
                one.label_own_words,
                one.proposed_by,
                " ".join(one.targets),
                one.objection or "none known here",
                one.fate or "not known here",
                one.grade,
            )
            for one in facts.proposals
        ],
    )
    if held is not None:
        title = "Countries and years with a number; countries by nativity, citizenship, legal status"
        table(title, [(name, "left") for name in held.columns], held.iter_rows())
        columns = [("target", "code"), ("no data for", "left"), ("supply", "left")]
        lines_missing = [(one["target"], one["series"], "; ".join(one["supply"])) for one in missing]
        table(
            "Series of a target without a number in this release, and what would fill them",
            columns,
            lines_missing,
        )
    console.out.print("Sources and certainty of every fact: --json", style="dim")


def _without_numbers(rows: Sequence[framework.TargetCoverage], held: set[str]) -> list[dict[str, Any]]:
    fills = supplies()
    return [
        {"target": row.target, "series": series, "supply": fills.get(series, ())}
        for row in rows
        for series in row.series_here
        if series not in held
    ]


def show_crosswalk(scheme: str, to: str, *, as_json: bool, as_csv: bool) -> None:
    """Print the links between two schemes."""
    links = framework.crosswalk(framework.load(), scheme, to)
    frame = pl.DataFrame([asdict(link) for link in links])
    if console.print_frame(frame, as_json=as_json, as_csv=as_csv):
        return
    columns = [
        (scheme, "code"),
        ("", "left"),
        (to, "code"),
        ("", "left"),
        ("via", "left"),
        ("certainty", "left"),
    ]
    table(
        f"{scheme} → {to}",
        columns,
        [(one.entry, one.label, one.to or "–", one.to_label, one.via, one.certainty) for one in links],
    )


def show_core_set(
    file: Path, at_most: int, weights: Sequence[str], draws: int, seed: int, *, as_json: bool, as_csv: bool
) -> None:
    """Choose a core set from a feasibility file and print it, with what depends on the weights."""
    for number, words in ((draws, "draws cannot be made"), (seed, "is no seed")):
        if number < 0:
            raise UsageError(f"{number} {words}", accepted="0 or more")
    candidates = read_feasibility(file)
    weighed = parse_weights(weights)
    asked = [one.target for one in framework.load().targets]
    core = choose(candidates, at_most, weighed, asked)
    rows = stability(candidates, np.random.default_rng(seed), at_most, weighed, draws)
    by_code = {one.indicator: one for one in candidates}
    listed: list[dict[str, Any]] = [
        {
            "indicator": row.indicator,
            "label": by_code[row.indicator].label,
            "targets": by_code[row.indicator].targets,
            "chosen": row.chosen,
            "points": core.points[row.indicator],
            **dict(zip(CRITERIA, scores([by_code[row.indicator]])[0].tolist(), strict=True)),
            "share_of_draws": row.share,
            "changes_without": row.lost_without,
            "stable": row.stable,
        }
        for row in rows
    ]
    if as_csv:
        console.print_frame(_flat(listed), as_json=False, as_csv=True)
        return
    if as_json:
        summary = {name: value for name, value in asdict(core).items() if name != "points"}
        choices = {"at_most": at_most, "weights": weighed, "draws": draws, "seed": seed}
        console.print_json(choices | summary | {"candidates": listed})
        return
    columns = [("indicator", "code"), ("targets", "left"), ("points", "right"), ("drawn weights", "right")]
    for title, chosen in ((f"Chosen: {len(core.chosen)} of at most {at_most}", True), ("Not chosen", False)):
        lines = [
            (
                row["indicator"],
                " ".join(row["targets"]),
                f"{row['points']:,}",
                f"{row['share_of_draws']:.0%}",
                _stable(row),
            )
            for row in listed
            if row["chosen"] == chosen
        ]
        table(title, [*columns, ("stable", "left")], lines)
    for words, targets in (
        ("covered", core.covered),
        ("no room for", core.uncovered),
        ("targets of the framework without a feasible candidate", core.without_candidate),
        ("not feasible", core.not_feasible),
    ):
        if targets:
            console.out.print(f"{words}: {', '.join(targets)}", style="dim")


def _stable(row: dict[str, Any]) -> str:
    if row["changes_without"]:
        return "changes without " + ", ".join(row["changes_without"])
    return "yes" if row["stable"] else "changes with weights"


def parse_weights(given: Sequence[str]) -> dict[str, float]:
    """Read weights as CRITERION=NUMBER; those not named keep weight 1.

    Raises:
        UsageError: it is not of that form.

    >>> parse_weights(["coverage=2"])["coverage"], parse_weights([])["timeliness"]
    (2.0, 1.0)
    """
    weights = dict(EQUAL)
    for text in given:
        name, _, value = text.partition("=")
        try:
            weights[name] = float(value)
        except ValueError as error:
            accepted = f"CRITERION=NUMBER, of {', '.join(CRITERIA)}"
            raise UsageError(f"{text!r} is no weight", accepted=accepted) from error
    return weights


def _flat(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Write lists as text, so that a CSV can hold them."""
    return pl.DataFrame(
        [
            {name: "; ".join(cell) if isinstance(cell, tuple) else cell for name, cell in row.items()}
            for row in rows
        ]
    )
