"""Opens survey files for a question: only the columns that it needs, in the field's words or as the file has them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from sojourn.errors import LayoutError, NotFoundError, UsageError
from sojourn.methods.survey import Design
from sojourn.sources.microdata.build import default_cache, find_mapping
from sojourn.sources.microdata.concepts import AREA, STRATUM, WEIGHT, YEAR, concepts
from sojourn.sources.microdata.conversion import disk_errors, refuse_full_disk
from sojourn.sources.microdata.files import Survey, open_survey
from sojourn.sources.microdata.mapping import Break, Mapping
from sojourn.sources.microdata.standard import Standard, standard
from sojourn.sources.parsing import closest
from sojourn.surveys import notes
from sojourn.surveys.designs import Declaration, declared, of_mapping


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a question.

    Attributes:
        paths: files of one layout in one year, or one file per year.
        mapping: name or path of a mapping; empty: the file's own columns are asked of.
        joined: files whose columns the mapping joins, one per file or none.
        area: ISO 3166-1 alpha-3, where the mapping names none.
        years: none, one, or one per file.
        cache: where converted files are kept; None: the user's cache.
        table, encoding: as for `open_survey`.
    """

    paths: Sequence[Path]
    mapping: str = ""
    joined: Sequence[Path] = ()
    area: str = ""
    years: Sequence[int] = ()
    cache: Path | None = None
    table: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """An opened survey as the methods take it.

    Attributes:
        name: of the files.
        paths: Parquet files with the columns of the question and the design.
        design: by which errors are computed.
        rows: persons in the files.
        coded: columns of codes, in which "unknown" and "not_in_universe" are no answers.
        years: the years of the rows, where they are known.
        breaks: changes that make years hard to compare.
        concepts: the concepts that were taken along.
        notes: what stands behind the numbers: the design, what was set aside, what was read otherwise.
    """

    name: str
    paths: tuple[Path, ...]
    design: Design
    rows: int
    coded: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()
    breaks: tuple[Break, ...] = ()
    notes: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()


@contextmanager
def opened(
    files: Files,
    columns: Sequence[str],
    declaration: Declaration | None = None,
    *,
    every: bool = False,
) -> Iterator[Sample]:
    """Open files for as long as a question needs them.

    Args:
        files: which, and how they are read.
        columns: the columns that the question is about.
        declaration: the design, where there is no mapping; with a mapping only `df` and `lonely` of it.
        every: all concepts of the mapping, for several questions.

    Yields:
        The sample; what was written for it is removed at the end.

    Raises:
        UsageError: a column is not there; a design is declared twice or not at all.
        SourceError, LayoutError: as `open_survey` and `standard`.
    """
    given = declaration or Declaration()
    cache = files.cache or default_cache()
    if not files.mapping:
        yield _as_it_is(files, columns, given, cache)
        return
    if given.given:
        raise UsageError(
            "The design is declared by the mapping and by options",
            advice="Leave the options out, or correct [design] in the mapping.",
        )
    with disk_errors(cache):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = tempfile.TemporaryDirectory(dir=cache)
    with kept as folder:
        with disk_errors(cache):
            sample = _mapped(files, columns, given, cache, Path(folder), every)
        yield sample


def _as_it_is(files: Files, columns: Sequence[str], given: Declaration, cache: Path) -> Sample:
    if files.joined or len(files.years) > 1:
        raise UsageError(
            "Files are joined and years are told apart by a mapping",
            advice="'sojourn survey describe FILE --write MAP.toml' writes one to begin with.",
        )
    design = declared(given)
    survey = _open(files, list(files.paths), cache)
    _require(columns, survey.variables.names, survey.name, ())
    return Sample(
        survey.name,
        survey.paths,
        design,
        survey.rows,
        notes=(*notes.of_problems(survey.problems), *_labels(survey)),
    )


def _labels(survey: Survey) -> list[str]:
    listed = [one.name for one in survey.variables if one.missing]
    if not listed:
        return []
    return [
        f"{', '.join(listed[:5])}: codes that the file declares missing count as values here; a mapping sets them apart"
    ]


def _open(files: Files, paths: list[Path], cache: Path) -> Survey:
    return open_survey(paths, cache, table=files.table, encoding=files.encoding)


def _mapped(
    files: Files, columns: Sequence[str], given: Declaration, cache: Path, folder: Path, every: bool
) -> Sample:
    _, mapping = find_mapping(files.mapping)
    parts = _standards(files, mapping, cache)
    design = of_mapping(parts[0].design, df=given.df, lonely=given.lonely)
    frames = [_needed(one, columns, design, every, mapping, files.paths[0].name) for one in parts]
    frame = pl.concat(frames, how="vertical_relaxed")
    if mapping.design.kind == "none":
        frame = frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(WEIGHT))
    target = folder / "persons.parquet"
    years = _years(parts)
    if design.kind == "taylor" and len(years) > 1:
        frame, design = _apart(frame, design)
    _sink(frame, target)
    schema = pl.read_parquet_schema(target)
    coded = [name for name in schema if name in mapping.concepts and mapping.concept(name).kind == "coded"]
    rows = int(pl.scan_parquet(target).select(pl.len()).collect().item())
    return Sample(
        ", ".join(path.name for path in files.paths),
        (target,),
        design,
        rows,
        frozenset(coded),
        years,
        mapping.breaks,
        notes.of_samples(parts, mapping, design, columns, years),
        tuple(name for name in mapping.concepts if name in schema),
    )


def _sink(frame: pl.LazyFrame, target: Path) -> None:
    try:
        frame.sink_parquet(target, compression="zstd")
    except pl.exceptions.PolarsError as error:
        refuse_full_disk(error)
        raise LayoutError(
            f"The mapping does not fit the rows of the file: {str(error).splitlines()[0]}",
            advice="Correct the expression that uses this column.",
        ) from error


def _standards(files: Files, mapping: Mapping, cache: Path) -> list[Standard]:
    """Apply the mapping: once to files of one year, or to each file with its own year."""
    paths, years, joined = list(files.paths), list(files.years), list(files.joined)
    if len(years) < 2:
        survey = _open(files, paths, cache)
        beside = _open(files, joined, cache) if joined else None
        year = years[0] if years else None
        return [standard(survey, mapping, area=files.area, year=year, joined=beside)]
    if len(years) != len(paths) or (joined and len(joined) != len(paths)):
        raise UsageError(
            f"{len(paths)} files, {len(years)} years and {len(joined)} files to join",
            accepted="one --year (and one --joined) for each file, in the same order",
        )
    found = []
    for number, (path, year) in enumerate(zip(paths, years, strict=True)):
        survey = _open(files, [path], cache)
        beside = _open(files, [joined[number]], cache) if joined else None
        found.append(standard(survey, mapping, area=files.area, year=year, joined=beside))
    return found


def _needed(
    one: Standard, columns: Sequence[str], design: Design, every: bool, mapping: Mapping, name: str
) -> pl.LazyFrame:
    present = one.frame.collect_schema().names()
    _require(columns, present, name, one.notes)
    concepts_too = [c for c in one.concepts if mapping.concept(c).kind != "text"] if every else []
    wanted = dict.fromkeys([YEAR, AREA, *columns, *concepts_too, *design.columns])
    return one.frame.select([c for c in wanted if c in present])


def _require(columns: Sequence[str], present: Sequence[str], name: str, notes: Sequence[str]) -> None:
    for column in columns:
        if column in present:
            continue
        why = next((note for note in notes if note.startswith(f"{column}:")), "")
        close = closest(column, list(present))[0]
        question = concepts()[column].wording if column in concepts() else ""
        raise NotFoundError(
            f"There is no column {column!r}" + (f" ({why.partition(': ')[2]})" if why else ""),
            where=name,
            accepted=", ".join(list(present)[:24]) + (" …" if len(present) > 24 else ""),
            advice=f"Did you mean {close}?"
            if close
            else f"The question to ask: {question}"
            if question
            else None,
        )


def _years(parts: Sequence[Standard]) -> tuple[int, ...]:
    found = {
        year
        for one in parts
        for year in one.frame.select(pl.col(YEAR).unique()).collect(engine="streaming")[YEAR].to_list()
        if year is not None
    }
    return tuple(sorted(found))


def _apart(frame: pl.LazyFrame, design: Design) -> tuple[pl.LazyFrame, Design]:
    """Keep the strata of several years apart: each year is a sample of its own."""
    name = f"{STRATUM}_1"
    parts = [pl.col(YEAR).cast(pl.String), *([pl.col(name).cast(pl.String)] if design.strata else [])]
    strata = (name, *design.strata[1:])
    return frame.with_columns(pl.concat_str(parts, separator=" ").alias(name)), replace(design, strata=strata)
