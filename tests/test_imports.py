"""The rules that keep the house standing: who may import whom, read from the code itself."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import sojourn

ROOT = Path(sojourn.__file__).parent

# Room: the rooms of ours that it may import. Anything may import `errors` and `areas`.
MAY_IMPORT = {
    "errors": set(),
    "areas": set(),
    "sums": set(),
    "observations": set(),
    "framework": set(),
    "sources": set(),
    "methods": set(),
    "simulate": {"methods"},
    "indicators": {"sources", "methods", "surveys", "observations"},
    "discovery": {"sources", "indicators"},
    "release": {"framework", "sources", "indicators", "methods", "observations", "discovery"},
    "present": {"release", "observations", "framework"},
    "project": set(),
    "demo": {"sources", "simulate", "release", "observations"},
    "tables": set(),
    "console": {"release", "observations", "tables"},
    "surveys": {"sources", "methods"},
    "commands": {
        "surveys",
        "methods",
        "simulate",
        "framework",
        "sources",
        "indicators",
        "release",
        "observations",
        "discovery",
        "project",
        "console",
    },
    # The one room that imports Django; `present` draws, and never imports it back.
    "web": {
        "present",
        "framework",
        "indicators",
        "release",
        "observations",
        "discovery",
        "project",
    },
    "cli": {
        "commands",
        "console",
        "demo",
        "project",
        "release",
        "options",
        "cli_framework",
        "cli_survey_estimates",
        "cli_registry",
        "cli_trust",
        "cli_web",
    },
    "cli_framework": {"commands", "options"},
    "cli_survey": {"commands", "options"},
    "cli_survey_estimates": {"cli_survey", "commands", "options", "surveys"},
    "cli_trust": {"commands", "options"},
    "cli_web": {"web", "console", "options"},
    "cli_registry": {"web", "console", "options", "project"},
    "options": {"project", "release"},
    "__main__": {"cli"},
    "__init__": {"release"},
}
EVERYWHERE = {"errors", "areas", "sums"}
MODULES = sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_its_room_may(path):
    room = room_of(path)
    assert room in MAY_IMPORT, f"the room {room!r} has no rule yet: add one to MAY_IMPORT"
    allowed = MAY_IMPORT[room] | EVERYWHERE | {room}
    for name in imports(path):
        parts = name.split(".")
        if (
            parts[0] == "sojourn"
            and len(parts) > 1
            and (ROOT / parts[1]).exists() | (ROOT / f"{parts[1]}.py").exists()
        ):
            assert parts[1] in allowed, f"{room} may not import sojourn.{parts[1]}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_web_imports_django_and_the_core_no_pandas(path):
    forbidden = {"pandas"} | (set() if room_of(path) == "web" else {"django"})
    assert not forbidden & {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_one_idea(path):
    if path.parent.name == "migrations":
        pytest.skip("written by Django from the models")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_module_can_be_imported():
    for info in pkgutil.walk_packages(sojourn.__path__, "sojourn."):
        if not info.name.endswith("__main__"):
            importlib.import_module(info.name)


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, sojourn; print(*sorted({'polars', 'numpy', 'scipy', 'typer'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_no_seed_but_an_explicit_generator():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert "np.random.seed" not in text
        # The pause before a download is tried again is no statistic, and may be any.
        assert "import random" not in text or path.name == "transfer.py"
