"""`sojourn build`, `sojourn demo` and `sojourn fetch`: what was made, from what, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.text import Text

from sojourn import console, discovery, observations
from sojourn.console import basis, interval, number, table
from sojourn.errors import FetchError, NotFoundError
from sojourn.release import Built, Release, open_release
from sojourn.release.manifest import BuiltIndicator
from sojourn.sources.model import Source

if TYPE_CHECKING:
    from sojourn.sources.fetch import Fetched, Progress


def print_built(built: Built, *, as_json: bool) -> None:
    """Print what a build made, what it could not make, and what it left out."""
    # The one who builds a release may see what went into it, embargoed or not.
    release = open_release(built.path, now=datetime.max.replace(tzinfo=UTC))
    manifest = release.manifest
    if as_json:
        head = {"release": str(built.path), "unchanged": built.unchanged}
        console.print_json(head | manifest.model_dump(mode="json"))
        return
    lines = [
        [one.indicator, one.name, number(one.observations) if one.observations else "–", _outcome(one)]
        for one in manifest.indicators
    ]
    columns = [
        ("indicator", "left"),
        ("name", "left"),
        ("numbers", "right"),
        ("not built because; richer with", "left"),
    ]
    table("", columns, lines)
    used = [one for one in manifest.inputs if one.source]
    rejected = sum(one.rejected_rows for one in used)
    console.out.print(
        f"{len(used)} files used, {len(manifest.inputs) - len(used)} left out; {rejected:,} rows rejected."
    )
    for one in manifest.inputs:
        if one.left_out and one.left_out != "of no known source":
            console.out.print(f"  left out: {one.file}: {one.left_out}", style="yellow")
    console.out.print("  sojourn list inputs names every file and what became of it.", style="dim")
    if manifest.problems:
        console.out.print("  sojourn problems lists every rejected row and emptied cell.", style="dim")
    compared = release.differences()
    console.out.print(
        f"{compared.height:,} computed numbers compared with published ones; {manifest.open_differences:,} open."
    )
    if manifest.open_differences:
        console.out.print("  sojourn differences says which.", style="dim")
    if manifest.not_before:
        console.out.print(f"Nobody may read it before {manifest.not_before}.", style="yellow")
    console.out.print(f"{manifest.observations:,} numbers in {built.path}")


def _outcome(one: BuiltIndicator) -> str:
    if one.not_built:
        missing = f"; missing: {', '.join(one.missing)}" if one.missing else ""
        return one.not_built + missing
    return f"richer with: {', '.join(one.without)}" if one.without else ""


def fetch_all(names: list[str], folder: Path, *, offline: bool, as_json: bool) -> None:
    """Fetch sources by name, with progress, and say what a person has to fetch by hand."""
    from dataclasses import asdict

    from sojourn.sources.fetch import fetch

    known = {source.name: source for source in discovery.sources()}
    if unknown := [name for name in names if name not in known]:
        raise NotFoundError(f"No source is called {', '.join(unknown)}", accepted=", ".join(known))
    fetched: list[Fetched] = []
    failed: list[FetchError] = []
    with console.progress() as report:

        def on(event: Progress) -> None:
            total = event.total or event.received
            report(
                f"{event.source}: {event.file}{' – ' + event.note if event.note else ''}",
                event.received,
                total,
            )

        for name in names:
            try:
                fetched += fetch(known[name], folder, offline=offline, progress=on)
            except FetchError as error:
                failed.append(error)
    if as_json:
        console.print_json([asdict(one) for one in fetched])
    else:
        _print_fetched(fetched, [known[name] for name in names], folder)
    # What could be had is there and told; then the first failure ends the command.
    for other in failed[1:]:
        console.print_error(other)
    if failed:
        raise failed[0]


def _print_fetched(fetched: list[Fetched], asked: list[Source], folder: Path) -> None:
    from sojourn.sources.fetch import instructions

    columns = [
        ("source", "left"),
        ("file", "left"),
        ("state", "left"),
        ("bytes", "right"),
        ("sha256", "left"),
    ]
    table(
        "",
        columns,
        [[one.source, one.file, one.state, number(one.size), (one.sha256 or "")[:12]] for one in fetched],
    )
    by_hand = {one.source for one in fetched if one.state == "by hand" and one.size is None}
    for source in asked:
        if source.name in by_hand:
            console.out.print("\n" + instructions(source, folder))


def print_demo(release: Release, rows: pl.DataFrame, persons: pl.DataFrame, folder: Path) -> None:
    """Print the headline tables of the demonstration, and where everything lies."""
    columns = [("proposed in 2015", "wide"), ("period", "code"), ("value", "right")]
    columns += [("95 % interval", "right"), ("basis", "code")]
    lines: list[list[Any]] = []
    for (number_, name), own in rows.group_by("proposal", "proposed", maintain_order=True):
        lines.append([Text(f"{number_}. {name}", style="bold"), "", "", "", ""])
        for row in own.iter_rows(named=True):
            lines.append(
                [f"  {row['label']}", row["period"], number(row["value"]), interval(row), basis(row["basis"])]
            )
    table("", columns, lines)
    console.out.print("* a range of stated doubts, no probability interval\n", style="dim")
    _print_by_nativity(persons)
    counts = release.observations().with_columns(observations.basis()).group_by("basis").len().sort("basis")
    counted = ", ".join(f"{count:,} {name}" for name, count in counts.iter_rows())
    console.out.print(f"{release.manifest.observations:,} numbers: {counted}.")
    console.out.print(
        "Remittance prices and persons are simulated: no package ships real ones. Published figures are cited."
    )
    console.out.print(f"\nrelease  {release.path}\ninput    {folder / 'data'}", soft_wrap=True)
    console.out.print(
        f'next     sojourn show "remittance cost" --release {folder / "releases"}', soft_wrap=True
    )
    console.out.print(
        f"as site  sojourn serve --releases {folder / 'releases'}    # http://127.0.0.1:8010/", soft_wrap=True
    )


def _print_by_nativity(persons: pl.DataFrame) -> None:
    """Print what the simulated survey says of people by where they were born, side by side."""
    columns = [("simulated country, by place of birth", "wide")]
    columns += [(f"{who}{what}", "right") for who in ("native", "foreign") for what in ("", " 95 %")]
    lines = []
    for (label,), own in persons.group_by("label", maintain_order=True):
        both = [text for row in own.iter_rows(named=True) for text in (number(row["value"]), interval(row))]
        lines.append([str(label), *both])
    table("", columns, lines)
