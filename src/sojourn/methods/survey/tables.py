"""Opens data as an Ibis table: a path, a pattern, a frame, a DuckDB relation, or a table of any Ibis backend.

DuckDB does the work unless an Ibis table says otherwise; so the same expression runs in this process, out of
core within a memory limit, and on a cluster (Spark, Sail) to which the table given is connected.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sojourn.errors import DamagedError, SojournError, SourceError, UsageError
from sojourn.methods.survey.disk import is_full

Table = Any
"""An Ibis table; Ibis is imported only where it is used."""
COLUMNAR = (".parquet", ".pq")
SQL = {"int64": "BIGINT", "int32": "INTEGER", "int16": "SMALLINT", "int8": "TINYINT"}
SQL |= {"float64": "DOUBLE", "boolean": "BOOLEAN", "string": "VARCHAR"}
"""Types of Ibis that are the same in DuckDB and PyArrow."""
AGAIN = "·"
"""Marks a column whose name differs from another's in capitals alone."""
TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".csv.zst")


@dataclass(frozen=True, slots=True)
class Engine:
    """How the local engine may use the machine.

    Args:
        memory: limit in DuckDB's words ("400MB"); 80 % of the machine where not given. Work that outgrows it
            goes through files in `folder`, which are removed at the end.
        threads: cores to be used; all where not given. Results do not depend on it.
        folder: where temporary files may lie; the system's temporary folder where not given.
    """

    memory: str | None = None
    threads: int | None = None
    folder: Path | None = None


def ibis_module() -> Any:
    """Import Ibis, or say how to install it."""
    try:
        import ibis
    except ModuleNotFoundError as absent:
        raise UsageError(
            f"Microdata need {absent.name}, which is not installed",
            advice="pip install 'sojourn[microdata]'",
        ) from absent
    return ibis


@contextmanager
def opened(data: Any, engine: Engine | None = None) -> Iterator[Table]:
    """Give data as an Ibis table for as long as it is needed, and leave nothing behind.

    Args:
        data: a path or pattern of Parquet or CSV files, or a list of them; a Polars frame; a PyArrow table; a
            DuckDB relation; an Ibis table (which keeps its own backend).

    Raises:
        SourceError: there is no such file, or it is of no known kind.
        DamagedError: the engine cannot read it to its end, or the disk is full.
    """
    ibis = ibis_module()
    with _quiet(), told_apart(data):
        if isinstance(data, ibis.expr.types.Table):
            yield data
            return
        limits = engine or Engine()
        with tempfile.TemporaryDirectory(prefix="sojourn-", dir=limits.folder) as folder:
            connection = _connect(ibis, limits, folder)
            try:
                yield _table(ibis, connection, data)
            finally:
                connection.disconnect()


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Ibis 12 call functions of DuckDB by names that DuckDB 2 has replaced."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="fetch_.* is deprecated", category=DeprecationWarning)
        yield


def collected(expression: Any) -> Any:
    """Run an Ibis expression and give its result as a PyArrow table."""
    backend = expression.get_backend()
    kinds = (
        {name: str(kind) for name, kind in expression.schema().items()}
        if hasattr(expression, "schema")
        else {}
    )
    if backend.name != "duckdb" or not kinds:
        return expression.to_pyarrow()
    if any(kind.lstrip("!") not in SQL for kind in kinds.values()):
        return expression.to_pyarrow()
    return narrowed(backend, backend.compile(expression), kinds)


def narrowed(backend: Any, query: str, kinds: Mapping[str, str]) -> Any:
    """Run a query on DuckDB, every column in its type.

    Sums of whole numbers have 128 bits in DuckDB; it narrows them itself, many times faster than PyArrow.
    """
    columns = (f'CAST("{name}" AS {SQL[kind.lstrip("!")]}) AS "{name}"' for name, kind in kinds.items())
    return backend.con.sql(f"SELECT {', '.join(columns)} FROM ({query})").to_arrow_table()


def batches(expression: Any, rows: int) -> Iterator[Any]:
    """Run an Ibis expression and give its result in pieces."""
    backend = expression.get_backend()
    if backend.name == "duckdb":
        yield from backend.con.sql(backend.compile(expression)).to_arrow_reader(rows)
    else:
        yield from expression.to_pyarrow_batches(chunk_size=rows)


def _connect(ibis: Any, limits: Engine, folder: str) -> Any:
    settings: dict[str, Any] = {"temp_directory": folder}
    if limits.memory:
        settings["memory_limit"] = limits.memory
    if limits.threads:
        settings["threads"] = limits.threads
    return ibis.duckdb.connect(**settings)


def _table(ibis: Any, connection: Any, data: Any) -> Table:
    if isinstance(data, str | Path):
        return _files(connection, [data])
    if isinstance(data, list | tuple) and data and all(isinstance(item, str | Path) for item in data):
        return _files(connection, list(data))
    if isinstance(data, pl.LazyFrame):
        data = data.collect()
    if isinstance(data, pl.DataFrame):
        return _registered(connection, data.to_arrow())
    if hasattr(data, "to_arrow_table"):  # a DuckDB relation, which belongs to a connection of its own
        data = data.to_arrow_table()
    if hasattr(data, "schema") and hasattr(data, "to_batches"):
        return _registered(connection, data)
    raise UsageError(
        f"Data of the type {type(data).__name__} cannot be opened",
        accepted="a path, a list of paths, a Polars frame, a PyArrow table, a DuckDB relation, an Ibis table",
    )


def _registered(connection: Any, table: Any) -> Table:
    """Show an Arrow table to the engine, which does not tell CIT from cit: the later of the two is marked."""
    seen: set[str] = set()
    names = []
    for name in table.schema.names:
        held = name
        while held.lower() in seen:
            held += AGAIN
        seen.add(held.lower())
        names.append(held)
    if names != list(table.schema.names):
        table = table.rename_columns(names)
    connection.con.register("microdata", table)
    return connection.table("microdata")


@contextmanager
def beside(table: Table, rows: Any) -> Iterator[Table]:
    """Give a small PyArrow table to the engine of a table, to be joined with it, for as long as it is needed."""
    backend = table.get_backend()
    if backend.name != "duckdb":
        yield ibis_module().memtable(rows)
        return
    name = f"sojourn_{id(rows)}"
    backend.con.register(name, rows)
    try:
        yield backend.table(name)
    finally:
        backend.con.unregister(name)


def held_as(name: str, columns: Iterable[str]) -> str | None:
    """Find the name under which the engine holds a column of the data; None where there is none.

    >>> held_as("cit", ["CIT", "cit·"]), held_as("cit", ["CIT"])
    ('cit·', None)
    """
    marked = re.compile(re.escape(name) + f"{AGAIN}*")
    return name if name in columns else next((c for c in columns if marked.fullmatch(c)), None)


def _files(connection: Any, paths: list[str | Path]) -> Table:
    found = sorted({file for path in paths for file in _matching(path)})
    kinds = {kind for file in found for kind in [_kind(file)]}
    if len(kinds) != 1:
        raise SourceError(
            "The files are of different kinds", where=", ".join(map(str, found[:4])), accepted="one kind"
        )
    names = [str(file) for file in found]
    if kinds == {"parquet"}:
        return connection.read_parquet(names, table_name="microdata")
    return connection.read_csv(names, table_name="microdata", sample_size=-1)


def _matching(path: str | Path) -> list[Path]:
    text = str(path)
    if not any(sign in text for sign in "*?["):
        if not Path(path).exists():
            raise SourceError("There is no such file", where=text)
        return sorted(Path(path).glob("*.parquet")) if Path(path).is_dir() else [Path(path)]
    anchor = Path(Path(text).anchor or ".")
    found = sorted(anchor.glob(str(Path(text).relative_to(anchor)) if Path(text).anchor else text))
    if not found:
        raise SourceError("No file matches the pattern", where=text)
    return found


def _kind(file: Path) -> str:
    name = file.name.lower()
    if name.endswith(COLUMNAR):
        return "parquet"
    if name.endswith(TEXT):
        return "text"
    raise SourceError(
        "The file is of no kind that can be opened", where=file, accepted=", ".join((*COLUMNAR, *TEXT))
    )


@contextmanager
def told_apart(data: Any) -> Iterator[None]:
    """Turn an engine's error into one of ours that names the file, and a full disk as such."""
    try:
        yield
    except SojournError:
        raise
    except OSError as error:
        if is_full(error):
            raise DamagedError(
                "The disk is full, or a quota is used up", advice="Make room, or write to a larger disk."
            ) from error
        raise DamagedError(f"The data cannot be read: {error}", where=_named(data)) from error
    except Exception as error:
        module = type(error).__module__.partition(".")[0]
        if module not in {"duckdb", "_duckdb", "pyarrow", "pyspark"}:
            raise
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        full, little = is_full(error), "out of memory" in text.lower()
        raise DamagedError(
            "The disk for temporary files is full" if full else f"The engine stopped: {text}",
            where=_named(data),
            advice="Give Engine(folder=…) on a larger disk, or a larger memory limit."
            if full or little
            else None,
        ) from error


def _named(data: Any) -> str | None:
    if isinstance(data, list | tuple):
        return ", ".join(map(str, data[:4]))
    return str(data) if isinstance(data, str | Path) else None


def footers(data: Any) -> list[Path] | None:
    """List the Parquet files of data that are such files, whose footers count missing values."""
    paths = data if isinstance(data, list | tuple) else [data]
    if not paths or not all(isinstance(path, str | Path) for path in paths):
        return None
    found = sorted({file for path in paths for file in _matching(path)})
    return found if all(_kind(file) == "parquet" for file in found) else None
