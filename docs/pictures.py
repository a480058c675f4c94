"""Draws the pictures of the README from what the command really prints: `make pictures`."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from sojourn import console
from sojourn.commands.build import print_demo
from sojourn.demo import build_demo, headline_rows, nativity_rows
from sojourn.release import open_release


def main(folder: Path) -> None:
    """Build the demonstration in a folder and save what it prints as a picture."""
    console.out = Console(record=True, width=104, highlight=False, markup=False, force_terminal=True)
    release = open_release(build_demo(folder).path)
    print_demo(release, headline_rows(release), nativity_rows(release), folder)
    picture = Path(__file__).parent / "img" / "headline.svg"
    console.out.save_svg(str(picture), title="make demo")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
