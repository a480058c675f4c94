"""The `sojourn` command. Thin: it reads options, calls one function, prints what comes back.

Exit codes: 0 done; 1 the answer is bad (a damaged file or release, a failed download); 2 the question
cannot be answered as asked; 130 stopped by the person.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sojourn import console
from sojourn.cli_framework import framework_app
from sojourn.cli_registry import registry_app
from sojourn.cli_survey_estimates import survey_app
from sojourn.cli_trust import compare, diff, differences, problems, verify
from sojourn.cli_web import messages, serve
from sojourn.errors import SojournError
from sojourn.options import Csv, Json, ReleaseName, surveys_of

STOPPED = 130
"""Exit code of a command that the person stopped, as shells have it."""

app = typer.Typer(
    help="Measure international migration, and hold the promises made about it to those measurements.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(framework_app, name="framework")
app.add_typer(survey_app, name="survey")
app.add_typer(registry_app, name="registry")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demonstration is written.")] = Path("demo"),
    as_json: Json = False,
) -> None:
    """Build a first release without any download, and print its headline tables."""
    from sojourn import demo as demonstration
    from sojourn.commands.build import print_demo
    from sojourn.release import open_release

    with console.progress() as report:
        built = demonstration.build_demo(folder, report)
    release = open_release(built.path)
    rows, persons = demonstration.headline_rows(release), demonstration.nativity_rows(release)
    if as_json:
        console.print_json([*rows.to_dicts(), *persons.to_dicts()])
    else:
        print_demo(release, rows, persons, folder)


@app.command()
def build(
    data: Annotated[Path | None, typer.Option(help="Folder of official files, with its subfolders.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of releases.")] = None,
    packaged: Annotated[
        bool | None,
        typer.Option("--packaged/--no-packaged", help="Also use figures that other packages ship."),
    ] = None,
    skip_damaged: Annotated[
        bool,
        typer.Option("--skip-damaged", help="Leave damaged files out and list them, instead of stopping."),
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(help="Day on which 'latest' is judged, such as 2014-06-30.")
    ] = None,
    not_before: Annotated[
        str | None, typer.Option(help="Moment before which nobody may read it, such as 2026-12-01T09:30Z.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter, such as prices.transparent_only=false.")
    ] = None,
    microdata: Annotated[
        list[Path] | None, typer.Option(help="A survey or census file; several of one layout are one survey.")
    ] = None,
    mapping: Annotated[
        str, typer.Option(help="Its mapping: a file, or a packaged one such as acs_pums.")
    ] = "",
    area: Annotated[str, typer.Option(help="Its country, where the mapping names none.")] = "",
    year: Annotated[int | None, typer.Option(help="Its year, where the mapping names none.")] = None,
    joined: Annotated[
        list[Path] | None, typer.Option(help="A file that the mapping joins to it, such as households.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Build a release from a folder of official files, and from surveys: every indicator that they give."""
    from sojourn import project
    from sojourn.release import Options
    from sojourn.release import build as build_release

    here = project.load()
    surveys = surveys_of(here, microdata or [], mapping, area, year, joined or [])
    given = project.assignments(settings or [])
    options = Options(
        packaged=here.build.packaged if packaged is None else packaged,
        skip_damaged=skip_damaged,
        as_of=project.day(as_of) if as_of else here.build.as_of,
        not_before=project.moment(not_before) if not_before else here.build.not_before,
        parameters={
            section: here.parameters.get(section, {}) | given.get(section, {})
            for section in here.parameters.keys() | given.keys()
        },
        surveys=surveys,
    )
    # A survey alone makes a release; the default folder need not be there.
    folder = data or (here.data if here.data.is_dir() or not surveys else None)
    with console.progress() as report:
        built = build_release(folder, out or here.releases, options, report=report)
    if built.unchanged and not as_json:
        # Nothing to tell: the release need not be opened, nor its readers loaded.
        console.out.print(f"Nothing changed: {built.path} is up to date.")
        return
    from sojourn.commands.build import print_built

    print_built(built, as_json=as_json)


@app.command()
def fetch(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources to fetch; none: list them.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of official files.")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use what is already there; check it, ask nobody.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Download official files: resumable, checksummed, cached. Without a name: list the sources."""
    from sojourn import project
    from sojourn.commands.build import fetch_all
    from sojourn.commands.lists import print_sources

    folder = data or project.load().data
    if sources:
        fetch_all(sources, folder, offline=offline, as_json=as_json)
    else:
        print_sources(as_json=as_json, as_csv=False)


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(help="sources, indicators, series, areas, releases or inputs.")],
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List what there is: sources, indicators, series, areas, releases, or the newest release's inputs."""
    from sojourn.commands.lists import LISTS
    from sojourn.errors import UsageError

    if what not in LISTS:
        raise UsageError(f"There is no list of {what!r}", accepted=", ".join(LISTS))
    LISTS[what](as_json=as_json, as_csv=as_csv)


@app.command()
def show(
    indicator: Annotated[
        str, typer.Argument(help='A series, an indicator\'s number, or words: "remittance cost".')
    ],
    area: Annotated[list[str] | None, typer.Option(help="A country or region, by code or name.")] = None,
    counterpart: Annotated[list[str] | None, typer.Option(help="The other end of a corridor.")] = None,
    period: Annotated[
        list[str] | None, typer.Option(help="A year or quarter, such as 2014 or 2014-Q1.")
    ] = None,
    breakdown: Annotated[str | None, typer.Option(help="Such as AMOUNT=500, or 'all'.")] = None,
    release: ReleaseName = None,
    every: Annotated[
        bool, typer.Option("--all", help="All sources and methods, not only the headline.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows to print; --json and --csv print all.")] = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Show numbers of a series with their errors, basis and source."""
    from sojourn.commands.show import show_series

    show_series(
        indicator,
        {"area": area, "counterpart": counterpart, "period": period},
        breakdown=breakdown,
        release=release,
        every=every,
        limit=limit,
        as_json=as_json,
        as_csv=as_csv,
    )


@app.command()
def explain(
    indicator: Annotated[str, typer.Argument(help="A series, an indicator's number, or words.")],
    area: Annotated[
        str | None, typer.Option(help="Lay side by side all sources' numbers of this area.")
    ] = None,
    period: Annotated[str | None, typer.Option(help="With --area: of this period only.")] = None,
    release: ReleaseName = None,
) -> None:
    """Explain how a series is measured: definition, formula, sources, limits, and how far sources agree."""
    from sojourn.commands.explain import explain_series

    explain_series(indicator, release, area=area, period=period)


@app.command()
def progress(
    area: Annotated[str, typer.Argument(help="A country or region, by code or name.")],
    release: ReleaseName = None,
    limit: Annotated[int, typer.Option(help="Rows to print; --json and --csv print all.")] = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Say how far an area is from each target, how fast it goes, and how likely it meets it."""
    from sojourn.commands.progress import show_progress

    show_progress(area, release, limit=limit, as_json=as_json, as_csv=as_csv)


for one in (problems, differences, compare, verify, diff, serve, messages):
    app.command()(one)


@app.command()
def country(
    area: Annotated[str, typer.Argument(help="A country, by code or name.")],
    release: ReleaseName = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to print; --json gives all.")] = 60,
    as_json: Json = False,
) -> None:
    """Give everything about one country, and what is missing and where it could come from."""
    from sojourn.commands.country import print_country

    print_country(area, release, limit=limit, as_json=as_json)


@app.command()
def incidents(
    file: Annotated[
        Path, typer.Argument(help="A file of deaths and disappearances, one record per incident.")
    ],
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Say what a file of incidents lacks of the common record standard; exit 1 if a required column."""
    from sojourn.commands.incidents import check_incidents

    if not check_incidents(file, as_json=as_json, as_csv=as_csv):
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version of the code."""
    from sojourn.release.identity import code_version

    console.out.print(code_version())


def main(arguments: list[str] | None = None) -> None:
    """Run the command; every foreseen fault ends as a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # Names of areas are in six languages, whatever the system's own code page.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(_run(given or ["--help"]))


def _run(arguments: list[str]) -> int:
    try:
        outcome: Any = app(arguments, standalone_mode=False)
    except SojournError as error:
        console.print_error(error, as_json="--json" in arguments)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        outcome = STOPPED
    except BrokenPipeError:
        # The reader of a pipe went away (| head): that is its right.
        sys.stderr.close()
        return 0
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        console.notes.print(f"error: {error.format_message()}", style="bold red")
        console.notes.print("  to do:    sojourn --help, or sojourn COMMAND --help")
        return 2
    if outcome == STOPPED:
        console.notes.print("stopped; nothing was published")
    return outcome if isinstance(outcome, int) else 0
