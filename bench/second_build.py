"""Measures a second build with nothing changed, on all shared files, against the limit of two seconds.

    python bench/second_build.py [--data DIR] [--runs N] [--json FILE]

The first build is made in a fresh folder; then the command is run again and again, each time as a process of
its own, start and imports included. Beside it stands what such a build cannot do without: starting Python,
and reading and hashing every file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHARED = Path(os.environ.get("SOJOURN_SHARED", Path(__file__).resolve().parents[2] / "shared"))
LIMIT = 2.0


def seconds(*arguments: str) -> float:
    """Run Python once and give the seconds that a person waits."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def hashing(data: Path) -> tuple[int, int, float]:
    """Hash every file below a folder: files, bytes, seconds."""
    start = time.perf_counter()
    paths = [path for path in data.rglob("*") if path.is_file()]
    for path in paths:
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
    return len(paths), sum(path.stat().st_size for path in paths), time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = ("-m", "sojourn", "build", "--data", str(arguments.data), "--out", folder)
        first = seconds(*build)
        again = sorted(seconds(*build) for _ in range(arguments.runs))
    files, size, hashed = hashing(arguments.data)
    median = statistics.median(again)
    print(f"first build       {first:6.2f} s   {files} files, {size / 1e6:.0f} MB")
    print(f"second build      {median:6.2f} s   median of {len(again)}, {again[0]:.2f} to {again[-1]:.2f}")
    print(
        f"  of the limit    {median / LIMIT:6.2f}     {LIMIT:g} s: {'met' if median < LIMIT else 'NOT met'}"
    )
    print(f"start of Python   {seconds('-c', 'pass'):6.2f} s")
    print(f"hash of all files {hashed:6.2f} s")
    print(f"sojourn --help    {seconds('-m', 'sojourn', '--help'):6.2f} s")
    print(f"sojourn version   {seconds('-m', 'sojourn', 'version'):6.2f} s")
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        result = {"first": first, "again": again, "limit": LIMIT, "files": files, "bytes": size}
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
