"""`sojourn serve` as a person starts it: a real server on a free port, and what it says where it cannot."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import httpx
import pytest

from sojourn.cli import main


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize("registry", [False, True])
def test_the_command_serves_a_folder_of_releases(root, two_releases, publish, tmp_path, registry):
    more = {
        "SOJOURN_DATABASE": f"sqlite:///{tmp_path / 'registry.sqlite3'}",
        "SOJOURN_REGISTRY": str(tmp_path),
    }
    if registry:
        begun = [sys.executable, "-m", "sojourn", "registry", "init"]
        subprocess.run(begun, env=os.environ | more, check=True, stdout=subprocess.DEVNULL)
    port = _free_port()
    command = [sys.executable, "-m", "sojourn", "serve", "--releases", str(root), "--port", str(port)]
    started = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=os.environ | (more if registry else {}),
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 120
        while True:
            try:
                told = httpx.get(f"{address}/health", timeout=5).json()
                break
            except httpx.TransportError:
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.2)
        nobody_yet = {"pages": 0, "of": 0}
        shown = {"status": "ok", "release": two_releases[0].name, "made_ahead": nobody_yet}
        assert told == {**shown, "refused": []}
        assert httpx.get(f"{address}/en/").status_code == 200
        packed = httpx.get(f"{address}/ar/series/SI_RMT_COST", headers={"accept-encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert started.stdout is not None
        lines = [started.stdout.readline().decode() for _ in range(2)]
        assert f"loading {two_releases[0].name}" in lines[0]
        while not lines[-1].startswith(address):
            lines.append(started.stdout.readline().decode())
        assert two_releases[0].name in lines[-1]
        publish(two_releases[1], root)
        while httpx.get(f"{address}/health").json()["release"] != two_releases[1].name:
            assert time.monotonic() < until, "the newer release is not shown"
            time.sleep(0.5)
        # Two processes take each release in, and write it once.
        judged: set[str] = set()
        while registry and judged != {one.name for one in two_releases}:
            with closing(sqlite3.connect(tmp_path / "registry.sqlite3")) as database:
                rows = database.execute("SELECT DISTINCT release FROM registry_measuredstate")
                judged = {name for (name,) in rows}
            assert time.monotonic() < until + 60, "targets were not judged by the newer release"
            time.sleep(0.5)
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(timeout=30)
        assert started.stdout is not None
        started.stdout.close()


def test_processes_give_memory_back_unless_the_owner_chose_otherwise(root, monkeypatch):
    from sojourn.web import serve

    monkeypatch.setattr(os, "environ", dict(os.environ) | {"MALLOC_ARENA_MAX": "7"})
    os.environ.pop("MALLOC_MMAP_THRESHOLD_", None)
    serve._set(root, None, "127.0.0.1", 1, "")
    assert os.environ["MALLOC_ARENA_MAX"] == "7"
    assert int(os.environ["MALLOC_MMAP_THRESHOLD_"]) < 1_000_000, "less than a piece of a download"


def test_a_folder_that_is_not_there_is_told(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["serve", "--releases", str(tmp_path / "none")])
    assert stopped.value.code == 2
    assert "sojourn demo" in capsys.readouterr().err


def test_a_release_that_is_not_there_is_told_with_those_that_are(root, two_releases, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["serve", "--releases", str(root), "--release", "0009"])
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert "No release is called '0009'" in told
    assert two_releases[0].name in told


def test_a_port_that_is_taken_is_told_before_anything_is_loaded(root, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit) as stopped:
        main(["serve", "--releases", str(root), "--port", str(taken.getsockname()[1])])
    assert stopped.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_the_messages_that_lack_are_counted(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["messages"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert "ar: 0 missing" in told
    assert "definitions:" in told


def test_messages_that_lack_are_an_exit_code_and_json(capsys, monkeypatch):
    from sojourn.web import terms

    monkeypatch.setattr(terms, "names", lambda _: {})
    with pytest.raises(SystemExit) as stopped:
        main(["messages", "--json", "--english"])
    assert stopped.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert "Unemployment rate" in told["missing"]["fr"]
    assert told["missing"]["en"] == []
    assert "Personal remittances received, in per cent of GDP." in told["english"]["definitions"]


def test_warming_asks_for_pages_that_exist_of_the_release_that_is_handed_over(reader, two_releases):
    from django.core.wsgi import get_wsgi_application

    from sojourn.release import open_release
    from sojourn.web.holding import load
    from sojourn.web.warming import warm

    older = load(open_release(two_releases[0]))
    site, told = get_wsgi_application(), []

    def application(environ, start):
        def started(status, headers, *rest):
            told.append((environ["PATH_INFO"], status[:3], dict(headers).get("Sojourn-Release")))
            return start(status, headers, *rest)

        return site(environ, started)

    warm(application, older)
    # This small release has no migrant stock: pages of it tell so, and the rest answers.
    assert {path for path, status, _ in told if status != "200"} <= {
        path for path, _, _ in told if "SJ_MIGRANT_STOCK" in path
    }
    fixed = ("/static/",)
    assert {release for path, status, release in told if status == "200" and not path.startswith(fixed)} == {
        older.name
    }
    assert reader.get("/en/").headers["Sojourn-Release"] == two_releases[1].name


def test_a_newer_release_is_prepared_before_it_is_shown(root, two_releases, publish):
    from sojourn.web.store import Store

    store = Store(root)
    store.current()
    prepared = []
    store.prepare = lambda holding: prepared.append((holding.name, store.current().name))
    publish(two_releases[1], root)
    store.refresh()
    assert prepared == [(two_releases[1].name, two_releases[0].name)]
    assert store.current().name == two_releases[1].name
