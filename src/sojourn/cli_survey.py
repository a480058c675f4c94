"""`sojourn survey …`: the options of its sub-commands. Thin, like `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sojourn.options import Csv, Json

survey_app = typer.Typer(
    help="Survey and census files: what they hold, what they could be used for.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Cache = Annotated[
    Path | None, typer.Option(help="Folder for files converted to Parquet; by default the user's cache.")
]
Table = Annotated[str | None, typer.Option(help="The wanted table of a zip archive or R file.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of text, such as windows-1250.")]


@survey_app.command()
def describe(
    file: Annotated[Path, typer.Argument(help="CSV, Parquet, SPSS, Stata, SAS, R, or an extract's .xml.")],
    write: Annotated[Path | None, typer.Option(help="Write the proposed mapping to this TOML file.")] = None,
    area: Annotated[str, typer.Option(help="ISO 3166-1 alpha-3 code, for the mapping.")] = "",
    year: Annotated[int | None, typer.Option(help="Year of the data, for the mapping.")] = None,
    cache: Cache = None,
    table: Table = None,
    encoding: Encoding = None,
    as_json: Json = False,
) -> None:
    """Recognise migration variables by name, label and codes, and write a mapping to correct."""
    from sojourn.commands.survey import show_description

    show_description(
        file, write, area, year, cache=cache, table_name=table, encoding=encoding, as_json=as_json
    )


@survey_app.command()
def inventory(
    file: Annotated[
        Path,
        typer.Argument(help="A survey file, a mapping (.toml), a packaged mapping, or a folder of them."),
    ],
    write: Annotated[Path | None, typer.Option(help="Write it as a page, .md or .html.")] = None,
    cache: Cache = None,
    table: Table = None,
    encoding: Encoding = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Say which indicators by migratory status it could give, and which question is missing for the others."""
    from sojourn.commands.survey_inventory import show_inventory

    show_inventory(
        file,
        write=write,
        cache=cache,
        table_name=table,
        encoding=encoding,
        as_json=as_json,
        as_csv=as_csv,
    )
