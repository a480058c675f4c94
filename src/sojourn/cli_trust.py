"""How far to trust a release: the options of its commands. Thin, like `cli`, which registers them."""

from __future__ import annotations

from typing import Annotated

import typer

from sojourn.options import Csv, Json, ReleaseName


def problems(release: ReleaseName = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the rows and cells of the input that were rejected or emptied."""
    from sojourn.commands.trust import print_problems

    print_problems(release, as_json=as_json, as_csv=as_csv)


def differences(
    series: Annotated[str | None, typer.Argument(help="A series, or words; by default all.")] = None,
    release: ReleaseName = None,
    details: Annotated[bool, typer.Option("--open", help="List each open difference.")] = False,
    by_year: Annotated[bool, typer.Option("--by-year", help="Count each year apart.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows to print; --json and --csv print all.")] = 100,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Compare computed numbers with published ones: how many agree, which do not."""
    from sojourn.commands.trust import print_differences

    print_differences(
        release, series, details=details, by_year=by_year, limit=limit, as_json=as_json, as_csv=as_csv
    )


def compare(
    series: Annotated[str | None, typer.Argument(help="A series, or words; by default all.")] = None,
    area: Annotated[list[str] | None, typer.Option(help="A country or region, by code or name.")] = None,
    counterpart: Annotated[list[str] | None, typer.Option(help="The other end of a corridor.")] = None,
    period: Annotated[list[str] | None, typer.Option(help="A year or quarter, such as 2016.")] = None,
    only_open: Annotated[
        bool, typer.Option("--only-open", help="List the differences for which no reason is known.")
    ] = False,
    release: ReleaseName = None,
    limit: Annotated[int, typer.Option(min=1, help="Pairs to print; --json and --csv print all.")] = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Lay side by side what several sources say of the same number, how far apart, and why."""
    from sojourn.commands.compare import show_comparison

    show_comparison(
        series,
        {"area": area, "counterpart": counterpart, "period": period},
        only_open=only_open,
        release=release,
        limit=limit,
        as_json=as_json,
        as_csv=as_csv,
    )


def verify(
    release: Annotated[
        str | None, typer.Argument(help="A release's folder or name; by default the newest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that a release is, byte for byte, what was published."""
    from sojourn.commands.trust import print_verdict

    if not print_verdict(release, as_json=as_json):
        raise typer.Exit(1)


def diff(
    before: Annotated[str, typer.Argument(help="A release.")],
    after: Annotated[str, typer.Argument(help="Another release.")],
    limit: Annotated[int, typer.Option(min=1, help="Changed numbers to print.")] = 20,
    as_json: Json = False,
) -> None:
    """Say what changed from one release to another: which numbers, by how much, and why."""
    from sojourn.commands.trust import print_comparison

    print_comparison(before, after, limit=limit, as_json=as_json)
