"""What the page on serving tells people to type is understood by the programs that they type it to."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from sojourn.web.registry.configuration import database

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto-serve.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "docs" / "deploy"
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.S)
    for line in block.splitlines()
    if line.strip()
]


def _commands(program: str) -> list[list[str]]:
    split = [shlex.split(one, comments=True) for one in COMMANDS]
    bare = [[part for part in one if not re.fullmatch(r"SOJOURN_\w+=.*", part)] for one in split]
    return [one[1:] for one in bare if one and one[0] == program]


def test_every_setting_of_the_page_is_one_that_the_site_reads():
    sources = "".join(one.read_text(encoding="utf-8") for one in (ROOT / "src/sojourn/web").rglob("*.py"))
    named = set(re.findall(r"\bSOJOURN_[A-Z_]+\b", PAGE)) - {"SOJOURN_CHROMIUM"}
    assert len(named) >= 7
    assert {one for one in named if f'"{one}"' not in sources} == set()


@pytest.mark.parametrize("program", ["sojourn", "granian"])
def test_options_of_the_page_exist(program):
    module = {"sojourn": ["-m", "sojourn", "serve"], "granian": ["-m", "granian"]}[program]
    known = subprocess.run(
        [sys.executable, *module, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
    ).stdout
    typed = _commands(program)
    assert typed
    for command in typed:
        assert [one for one in command if one.startswith("--") and one not in known] == []


@pytest.mark.skipif(
    find_spec("gunicorn") is None, reason="gunicorn is not installed: its command is NOT checked"
)
def test_gunicorn_takes_the_command_of_the_page():
    (command,) = _commands("gunicorn")
    subprocess.run([sys.executable, "-m", "gunicorn", "--check-config", *command], check=True)


def test_databases_of_the_page_are_understood():
    addresses = re.findall(r"SOJOURN_DATABASE=(\S+)", PAGE)
    engines = [database(one)["ENGINE"].rpartition(".")[2] for one in addresses]
    assert engines == ["sqlite3", "postgresql"]


def test_the_container_copies_what_exists_and_runs_as_nobody():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [
        one for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, flags=re.M) for one in line.split()
    ]
    assert copied
    assert all((ROOT / one).exists() for one in copied)
    last = text.rpartition("FROM ")[2]
    assert re.search(r"^USER (?!root)", last, flags=re.M)
    (command,) = re.findall(r"^CMD (\[.*\])$", last, flags=re.M)
    assert eval(command)[:2] == ["sojourn", "serve"]


def test_the_proxy_sets_the_address_that_is_believed():
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+)", text)) == {"8010"}
