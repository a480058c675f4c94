"""`sojourn survey estimate|cube|pack|simulate`: their options. Thin, like `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sojourn.cli_survey import Cache, Encoding, Table, survey_app
from sojourn.options import Csv, Json

if TYPE_CHECKING:
    from sojourn.surveys.designs import Declaration
    from sojourn.surveys.samples import Files

__all__ = ["survey_app"]

_DESIGN = "Design, where no mapping declares it"
MapName = Annotated[str, typer.Option("--mapping", help="A packaged mapping's name, or a mapping file.")]
By = Annotated[
    list[str] | None,
    typer.Option(
        help='Columns, parted by commas, or "name=expression"; may be repeated.', show_default=False
    ),
]
Where = Annotated[str | None, typer.Option(help='Rows in scope, such as "age >= 15".')]
Joined = Annotated[list[Path] | None, typer.Option(help="File joined to persons, such as households.")]
Area = Annotated[str, typer.Option(help="ISO 3166-1 alpha-3 code, where the mapping names none.")]
Years = Annotated[list[int] | None, typer.Option("--year", help="Year of the data; once for each file.")]
Weight = Annotated[str, typer.Option(help="Column of the weight.", rich_help_panel=_DESIGN)]
Replicates = Annotated[
    str, typer.Option(help='Replicate weights: "PWGTP1..80", a prefix or a list.', rich_help_panel=_DESIGN)
]
Method = Annotated[
    str, typer.Option(help="sdr, brr, fay, jk1, jkn, bootstrap, taylor, weights.", rich_help_panel=_DESIGN)
]
Strata = Annotated[str, typer.Option(help="Columns of the strata, one per stage.", rich_help_panel=_DESIGN)]
Clusters = Annotated[
    str, typer.Option(help="Columns of the clusters, one per stage.", rich_help_panel=_DESIGN)
]
Fpc = Annotated[str, typer.Option(help="Columns of the population sizes.", rich_help_panel=_DESIGN)]
Scale = Annotated[float | None, typer.Option(help="Scale of the replicates.", rich_help_panel=_DESIGN)]
Rscales = Annotated[
    str, typer.Option(help="Scale of each replicate, or one for all.", rich_help_panel=_DESIGN)
]
Rho = Annotated[float | None, typer.Option(help="Fay's factor.", rich_help_panel=_DESIGN)]
Center = Annotated[str, typer.Option(help="estimate or mean.", rich_help_panel=_DESIGN)]
Factors = Annotated[
    bool, typer.Option("--factors", help="Replicates are factors of the weight.", rich_help_panel=_DESIGN)
]
Lonely = Annotated[
    str,
    typer.Option(help="Strata of one cluster: fail, certainty, remove, adjust, average."),
]
Df = Annotated[float | None, typer.Option(help="Degrees of freedom; inf for the normal distribution.")]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _declaration(
    method: str,
    weight: str,
    replicates: str,
    stages: tuple[str, str, str],
    scales: tuple[float | None, str, float | None],
    center: str,
    factors: bool,
    lonely: str,
    df: float | None,
) -> Declaration:
    from sojourn.errors import UsageError
    from sojourn.surveys.designs import Declaration

    names = _listed(replicates)
    try:
        rscales = [float(one) for one in _listed(scales[1])]
    except ValueError as error:
        raise UsageError(
            f"--rscales {scales[1]!r} are no numbers", accepted="such as 0.5 or 0.5,0.75"
        ) from error
    return Declaration(
        method,
        weight,
        names[0] if len(names) == 1 else names,
        strata=_listed(stages[0]),
        clusters=_listed(stages[1]),
        fpc=_listed(stages[2]),
        scale=scales[0],
        rscales=rscales,
        rho=scales[2],
        center=center,
        factors=factors,
        lonely=lonely,
        df=df,
    )


def _files(
    paths: list[Path],
    mapping: str,
    joined: list[Path] | None,
    area: str,
    year: list[int] | None,
    rest: tuple[Path | None, str | None, str | None],
) -> Files:
    from sojourn.surveys.samples import Files

    return Files(paths, mapping, joined or (), area, year or (), *rest)


@survey_app.command()
def estimate(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE… STATISTIC…",
            help='Files, a cube (.arrow) or a packed file (.packed); then "mean(x)", "share(x)", "total(x)", '
            '"count()", "ratio(x, y)", "median(x)", "quantile(x, 0.1)", "gap(mean(x), between)".',
        ),
    ],
    mapping: MapName = "",
    by: By = None,
    where: Where = None,
    joined: Joined = None,
    area: Area = "",
    year: Years = None,
    change: Annotated[bool, typer.Option("--change", help="Add the change from first to last year.")] = False,
    level: Annotated[float, typer.Option(help="Coverage of the intervals.")] = 0.95,
    interval: Annotated[
        str | None,
        typer.Option(
            help="wald; for shares logit, xlogit, asin, beta, wilson, likelihood; for quantiles woodruff."
        ),
    ] = None,
    deff: Annotated[bool, typer.Option("--deff", help="Add effects of the design.")] = False,
    minimum_n: Annotated[int, typer.Option(help="Fewer cases are pointed out.")] = 30,
    high_cv: Annotated[float, typer.Option(help="A higher CV is pointed out.")] = 0.30,
    suppress_below: Annotated[int, typer.Option(help="Fewer cases are not shown; 10 or more.")] = 10,
    own_use: Annotated[
        bool, typer.Option("--own-use", help="Show few cases too, marked as not to be passed on.")
    ] = False,
    weight: Weight = "",
    replicates: Replicates = "",
    method: Method = "",
    strata: Strata = "",
    clusters: Clusters = "",
    fpc: Fpc = "",
    scale: Scale = None,
    rscales: Rscales = "",
    rho: Rho = None,
    center: Center = "",
    factors: Factors = False,
    lonely: Lonely = "",
    df: Df = None,
    cache: Cache = None,
    table: Table = None,
    encoding: Encoding = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Estimate statistics with their errors, by the mapping's words or by the file's own columns."""
    from sojourn.commands.survey_estimates import parted, presentation, printed, show_estimates
    from sojourn.surveys.words import question

    paths, statistics = parted(given)
    declaration = _declaration(
        method,
        weight,
        replicates,
        (strata, clusters, fpc),
        (scale, rscales, rho),
        center,
        factors,
        lonely,
        df,
    )
    show_estimates(
        _files(paths, mapping, joined, area, year, (cache, table, encoding)),
        question(statistics, by or (), where),
        presentation(level, interval, df, deff, minimum_n, high_cv),
        declaration,
        change=change,
        safety=printed(suppress_below, own_use),
        as_json=as_json,
        as_csv=as_csv,
    )


@survey_app.command()
def cube(
    files: Annotated[list[Path], typer.Argument(help="Files of persons; or cubes (.arrow) to be added up.")],
    write: Annotated[Path, typer.Option(help="The cube to write, .arrow.")],
    mapping: MapName = "",
    by: By = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="What will be asked about: a column or expression; may be repeated."),
    ] = None,
    where: Where = None,
    sums: Annotated[bool, typer.Option("--sums", help="Keep sums only: smaller, no quantiles.")] = False,
    joined: Joined = None,
    area: Area = "",
    year: Years = None,
    weight: Weight = "",
    replicates: Replicates = "",
    method: Method = "",
    strata: Strata = "",
    clusters: Clusters = "",
    fpc: Fpc = "",
    scale: Scale = None,
    rscales: Rscales = "",
    rho: Rho = None,
    center: Center = "",
    factors: Factors = False,
    lonely: Lonely = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the cube if it is there.")] = False,
    cache: Cache = None,
    table: Table = None,
    encoding: Encoding = None,
    as_json: Json = False,
) -> None:
    """Write a cube of sums of all weights, which answers questions without the rows; or add up cubes."""
    from sojourn.commands.survey_estimates import show_cube
    from sojourn.surveys.words import measured

    declaration = _declaration(
        method,
        weight,
        replicates,
        (strata, clusters, fpc),
        (scale, rscales, rho),
        center,
        factors,
        lonely,
        None,
    )
    show_cube(
        _files(files, mapping, joined, area, year, (cache, table, encoding)),
        measured(measure or (), by or (), where),
        declaration,
        write,
        keep="sums" if sums else "values",
        overwrite=overwrite,
        as_json=as_json,
    )


@survey_app.command()
def pack(
    files: Annotated[
        list[Path], typer.Argument(help="Files of persons, with replicate weights or weights only.")
    ],
    write: Annotated[Path, typer.Option(help="The file to write, .packed.")],
    mapping: MapName = "",
    columns: Annotated[
        str, typer.Option(help="Columns, parted by commas; with a mapping all its concepts by default.")
    ] = "",
    joined: Joined = None,
    area: Area = "",
    year: Years = None,
    weight: Weight = "",
    replicates: Replicates = "",
    method: Method = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    cache: Cache = None,
    table: Table = None,
    encoding: Encoding = None,
    as_json: Json = False,
) -> None:
    """Write files in a form that answers repeated questions in a fraction of a second."""
    from sojourn.commands.survey_estimates import show_packing

    declaration = _declaration(
        method, weight, replicates, ("", "", ""), (None, "", None), "", False, "", None
    )
    show_packing(
        _files(files, mapping, joined, area, year, (cache, table, encoding)),
        _listed(columns),
        declaration,
        write,
        overwrite=overwrite,
        as_json=as_json,
    )


@survey_app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="The file to write, .parquet or .csv.")],
    households: Annotated[int, typer.Option(min=100, help="Households of the country.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same file.")] = 1,
    year: Annotated[int, typer.Option(min=1950, max=2100, help="The year of the survey.")] = 2024,
    population: Annotated[
        bool, typer.Option("--population", help="Everybody with the truth, instead of the sample.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the survey of an invented country whose truth is known, to learn and to test with."""
    from sojourn.commands.survey_simulation import show_simulation

    show_simulation(file, households, year, seed, whole=population, as_json=as_json)
