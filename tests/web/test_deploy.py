"""What the page on serving tells people to type is understood by the programs that they type it to."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from sojourn.web.registry.configuration import database

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto-serve.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "docs" / "deploy"
NGINX = os.environ.get("SOJOURN_NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"
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
    named = set(re.findall(r"\bSOJOURN_[A-Z_]+\b", PAGE)) - {
        "SOJOURN_CHROMIUM",
        "SOJOURN_NGINX",
        "SOJOURN_CONTAINER",
    }
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


_SIGNED = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=data.example.org"


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def proxied(tmp_path):
    """The proxy of the page, with ports, certificate and folders of this test in place of a server's."""
    if not Path(NGINX).is_file() or shutil.which("openssl") is None:
        pytest.skip(
            "nginx or openssl is not here (SOJOURN_NGINX names one): the proxy's settings are NOT tried"
        )
    pem, key = tmp_path / "site.pem", tmp_path / "site.key"
    subprocess.run(
        [*_SIGNED.split(), "-keyout", str(key), "-out", str(pem)],
        check=True,
        capture_output=True,
    )
    (tmp_path / "cache").mkdir()
    site, https, http = _free(), _free(), _free()
    own = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for theirs, ours in {
        "/var/cache/nginx/sojourn": str(tmp_path / "cache"),
        "/etc/ssl/data.example.org.pem": str(pem),
        "/etc/ssl/data.example.org.key": str(key),
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "listen 80": f"listen 127.0.0.1:{http}",
        "127.0.0.1:8010": f"127.0.0.1:{site}",
    }.items():
        assert theirs in own
        own = own.replace(theirs, ours)
    folders = "".join(
        f"{one}_temp_path {tmp_path}/{one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"daemon off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{folders}{own}}}\n",
        encoding="utf-8",
    )
    return whole, site, https, http


def test_nginx_takes_the_settings_of_the_page(proxied):
    told = subprocess.run(
        [NGINX, "-t", "-c", proxied[0], "-p", proxied[0].parent], check=False, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr.replace('the "user" directive', "")


def test_the_proxy_passes_on_the_host_and_the_address_of_the_reader(proxied):
    whole, site, https, http = proxied
    heard: list[dict[str, str]] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(dict(self.headers))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            """Say nothing."""

    behind = ThreadingHTTPServer(("127.0.0.1", site), Site)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    running = subprocess.Popen([NGINX, "-c", whole, "-p", whole.parent], stderr=subprocess.DEVNULL)
    try:
        answer = _asked(https, "GET /en/ HTTP/1.1", "X-Forwarded-For: 203.0.113.9", secure=True)
        assert answer.startswith("HTTP/1.1 200")
        assert heard[0]["Host"] == "data.example.org"
        assert heard[0]["X-Forwarded-For"] == "127.0.0.1", "nobody chooses the address by which he is limited"
        moved = _asked(http, "GET /en/goals HTTP/1.1", "Accept: */*", secure=False)
        assert moved.startswith("HTTP/1.1 301")
        assert "Location: https://data.example.org/en/goals" in moved
    finally:
        running.terminate()
        running.wait(timeout=20)
        behind.shutdown()
        behind.server_close()


def _asked(port: int, line: str, header: str, *, secure: bool) -> str:
    """Ask by hand, so that no client has a say in what is sent; wait until somebody listens."""
    until = time.monotonic() + 20
    while True:
        try:
            plain = socket.create_connection(("127.0.0.1", port), timeout=10)
            break
        except ConnectionError:
            assert time.monotonic() < until
            time.sleep(0.05)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with trusting.wrap_socket(plain) if secure else plain as opened:
        opened.sendall(f"{line}\r\nHost: data.example.org\r\n{header}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: opened.recv(4096), b"")).decode()


def _container() -> str:
    """Name a program that can build a container here and now; empty where there is none."""
    for name in ("podman", "docker"):
        if (
            shutil.which(name)
            and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0
        ):
            return name
    return "buildah" if shutil.which("buildah") else ""


@pytest.mark.skipif(
    os.environ.get("SOJOURN_CONTAINER") != "1",
    reason="SOJOURN_CONTAINER=1 builds the container (it downloads an image): it is NOT built",
)
def test_the_container_is_built_and_answers():
    program = _container()
    assert program, "podman, docker or buildah is asked for by SOJOURN_CONTAINER=1, and none works here"
    command = [program, "build", "-q", "-t", "sojourn-test", "-f", str(DEPLOY / "Containerfile"), str(ROOT)]
    subprocess.run(command, check=True)
    if program == "buildah":
        return
    said = subprocess.run(
        [program, "run", "--rm", "--read-only", "--tmpfs", "/tmp", "sojourn-test", "sojourn", "--help"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "serve" in said.stdout
