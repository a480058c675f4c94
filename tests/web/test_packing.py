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
