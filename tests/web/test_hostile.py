"""What nobody should send: no path, query, header, method or host breaks the site, and every answer is guarded."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PLACES = (
    "/", "/en", "/en/", "/ar/goals", "/fr/goals/10", "/fr/targets/10.c", "/ru/indicators", "/ru/indicators/10.c.1",
    "/zh/series/SI_RMT_COST", "/es/series/SI_RMT_COST_BC", "/en/methods/SI_RMT_COST", "/en/number", "/en/areas",
    "/en/areas/MEX", "/en/data", "/en/data/changes", "/en/data/differences", "/en/data/api", "/en/search",
    "/en/corridors", "/health", "/robots.txt", "/static/none.css", "/api/", "/api/v1/observations",
    "/api/v1/observations.csv", "/api/v1/series", "/api/v1/provenance", "/api/v1/openapi.json",
)  # fmt: skip

NAMES = ("series", "area", "counterpart", "period", "sex", "age", "breakdown", "first", "page", "per_page", "columns",
         "release", "q", "sort", "before", "after", "d.AMOUNT", "theme", "width", "language", "size")  # fmt: skip

NASTY = (
    "../../etc/passwd", "%00", "\0", "'; DROP TABLE x; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}",
    "\u202e", "\ud7ff", "9" * 400, "-1", "1e308", "NaN", "0x10", "SI_RMT_COST", "MEX", "2013", "_T", "=1+1", "A=1;A=1",
    ";;;", "=", "\r\nSet-Cookie: a=b", "ﷺ" * 50, "🤖", "٢٠١٣", "²",
)  # fmt: skip

_texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
_bounded = settings(
    max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)

GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@_bounded
@given(
    parts=st.lists(_texts, max_size=4),
    start=st.sampled_from(("/", "/en/", "/ar/", "/api/v1/", "/static/", "/xx/")),
)
def test_no_path_breaks_the_site(reader, parts, start):
    answer = reader.get(start + "/".join(quote(one, safe="") for one in parts))
    assert answer.status_code < 500


@_bounded
@given(
    path=st.sampled_from(PLACES),
    query=st.dictionaries(st.one_of(st.sampled_from(NAMES), _texts), _texts, max_size=5),
)
def test_no_query_breaks_the_site(reader, path, query):
    answer = reader.get(path, query)
    assert answer.status_code < 500


@_bounded
@given(path=st.sampled_from(PLACES), raw=st.binary(max_size=60))
def test_no_bytes_in_a_query_break_the_site(reader, path, raw):
    answer = reader.get(path, QUERY_STRING=raw.decode("latin-1"))
    assert answer.status_code < 500


@_bounded
@given(
    path=st.sampled_from(PLACES),
    headers=st.dictionaries(
        st.sampled_from(("accept", "accept-language", "accept-encoding", "if-none-match", "if-modified-since", "range",
                         "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "cookie", "user-agent", "referer",
                         "content-length", "content-type", "origin", "x-http-method-override")),
        st.one_of(st.sampled_from(NASTY), st.text(st.characters(max_codepoint=255), max_size=60)),
        max_size=5,
    ),
)  # fmt: skip
def test_no_header_breaks_the_site(reader, path, headers):
    assert reader.get(path, headers=headers).status_code < 500


@pytest.mark.parametrize("path", ["/en/", "/api/v1/series", "/static/site.css", "/nowhere"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_nothing_that_is_read_can_be_written(reader, path, method):
    answer = reader.generic(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    if path.startswith("/api/"):
        assert answer.json()["error"] == "MethodError"


@pytest.mark.parametrize("host", ["evil.example", "a b", "*", "localhost\r\nX: y"])
def test_a_host_that_is_not_ours_is_refused(reader, host):
    answer = Client(raise_request_exception=False).get("/en/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert b"Traceback" not in answer.content
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", [*PLACES, "/en/nowhere", "/api/v1/nowhere", "/en/series/NONE", "/xx/"])
def test_every_answer_is_guarded(reader, path):
    answer = reader.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors" in policy
    assert not re.search(r"unsafe|https?:|\*", policy)
    for name, value in GUARDED.items():
        assert answer.headers[name] == value, name
    assert "Permissions-Policy" in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers


@pytest.mark.parametrize("path", [*(one for one in PLACES if not one.startswith(("/api", "/health"))), "/en/nowhere",
                                  "/en/areas/<b>", "/en/series/SI_RMT_COST?sex=Q"])  # fmt: skip
def test_no_page_holds_a_script_a_style_or_anything_from_elsewhere_inline(reader, path):
    page = reader.get(path, follow=True)
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "an inline script"
    assert not re.search(r"<style|\sstyle=", text), "an inline style"
    assert not re.search(r"\son[a-z]+=[\"']", text), "an inline handler"
    assert "javascript:" not in text.lower()
    loaded = re.findall(
        r"<(?:script|img|source|iframe|embed|object)\b[^>]*\b(?:src|srcset|data)=\"([^\"]+)\"", text
    )
    loaded += re.findall(r"<link\b[^>]*rel=\"(?:stylesheet|icon|preload)\"[^>]*href=\"([^\"]+)\"", text)
    assert all(one.startswith(("/", "data:")) and not one.startswith("//") for one in loaded), loaded


def test_what_a_reader_sends_is_never_an_answer_header(reader):
    answer = reader.get("/?language=fr%0d%0aSet-Cookie:%20a=b")
    assert answer.status_code in (302, 404)
    assert "Set-Cookie" not in answer.headers


def test_a_question_of_a_thousand_parts_is_refused_at_once(reader):
    answer = reader.get("/api/v1/observations?" + "&".join(f"area=A{one}" for one in range(500)))
    assert answer.status_code == 400
    assert answer.json()["what"] == "Too much is asked of area"


def test_a_page_deep_in_the_table_is_empty_and_not_slow(reader):
    told = reader.get("/api/v1/observations?page=1000000&per_page=5000").json()
    assert told["observations"] == []


def test_a_release_is_opened_for_reading_only(two_releases):
    for file in two_releases[0].iterdir():
        assert not file.stat().st_mode & 0o222, file.name


def test_a_strange_host_is_told_in_the_shape_of_the_api():
    answer = Client(raise_request_exception=False).get("/api/v1/areas", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert answer.json()["what"] == "The site does not answer under this name"


@pytest.mark.parametrize("path", ["/en/", "/api/v1/indicators", "/api/v1/series/SI_RMT_COST"])
def test_heads_and_options_are_answered_alike(reader, path):
    whole, head, options = reader.get(path), reader.head(path), reader.options(path)
    assert head.status_code == whole.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("hung", ["utm_source=newsletter", "fbclid=x", "gclid=1&utm_medium=mail"])
def test_what_others_hang_on_to_a_link_asks_nothing(reader, hung):
    assert reader.get(f"/en/?{hung}").status_code == 200
    assert reader.get(f"/en/?{hung}&other=1").status_code == 400


def test_a_registry_whose_database_is_not_there_is_told(reader, monkeypatch):
    def gone(*_):
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", gone)
    answer = reader.get("/en/registry")
    assert answer.status_code == 503
    assert "The registry cannot be read just now" in answer.content.decode()
    assert reader.get("/en/").status_code == 200
