"""The docs keep their word: the page on adding an indicator is run, commands and series are named."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sojourn import discovery
from sojourn.cli import app

ROOT = Path(__file__).parents[1]
HOWTO = ROOT / "docs" / "howto-add-an-indicator.md"


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def test_the_page_on_adding_an_indicator_runs(tmp_path):
    """In a copy of the package, so that the indicator of the page is not one of ours."""
    package = tmp_path / "sojourn"
    shutil.copytree(ROOT / "src" / "sojourn", package, ignore=shutil.ignore_patterns("__pycache__"))
    indicator, *uses = blocks(HOWTO, "python")
    (package / "indicators" / "remittances_per_person.py").write_text(indicator, encoding="utf-8")
    assert len(uses) == 2
    for use in uses:
        code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{use}"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr


def test_the_indicator_of_the_page_is_found_by_the_command(tmp_path):
    package = tmp_path / "sojourn"
    shutil.copytree(ROOT / "src" / "sojourn", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "indicators" / "remittances_per_person.py").write_text(
        blocks(HOWTO, "python")[0], encoding="utf-8"
    )
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from sojourn.cli import main; main(['list', 'series', '--csv'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "SJ_RMT_PER_PERSON" in run.stdout


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name
)
def test_links_and_pictures_exist(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_readme_and_its_tour_name_commands_that_exist():
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    commands |= {group.name for group in app.registered_groups}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"^sojourn ([a-z]+)", "\n".join(blocks(ROOT / "README.md", "sh")), flags=re.M):
        assert name in commands
    assert {"make demo", "make test"} <= set(re.findall(r"make [a-z]+", text))


def test_every_indicator_explains_formula_limits_and_sources():
    for indicator in discovery.indicators():
        assert "ource" in indicator.explanation, indicator.code
        assert len(indicator.explanation) > 200, indicator.code
        for series in indicator.series:
            assert series.definition.endswith("."), series.code
            assert series.area_role, series.code


def test_every_source_says_licence_page_and_how_to_get_it():
    for source in discovery.sources():
        assert source.licence
        assert source.page.startswith("https://")
        assert source.downloads, source.name
        for download in source.downloads:
            assert download.url or source.by_hand, (
                f"{source.name}: {download.file} has neither address nor reason"
            )
