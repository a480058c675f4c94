"""`sojourn framework …`: the options of its sub-commands. Thin, like `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sojourn.options import Csv, Json, ReleaseName

framework_app = typer.Typer(
    help="What is monitored: targets and what they lack, crosswalks, a core set of indicators.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@framework_app.command()
def gaps(release: ReleaseName = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """Say what each target has and lacks; with --release also how many countries, years and breakdowns."""
    from sojourn.commands.framework import show_gaps

    show_gaps(release, as_json=as_json, as_csv=as_csv)


@framework_app.command()
def indicators(
    name: Annotated[str | None, typer.Argument(help="An indicator, a target or a goal.")] = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List official indicators: tier, custodian, series, unit, good direction, target; what is from memory."""
    from sojourn.commands.framework_facts import show_indicators

    show_indicators(name, as_json=as_json, as_csv=as_csv)


@framework_app.command("decent-work")
def decent_work(as_json: Json = False) -> None:
    """List the seven aspects of target 8.8, each with its series or "no data, because"."""
    from sojourn.commands.framework_facts import show_decent_work

    show_decent_work(as_json=as_json)


@framework_app.command()
def crosswalk(
    scheme: Annotated[
        str, typer.Argument(help="sdg, eight-point, compact, civil-society, meeting-2015, ...")
    ],
    to: Annotated[str, typer.Argument(help="Another scheme.")],
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Link the entries of two schemes: targets, agendas, objectives, statements, proposals."""
    from sojourn.commands.framework import show_crosswalk

    show_crosswalk(scheme, to, as_json=as_json, as_csv=as_csv)


@framework_app.command("core-set")
def core_set(
    file: Annotated[Path, typer.Argument(help="Feasibility file of an office, one candidate a row.")],
    at_most: Annotated[int, typer.Option(help="Most indicators to choose.")] = 100,
    weights: Annotated[list[str] | None, typer.Option("--weight", help="Such as coverage=2.")] = None,
    draws: Annotated[int, typer.Option(help="Other weights to try.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the other weights.")] = 2015,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Choose a core set of indicators: most targets covered, then best by open weights; say what is stable."""
    from sojourn.commands.framework import show_core_set

    show_core_set(file, at_most, weights or [], draws, seed, as_json=as_json, as_csv=as_csv)
