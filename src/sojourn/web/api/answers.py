"""Answers of the API: one error shape, and one table in the format that is asked for."""

from __future__ import annotations

import json

import polars as pl
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from sojourn.errors import NotFoundError, SojournError, UsageError
from sojourn.web import formats
from sojourn.web.about import about
from sojourn.web.api.schemas import COLUMNS, EDITION
from sojourn.web.deadline import Check, endless
from sojourn.web.faults import shape, status_of
from sojourn.web.holding import Holding

_ACCEPTED = {media.partition(";")[0]: ending for ending, media in formats.MEDIA.items()}


def error_answer(error: SojournError) -> HttpResponse:
    """Tell an error in the one shape that every error of the API has."""
    return HttpResponse(
        json.dumps(shape(error), ensure_ascii=False), status=status_of(error), content_type="application/json"
    )


def format_of(request: HttpRequest, ending: str) -> str:
    """Choose the format: by the ending of the path, else by `Accept`, else JSON.

    Raises:
        NotFoundError: there is no such format.
    """
    if ending:
        if ending not in formats.MEDIA:
            raise NotFoundError(f"There is no format {ending[:20]!r}", accepted=", ".join(formats.MEDIA))
        return ending
    for part in request.META.get("HTTP_ACCEPT", "").split(","):
        if (media := part.partition(";")[0].strip()) in _ACCEPTED:
            return _ACCEPTED[media]
    return "json"


def columns_of(asked: str) -> list[str]:
    """Read which columns are wanted, in which order; by default all.

    Raises:
        UsageError: there is no such column.
    """
    wanted = list(dict.fromkeys(one.strip() for one in asked.split(",") if one.strip())) or list(COLUMNS)
    if unknown := [one for one in wanted if one not in COLUMNS]:
        raise UsageError(
            f"There is no column {unknown[0][:60]!r}", where="columns", accepted=", ".join(COLUMNS)
        )
    return wanted


def with_edition(frame: pl.DataFrame) -> pl.DataFrame:
    """Add which edition of its sources each number rests on; several are joined by +."""
    names = frame["source"].unique()
    editions = ["+".join(part.partition("@")[2] for part in one.split("+")) for one in names.cast(pl.String)]
    known = pl.DataFrame(
        {"source": names, EDITION: pl.Series(editions, dtype=pl.String).cast(pl.Categorical)}
    )
    return frame.join(known, on="source", how="left", maintain_order="left")


def table(
    found: pl.DataFrame,
    holding: Holding,
    *,
    ending: str,
    columns: list[str],
    asked: str,
    name: str,
    check: Check = endless,
) -> HttpResponse:
    """Answer with a table in a format, and with what it is; long ones are streamed.

    Args:
        found: its rows, still coded.
        holding: the release that they are of.
        ending: the format.
        columns: which columns, in which order.
        asked: the address that asks for it.
        name: of the file, without ending.
        check: asked whether there is time, while what cannot be streamed is made.

    Raises:
        UsageError: more rows than the format may hold.
        SlowError: there was no time.
    """
    check()
    frame = with_edition(found)
    told = about(holding, found, asked)
    if ending == "csv":
        short = {key: str(told[key]) for key in ("release", "citation")}
        response: HttpResponse = StreamingHttpResponse(formats.csv(frame, columns, short))
    elif ending == "json":
        response = StreamingHttpResponse(formats.json_lines(frame, columns, told))
    elif ending == "zip":
        response = StreamingHttpResponse(formats.zipped(frame, columns, told))
    elif ending == "parquet":
        response = StreamingHttpResponse(formats.parquet(frame, columns, told))
    elif ending == "arrow":
        response = StreamingHttpResponse(formats.arrow(frame, columns))
    else:
        if frame.height > formats.MOST_XLSX:
            raise UsageError(
                f"{frame.height:,} rows are too many for a workbook here",
                accepted=f"{formats.MOST_XLSX:,}",
                advice="Take CSV or Parquet, or choose fewer rows.",
            )
        response = HttpResponse(formats.xlsx(frame, columns, told, check))
    response.headers["Content-Type"] = formats.MEDIA[ending]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{holding.name[:4]}.{ending}"'
    return whole(response)


def whole(response: HttpResponse) -> HttpResponse:
    """Say that no part of this can be asked for: a table is made while it is sent, and begins anew each time."""
    response.headers["Accept-Ranges"] = "none"
    return response
