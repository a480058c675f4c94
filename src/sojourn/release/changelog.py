"""Writes the changelog of a release for people: which numbers changed, by how much, why."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sojourn.errors import ReleaseError
from sojourn.release import folder
from sojourn.release.compare import Comparison, compare
from sojourn.release.gate import read_manifest, read_table
from sojourn.release.headline import Preferences
from sojourn.release.manifest import Manifest

_LARGEST = 5
"""Changed numbers to print of each series; `sojourn diff` lists more."""


def changelog(
    frame: pl.DataFrame, manifest: Manifest, previous: Path | None, preferred: Preferences | None = None
) -> str:
    """Write the changelog against the release before, in Markdown.

    Args:
        frame: observations of the new release.
        manifest: its manifest (the list of outputs may still grow).
        previous: folder of the release before, None for the first.
        preferred: series -> method names, for the choice of headline numbers.
    """
    head = [
        f"# Release {manifest.sequence:04d}",
        "",
        f"As of {manifest.as_of}. {manifest.observations:,} numbers.",
        "",
    ]
    if previous is None:
        return "\n".join([*head, "First release in this folder.", "", *_coverage(frame)]) + "\n"
    try:
        before = read_manifest(previous)
        old = read_table(previous, folder.OBSERVATIONS)
    except ReleaseError as error:
        told = f"{previous.name}, the release before, is damaged and could not be compared ({error.what})."
        return "\n".join([*head, told, "", *_coverage(frame)]) + "\n"
    comparison = compare(old, frame, before, manifest, preferred)
    hidden = before.not_before and (not manifest.not_before or before.not_before > manifest.not_before)
    lines = _counts(comparison) if hidden else _against(comparison)
    return "\n".join([*head, f"Against {previous.name}:", "", *lines]) + "\n"


def _counts(comparison: Comparison) -> list[str]:
    """Say how many numbers changed and why: all that may be said of a release under embargo."""
    return [
        f"* {comparison.changed.height:,} numbers changed",
        f"* {comparison.added.height:,} are new",
        f"* {comparison.removed.height:,} are gone",
        f"* {comparison.unchanged:,} are as before",
        "",
        "Why:",
        "",
        *(f"* {reason}" for reason in comparison.reasons or ("nothing that goes into a release changed",)),
    ]


def _against(comparison: Comparison) -> list[str]:
    lines = _counts(comparison)
    if comparison.changed.height:
        lines += ["", f"Largest changes of each series (of {comparison.changed.height:,}):", ""]
        lines += [
            "| series | area | counterpart | period | breakdown | before | after | change |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for row in (
            comparison.changed.sort("series", maintain_order=True)
            .group_by("series", maintain_order=True)
            .head(_LARGEST)
            .iter_rows(named=True)
        ):
            cells = [row[name] for name in ("series", "area", "counterpart", "period", "breakdown")]
            cells += [_number(row[name]) for name in ("before", "after", "change")]
            lines.append("| " + " | ".join(cells) + " |")
    for title, frame in (("New", comparison.added), ("Gone", comparison.removed)):
        if frame.height:
            lines += ["", f"{title} numbers by series:", "", *_coverage(frame)]
    return lines


def _coverage(frame: pl.DataFrame) -> list[str]:
    counts = frame.group_by("series").agg(
        pl.len().alias("numbers"),
        pl.col("area").n_unique().alias("areas"),
        pl.col("period").min().alias("first"),
        pl.col("period").max().alias("last"),
    )
    return [
        f"* {row['series']}: {row['numbers']:,} numbers, {row['areas']} areas, {row['first']} to {row['last']}"
        for row in counts.sort("series").iter_rows(named=True)
    ]


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
