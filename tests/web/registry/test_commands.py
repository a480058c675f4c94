"""`sojourn registry` as a person runs it, in a process of its own; and the site where there is no registry."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import sojourn

SETTINGS = ("SOJOURN_DATABASE", "SOJOURN_REGISTRY", "DJANGO_SETTINGS_MODULE", "SOJOURN_RELEASES")


def _environment() -> dict[str, str]:
    """This process's environment without a registry, with the same code wherever it runs."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return kept | {"PYTHONPATH": str(Path(sojourn.__file__).parents[1])}


def _run(folder, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = _environment()
    command = [sys.executable, "-m", "sojourn", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_registry_is_made_verified_and_found_tampered_with(tmp_path):
    missing = _run(tmp_path, "registry", "verify")
    assert (missing.returncode, "There is no registry here" in missing.stderr) == (2, True)
    made = _run(tmp_path, "registry", "init", "--email", "ada@example.org", "--json")
    told = json.loads(made.stdout)
    assert told["new"] > 400
    assert told["invitation"].startswith("/en/account/invitation/")
    again = json.loads(_run(tmp_path, "registry", "init", "--json").stdout)
    assert (again["new"], again["same"]) == (0, told["new"])
    sound = _run(tmp_path, "registry", "verify", "--json")
    head = json.loads(sound.stdout)["head"]
    assert (sound.returncode, json.loads(sound.stdout)["broken"]) == (0, [])
    assert _run(tmp_path, "registry", "verify", "--head", head).returncode == 0
    file = tmp_path / "registry" / "registry.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("DROP TRIGGER a_published_text_stays")
        database.execute(
            "UPDATE registry_version SET content = replace(content, 'GFMD', 'Forum') WHERE id = 7"
        )
        changed = database.execute(
            "SELECT content LIKE '%Forum%' FROM registry_version WHERE id = 7"
        ).fetchone()[0]
        if not changed:
            database.execute("UPDATE registry_version SET content = '{}' WHERE id = 7")
    database.close()
    found = _run(tmp_path, "registry", "verify", "--json")
    said = [one["what"] for one in json.loads(found.stdout)["broken"]]
    assert found.returncode == 1
    assert len(said) == 2
    assert "not the text that was published" in said[0]
    assert "a_published_text_stays" in said[1]


@pytest.mark.slow
def test_a_table_is_brought_in_judged_and_indexed_from_the_command_line(tmp_path, two_releases):
    _run(tmp_path, "registry", "init", "--email", "ada@example.org")
    file = tmp_path / "promises.csv"
    file.write_text("title,due,areas\nHalve the cost,2030,NOR;BGD\nLower fees,sometime,XXX\n")
    asked = ("registry", "import", str(file), "--kind", "commitment", "--by")
    assert "Nobody has the account" in _run(tmp_path, *asked, "eve@example.org").stderr
    wrong = _run(tmp_path, *asked, "ada@example.org")
    assert wrong.returncode == 2, "an administrator writes for no institution: there is no account yet either"
    judged = _run(tmp_path, "registry", "judge", "--releases", str(two_releases[0].parent), "--json")
    told = json.loads(judged.stdout)
    assert told["release"] == sorted(one.name for one in two_releases[0].parent.iterdir() if one.is_dir())[-1]
    assert told["changed"] == [], "a first judgement changes none"
    again = _run(tmp_path, "registry", "judge", "--releases", str(two_releases[0].parent), "--json")
    assert json.loads(again.stdout)["changed"] == []
    assert "no release" in _run(tmp_path, "registry", "judge", "--releases", str(tmp_path)).stderr
    counted = json.loads(_run(tmp_path, "registry", "index", "--json").stdout)
    assert counted["records"] > 400


@pytest.mark.slow
def test_without_a_registry_nothing_of_it_is_loaded_and_the_site_answers(tmp_path, two_releases):
    code = (
        "import sys, django; django.setup();"
        "from django.conf import settings; from django.test import Client;"
        "c = Client(SERVER_NAME='localhost', raise_request_exception=False);"
        "a, b, d = c.get('/en/'), c.get('/en/registry'), c.get('/en/account/login/');"
        "print(a.status_code, b.status_code, d.status_code, settings.DATABASES.get('default', {}).get('ENGINE', ''),"
        "'allauth' in sys.modules, a.has_header('Set-Cookie'), settings.INSTALLED_APPS)"
    )
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "sojourn.web.settings",
        "SOJOURN_RELEASES": str(two_releases[0].parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split(maxsplit=3)[:3] == ["200", "404", "404"]
    assert "False False ['csp']" in done.stdout
