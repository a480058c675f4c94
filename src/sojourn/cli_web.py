"""The commands of the site: their options. Thin, like `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sojourn import console
from sojourn.options import Json, ReleaseName


def serve(
    releases: Annotated[
        Path | None, typer.Option(help="Folder of releases; by default the project's.")
    ] = None,
    release: ReleaseName = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8010,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes; by default two where there are two cores. Each holds the release in memory: 0.6 GB for "
            "1.3 million numbers, 0.8 GB after many downloads, and 0.3 to 0.4 GB more for what draws its pictures.",
        ),
    ] = None,
) -> None:
    """Start the site and its API on the newest release, and change to newer ones as they are published."""
    from sojourn.web.serve import serve as serve_site

    serve_site(releases, release, host=host, port=port, workers=workers)


def messages(
    as_json: Json = False,
    english: Annotated[
        bool, typer.Option("--english", help="List also the long texts that stay English, and are marked so.")
    ] = False,
) -> None:
    """List the texts and names of the site that a language lacks; exit 1 if there are any."""
    from sojourn.web import languages, terms

    lacking = {code: [*languages.missing(code), *terms.missing(code)] for code in languages.NAMES}
    marked = terms.english_only()
    if as_json:
        console.print_json(
            {
                "missing": lacking,
                "english": marked if english else {kind: len(one) for kind, one in marked.items()},
            }
        )
    else:
        for code, texts in lacking.items():
            console.out.print(f"{code}: {len(texts)} missing")
            for text in texts:
                console.out.print(f"  {text}", markup=False)
        for kind, listed in marked.items():
            console.out.print(f"{kind}: {len(listed)} in English, marked as such in every language")
            for text in listed if english else ():
                console.out.print(f"  {text}", markup=False)
    if any(lacking.values()):
        raise typer.Exit(1)
