"""The store shows the newest sound release, whole, and never takes the last good one away."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sojourn.errors import NotFoundError, ReleaseError
from sojourn.release import Options, build, open_release
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
