"""Measures the site under readers, against its limits and against a static site behind the same server.

    python bench/site.py --releases DIR [--seconds 60] [--json FILE]

DIR is a folder of releases; of several, the newest is published while the readers read the one before, and no answer
may hold both. Readers run in a process of their own on the same machine, so that both cores are shared with them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import site_static
from site_mix import Mix
from site_server import Server, get, running

HERE = Path(__file__).parent
READERS = 50
LIMITS = {
    "p95_ms": 100.0,
    "first_kilobytes": 150.0,
    "explored_kilobytes": 420.0,
    "interactive_ms": 1500.0,
    "bulk_megabytes_a_second": 50.0,
}
SEED = 20
PAGE = "/en/series/SJ_MIGRANT_STOCK"


def read(
    server: Server, asked: list[Any], seconds: float, think: float, releases: list[str]
) -> list[list[Any]]:
    """Let the readers read; gives a row for each answer, as `site_readers` prints it."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as mix:
        json.dump(asked, mix)
        mix.flush()
        command = [
            sys.executable,
            str(HERE / "site_readers.py"),
            server.site,
            mix.name,
            "--readers",
            str(READERS),
        ]
        command += ["--seconds", str(seconds), "--think", str(think), "--releases", *releases]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[list[Any]] = json.loads(answer.stdout)
    return rows


def times(rows: list[list[Any]]) -> dict[str, Any]:
    """Give count, p50, p95, p99 and the most milliseconds."""
    took = sorted(row[3] for row in rows)
    if len(took) < 2:
        return {"count": len(took)}
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return {"count": len(took), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "most": took[-1]}


def summary(rows: list[list[Any]]) -> dict[str, Any]:
    """Sum up one load: times by kind, in the first five seconds, by what was asked for; faults."""
    kinds = ("page", "json", "picture")
    return {
        "kinds": {kind: times([row for row in rows if row[1] == kind]) for kind in kinds},
        "first": {kind: times([row for row in rows if row[1] == kind and row[0] < 5]) for kind in kinds},
        "of": {
            f"{kind}: {of}": times([row for row in rows if (row[1], row[2]) == (kind, of)])
            for kind, of in sorted({(row[1], row[2]) for row in rows})
        },
        "faults": [row[7] for row in rows if row[7]][:20],
        "fault_count": sum(bool(row[7]) for row in rows),
        "by_release": {
            name: sum(row[6] == name for row in rows) for name in sorted({row[6] for row in rows} - {""})
        },
    }


def under_load(folder: Path, newer: Path | None, seconds: float, asked: list[Any]) -> dict[str, Any]:
    """Start the site, let it be read from its first second on and later, saturate it, and publish a release."""
    names = [one.name for one in (*folder.iterdir(), *([newer] if newer else []))]
    with running("-m", "sojourn", "serve", "--releases", str(folder)) as server:
        found: dict[str, Any] = {"start_seconds": server.start_seconds, "megabytes_start": server.megabytes()}
        found["load"] = os.getloadavg()[0]
        # Of its own questions: what was asked before would be remembered.
        early = asked[: len(asked) // 3]
        found["first"] = summary(read(server, early, min(seconds, 30), 1.0, names))
        found["ahead_seconds"] = made_ahead(server)
        found["megabytes_ahead"] = server.megabytes()
        found["reading"] = summary(read(server, asked, seconds, 1.0, names))
        found["megabytes_end"] = server.megabytes()
        rows = read(server, asked, 15, 0.0, names)
        found["saturation"] = {"a_second": len(rows) / 15} | summary(rows)
        if newer is not None:
            publish = threading.Timer(8, _publish, (newer, folder))
            publish.start()
            found["publishing"] = summary(read(server, early[::-1], min(seconds, 60), 1.0, names))
            publish.join()
        found["bulk"] = bulk(server)
        browsed = subprocess.run(
            [sys.executable, str(HERE / "site_browser.py"), server.site + PAGE],
            stdout=subprocess.PIPE,
            check=True,
        )
        found["browser"] = json.loads(browsed.stdout)
    return found


def made_ahead(server: Server, patience: float = 1200) -> float:
    """Wait until every process has made its pages ahead, and give the seconds that took."""
    start, complete = time.perf_counter(), 0
    # Processes answer in turns: when many answers in a row say so, all of them do.
    while complete < 10 and time.perf_counter() - start < patience:
        time.sleep(0.5)
        told = json.loads(get(server.port, "/health")[1])["made_ahead"]
        complete = complete + 1 if told["of"] and told["pages"] == told["of"] else 0
    return time.perf_counter() - start


def _publish(newer: Path, folder: Path) -> None:
    aside = folder / f".building-{newer.name}"
    shutil.copytree(newer, aside)
    aside.rename(folder / newer.name)


def bulk(server: Server) -> dict[str, Any]:
    """Download everything, as it is and packed, and watch the memory of the server."""
    found = {}
    for name, path, packing in (
        ("CSV", "/api/v1/observations.csv?every=1", "identity"),
        ("CSV, packed", "/api/v1/observations.csv?every=1", "gzip"),
        ("JSON", "/api/v1/observations.json?every=1", "identity"),
        (
            "file of the release",
            f"/api/v1/releases/{server.release()}/files/observations.parquet",
            "identity",
        ),
    ):
        most, done = [server.megabytes()], threading.Event()

        def watch(most: list[float] = most, done: threading.Event = done) -> None:
            while not done.wait(0.1):
                most.append(server.megabytes())

        watching = threading.Thread(target=watch)
        watching.start()
        start = time.perf_counter()
        _, body = get(server.port, path, Accept_Encoding=packing)
        took = time.perf_counter() - start
        done.set()
        watching.join()
        found[name] = {
            "megabytes": len(body) / 1e6,
            "a_second": len(body) / 1e6 / took,
            "seconds": took,
            "grown": max(most) - most[0],
        }
    return found


def static_peer(release: Path, seconds: float) -> dict[str, Any]:
    """Measure a static site of the same release behind the same server, under the same readers."""
    with tempfile.TemporaryDirectory() as place:
        names = site_static.write(release, Path(place))
        asked = site_static.mix(names, SEED, READERS * int(seconds * 2))
        with running(str(HERE / "site_static.py"), place) as server:
            rows = read(server, asked, seconds, 1.0, [])
            flat = read(server, asked, 10, 0.0, [])
            return {
                "json": times(rows),
                "kilobytes": statistics.mean(row[5] for row in rows) / 1000,
                "a_second": len(flat) / 10,
                "megabytes": server.megabytes(),
                "fault_count": sum(bool(row[7]) for row in rows),
            }


def report(found: dict[str, Any]) -> None:
    """Print the figures beside their limits."""
    site = found["site"]
    for title in ("first", "reading", "publishing", "saturation"):
        for kind, one in site.get(title, {}).get("kinds", {}).items():
            if "p95" in one:
                told = "  ".join(f"{name} {one[name]:7.1f}" for name in ("p50", "p95", "p99"))
                print(f"{title:11s} {kind:8s} {one['count']:6d}  {told} ms")
        if title in site:
            print(f"{title:11s} faults   {site[title]['fault_count']:6d}  {site[title]['faults'][:2]}")
    for name, (measured, limit, met) in goals(found).items():
        print(f"{'met' if met else 'NOT met':8s} {name}: {measured:.1f} (limit {limit:g})")


def goals(found: dict[str, Any]) -> dict[str, tuple[float, float, bool]]:
    """Give what was promised: name -> (measured, limit, met)."""
    site, limit = found["site"], LIMITS["p95_ms"]
    listed = {}
    for kind in ("page", "json"):
        for title, load, part in (
            ("", "reading", "kinds"),
            (" before pages are made ahead", "first", "kinds"),
            (", first five seconds", "first", "first"),
        ):
            p95 = site[load][part][kind]["p95"]
            listed[f"p95 of {kind}{title}, ms"] = (p95, limit, p95 <= limit)
    faults = sum(
        site.get(one, {}).get("fault_count", 0) for one in ("first", "reading", "publishing", "saturation")
    )
    listed["errors, and answers that mix releases"] = (faults, 0, faults == 0)
    if "publishing" in site:
        seen = len(site["publishing"]["by_release"])
        listed["releases that readers saw while one was published"] = (seen, 2, seen == 2)
    browser = site["browser"]
    for name, measured, key in (
        ("first page, KB", browser["kilobytes"], "first_kilobytes"),
        ("after interaction, KB", browser["explored_kilobytes"], "explored_kilobytes"),
        ("interactive, ms", browser["interactive"], "interactive_ms"),
    ):
        listed[name] = (measured, LIMITS[key], measured <= LIMITS[key])
    rate, least = site["bulk"]["CSV"]["a_second"], LIMITS["bulk_megabytes_a_second"]
    listed["bulk download of CSV, MB/s"] = (rate, least, rate >= least)
    return listed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.releases is None:
        print("no --releases: the site is not measured")
        return
    releases = sorted(one for one in arguments.releases.iterdir() if (one / "manifest.json").is_file())
    newer = releases[-1] if len(releases) > 1 else None
    first = releases[-2] if newer else releases[-1]
    asked = list(itertools.islice(Mix(first, SEED).draw(), READERS * int(arguments.seconds * 3)))
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(first, Path(place) / first.name)
        found = {
            "site": under_load(Path(place), newer, arguments.seconds, asked),
            "static": static_peer(first, min(arguments.seconds, 20)),
            "readers": READERS,
            "seconds": arguments.seconds,
            "cores": os.cpu_count(),
            "distinct": len({address for _, _, address in asked}),
            "asked": len(asked),
            "observations": json.loads((first / "manifest.json").read_text())["observations"],
        }
    found["goals"] = {name: list(one) for name, one in goals(found).items()}
    report(found)
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
