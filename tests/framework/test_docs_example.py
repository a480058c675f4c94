"""The feasibility file of the docs is one that the program reads."""

from __future__ import annotations

import re
from pathlib import Path

from sojourn.framework.core_set import choose
from sojourn.framework.feasibility import OPTIONAL, REQUIRED, read_feasibility

PAGE = Path(__file__).parents[2] / "docs" / "framework.md"


def test_the_example_and_the_columns_of_the_page(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, flags=re.M) == [*REQUIRED, *OPTIONAL]
    path = tmp_path / "office.csv"
    path.write_text(re.findall(r"```csv\n(.*?)```", text, flags=re.S)[0], encoding="utf-8")
    assert choose(read_feasibility(path), 2).chosen == ("recruitment_cost", "remittance_cost")
