"""The API: every number with everything known of it, one error shape, formats, pages, limits, one release."""

from __future__ import annotations

import hashlib
import io
import json
import threading

import openpyxl
import polars as pl
import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn import observations
from sojourn.release import open_release

COST = "series=SI_RMT_COST&area=MEX"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_number_has_everything_that_is_known_of_it(reader, two_releases):
    told = reader.get(f"/api/v1/observations?{COST}&period=2013-Q3&breakdown=").json()
    assert told["total"] == 1
    own = (
        open_release(two_releases[1])
        .observations(series="SI_RMT_COST", area="MEX", period="2013-Q3", breakdown="", only_headline=True)
        .row(0, named=True)
    )
    assert told["observations"][0] == own | {
        "edition": own["source"].partition("@")[2],
        "release": two_releases[1].name,
    }
    assert two_releases[1].name in told["citation"]


def test_pages_together_are_the_whole(reader):
    rows, address = [], f"/api/v1/observations?{COST}&every=1&per_page=7"
    while address:
        told = reader.get(address).json()
        rows += told["observations"]
        address = told["next"]
    assert len(rows) == told["total"]
    whole = reader.get(f"/api/v1/observations?{COST}&every=1&per_page=5000").json()["observations"]
    assert rows == whole


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "arrow", "xlsx"])
def test_every_format_holds_the_same_numbers(reader, two_releases, ending):
    content = body(reader.get(f"/api/v1/observations.{ending}?{COST}"))
    expected = open_release(two_releases[1]).observations(
        series="SI_RMT_COST", area="MEX", only_headline=True
    )
    if ending == "csv":
        found = pl.read_csv(content, infer_schema=False)
        assert set(found["release"]) == {two_releases[1].name}
        assert "Sojourn release" in found["citation"][0]
        values = found["value"].cast(pl.Float64).to_list()
    elif ending == "json":
        told = json.loads(content)
        assert told["release"] == two_releases[1].name
        values = [one["value"] for one in told["observations"]]
    elif ending == "parquet":
        assert "Sojourn release" in pl.read_parquet_metadata(io.BytesIO(content))["citation"]
        found = pl.read_parquet(io.BytesIO(content))
        assert found.select(observations.SCHEMA.names()).equals(expected)
        values = found["value"].to_list()
    elif ending == "arrow":
        values = pl.read_ipc_stream(io.BytesIO(content))["value"].to_list()
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        column = [cell.value for cell in book["observations"][1]].index("value")
        values = [row[column] for row in book["observations"].iter_rows(min_row=2, values_only=True)]
        assert any("Sojourn release" in str(row[1]) for row in book["about"].iter_rows(values_only=True))
    assert values == pytest.approx(expected["value"].to_list())


def test_accept_chooses_the_format(reader):
    answer = reader.get(f"/api/v1/observations?{COST}", headers={"accept": "text/csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_columns_are_chosen_and_ordered(reader):
    content = body(reader.get(f"/api/v1/observations.csv?{COST}&columns=period,value,lower,upper,edition"))
    assert content.splitlines()[0] == b"period,value,lower,upper,edition,release,citation"


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless():
    from sojourn.web import formats

    frame = pl.DataFrame({"note": ["=cmd|' /C calc'!A0", "plain", "-1+1"], "value": [-1.0, 2.0, 3.0]})
    lines = b"".join(formats.csv(frame, ["note", "value"], {})).decode().splitlines()
    assert lines[1:] == ["'=cmd|' /C calc'!A0,-1.0", "plain,2.0", "'-1+1,3.0"]


def test_filters_by_name_year_and_newest(reader):
    told = reader.get(
        "/api/v1/observations?series=SI_RMT_COST&area=墨西哥&first=2012&last=2012&breakdown="
    ).json()
    assert {one["period"] for one in told["observations"]} == {"2012", "2012-Q3"}
    assert {one["area"] for one in told["observations"]} == {"MEX"}
    newest = reader.get("/api/v1/observations?series=SI_RMT_COST&area=MEX&breakdown=&latest=1").json()
    assert [one["period"] for one in newest["observations"]] == ["2013"]


def test_provenance_goes_down_to_the_bytes(reader, two_releases):
    told = reader.get("/api/v1/provenance?series=SI_RMT_COST&area=MEX&period=2013-Q3").json()["item"]
    manifest = open_release(two_releases[1]).manifest
    known = {one.file: one.sha256 for one in manifest.inputs}
    files = [file for source in told["sources"] for file in source["files"]]
    assert files
    assert all(known[one["file"]] == one["sha256"] for one in files)
    assert told["release"]["code"] == manifest.code
    assert told["method"].startswith("mean_of_services/")
    assert "10.c.1" in told["explanation"] or "remittance" in told["explanation"].lower()


@pytest.mark.parametrize(
    "path",
    ["indicators", "indicators/10.c.1", "series", "series/SI_RMT_COST", "areas", "areas?kind=group", "areas/MEX",
     "corridors", "corridors/USA/MEX", "releases", "openapi.json"],
)  # fmt: skip
def test_every_list_answers(reader, path):
    answer = reader.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    assert answer.json()


def test_corridors_of_a_series_are_ranked_newest_and_between_countries(reader):
    told = reader.get("/api/v1/series/SI_RMT_COST_BC/corridors").json()
    rows = told["observations"]
    assert told["total"] == len(rows) == 3
    assert [one["value"] for one in rows] == sorted((one["value"] for one in rows), reverse=True)
    assert {one["period"] for one in rows} == {"2013"}
    assert {(one["area"], one["counterpart"]) for one in rows} == {
        ("USA", "MEX"),
        ("GBR", "IND"),
        ("RUS", "UZB"),
    }
    history = reader.get("/api/v1/series/SI_RMT_COST_BC/corridors?area=USA&counterpart=MEX&first=2011").json()
    assert {one["period"] for one in history["observations"]} >= {"2011", "2012", "2013"}


@pytest.mark.parametrize(
    ("query", "status"), [("SI_RMT_COST_BC/corridors?kind=x", 400), ("SI_RMT_COST_BC/corridors?series=x", 400),
                          ("x/corridors", 404), ("SI_RMT_COST_BC/corridors?area=Atlantis", 404)],
)  # fmt: skip
def test_corridors_that_cannot_be_asked_are_told(reader, query, status):
    assert reader.get(f"/api/v1/series/{query}").json()["status"] == status


def test_a_file_of_a_release_is_the_bytes_that_were_published(reader, two_releases):
    answer = reader.get(f"/api/v1/releases/{two_releases[0].name}/files/observations.parquet")
    assert body(answer) == (two_releases[0] / "observations.parquet").read_bytes()


def test_what_changed_is_what_the_command_says(reader, two_releases):
    from sojourn.release.compare import compare

    before, after = (open_release(one) for one in two_releases)
    expected = compare(before.observations(), after.observations(), before.manifest, after.manifest)
    told = reader.get(f"/api/v1/releases/{after.name}/changes?since={before.name}").json()["item"]
    assert (told["added"], told["removed"], told["changed"], told["unchanged"]) == (
        expected.added.height, expected.removed.height, expected.changed.height, expected.unchanged,
    )  # fmt: skip
    assert told["changed"] > 0


SHAPE = {"status", "error", "what", "where", "accepted", "advice"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nowhere", 404),
        ("observations?foo=1", 400),
        ("observations?area=Atlantis", 404),
        ("observations?series=NONE", 404),
        ("observations?period=x", 400),
        ("observations?sex=Q", 404),
        ("observations?first=20", 400),
        ("observations?page=0", 400),
        ("observations?per_page=100000", 400),
        ("observations?columns=password", 400),
        ("observations?every=maybe", 400),
        ("observations?breakdown=x", 400),
        ("observations?breakdown=A=B", 404),
        ("observations?release=0009", 404),
        ("observations.pdf", 404),
        ("observations?area=" + "x" * 9000, 414),
        ("provenance", 400),
        ("provenance?series=SI_RMT_COST&area=MEX&period=1900", 404),
        ("indicators/x", 404),
        ("series/x", 404),
        ("areas/x1", 404),
        ("areas?kind=planet", 404),
        ("corridors/USA/Atlantis", 404),
        ("releases/x", 404),
        ("releases/..%2f..%2fetc/files/passwd", 404),
    ],
)
def test_every_error_has_one_shape(reader, path, status):
    answer = reader.get(f"/api/v1/{path}")
    told = answer.json()
    assert answer.status_code == told["status"] == status
    assert set(told) == SHAPE
    assert told["what"]


def test_errors_of_files_name_no_path(reader, two_releases):
    name = two_releases[0].name
    for file in ("..%2fmanifest.json", "%2e%2e", "passwd", "CITATION"):
        answer = reader.get(f"/api/v1/releases/{name}/files/{file}")
        assert answer.status_code == 404
        assert str(two_releases[0].parent) not in body(answer).decode()


def test_the_description_is_openapi_3_1_and_knows_the_error(reader):
    described = reader.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    own = [one for methods in described["paths"].values() for one in methods.values()]
    assert all("404" in one["responses"] for one in own if "/releases" not in str(one))
    assert set(described["components"]["schemas"]["Fault"]["properties"]) == SHAPE


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["observations", "observations.csv", "provenance", "areas", "corridors/USA/MEX"]),
    query=st.dictionaries(
        st.one_of(
            st.sampled_from(
                ["series", "area", "period", "first", "page", "per_page", "columns", "breakdown", "release"]
            ),
            st.text(max_size=10),
        ),
        st.one_of(
            st.text(max_size=30),
            st.integers().map(str),
            st.sampled_from(["SI_RMT_COST", "MEX", "=1", "A=1;A=1"]),
        ),
        max_size=5,
    ),
)
def test_no_query_breaks_the_api(reader, path, query):
    answer = reader.get(f"/api/v1/{path}", query)
    assert answer.status_code in (200, 400, 404)
    if answer.status_code != 200:
        assert set(answer.json()) == SHAPE


def test_too_many_requests_are_told_when_to_come_back(root):
    with override_settings(SOJOURN_RELEASES=str(root), SOJOURN_REQUESTS=3):
        own = Client(SERVER_NAME="localhost")
        statuses = [own.get("/api/v1/releases").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        answer = own.get("/api/v1/releases")
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.json()["error"] == "TooManyError"
        assert own.get("/en/").status_code == 200, "pages are not held back"


def test_an_address_is_believed_only_behind_a_proxy(root):
    with override_settings(SOJOURN_RELEASES=str(root), SOJOURN_REQUESTS=1):
        own = Client(SERVER_NAME="localhost")
        answers = [
            own.get("/api/v1/releases", headers={"x-forwarded-for": f"192.0.2.{one}"}) for one in range(2)
        ]
        assert [one.status_code for one in answers] == [200, 429]


def test_a_release_published_during_requests_is_never_seen_in_part(client, root, two_releases, publish):
    from sojourn.web import state

    expected = {two_releases[0].name: 5.0, two_releases[1].name: 11.0}
    store = state.store()
    store._every = 0.0
    seen: list[tuple[str, str, float]] = []

    def read(number: int) -> None:
        own = Client(SERVER_NAME="localhost")
        for turn in range(25):
            answer = own.get(
                f"/api/v1/observations?{COST}&period=2013-Q3&breakdown=&page=1&per_page={100 + 30 * number + turn}"
            )
            told = answer.json()
            seen.append(
                (answer.headers["Sojourn-Release"], told["release"], told["observations"][0]["value"])
            )

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    publish(two_releases[1], root)
    for one in threads:
        one.join()
    store.refresh()
    assert client.get(f"/api/v1/observations?{COST}").json()["release"] == two_releases[1].name
    assert len(seen) == 100
    assert all(header == name and value == pytest.approx(expected[name]) for header, name, value in seen)


@pytest.mark.parametrize(
    "path",
    [
        *("indicators", "series", "series/SI_RMT_COST", "areas", "areas/MEX", "releases", "corridors"),
        "corridors/USA/MEX",
    ],
)
def test_what_an_address_does_not_know_it_refuses(reader, path):
    assert reader.get(f"/api/v1/{path}").status_code == 200
    refused = reader.get(f"/api/v1/{path}?colour=red")
    assert refused.status_code == 400
    assert "colour" in refused.json()["what"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/"])
def test_the_beginning_of_the_api_leads_to_what_describes_it(reader, path):
    assert reader.get(path).headers["Location"] == "/api/v1/openapi.json"
    page = reader.get(path, headers={"Accept": "text/html,*/*", "Accept-Language": "ar"})
    assert page.headers["Location"] == "/ar/data/api"


def test_the_checksums_of_a_release_are_handed_out_like_its_files(reader):
    name = reader.get("/api/v1/releases").json()["items"][0]["release"]
    files = f"/api/v1/releases/{name}/files"
    sums = reader.get(f"{files}/SHA256SUMS").content.decode()
    for line in sums.splitlines():
        digest, _, file = line.partition("  ")
        if file != "manifest.json":
            content = b"".join(reader.get(f"{files}/{file}").streaming_content)
            assert hashlib.sha256(content).hexdigest() == digest


def test_checksums_that_were_changed_are_not_handed_out(client, root):
    name = client.get("/api/v1/releases").json()["items"][0]["release"]
    sums = root / name / "SHA256SUMS"
    text = sums.read_text()
    sums.write_text("0" * 64 + text[64:])
    assert client.get(f"/api/v1/releases/{name}/files/SHA256SUMS").status_code == 503
