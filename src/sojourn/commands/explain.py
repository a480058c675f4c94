"""`sojourn explain`: how a series is measured, how far its sources agree, and the files that a person may add."""

from __future__ import annotations

import inspect

from sojourn import console, discovery
from sojourn.commands.compare import print_agreement, print_others
from sojourn.commands.current import current
from sojourn.console import unit
from sojourn.release.find import find_series
from sojourn.sources.model import Source


def explain_series(
    text: str, release: str | None, *, area: str | None = None, period: str | None = None
) -> None:
    """Print how a series is measured, and how far its sources agree: in all, or for one area."""
    opened = current(release)
    known = opened.series()
    code = find_series(text, known)[0]
    one = known[code]
    console.out.print(f"{code}  {one['name']}", style="bold")
    console.out.print(
        f"{one['definition']}\nunit: {unit(one['unit']) or 'number'}; area: {one['area_role']}", end=""
    )
    console.out.print(f"; counterpart: {one['counterpart_role']}" if one["counterpart_role"] else "")
    for dimension in one["dimensions"]:
        codes = ", ".join(f"{key} ({label})" for key, label in dimension["codes"].items())
        console.out.print(f"{dimension['name']}: {codes}; without it: {dimension['default']}", style="dim")
    console.out.print()
    console.print_prose(one["explanation"])
    for source in own_files(code):
        _print_own_file(source)
    if area:
        print_others(opened, code, area, period)
    else:
        print_agreement(opened, code)


def own_files(series: str) -> list[Source]:
    """List the files that a person may write for a series: sources of which no publisher offers a layout."""
    known = discovery.series()
    if series not in known:
        return []
    indicator, _ = known[series]
    kinds = {*indicator.uses, *(kind for need in indicator.needs for kind in need)}
    return [
        one
        for one in discovery.sources()
        if one.table in kinds and one.by_hand and not any(layout.original for layout in one.layouts)
    ]


def _print_own_file(source: Source) -> None:
    """Print the header of a file of one's own, and what its module says of the columns."""
    console.out.print(f"A file of your own: {source.downloads[0].file}", style="bold")
    console.out.print(f"header {','.join(source.layouts[0].columns)}\n")
    module = inspect.getmodule(source.layouts[0].read)
    console.print_prose(module.__doc__ or "" if module else "")
