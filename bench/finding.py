"""How many held-out questions the search of a release answers among its first three answers, and how quickly.

python bench/finding.py RELEASES
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from sojourn.release import open_release
from sojourn.web.finding import find
from sojourn.web.holding import load

QUESTIONS = Path(__file__).parents[1] / "tests" / "web" / "finding" / "held_out.csv"
FIRST = 3


def main(root: Path) -> None:
    """Ask each question twice, and print what is found by language and the time of the second."""
    holding = load(open_release(max(path for path in root.iterdir() if path.is_dir())))
    asked, answered, times = Counter[str](), Counter[str](), []
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        for one in csv.DictReader(stream):
            find(one["question"], holding)
            begun = time.perf_counter()
            hits = find(one["question"], holding).hits[:FIRST]
            times.append(1000 * (time.perf_counter() - begun))
            asked[one["language"]] += 1
            answered[one["language"]] += any(
                _answers(hit.address, wanted) for hit in hits for wanted in one["wanted"].split("|")
            )
    for language in asked:
        print(f"{language}: {answered[language]} of {asked[language]}")
    print(f"all: {answered.total()} of {asked.total()} among the first {FIRST}")
    print(f"time: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms")


def _answers(address: str, wanted: str) -> bool:
    own, asked = urlsplit(address), urlsplit(wanted)
    held = set(parse_qsl(asked.query)) <= set(parse_qsl(own.query))
    return own.path == asked.path and held and asked.fragment in ("", own.fragment)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
