"""Two small releases, built once: the second has one price more. The site's store is set to a folder of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")

import django
import pytest
from django.test import Client, override_settings

from sojourn.release import Options, build

_HEADER = (
    "id,period,source_code,destination_code,firm,firm_type,product,sending location,speed actual,"
    "cc1 lcu amount,cc1 denomination amount,cc1 lcu code,cc1 lcu fee,cc1 lcu fx rate,cc1 fx margin,cc1 total cost %,"
    "cc2 lcu amount,cc2 denomination amount,cc2 lcu code,cc2 lcu fee,cc2 lcu fx rate,cc2 fx margin,cc2 total cost %,"
    "inter lcu bank fx,transparent,note1,note2,coverage,pick-up method,date"
)


def _service(number: int, sender: str, receiver: str, firm: str, cost: float, quarter: str) -> str:
    return (
        f"{number},{quarter},{sender},{receiver},{firm},Money Transfer Operator,Cash to cash,at Branch,Same day,"
        f"200,200,USD,{2 * cost},20,0,{cost},500,500,USD,{2.5 * cost},20,0,{cost / 2},20,yes,,,Nationwide,Cash,"
        f"16/Jul/2013"
    )


def _write(folder: Path, more: list[str]) -> None:
    lines = [_HEADER]
    for quarter in ("2011_3Q", "2012_3Q", "2013_3Q"):
        lines += [
            _service(1, "USA", "MEX", "Cedar", 4.0, quarter),
            _service(2, "USA", "MEX", "Harbour", 6.0, quarter),
            _service(3, "GBR", "IND", "Cedar", 8.0, quarter),
            _service(4, "GBR", "IND", "Harbour", 10.0, quarter),
            _service(5, "RUS", "UZB", "Cedar", 1.0, quarter),
        ]
    folder.mkdir(exist_ok=True)
    (folder / "prices.csv").write_text("\n".join(lines + more) + "\n", encoding="utf-8")
    flows = ["sending,receiving,usd_million,send_iso3,recv_iso3", "United States,Mexico,1000,USA,MEX"]
    (folder / "flows_2013.csv").write_text("\n".join(flows) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two releases, the older first."""
    place = tmp_path_factory.mktemp("built")
    _write(place / "data", [])
    first = build(place / "data", place / "releases", Options(packaged=True)).path
    _write(place / "data", [_service(9, "USA", "MEX", "Third", 23.0, "2013_3Q")])
    second = build(place / "data", place / "releases", Options(packaged=True)).path
    assert first != second
    return first, second


@pytest.fixture
def root(tmp_path: Path, two_releases: tuple[Path, Path], publish: Callable[[Path, Path], Path]) -> Path:
    """A folder of releases with the older one; `publish` adds the newer."""
    folder = tmp_path / "releases"
    folder.mkdir()
    publish(two_releases[0], folder)
    return folder


@pytest.fixture(scope="session")
def publish() -> Callable[[Path, Path], Path]:
    """Puts a release in place by one rename, as a build does."""

    def put(release: Path, folder: Path) -> Path:
        aside = folder / f".building-{release.name}"
        shutil.copytree(release, aside)
        return aside.rename(folder / release.name)

    return put


@pytest.fixture
def client(root: Path) -> Iterator[Client]:
    """A reader of the site over `root`, with nothing remembered from other tests."""
    django.setup()
    with override_settings(SOJOURN_RELEASES=str(root), SOJOURN_RELEASE=None):
        yield Client(SERVER_NAME="localhost", raise_request_exception=False)


@pytest.fixture(scope="session")
def reader(two_releases: tuple[Path, Path]) -> Iterator[Client]:
    """A reader of the site over both releases, for tests that publish nothing."""
    django.setup()
    with override_settings(
        SOJOURN_RELEASES=str(two_releases[0].parent), SOJOURN_RELEASE=None, SOJOURN_REQUESTS=1_000_000
    ):
        yield Client(SERVER_NAME="localhost", raise_request_exception=False)
