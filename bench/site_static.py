"""The peer of `bench/site.py`: a static site as sdg-build makes it, one JSON file an indicator, behind the same server.

    python bench/site_static.py FOLDER --port 8011

FOLDER holds the files, packed by gzip beforehand; nothing is computed when one is asked for.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

COLUMNS = (
    "series",
    "area",
    "counterpart",
    "sex",
    "age",
    "nativity",
    "citizenship",
    "legal_status",
    "breakdown",
)


def write(release: Path, folder: Path) -> list[str]:
    """Write the files of a release, and give the indicators.

    Args:
        release: a release folder.
        folder: gets INDICATOR.json.gz, with a list a column, as sdg-build writes them.
    """
    from sojourn.release import open_release

    rows = open_release(release).observations(only_headline=True)
    names = sorted(rows["indicator"].unique())
    for name in names:
        own = rows.filter(indicator=name)
        columns = {"Year": own["period"].to_list()}
        columns |= {one.title(): own[one].to_list() for one in COLUMNS if own[one].n_unique() > 1}
        columns |= {"Units": own["unit"].to_list(), "Value": own["value"].to_list()}
        text = json.dumps({"data": columns}, ensure_ascii=False, separators=(",", ":"))
        (folder / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), 6, mtime=0))
    return names


def mix(names: list[str], seed: int, count: int) -> list[list[str]]:
    """Draw what readers ask of it: popular indicators more often, as in `site_mix`."""
    draw = random.Random(seed)
    draw.shuffle(names)
    weights = [1 / rank for rank in range(1, len(names) + 1)]
    return [["json", "indicator", f"/data/{one}.json"] for one in draw.choices(names, weights, k=count)]


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with a file."""
    path = Path(os.environ["SITE_STATIC"], environ["PATH_INFO"].rpartition("/")[2] + ".gz")
    if environ["PATH_INFO"] == "/health":
        start("200 OK", [("Content-Length", "2")])
        return [b"{}"]
    if not path.is_file():
        start("404 Not Found", [("Content-Length", "0")])
        return [b""]
    content = path.read_bytes()
    headers = {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Content-Length": str(len(content)),
    }
    start("200 OK", list(headers.items()))
    return [content]


if __name__ == "__main__":
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["SITE_STATIC"] = sys.argv[1]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    Granian(
        "site_static:application",
        address="127.0.0.1",
        port=int(sys.argv[3]),
        interface=Interfaces.WSGI,
        blocking_threads=64,
        log_access=False,
    ).serve()
