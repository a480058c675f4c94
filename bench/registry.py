"""Measures the registry's pages under readers, on a database of 100,000 commitments and a million events.

    python bench/registry.py --releases DIR [--registry FILE.sqlite3] [--seconds 60] [--json FILE]

FILE is one that `registry_data.py` filled; without it one is filled into a temporary folder first, which takes a
quarter of an hour. Readers run in a process of their own on the same machine. A table of 10,000 rows is then brought
in by the command, into a registry with the shipped facts.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import Any

from site_server import SOURCES, Server, get, running

HERE = Path(__file__).parent
READERS, SEED = 20, 2013
LIMIT_MS, LIMIT_SECONDS, ROWS = 100.0, 60.0, 10_000
LIST = "/en/registry/commitments"
WORDS = (
    "remittances",
    "fees",
    "pensions census",
    "visas",
    "trafficking",
    "skills diplomas",
    "consular Mexico",
)
_CHOICES = re.compile(r'<select name="theme">(.*?)</select>', re.DOTALL)
_CODE = re.compile(r'<option value="([^"]+)"')
_NEXT = re.compile(r'href="(/en/registry/commitments\?[^"]*(?:after|before)=[^"]*)"')


def mix(server: Server, ids: list[str], count: int) -> list[tuple[str, str, str]]:
    """Draw what the readers ask: lists – first and late pages, narrowed and not –, searches, and records."""
    draw = random.Random(SEED)
    themes = _CODE.findall("".join(_CHOICES.findall(get(server.port, LIST)[1].decode())))
    lists = [LIST, *(f"{LIST}?theme={one}" for one in themes[:4])]
    for start in tuple(lists):
        address = start
        for _ in range(6):
            found = _NEXT.findall(get(server.port, address)[1].decode())
            if not found:
                break
            address = unescape(found[-1])
            lists.append(address)
    makers = {
        "list": lambda: draw.choice(lists),
        "search": lambda: f"/en/registry/search?q={draw.choice(WORDS).replace(' ', '+')}",
        "record": lambda: f"/en/registry/records/{draw.choice(ids)}",
    }
    kinds = draw.choices(list(makers), (4, 3, 5), k=count)
    return [("registry", kind, makers[kind]()) for kind in kinds]


def read(server: Server, asked: list[tuple[str, str, str]], seconds: float) -> list[list[Any]]:
    """Let the readers read; gives a row for each answer, as `site_readers` prints it."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asked, file)
        file.flush()
        command = [sys.executable, str(HERE / "site_readers.py"), server.site, file.name]
        command += ["--readers", str(READERS), "--seconds", str(seconds), "--think", "1"]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[list[Any]] = json.loads(answer.stdout)
    return rows


def under_readers(registry: Path, releases: Path, seconds: float) -> dict[str, Any]:
    """Serve the registry, let it be read, and sum up the times by what was asked for."""
    with sqlite3.connect(registry) as database:
        counts = [
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("registry_commitment", "registry_event")
        ]
        rows = database.execute(
            "SELECT public_id FROM registry_record WHERE kind = 'commitment' AND state = 'published' "
            "ORDER BY id % 9973 LIMIT 3000"
        ).fetchall()
    os.environ["SOJOURN_DATABASE"] = f"sqlite:///{registry.resolve()}"
    os.environ["SOJOURN_REGISTRY"] = str(registry.resolve().parent)
    with running("-m", "sojourn", "serve", "--releases", str(releases)) as server:
        asked = mix(server, [one for (one,) in rows], READERS * int(seconds * 2))
        told = read(server, asked, seconds)
    return {
        "commitments": counts[0],
        "events": counts[1],
        "load": os.getloadavg()[0],
        "of": {kind: _times(told, kind) for kind in ("list", "search", "record")},
        "fault_count": sum(bool(one[7]) for one in told),
        "faults": [one[7] for one in told if one[7]][:5],
    }


def _times(told: list[list[Any]], kind: str) -> dict[str, float]:
    took = [one[3] for one in told if one[2] == kind]
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return {"count": len(took), "p50": cuts[49], "p95": cuts[94], "most": max(took)}


def importing() -> dict[str, float]:
    """Bring a table in by the command, as a person does."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        environment = os.environ | {"PYTHONPATH": str(SOURCES), "SOJOURN_REGISTRY": str(folder / "registry")}
        environment.pop("SOJOURN_DATABASE", None)

        def run(*arguments: str) -> None:
            command = [sys.executable, *arguments]
            subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)

        run("-m", "sojourn", "registry", "init")
        file = folder / "rows.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(("title", "summary", "form", "due", "areas"))
            for number in range(ROWS):
                table.writerow((f"Promise {number}", "Lower the cost. " * 8, "individual", "2030", "NOR;BGD"))
        seat = (
            "from sojourn.web.registry import starting; starting.start();"
            "from sojourn.web.registry.models import Account, Actor, Seat;"
            "Seat.objects.create(account=Account.objects.create_user('ada@example.org', name='Ada'),"
            "actor=Actor.objects.public().first(), role='focal_point', valid_from='2020-01-01')"
        )
        run("-c", seat)
        start = time.perf_counter()
        run(
            "-m",
            "sojourn",
            "registry",
            "import",
            str(file),
            "--kind",
            "commitment",
            "--by",
            "ada@example.org",
        )
        return {"rows": ROWS, "seconds": time.perf_counter() - start}


def goals(found: dict[str, Any]) -> dict[str, tuple[float, float, bool]]:
    """Give what was promised: name -> (measured, limit, met)."""
    listed = {
        f"median of {kind} pages, ms": (one["p50"], LIMIT_MS, one["p50"] <= LIMIT_MS)
        for kind, one in found["pages"]["of"].items()
    }
    seconds = found["import"]["seconds"]
    listed[f"import of {ROWS:,} rows, s"] = (seconds, LIMIT_SECONDS, seconds < LIMIT_SECONDS)
    faults = found["pages"]["fault_count"]
    listed["errors"] = (faults, 0, faults == 0)
    return listed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=Path)
    parser.add_argument("--registry", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.releases is None:
        print("no --releases: the registry is not measured")
        return
    with tempfile.TemporaryDirectory() as place:
        registry = arguments.registry or Path(place) / "registry.sqlite3"
        if not registry.is_file():
            filling = [sys.executable, str(HERE / "registry_data.py"), str(registry)]
            subprocess.run(filling, env=os.environ | {"PYTHONPATH": str(SOURCES)}, check=True)
        found: dict[str, Any] = {
            "pages": under_readers(registry, arguments.releases, arguments.seconds),
            "import": importing(),
            "readers": READERS,
            "seconds": arguments.seconds,
            "cores": os.cpu_count(),
        }
    found["goals"] = {name: list(one) for name, one in goals(found).items()}
    for kind, one in found["pages"]["of"].items():
        told = "  ".join(f"{name} {one[name]:7.1f}" for name in ("p50", "p95", "most"))
        print(f"{kind:8s} {one['count']:6.0f}  {told} ms")
    print(f"faults   {found['pages']['fault_count']:6d}  {found['pages']['faults'][:2]}")
    for name, (measured, limit, met) in found["goals"].items():
        print(f"{'met' if met else 'NOT met':8s} {name}: {measured:.1f} (limit {limit:g})")
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
