"""Options that several commands share: one name for one thing everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
ReleaseName = Annotated[
    str | None, typer.Option("--release", help="A release's folder or name; by default the newest.")
]
