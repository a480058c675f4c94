"""Comparing releases: numbers matched by what they are about, reasons read from the manifests."""

from __future__ import annotations

import pytest

from sojourn.release import Options, build, open_release
from sojourn.release.compare import compare


def comparison(before, after):
    old, new = open_release(before), open_release(after)
    return compare(old.observations(), new.observations(), old.manifest, new.manifest)


def test_a_release_equals_itself(built):
    found = comparison(built.path, built.path)
    assert found.same
    assert found.reasons == ()


def test_a_parameter_is_the_reason(small_data, built):
    options = Options(parameters={"prices": {"world_excludes_senders": []}})
    after = build(small_data, built.path.parent, options).path
    found = comparison(built.path, after)
    assert found.reasons == ("parameter changed: prices.world_excludes_senders from ['RUS'] to []",)
    world = found.changed.filter(series="SI_RMT_COST", area="001", period="2013-Q3", breakdown="")
    assert world["change"].item() == pytest.approx(29 / 5 - 7.0)


def test_a_new_file_is_the_reason_and_its_numbers_are_new(small_data, built):
    (small_data / "flows_2011.csv").write_text(
        "sending,receiving,usd_million,send_iso3,recv_iso3\nGermany,India,7,DEU,IND\n"
    )
    after = build(small_data, built.path.parent).path
    found = comparison(built.path, after)
    assert found.reasons == ("file new: flows_2011.csv",)
    assert "SJ_RMT_FLOW" in set(found.added["series"])
    assert not found.removed.height


def test_another_interval_is_a_change_too(small_data, built):
    after = build(small_data, built.path.parent, Options(parameters={"prices": {"level": 0.5}})).path
    found = comparison(built.path, after)
    assert found.changed.height > 0
    assert (found.changed["change"] == 0).all()
    assert "parameter changed: prices.level from 0.95 to 0.5" in found.reasons
