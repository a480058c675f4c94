"""Texts go out packed where a reader unpacks them; what is kept is kept packed, and one is never handed the other's."""

from __future__ import annotations

import gzip

import pytest


@pytest.mark.parametrize("asked", ["gzip", "br, gzip;q=0.8", "gzip, deflate"])
def test_a_page_is_packed_for_who_unpacks_and_whole_for_who_does_not(reader, asked):
    plain = reader.get("/en/areas/MEX")
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):  # made, then remembered
        packed = reader.get("/en/areas/MEX", headers={"accept-encoding": asked})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.content) == plain.content
        assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("asked", ["gzip;q=0", "br", "", "gzip; q=0.000, br"])
def test_who_refuses_gzip_gets_none(reader, asked):
    assert "Content-Encoding" not in reader.get("/en/", headers={"accept-encoding": asked}).headers


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_stream_is_packed_as_it_goes(reader, ending):
    address = f"/api/v1/observations.{ending}?every=1"
    plain = b"".join(reader.get(address).streaming_content)
    packed = reader.get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(packed.streaming_content)) == plain


def test_what_is_packed_by_itself_is_not_packed_again(reader, two_releases):
    for address in (
        "/api/v1/observations.parquet",
        "/api/v1/observations.xlsx?series=SI_RMT_COST",
        f"/api/v1/releases/{two_releases[1].name}/files/observations.parquet",
    ):
        answer = reader.get(address, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
        answer.close()


def test_a_style_sheet_is_packed(reader):
    from sojourn.web.assets import asset

    packed = reader.get(asset("site.css"), headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == reader.get(asset("site.css")).content


@pytest.fixture
def remembering(two_releases):
    """Ask a view that counts its answers, through the middleware that remembers, with headers and perhaps a cookie."""
    from django.http import HttpResponse
    from django.test import RequestFactory

    from sojourn.release import open_release
    from sojourn.web.holding import load
    from sojourn.web.remembering import remembered

    holding, answered, headers = load(open_release(two_releases[1])), [], {}

    def view(request):
        answered.append(request)
        response = HttpResponse(f"answer {len(answered)}", headers=headers)
        if "Set-Cookie" in response.headers:
            del response.headers["Set-Cookie"]
            response.set_cookie("session", "a")
        return response

    site = remembered(view)

    def ask(cookie="", known="", **given):
        headers.clear()
        headers.update({name.replace("_", "-"): value for name, value in given.items()})
        request = RequestFactory(SERVER_NAME="localhost").get("/en/areas/MEX")
        request.META |= {"HTTP_COOKIE": cookie} if cookie else {}
        request.META |= {"HTTP_IF_NONE_MATCH": known} if known else {}
        request.holding, request.pinned = holding, False
        return site(request)

    return ask


@pytest.mark.parametrize("headers", [{"Cache_Control": "private"}, {"Set_Cookie": "a=b"}])
def test_what_is_for_one_reader_is_never_given_to_another(remembering, headers):
    for number in (1, 2):
        response = remembering(**headers)
        assert response.content == f"answer {number}".encode()
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in response.headers


def test_what_varies_with_cookies_is_remembered_for_those_who_send_none(remembering):
    first = remembering(Vary="Cookie")
    assert remembering(Vary="Cookie").content == first.content == b"answer 1"
    own = remembering(cookie="session=a", Vary="Cookie")
    assert (own.content, own.headers["Cache-Control"]) == (b"answer 2", "private, no-store")
    etag = first.headers["ETag"]
    assert remembering(known=etag, Vary="Cookie").status_code == 304
    assert remembering(cookie="session=a", known=etag, Vary="Cookie").content == b"answer 3"
    assert remembering(Vary="Cookie").content == b"answer 1"
