"""Makes a release: files in, every indicator whose sources are there, one frozen folder out."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sojourn import discovery
from sojourn.errors import ReleaseError, UsageError
from sojourn.indicators.model import Parameters, Series
from sojourn.indicators.progress import ProgressParameters
from sojourn.release import folder
from sojourn.release.changelog import changelog
from sojourn.release.compute import compute, parameters_of
from sojourn.release.differences import differences, open_difference
from sojourn.release.gather import Gathered, gather
from sojourn.release.identity import code_version, key_of, library_versions
from sojourn.release.manifest import BuiltIndicator, InputRecord, Manifest, Output
from sojourn.release.periods import last_day
from sojourn.release.progress import with_progress
from sojourn.release.request import Built, Options, Report, dependencies, silent
from sojourn.release.surveys import gather_surveys
from sojourn.release.verify import verify
from sojourn.sources.listing import InputFile


def make(
    files: list[InputFile], out: Path, options: Options, previous: Path | None, report: Report = silent
) -> Built:
    """Compute and publish a release, unless the newest one is the same.

    The folder of releases is locked by the caller, `request.build`, which says what is raised.

    Args:
        files: files of the data folder, in order.
        out: the folder of releases.
        options: see `Options`.
        previous: the newest release there, None where there is none.
        report: called with (stage, done, total) as work goes on.
    """
    chosen = parameters_of(options.parameters)
    if options.not_before and options.not_before.tzinfo is None:
        raise UsageError("The moment of release has no time zone", accepted="2026-12-01T09:30Z")
    key = _build_key(files, options, chosen)
    # A damaged release is no release: building heals it.
    if previous is not None and _key_of_release(previous) == key and verify(previous).sound:
        return Built(previous, unchanged=True)
    gathered = gather(files, packaged=options.packaged, skip_damaged=options.skip_damaged, report=report)
    gather_surveys(gathered, options.surveys, report)
    frame, built = compute(gathered.as_tables(), chosen, report)
    if not frame.height:
        raise ReleaseError(
            "None of the files gives an indicator",
            where=", ".join(sorted({str(_folder_of(file)) for file in files})),
            advice="Run 'sojourn list sources' to see which files are known.",
        )
    as_of = options.as_of or last_day(frame["period"])
    report("progress to target", len(built), len(built))
    frame, built = with_progress(frame, built, _metadata(), _progress_rules(chosen), as_of)
    with folder.staging(out) as place:
        content = _Content(frame, built, gathered, chosen, options, as_of, key)
        _write(place, content, previous)
        number = folder.sequence(previous) + 1 if previous else 1
        return Built(folder.publish(place, out, number), unchanged=False)


def _folder_of(file: InputFile) -> Path:
    """Give the data folder that a file was found in, whose name is its path below it."""
    return file.path.parents[file.name.count("/")]


@dataclass(frozen=True, slots=True)
class _Content:
    frame: pl.DataFrame
    built: tuple[BuiltIndicator, ...]
    gathered: Gathered
    chosen: Mapping[str, Parameters]
    options: Options
    as_of: date
    key: str


def _write(place: Path, content: _Content, previous: Path | None) -> None:
    """Write all files of a release; the manifest last, because it names the others."""
    metadata = _metadata()
    preferred = {code: series.headline for code, series in metadata.items() if series.headline}
    pairs = differences(content.frame, metadata)
    found = content.gathered.all_problems()
    with folder.writing(place):
        _write_parquet(content.frame, place / folder.OBSERVATIONS)
        _write_parquet(found, place / folder.PROBLEMS)
        _write_parquet(pairs, place / folder.DIFFERENCES)
        (place / folder.SERIES).write_text(_series_json(metadata), encoding="utf-8", newline="\n")
        rows = {
            folder.OBSERVATIONS: content.frame.height,
            folder.PROBLEMS: found.height,
            folder.DIFFERENCES: pairs.height,
        }
        manifest = _manifest(content, previous, rows, pairs.filter(open_difference()).height, place)
        text = changelog(content.frame, manifest, previous, preferred)
        (place / folder.CHANGELOG).write_text(text, encoding="utf-8", newline="\n")
        manifest = manifest.model_copy(update={"outputs": _outputs(place, rows)})
        (place / folder.MANIFEST).write_text(manifest.to_json(), encoding="utf-8", newline="\n")


def _metadata() -> dict[str, Series]:
    return {code: series for code, (_, series) in discovery.series().items()}


def _progress_rules(chosen: Mapping[str, Parameters]) -> ProgressParameters:
    rules = chosen[ProgressParameters.section]
    assert isinstance(rules, ProgressParameters)
    return rules


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write through memory: a full disk then fails in Python, with an error that says so."""
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", compression_level=3, row_group_size=131_072)
    path.write_bytes(content.getbuffer())


def _manifest(
    content: _Content, previous: Path | None, rows: dict[str, int], open_differences: int, place: Path
) -> Manifest:
    return Manifest(
        sequence=folder.sequence(previous) + 1 if previous else 1,
        previous=previous.name if previous else None,
        build_key=content.key,
        code=code_version(),
        libraries=library_versions(content.options.packaged, surveys=bool(content.options.surveys)),
        packaged=content.options.packaged,
        skip_damaged=content.options.skip_damaged,
        as_of=content.as_of,
        not_before=content.options.not_before,
        parameters={name: one.model_dump(mode="json") for name, one in content.chosen.items()},
        seeds={},
        inputs=tuple(InputRecord(**asdict(one)) for one in content.gathered.inputs),
        indicators=content.built,
        observations=content.frame.height,
        problems=rows[folder.PROBLEMS],
        open_differences=open_differences,
        outputs=_outputs(place, rows),
    )


def _outputs(place: Path, rows: dict[str, int]) -> tuple[Output, ...]:
    return tuple(
        Output(file=path.name, sha256=folder.sha256(path), size=path.stat().st_size, rows=rows.get(path.name))
        for path in sorted(place.iterdir())
        if path.name != folder.MANIFEST
    )


def _series_json(metadata: Mapping[str, Series]) -> str:
    """Freeze what each series means, so that a reader of the release needs no code of that day."""
    content = {}
    for code, (indicator, _) in sorted(discovery.series().items()):
        entry = asdict(metadata[code])
        content[code] = entry | {"indicator": indicator.code, "explanation": indicator.explanation}
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _build_key(files: list[InputFile], options: Options, chosen: Mapping[str, Parameters]) -> str:
    parameters = {name: one.model_dump(mode="json") for name, one in chosen.items()}
    return key_of(dependencies(files, options) | {"parameters": parameters})


def _key_of_release(path: Path) -> str:
    """Read the key of the release before; a damaged manifest matches nothing."""
    try:
        key = json.loads((path / folder.MANIFEST).read_text(encoding="utf-8")).get("build_key", "")
    except (OSError, ValueError):
        return ""
    return str(key)
