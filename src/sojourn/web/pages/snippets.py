"""The same numbers in a reader's own tools: a few lines that run as they stand.

Codes of areas and periods are read as text: `001` is the world, not the number one, and an empty cell is a
number that is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from sojourn.web.languages import N_

_TEXTS = ("area", "counterpart", "period")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines for one tool, and where in it they belong."""

    tool: str
    where: str
    text: str


def snippets(address: str) -> tuple[Snippet, ...]:
    """Write the lines for each tool.

    Args:
        address: where the numbers are as CSV, whole, with scheme and host.

    >>> [one.tool for one in snippets("https://example.org/api/v1/observations.csv?series=SI_RMT_COST")]
    ['Python', 'R', 'Stata', 'Excel']
    """
    python = ", ".join(f'"{name}": pl.String' for name in _TEXTS)
    r = ", ".join(f'{name} = "character"' for name in _TEXTS)
    return (
        Snippet(
            "Python",
            N_("with Polars"),
            "from urllib.request import urlopen\n\nimport polars as pl\n\n"
            f'address = "{address}"\n'
            f"rows = pl.read_csv(urlopen(address), schema_overrides={{{python}}}, infer_schema_length=None)",
        ),
        Snippet(
            "R",
            N_("without any package"),
            f'address <- "{address}"\n'
            f'rows <- read.csv(address, na.strings = "", encoding = "UTF-8", colClasses = c({r}))',
        ),
        Snippet(
            "Stata",
            N_("in a do-file"),
            f'import delimited "{address}", clear varnames(1) encoding("utf-8") stringcols(_all)\n'
            "destring value se lower upper level n, replace",
        ),
        Snippet(
            "Excel",
            N_("Data, Get Data, Blank Query, Advanced Editor"),
            "let\n"
            f'    Source = Csv.Document(Web.Contents("{address}"), [Encoding = 65001]),\n'
            "    Rows = Table.PromoteHeaders(Source, [PromoteAllScalars = true])\n"
            "in\n"
            "    Rows",
        ),
    )
