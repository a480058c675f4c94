import pytest

from sojourn.web.shelf import Shelf


def test_what_one_process_put_another_finds(tmp_path):
    one, other = Shelf(tmp_path / "made"), Shelf(tmp_path / "made")
    assert other.get("0001-a", "key") is None
    one.put("0001-a", "key", b"a page")
    assert other.get("0001-a", "key") == b"a page"
    assert (other.has("0001-a", "key"), other.has("0001-a", "other"), other.has("0002-b", "key")) == (
        True,
        False,
        False,
    )
    one.put("0001-a", "key", b"again")
    assert other.get("0001-a", "key") == b"again"
    assert (tmp_path / "made" / "of-0001-a").stat().st_mode & 0o077 == 0


def test_other_releases_are_forgotten(tmp_path):
    shelf = Shelf(tmp_path)
    for release in ("0001-a", "0002-b", "0003-c"):
        shelf.put(release, "key", release.encode())
    shelf.keep_only(["0002-b", "0003-c"])
    assert [shelf.get(one, "key") for one in ("0001-a", "0002-b", "0003-c")] == [None, b"0002-b", b"0003-c"]


def test_no_more_is_added_than_was_allowed(tmp_path):
    shelf = Shelf(tmp_path, most=10)
    for key in "abc":
        shelf.put("0001-a", key, b"12345")
    assert [shelf.has("0001-a", key) for key in "abc"] == [True, True, False]


@pytest.mark.parametrize("release", ["../above", "a/b", "..", "."])
def test_nothing_lies_outside_its_folder(tmp_path, release):
    folder = tmp_path / "made"
    Shelf(folder).put(release, "key", b"a page")
    assert all(folder in one.parents for one in tmp_path.rglob("key"))


def test_a_folder_that_cannot_be_written_harms_nobody(tmp_path):
    (tmp_path / "made").write_text("a file where the folder should be")
    shelf = Shelf(tmp_path / "made")
    shelf.put("0001-a", "key", b"a page")
    assert shelf.get("0001-a", "key") is None
    shelf.keep_only([])


def test_without_a_folder_nothing_is_kept():
    shelf = Shelf(None)
    shelf.put("0001-a", "key", b"a page")
    assert (shelf.there, shelf.get("0001-a", "key"), shelf.has("0001-a", "key")) == (False, None, False)
    shelf.keep_only([])
