"""What is said beneath a table of a survey: its design, what was set aside, what was read otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from sojourn.methods.survey import Design
from sojourn.methods.survey.safety import FEWEST_CASES
from sojourn.sources.microdata.mapping import Mapping
from sojourn.sources.microdata.standard import Standard
from sojourn.surveys.designs import in_words

_MOST_TOLD = 6


def of_samples(
    parts: Sequence[Standard],
    mapping: Mapping,
    design: Design,
    columns: Sequence[str],
    years: Sequence[int],
) -> tuple[str, ...]:
    """Tell what stands behind the numbers of a mapped survey: the design, what was set aside, what is unsure.

    Args:
        parts: the files, in the field's words.
        mapping: as they were read.
        design: by which errors are computed.
        columns: concepts that the question uses.
        years: of the files.
    """
    lines = ["simulated: every person of the file is invented"] if mapping.simulated else []
    if mapping.design.kind == "none":
        lines.append("no weights: these are numbers of the sample, not of the population")
    lines.append(f"design: {in_words(design, mapping.design.weight)}")
    for one in parts:
        lines += of_problems(one.problems)
        lines += [note for note in one.notes if note.partition(":")[0] in columns]
        lines += _not_answered(one, columns)
    lines += [
        f"{name}: {way.certainty}"
        for name in columns
        for way in mapping.concepts.get(name, ())
        if way.certainty and any(way.holds(year) for year in years or (None,))
    ]
    return tuple(dict.fromkeys(lines))


def _not_answered(one: Standard, columns: Sequence[str]) -> list[str]:
    """Count the rows whose answer is not known, or that were not asked."""
    lines = []
    for name in columns:
        counts = dict(one.counts.filter(pl.col("concept") == name).select("code", "rows").iter_rows())
        told = [
            f"{counts[code]:,} rows {words}"
            for code, words in (("unknown", "unknown"), ("not_in_universe", "not asked"))
            if counts.get(code)
        ]
        if told:
            lines.append(f"{name}: {', '.join(told)}")
    return lines


def guarded(lines: Iterable[str]) -> tuple[str, ...]:
    """Tell no number of few rows: that would give away what a table withholds.

    >>> guarded(["citizenship: 2 rows unknown, 30 rows not asked"])
    ('citizenship: fewer than 10 rows unknown, 30 rows not asked',)
    """
    few = re.compile(r"(?<![\d,])(\d+) rows (unknown|not asked)")
    return tuple(
        few.sub(
            lambda m: m[0] if int(m[1]) >= FEWEST_CASES else f"fewer than {FEWEST_CASES} rows {m[2]}", line
        )
        for line in lines
    )


def of_problems(listed: pl.DataFrame) -> list[str]:
    """Tell the first problems of a file, and how many more there are."""
    lines = [
        f"{row['file']}: "
        + " ".join(str(row[k]) for k in ("column", "value", "problem") if row[k] is not None)
        + (f" ({row['accepted']})" if row["accepted"] else "")
        + (f", {row['action']}" if row.get("action") else "")
        for row in listed.to_dicts()
    ]
    more = [f"and {len(lines) - _MOST_TOLD} more problems"] if len(lines) > _MOST_TOLD else []
    return lines[:_MOST_TOLD] + more
