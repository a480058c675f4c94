"""`sojourn survey estimate`: estimates with their errors, as people and programs read them."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from sojourn import console
from sojourn.commands.survey_tables import draw
from sojourn.errors import UsageError
from sojourn.methods.survey import Cube, Presentation
from sojourn.methods.survey.intervals import PROPORTION_METHODS
from sojourn.methods.survey.packed import Packed
from sojourn.methods.survey.safety import FEWEST_CASES, Safety
from sojourn.methods.survey.statistics import FORMS
from sojourn.surveys.answers import PRINTED, Answers, answers, cube_of
from sojourn.surveys.designs import Declaration, in_words
from sojourn.surveys.packing import packed_answers, packed_file
from sojourn.surveys.samples import Files, opened
from sojourn.surveys.words import Question

CUBE, PACKED = ".arrow", ".packed"
_NUMBERS = ("estimate", "se", "lower", "upper", "df", "n", "cv", "flag", "deff")


def parted(given: list[str]) -> tuple[list[Path], list[str]]:
    """Tell files from statistics: a statistic has parentheses and is no file.

    >>> parted(["people.csv", "mean(age)", "count()"])
    ([PosixPath('people.csv')], ['mean(age)', 'count()'])
    """
    words = [one for one in given if _statistic(one) and not Path(one).exists()]
    paths = [Path(one) for one in given if one not in words]
    if not paths:
        raise UsageError("No file was given", accepted='such as people.csv "mean(hourly_earnings)"')
    return paths, words


def _statistic(word: str) -> bool:
    name = word.partition("(")[0].strip().lower()
    return "(" in word and (word.rstrip().endswith(")") or name in (*FORMS, "gap"))


def presentation(
    level: float,
    interval: str | None,
    df: float | None,
    deff: bool,
    minimum_n: int,
    high_cv: float,
) -> Presentation:
    """Check how results are to be given.

    Raises:
        UsageError: a number is out of its range, or there is no such interval.
    """
    if not 0 < level < 1:
        raise UsageError(f"The coverage {level:g} is none", accepted="a number between 0 and 1, such as 0.95")
    known = ("wald", "woodruff", *PROPORTION_METHODS)
    if interval is not None and interval not in known:
        raise UsageError(f"There is no interval {interval!r}", accepted=", ".join(known))
    if minimum_n < 0 or not high_cv > 0 or (df is not None and not df > 0):
        raise UsageError(
            "A threshold or the degrees of freedom are below zero", accepted="numbers above zero"
        )
    return Presentation(level, interval, df, deff, minimum_n, high_cv)


def printed(suppress_below: int, own_use: bool) -> Safety | None:
    """Say what may be printed; None: everything, which only the office itself may see.

    Raises:
        UsageError: fewer cases would be printed than may be passed on.
    """
    if own_use:
        return None
    if suppress_below < FEWEST_CASES:
        raise UsageError(
            f"Numbers of {max(suppress_below, 1)} cases would be printed",
            accepted=f"{FEWEST_CASES} or more",
            advice="For the office's own eyes: --own-use, which every such row then says.",
        )
    return replace(PRINTED, minimum_n=suppress_below)


def show_estimates(
    files: Files,
    asked: Question,
    how: Presentation,
    declaration: Declaration,
    *,
    change: bool,
    safety: Safety | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print the answers to a question to survey files, or to a stored cube.

    Raises:
        UsageError: the question does not fit the file, or the design is not declared.
        SourceError: the file cannot be used.
    """
    if any(path.suffix.lower() in (CUBE, PACKED) for path in files.paths):
        found, design = _stored(files, asked, how, declaration, change, safety)
    else:
        found, design = _from_rows(files, asked, how, declaration, change, safety)
    notes = [*found.notes, *_footnotes(found, how, safety)]
    if as_json:
        rows = found.frame.to_dicts()
        console.print_json({"rows": _finite(rows), "design": design, "notes": list(dict.fromkeys(notes))})
        return
    if as_csv:
        sys.stdout.write(found.frame.write_csv())
        return
    for one in found.all:
        draw(one.statistic, one.frame, asked.where, how.level)
    for note in dict.fromkeys([f"design: {design}", *notes]):
        console.out.print(console.plain(note), style="dim")


def _stored(
    files: Files,
    asked: Question,
    how: Presentation,
    declaration: Declaration,
    change: bool,
    safety: Safety | None,
) -> tuple[Answers, str]:
    path = files.paths[0]
    if len(files.paths) > 1 or files.mapping or declaration.given or change:
        raise UsageError(
            f"{path.name} holds its design and its rows: it is asked as it is",
            accepted="one cube or packed file, with --by columns that it has",
            advice="Cubes are added up by 'sojourn survey cube A.arrow B.arrow --write C.arrow'.",
        )
    if path.suffix.lower() == PACKED:
        return packed_answers(path, asked, how, safety=safety), in_words(Packed.open(path).design)
    if asked.where:
        raise UsageError("The rows of a cube were chosen when it was made", advice="Leave --where out.")
    made = Cube.load(path)
    return answers(made, asked, how, by=tuple(asked.by), safety=safety), in_words(made.design)


def _from_rows(
    files: Files,
    asked: Question,
    how: Presentation,
    declaration: Declaration,
    change: bool,
    safety: Safety | None,
) -> tuple[Answers, str]:
    with console.progress() as report:
        report("reading the files", 0, 3)
        with opened(files, asked.columns, declaration) as sample:
            report("adding up the weights", 1, 3)
            made = cube_of(sample, asked, deff=how.deff)
            report("computing the errors", 2, 3)
            found = answers(made, asked, how, sample=sample, change=change, safety=safety)
    told = next((note for note in sample.notes if note.startswith("design: ")), "")
    return found, told.removeprefix("design: ") or in_words(sample.design)


def _footnotes(found: Answers, how: Presentation, safety: Safety | None) -> list[str]:
    rules = {one.interval for one in found.all}
    degrees = sorted({d for one in found.all for d in one.frame["df"].drop_nulls().to_list()})
    freedom = "" if not degrees else f", t with {_freedom(degrees)} degrees of freedom"
    if any(one.frame["se"].drop_nulls().len() for one in found.all):
        lines = [f"intervals of {how.level:.3%}: {', '.join(sorted(rules))}{freedom}".replace(".000%", " %")]
    else:
        lines = []
    hidden = f"; fewer than {safety.minimum_n} are not shown" if safety else ""
    lines.append(f"fewer than {how.minimum_n} cases and a CV above {how.high_cv:.0%} are pointed out{hidden}")
    return lines


def _freedom(degrees: list[float]) -> str:
    words = [f"{one:g}" for one in degrees]
    return words[0] if len(words) == 1 else f"{words[0]} to {words[-1]}"


def _finite(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """JSON has no infinity and no not-a-number."""
    return [
        {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
        for row in rows
    ]


def show_cube(
    files: Files,
    asked: Question,
    declaration: Declaration,
    target: Path,
    *,
    keep: str,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Make a cube of files, or add up cubes, and write it.

    Raises:
        UsageError: the file is already there; cubes differ; the design is not declared.
        SourceError: a file cannot be used, or the cube not be written.
    """
    _require_new(target, CUBE, overwrite)
    stored = [path for path in files.paths if path.suffix.lower() == CUBE]
    if stored and (len(stored) < len(files.paths) or asked.by or asked.measures or files.mapping):
        raise UsageError(
            "Cubes are added up as they are",
            accepted="several cubes and --write; or files of persons with --by and --measure",
        )
    notes: tuple[str, ...] = ()
    with console.progress() as report:
        if stored:
            report("adding up cubes", 0, 1)
            first, *others = [Cube.load(path) for path in stored]
            made = first.merge(*others)
        else:
            report("reading the files", 0, 2)
            with opened(files, asked.columns, declaration) as sample:
                report("adding up the weights", 1, 2)
                made, notes = (
                    cube_of(sample, asked, keep="sums" if keep == "sums" else "values"),
                    sample.notes,
                )
        made.save(target)
    told_of = {
        "cube": str(target),
        "cases": made.n,
        "by": list(made.by),
        "measures": list(made.measures),
        "design": in_words(made.design),
        "bytes": target.stat().st_size,
    }
    if as_json:
        console.print_json(told_of | {"notes": list(notes)})
        return
    console.out.print(
        console.plain(
            f"{target}: {made.n:,} cases by {', '.join(made.by) or 'nothing'}; "
            f"{', '.join(made.measures) or 'counts'}; {told_of['bytes']:,} bytes"
        ),
        style="bold",
    )
    for note in dict.fromkeys((f"design: {told_of['design']}", *notes)):
        console.out.print(console.plain(note), style="dim")
    console.out.print(
        "Its small cells disclose as much as a table with them: protect it before it is passed on."
    )


def show_packing(
    files: Files,
    columns: list[str],
    declaration: Declaration,
    target: Path,
    *,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Write files in the packed form, which answers repeated questions without reading the rows again.

    Raises:
        UsageError: the file is already there, no column is named, the design is not declared or linearised.
        SourceError: a file cannot be used.
    """
    _require_new(target, PACKED, overwrite)
    if not columns and not files.mapping:
        raise UsageError(
            "No column is named", accepted="--columns, or a mapping, whose concepts are then packed"
        )
    with console.progress() as report:
        report("reading the files", 0, 2)
        with opened(files, columns, declaration, every=not columns) as sample:
            report("packing", 1, 2)
            made = packed_file(sample, columns or sample.concepts, target)
    told_of = {"packed": str(target), "rows": sample.rows, "columns": list(made.levels)}
    if as_json:
        console.print_json(told_of | {"notes": list(sample.notes)})
        return
    console.out.print(
        console.plain(f"{target}: {sample.rows:,} rows, {len(made.levels)} columns"), style="bold"
    )
    console.out.print(console.plain(", ".join(made.levels)))
    for note in dict.fromkeys(sample.notes):
        console.out.print(console.plain(note), style="dim")
    console.out.print("It holds a row per person, and is as confidential as the file itself.")


def _require_new(target: Path, suffix: str, overwrite: bool) -> None:
    if target.suffix.lower() != suffix:
        raise UsageError(f"{target.name} does not end in {suffix}", advice="So that the file is known again.")
    if target.exists() and not overwrite:
        raise UsageError(
            "The file is already there", where=target, advice="Name another file, or --overwrite."
        )
