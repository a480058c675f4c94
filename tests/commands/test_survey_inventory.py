"""`sojourn survey inventory` of a folder and as a page."""

from __future__ import annotations

import json
import re

import pytest

from sojourn import console


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "files"
    place.mkdir()
    base = 'title = "t"\narea = "POL"\nyears = [{year}, {year}]\n[design]\nkind = "{kind}"\nweight = "w"\n'
    asked = "".join(f'[concepts.{one}]\ncolumn = "{one}"\n' for one in ("age", "sex", "employment"))
    (place / "lfs2021.toml").write_text(base.format(year=2021, kind="weights") + asked)
    (place / "lfs2021.csv").write_text("never,opened\n")
    design = base.format(year=2011, kind="sdr") + 'replicates = "r{1..8}"\n'
    (place / "census2011.toml").write_text(design + asked + '[concepts.nativity]\ncolumn = "n"\n')
    (place / "broken.csv").write_text("")
    (place / "notes.docx").write_text("not a survey")
    (place / "other.csv").write_text("nativity,sex,age,weight\n1,1,30,2\n2,2,40,3\n")
    return place


def test_a_country_is_told_its_best_file_for_each_indicator(run, folder):
    answer = json.loads(run("survey", "inventory", str(folder), "--json").out)
    by = {(one["indicator"], one["breakdown"]): one for one in answer["countries"]["POL"]}
    # The older file has replicate weights, and so errors.
    assert by["8.5.2", "nativity"]["status"] == "possible"
    assert by["8.5.2", "nativity"]["file"] == "census2011.toml"
    assert by["4.4.3", "everybody"]["status"] == "impossible"
    assert by["4.4.3", "everybody"]["file"] == ""
    assert [one["file"] for one in answer["not_read"]] == ["broken.csv"]
    assert {one["file"] for one in answer["files"]} == {"census2011.toml", "lfs2021.toml", "other.csv"}
    assert "not stated" in answer["countries"]


@pytest.mark.parametrize("width", [80, 120])
def test_the_tables_of_a_folder_fit_the_terminal(run, folder, monkeypatch, width):
    monkeypatch.setattr(console.out, "width", width, raising=False)
    answer = run("survey", "inventory", str(folder))
    assert answer.code == 0, answer.err
    assert max(map(len, answer.out.splitlines())) <= width
    text = " ".join(answer.out.split())
    for words in (
        "What Poland could be used for",
        "files of no stated country",
        "not read: broken.csv",
        "census2011.toml",
    ):
        assert words in text, words


def test_the_page_names_files_questions_and_certainty(run, folder, tmp_path):
    assert run("survey", "inventory", str(folder), "--write", "page.html").code == 0
    assert run("survey", "inventory", str(folder), "--write", "page.md").code == 0
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    for words in (
        "Indicators: POL",
        "Questions to add",
        "wording from memory",
        "census2011.toml",
        "broken.csv",
    ):
        assert words in html, words
        assert words in text, words
    assert re.search(r"[●◐○] \d+%", text)
    assert not re.search(r"<(script|link|img)|https?://", html)
    # Every row of a table of the Markdown page has as many cells as its head.
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.M):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1
    again = run("survey", "inventory", str(folder), "--write", "page.md")
    assert again.code == 2
    assert run("survey", "inventory", str(folder), "--write", "page.pdf").code == 2


def test_what_a_file_says_cannot_break_the_page(run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "a<b>&c.csv"
    file.write_text("nativity,sex,age|years,weight\n1,1,30,2\n2,2,40,3\n")
    assert run("survey", "inventory", str(file), "--write", "page.html").code == 0
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "a<b>" not in html
    assert "a&lt;b&gt;&amp;c.csv" in html


def test_an_empty_folder_is_said_to_be_empty(run, tmp_path):
    (tmp_path / "none").mkdir()
    answer = run("survey", "inventory", "none")
    assert answer.code == 1
    assert "no survey file" in answer.err
