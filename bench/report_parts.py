"""Sections of docs/performance.md beyond remittance prices, from the JSON files that `make bench` leaves.

A benchmark that was not run has no file, and its section says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHARE_LIMIT = {"share": 1.3, "mean": 1.5, "median": 2.0}
CACHED_LIMIT = {"share": 0.15, "mean": 0.15, "median": 0.6}
GIGABYTES = 0.5


def _met(met: bool) -> str:
    return "met" if met else "**not met**"


def survey(found: dict[str, Any]) -> str:
    lines = [
        f"{found['rows']:,} persons x 81 weights ({found['what']}) by nativity, sex and state, zstd Parquet; the best "
        f"of three processes. Load of the machine by everything on it: {found['load']:.1f} on {found['cores']} cores.",
        "",
        "| | decode s | cold s | ratio (limit) | GB (limit) | packed s (limit) | GB of its own | loading s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for task, limit in SHARE_LIMIT.items():
        one = found[task]
        cached = CACHED_LIMIT[task]
        lines.append(
            f"| {task} | {one['decode']:.2f} | {one['cold']:.2f} | {one['cold_ratio']:.2f} ({limit:g}, "
            f"{_met(one['cold_ratio'] <= limit)}) | {one['cold_gigabytes']:.2f} ({GIGABYTES}, "
            f"{_met(one['cold_gigabytes'] <= GIGABYTES)}) | {one['cached']:.3f} ({cached:g}, "
            f"{_met(one['cached'] <= cached)}) | {one['cached_anonymous']:.2f} | {one['load']:.1f} |"
        )
    lines += [
        "",
        "Seconds of work are after loading libraries and compiled kernels (*loading*: what a new process pays once). "
        "Memory *of its own* leaves out the pages of the packed file, which is mapped and can be dropped; it is that "
        "at the end of the task.",
    ]
    lines += _peers(found)
    for task, one in found.get("large", {}).items():
        lines.append(f"* {task} of ten times the rows: {one['seconds']:.1f} s, {one['gigabytes']:.2f} GB")
    return "\n".join(lines)


def _peers(found: dict[str, Any]) -> list[str]:
    peer = found.get("peers", {}).get("R") or {}
    lines = [""]
    for task in SHARE_LIMIT:
        one = found[task]
        if task in peer:
            lines.append(
                f"* {task}: R survey takes {peer[task]:.0f} s, {peer[task] / one['cold']:.0f} times cold, "
                f"{peer[task] / one['cached']:.0f} times packed"
            )
        if "svy" in one:
            lines.append(
                f"* {task}: svy takes {one['svy']:.1f} s, {one['svy'] / one['cold']:.1f} times cold, "
                f"{one['svy'] / one['cached']:.0f} times packed; results differ by {one['svy_difference']:.0e}"
            )
    return (
        lines
        if len(lines) > 1
        else ["", "R survey and svy were not run with these figures (`--R`, `--svy`)."]
    )


def second_build(found: dict[str, Any]) -> str:
    again = sorted(found["again"])
    median = again[len(again) // 2]
    return (
        f"{found['files']} files, {found['bytes'] / 1e6:.0f} MB: first build {found['first']:.2f} s, second build "
        f"of the same files {median:.2f} s (limit {found['limit']:g} s, {_met(median <= found['limit'])})."
    )


def composite(found: dict[str, Any]) -> str:
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found["seconds"].items())
    used = f"{found['ratio']:.2f} of the limit of {found['limit']:g} s"
    return f"200 areas x 60 indicators, 10,000 variants: {parts}; {used}."


def progress(found: dict[str, Any]) -> str:
    lines = ["Forecasts of series whose later values are known:", ""]
    lines += ["| series, model | cases | 80 % holds | 95 % holds | Brier |", "|---|---:|---:|---:|---:|"]
    for name, one in found.items():
        if name != "flat noise":
            lines.append(
                f"| {name} | {one['cases']} | {one['covered_80']:.3f} | {one['covered_95']:.3f} | {one['brier']:.3f} |"
            )
    return "\n".join(lines)


def legal_status(found: dict[str, Any]) -> str:
    lines = [f"Of {found['runs']:,} simulated runs, nominal 95 % intervals hold the truth in:", ""]
    return "\n".join(lines + [f"* {name}: {100 * share:.1f} %" for name, share in found["covered"].items()])


def site(found: dict[str, Any]) -> str:
    own, peer = found["site"], found["static"]
    lines = [
        f"{found['readers']} readers with one second to think read {found['observations']:,} observations for "
        f"{found['seconds']:.0f} s, on {found['cores']} cores that they share with the server (load of the machine "
        f"by everything on it before: {own['load']:.1f}). It makes the pages of countries and series ahead while "
        f"nobody reads, here in {own['ahead_seconds']:.0f} s. Milliseconds:",
        "",
        "| | answers | p50 | p95 | p99 |",
        "|---|---:|---:|---:|---:|",
    ]
    titles = {
        "first": ", from the first second on, nothing made ahead",
        "reading": "",
        "publishing": ", a release published meanwhile",
        "saturation": ", nobody thinking",
    }
    for title, words in titles.items():
        for kind, one in own.get(title, {}).get("kinds", {}).items():
            if "p95" in one:
                lines.append(
                    f"| {kind}{words} | {one['count']:,} | {one['p50']:.0f} | {one['p95']:.0f} | {one['p99']:.0f} |"
                )
    lines.append(
        f"| static site: a file an indicator | {peer['json']['count']:,} | {peer['json']['p50']:.0f} | "
        f"{peer['json']['p95']:.0f} | {peer['json']['p99']:.0f} |"
    )
    lines += ["", *(f"* {_goal(name, *one)}" for name, one in found["goals"].items())]
    browser = own["browser"]
    explored = (
        f", a chart live {browser['explored_ms']:.0f} ms after a press" if browser["explored_ms"] else ""
    )
    lines += [
        f"* saturated: {own['saturation']['a_second']:.0f} answers a second; static site {peer['a_second']:.0f}, of "
        f"{peer['kilobytes']:.0f} KB each, because a reader of one number gets a whole indicator",
        f"* memory: {own['megabytes_start']:.0f} MB at the start, {own['megabytes_end']:.0f} MB after reading "
        f"(with the process that draws); start to first answer {own['start_seconds']:.0f} s",
        f"* first paint {browser['paint']:.0f} ms, loaded with pictures {browser['loaded']:.0f} ms{explored}",
    ]
    for name, one in own["bulk"].items():
        lines.append(
            f"* {name}: {one['megabytes']:.0f} MB over the wire at {one['a_second']:.0f} MB/s, memory grown by "
            f"{one['grown']:.0f} MB"
        )
    lines.append(f"* {found['distinct']:,} of the {found['asked']:,} addresses in the mix are distinct")
    if published := own.get("publishing"):
        told = ", ".join(f"{count:,} of {name}" for name, count in published["by_release"].items())
        shown = "" if len(published["by_release"]) == 2 else " (a change is not shown: not both were read)"
        lines.append(
            f"* answers while a release was published: {told}{shown}; {published['fault_count']} of them failed or "
            "named another release than their header"
        )
    return "\n".join(lines)


def registry(found: dict[str, Any]) -> str:
    pages = found["pages"]
    lines = [
        f"{found['readers']} readers with one second to think read {pages['commitments']:,} commitments beside "
        f"{pages['events']:,} events for {found['seconds']:.0f} s from SQLite, on "
        f"{found['cores']} cores that they share with it (load of the machine at the end: {pages['load']:.1f}). "
        "Milliseconds:",
        "",
        "| | answers | p50 | p95 |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {kind} | {one['count']:,.0f} | {one['p50']:.0f} | {one['p95']:.0f} |"
        for kind, one in pages["of"].items()
    ]
    return "\n".join([*lines, "", *(f"* {_goal(name, *one)}" for name, one in found["goals"].items())])


def _goal(name: str, measured: float, limit: float, met: bool) -> str:
    return f"{name}: {measured:.0f} (limit {limit:g}, {_met(met)})"


PARTS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "survey": ("Microdata", survey),
    "second_build": ("A release built again", second_build),
    "composite": ("Composite index", composite),
    "progress": ("Chances of reaching a target", progress),
    "legal_status": ("Legal status", legal_status),
    "site": ("The site", site),
    "registry": ("The registry", registry),
}


def sections(folder: Path) -> str:
    """Write every section whose figures lie in a folder; coverage of the survey designs has a page of its own."""
    written = []
    for name, (title, write) in PARTS.items():
        file = folder / f"{name}.json"
        words = write(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else "Not run."
        written.append(f"## {title}\n\n{words}\n")
    written.append(
        "How often intervals of survey estimates hold the truth, by design: [coverage.md](coverage.md).\n"
    )
    return "\n".join(written)
