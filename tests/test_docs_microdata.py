"""The pages on microdata keep their word: every command is run, and the figures of R are R's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import polars as pl
import pytest

from sojourn import cli

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "microdata.md"


def commands() -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]


def test_the_path_from_a_file_to_a_release_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    listed = commands()
    assert len(listed) == 12
    for words in listed:
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        captured = capsys.readouterr()
        assert not ended.value.code, f"{words}: {captured.err}"
        assert captured.out.strip(), words
    page = (tmp_path / "inventory.html").read_text(encoding="utf-8")
    assert "Questions to add" in page
    assert page.count("<table>") == page.count("</table>") >= 3
    # Nothing of it is fetched from elsewhere.
    assert not re.search(r"<(script|link|img)|https?://", page)


def test_the_figures_beside_those_of_r_are_rs(shared):
    listed = pl.read_csv(shared / "reference/survey/reference_survey4.5.csv", infer_schema=False)
    wanted = listed.filter(pl.col("table") == "SDR.mean_by")
    labels = {
        "native.M": ("1", "1"),
        "native.F": ("1", "2"),
        "foreign.M": ("2", "1"),
        "foreign.F": ("2", "2"),
    }
    rows = re.findall(
        r"^\| (\d) \| (\d) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", PAGE.read_text(), flags=re.M
    )
    found = {(row[0], row[1]): row[2:] for row in rows}
    assert len(found) == wanted.height == 4
    for one in wanted.to_dicts():
        ours, our_se, theirs, their_se = found[labels[one["label"]]]
        assert (theirs, their_se) == (one["estimate"], one["se"])
        assert float(ours.replace(",", "")) == pytest.approx(float(theirs), abs=0.005)
        assert float(our_se.replace(",", "")) == pytest.approx(float(their_se), abs=0.005)


def test_the_options_of_designs_exist():
    from typer.main import get_command

    known = {
        option
        for p in get_command(cli.app).commands["survey"].commands["estimate"].params
        for option in p.opts
    }  # type: ignore[attr-defined]
    text = (DOCS / "howto-choose-a-design.md").read_text(encoding="utf-8") + PAGE.read_text(encoding="utf-8")
    other = {
        "--write",
        "--households",
        "--seed",
        "--microdata",
        "--out",
        "--measure",
        "--population",
        "--data",
        "--area",
    }
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)):
        assert option in known | other, option
