"""The store shows the newest sound release, whole, and never takes the last good one away."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sojourn.errors import NotFoundError, ReleaseError
from sojourn.release import Options, build, folder, open_release
from sojourn.web.store import Store

PRICE = {"area": ["MEX"], "breakdown": [""], "period": ["2013-Q3"]}


def price(holding) -> float:
    return holding.numbers("SI_RMT_COST", PRICE)["value"][0]


def test_numbers_are_those_of_the_release(root, two_releases):
    holding = Store(root).current()
    opened = open_release(two_releases[0])
    for series in opened.series():
        own = opened.observations(series=series)
        chosen = opened.observations(series=series, only_headline=True)
        assert holding.numbers(series, every=True).equals(own)
        assert holding.numbers(series).equals(chosen)
        assert holding.numbers(series, only_latest=True).equals(opened.latest(chosen))


def test_the_release_changes_in_one_step_when_a_newer_one_is_published(root, two_releases, publish):
    store = Store(root)
    before = store.current()
    assert price(before) == pytest.approx(5.0)
    publish(two_releases[1], root)
    store.refresh()
    assert store.current().name == two_releases[1].name
    assert price(store.current()) == pytest.approx((4 + 6 + 23) / 3)
    assert price(before) == pytest.approx(5.0), "a reader who began with the old release ends with it"


def test_a_page_gets_its_pictures_whatever_release_its_process_shows(root, two_releases, publish):
    late = Store(root, every=3600.0)
    first = late.current()
    publish(two_releases[1], root)
    assert late.current() is first, "this process has not looked again"
    newest = late.named(two_releases[1].name)
    assert newest.name == two_releases[1].name
    assert late.current() is newest, "and now it has, without holding the release twice"
    assert late.named(first.name) is first, "pages of the one before are still open"


def test_readers_never_see_a_mix_while_a_release_is_published(root, two_releases, publish):
    store = Store(root, every=0.0)
    expected = {two_releases[0].name: 5.0, two_releases[1].name: 11.0}
    seen: list[tuple[str, float]] = []

    def read() -> None:
        for _ in range(100):
            holding = store.current()
            seen.append((holding.name, price(holding)))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for one in readers:
        one.start()
    publish(two_releases[1], root)
    for one in readers:
        one.join()
    store.refresh()
    assert store.current().name == two_releases[1].name
    assert all(value == pytest.approx(expected[name]) for name, value in seen)
    assert len(seen) == 400


def _truncate(release: Path) -> None:
    file = release / "observations.parquet"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-100])


def _flip(release: Path) -> None:
    file = release / "series.json"
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[50] ^= 1
    file.write_bytes(content)


def _half_copied(release: Path) -> None:
    (release / "observations.parquet").unlink()


def _no_manifest(release: Path) -> None:
    file = release / "manifest.json"
    file.chmod(0o644)
    file.write_text("{")


@pytest.mark.parametrize("harm", [_truncate, _flip, _half_copied, _no_manifest], ids=lambda one: one.__name__)
def test_a_damaged_release_changes_nothing_until_it_is_repaired(root, two_releases, harm, publish):
    store = Store(root)
    first = store.current()
    harm(publish(two_releases[1], root))
    store.refresh()
    assert store.current() is first
    assert [one.name for one in store.refusals] == [two_releases[1].name]
    shutil.rmtree(root / two_releases[1].name)
    publish(two_releases[1], root)
    store.refresh()
    assert store.current().name == two_releases[1].name
    assert store.refusals == ()


def _sealed(release: Path) -> Path:
    """Write checksums that agree with what the files are now, and name the folder by them."""
    import hashlib

    sums = release / "SHA256SUMS"
    sums.chmod(0o644)
    names = sorted(one.name for one in release.iterdir() if one.name != sums.name)
    lines = [f"{hashlib.sha256((release / one).read_bytes()).hexdigest()}  {one}\n" for one in names]
    sums.write_text("".join(lines))
    digest = hashlib.sha256(sums.read_bytes()).hexdigest()[:8]
    return release.rename(release.parent / f"{release.name.partition('-')[0]}-{digest}")


def _no_parquet(release: Path) -> None:
    (release / "observations.parquet").chmod(0o644)
    (release / "observations.parquet").write_bytes(b"PAR1" + b"\0" * 400 + b"PAR1")


def _other_columns(release: Path) -> None:
    import polars as pl

    (release / "observations.parquet").chmod(0o644)
    pl.DataFrame({"series": ["SI_RMT_COST"], "value": [1.0]}).write_parquet(release / "observations.parquet")


def _other_meanings(release: Path) -> None:
    (release / "series.json").chmod(0o644)
    (release / "series.json").write_text("[1, 2]")


def _empty_manifest(release: Path) -> None:
    (release / "manifest.json").chmod(0o644)
    (release / "manifest.json").write_text("")


@pytest.mark.parametrize(
    "harm", [_no_parquet, _other_columns, _other_meanings, _empty_manifest], ids=lambda one: one.__name__
)
def test_nonsense_with_checksums_that_agree_changes_nothing(root, two_releases, harm, publish):
    store = Store(root)
    first = store.current()
    aside = publish(two_releases[1], root)
    harm(aside)
    harmed = _sealed(aside)
    store.refresh()
    assert store.current() is first
    assert [one.name for one in store.refusals] == [harmed.name]
    with pytest.raises((NotFoundError, ReleaseError)):
        store.named(harmed.name)
    assert price(store.current()) == pytest.approx(5.0)


def test_a_release_that_goes_while_it_is_read_changes_nothing(
    root, two_releases, publish, monkeypatch, caplog
):
    from sojourn.web import store as module

    store = Store(root)
    first = store.current()
    newer = publish(two_releases[1], root)

    def gone(path: Path):
        shutil.rmtree(path)
        return verify(path)

    verify = module.verify
    monkeypatch.setattr(module, "verify", gone)
    store.refresh()
    assert store.current() is first
    assert store.refusals == (), "what is gone was not refused"
    assert f"release {newer.name} went away while it was checked" in caplog.messages
    assert all(one.exc_info is None for one in caplog.records), "one line, and no traceback"
    monkeypatch.setattr(module, "verify", verify)
    assert store.names() == [first.name]
    with pytest.raises(NotFoundError):
        store.named(newer.name)


def test_a_file_that_goes_while_it_is_hashed_is_one_line_in_the_log(
    root, two_releases, publish, monkeypatch, caplog
):
    store = Store(root)
    store.current()
    newer = publish(two_releases[1], root)
    hashed = folder.sha256

    def gone(path: Path) -> str:
        (newer / "series.json").unlink(missing_ok=True)
        return hashed(path)

    monkeypatch.setattr(folder, "sha256", gone)
    store.refresh()
    assert [one.name for one in store.refusals] == [newer.name]
    assert "cannot be read from the disk" in store.refusals[0].why
    assert all(one.exc_info is None for one in caplog.records)


@pytest.mark.parametrize("gone", ["folder", "root"])
def test_a_refused_release_is_named_no_longer_than_its_folder_is_there(root, two_releases, publish, gone):
    store = Store(root)
    first = store.current()
    harmed = publish(two_releases[1], root)
    _flip(harmed)
    store.refresh()
    assert [one.name for one in store.refusals] == [harmed.name]
    shutil.rmtree(harmed if gone == "folder" else root)
    store.refresh()
    assert store.refusals == ()
    assert store.current() is first


def test_an_older_release_that_goes_is_told_as_gone(root, two_releases, publish):
    publish(two_releases[1], root)
    store = Store(root)
    store.current()
    shutil.rmtree(root / two_releases[0].name)
    with pytest.raises(NotFoundError) as told:
        store.named(two_releases[0].name)
    assert two_releases[1].name in str(told.value.accepted)


def test_a_folder_that_may_not_be_read_changes_nothing(root, monkeypatch):
    from sojourn.web import store as module

    def forbidden(*_, **__):
        raise PermissionError("no")

    store = Store(root)
    holding = store.current()
    monkeypatch.setattr(module, "open_release", forbidden)
    store.refresh()
    assert store.current() is holding
    assert store.names() == [holding.name]


def test_a_folder_that_disappears_takes_nothing_away(root):
    store = Store(root)
    holding = store.current()
    shutil.rmtree(root)
    store.refresh()
    assert store.current() is holding
    assert price(store.current()) == pytest.approx(5.0)


def test_an_embargoed_release_is_shown_from_its_moment_on(root, two_releases):
    opens = datetime(2030, 1, 1, tzinfo=UTC)
    data = two_releases[0].parent.parent / "data"
    built = build(data, root, Options(packaged=True, not_before=opens))
    moment = [datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)]
    store = Store(root, now=lambda: moment[0])
    assert store.current().name == two_releases[0].name
    assert built.path.name not in store.names()
    with pytest.raises(NotFoundError):
        store.named(built.path.name)
    moment[0] = opens
    store.refresh()
    assert store.current().name == built.path.name


def test_an_empty_folder_says_what_to_do_and_answers_later(tmp_path, two_releases, publish):
    store = Store(tmp_path)
    with pytest.raises(ReleaseError, match="sojourn build"):
        store.current()
    publish(two_releases[0], tmp_path)
    assert store.current().name == two_releases[0].name


def test_an_older_release_is_found_by_its_name(root, two_releases, publish):
    publish(two_releases[1], root)
    store = Store(root)
    assert store.names() == [two_releases[1].name, two_releases[0].name]
    assert price(store.named(two_releases[0].name)) == pytest.approx(5.0)
    with pytest.raises(NotFoundError):
        store.named("../0001")


def test_a_pinned_release_stays(root, two_releases, publish):
    store = Store(root, pinned=two_releases[0].name)
    publish(two_releases[1], root)
    store.refresh()
    assert store.current().name == two_releases[0].name


def test_the_site_answers_when_the_folder_it_serves_is_gone(client, root):
    name = Store(root).current().name
    assert client.get("/en/").status_code == 200
    shutil.rmtree(root)
    for path in ("/en/", "/fr/series/SI_RMT_COST", "/en/data", "/api/v1/observations?series=SI_RMT_COST"):
        assert client.get(path).status_code == 200, path
    told = client.get(f"/api/v1/releases/{name}/files/observations.parquet")
    assert told.status_code == 503
    assert told.json()["error"] == "IntegrityError"
    assert client.get("/en/?release=0009-12345678").status_code == 404
    assert client.get("/health").json()["release"] == name
