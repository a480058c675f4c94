"""The lines for other tools run as they stand: Python's and R's are run, the address of all of them answers."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import polars as pl
import pytest
from django.core.wsgi import get_wsgi_application

from sojourn.web.pages.snippets import snippets


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: what a test asks is no news."""


@pytest.fixture
def served(reader):
    """The site behind a real socket of this machine; gives its host and port."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Silent) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"localhost:{server.server_port}"
        server.shutdown()
        thread.join()


def texts_of(reader, host: str) -> list[str]:
    """The snippets as the page of a series shows them to whoever asks by this host."""
    page = reader.get("/en/series/SI_RMT_COST", headers={"host": host}).content.decode()
    return [
        html.unescape(one)
        for one in re.findall(r'<pre tabindex="0" dir="ltr"><code>(.*?)</code></pre>', page, re.S)
    ]


def test_there_is_one_for_each_tool_and_all_name_one_address():
    told = snippets("https://example.org/x.csv?a=1&b=2")
    assert [one.tool for one in told] == ["Python", "R", "Stata", "Excel"]
    assert all('"https://example.org/x.csv?a=1&b=2"' in one.text for one in told)


def test_their_address_answers_with_a_table(reader, served):
    addresses = {re.search(r'"(http[^"]+)"', one)[1] for one in texts_of(reader, served)}
    assert len(addresses) == 1
    address = addresses.pop()
    assert address.startswith(f"http://{served}/api/v1/observations.csv?")
    answer = reader.get(address.removeprefix(f"http://{served}"))
    assert answer.status_code == 200
    first = b"".join(answer.streaming_content).splitlines()[0].decode()
    assert {"area", "counterpart", "period", "value", "se", "lower", "upper", "level", "n"} <= set(
        first.split(",")
    )


def test_the_lines_for_python_run(reader, served):
    names: dict[str, object] = {}
    exec(texts_of(reader, served)[0], names)
    rows = names["rows"]
    assert isinstance(rows, pl.DataFrame)
    assert rows.height > 3
    assert rows["area"].dtype == pl.String
    assert "001" in rows["area"], "a region's code keeps its zeros"
    assert rows["value"].dtype == pl.Float64


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_lines_for_r_run(reader, served):
    lines = texts_of(reader, served)[1] + '\ncat(nrow(rows), "001" %in% rows$area, is.numeric(rows$value))\n'
    answer = subprocess.run(
        ["Rscript", "--vanilla", "-e", lines], capture_output=True, text=True, timeout=120, check=False
    )
    count, *rest = answer.stdout.split()
    assert (int(count) > 3, rest) == (True, ["TRUE", "TRUE"]), answer.stderr


def test_code_for_other_tools_asks_for_the_areas_that_were_chosen(reader):
    def address(query):
        page = html.unescape(reader.get(f"/en/series/SI_RMT_COST{query}").content.decode())
        return re.search(r'address = "([^"]+)"', page)[1]

    assert "area=" not in address("")
    assert "area=MEX" in address("?area=MEX")
