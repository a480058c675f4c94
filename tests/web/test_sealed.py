"""A file that is handed out is the one of the release, or it is not handed out; /health says what is wrong."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from django.test import RequestFactory

from sojourn.errors import IntegrityError
from sojourn.release.manifest import Output
from sojourn.web import sealed, state
from sojourn.web.pages.errors import error_page
from sojourn.web.sealed import Pieces, Seals

FILE = "observations.parquet"


@pytest.fixture
def address(client, root: Path) -> str:
    """The address of the observations of the release that is shown."""
    name = client.get("/health").json()["release"]
    return f"/api/v1/releases/{name}/files/{FILE}"


def _flip(file: Path) -> bytes:
    """Change two bytes and set the times back, as a careful hand would; gives what was there."""
    before, times = file.read_bytes(), file.stat()
    changed = bytearray(before)
    changed[100] ^= 1
    changed[101] ^= 1
    file.chmod(0o644)
    file.write_bytes(changed)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    return before


def _read(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_file_goes_out_whole_with_its_length_and_hash(client, address, root):
    answer = client.get(address)
    body = b"".join(answer.streaming_content)
    assert body == (root / address.split("/")[4] / FILE).read_bytes()
    assert int(answer.headers["Content-Length"]) == len(body)
    assert answer.headers["Content-Disposition"].endswith(f'-{FILE}"')


def test_two_bytes_changed_on_the_disk_are_not_handed_out(client, address, root):
    sound = _read(client, address)
    file = root / address.split("/")[4] / FILE
    before = _flip(file)
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer.json()["error"] == "IntegrityError"
    assert answer.json()["what"] == f"{FILE} differs from what was published"
    assert "sojourn verify" in answer.json()["advice"]
    assert answer.headers["Retry-After"]
    told = client.get("/health")
    assert told.status_code == 200, "pages are right, and nobody should take them away"
    assert told.json()["status"] == "degraded"
    assert told.json()["damaged"] == [f"{FILE} differs from what was published"]
    assert "sojourn verify" in told.json()["advice"]
    assert client.get("/en/series/SI_RMT_COST").status_code == 200
    file.write_bytes(before)
    assert client.get("/health").json()["status"] == "ok"
    assert _read(client, address) == sound == before


def test_health_tells_of_damage_before_anybody_downloads(client, root):
    assert client.get("/health").json()["status"] == "ok"
    _flip(next(root.glob("0*/series.json")))
    assert client.get("/health").json()["damaged"] == ["series.json differs from what was published"]


def test_a_folder_that_is_gone_is_told_by_health(client, root):
    assert client.get("/health").json()["status"] == "ok"
    shutil.rmtree(root)
    told = client.get("/health").json()
    assert told["status"] == "degraded"
    assert f"{FILE} cannot be read from the disk" in told["damaged"]


@pytest.fixture
def published(tmp_path: Path) -> Output:
    (tmp_path / "table").write_bytes(b"0123456789")
    return Output(file="table", sha256=hashlib.sha256(b"0123456789").hexdigest(), size=10)


def test_a_file_is_hashed_once_for_each_state(tmp_path, published, monkeypatch):
    hashed = []

    def digest(stream, name):
        hashed.append(name)
        return hashlib.new(name, stream.read())

    monkeypatch.setattr(sealed.hashlib, "file_digest", digest)
    seals = Seals()
    for _ in range(3):
        with seals.open(tmp_path, published) as stream:
            assert stream.read() == b"0123456789"
    assert len(hashed) == 1
    (tmp_path / "other").write_bytes(b"0123456789")
    (tmp_path / "other").replace(tmp_path / "table")
    seals.open(tmp_path, published).close()
    assert len(hashed) == 2, "another file in its place is read anew"


def test_a_file_that_is_written_to_while_it_is_read_breaks_off(tmp_path, published, monkeypatch):
    monkeypatch.setattr(sealed, "PIECE", 4)
    going = iter(Pieces(Seals().open(tmp_path, published)))
    assert next(going) == b"0123"
    with (tmp_path / "table").open("r+b") as stream:
        stream.seek(9)
        stream.write(b"X")
    with pytest.raises(IntegrityError, match="while it was read"):
        list(going)


def test_a_file_that_nobody_reads_is_closed(tmp_path, published):
    stream = Seals().open(tmp_path, published)
    Pieces(stream).close()
    assert stream.closed


def test_an_empty_file_is_no_error(tmp_path):
    (tmp_path / "none").write_bytes(b"")
    published = Output(file="none", sha256=hashlib.sha256(b"").hexdigest(), size=0)
    assert list(Pieces(Seals().open(tmp_path, published))) == []


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/fr/registry/C-2015-0001/files/1", "Le registre ne peut pas remettre ceci"),
        ("/fr/data", "Aucune version ne peut"),
    ],
)
def test_the_heading_names_what_cannot_be_handed_out(client, root, path, heading):
    """A damaged file of the registry is no matter of the release, which is as sound as before."""
    request = RequestFactory().get(path)
    request.holding, request.pinned = state.store().current(), False
    text = error_page(request, IntegrityError("The file is not what was stored")).content.decode()
    assert f"<h1>{heading}" in text.replace("<h1><span", "<h1")
