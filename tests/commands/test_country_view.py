"""What a person sees of one country: remittances beside aid and investment."""

from __future__ import annotations

import pytest

BANK = "Country Name,Country Code,Year,Value\nJordan,JOR,2020,{}\n"


@pytest.fixture
def project(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def build(**values: float) -> None:
        (tmp_path / "data").mkdir()
        for code, value in values.items():
            (tmp_path / "data" / f"{code.replace('_', '.')}.csv").write_text(BANK.format(value))
        assert run("build").code == 0

    return build


def test_remittances_stand_beside_aid_and_investment(run, project):
    project(BX_TRF_PWKR_CD_DT=2.2e9, DT_ODA_ALLD_CD=3.1e9, BX_KLT_DINV_CD_WD=7e8)
    said = " ".join(run("country", "Jordan").out.split())
    assert "remittances received 2020 2,200" in said
    assert "official development assistance 2020 3,100" in said
    assert "foreign direct investment 2020 700" in said
    assert "remittances paid – no data could come from wdi: BM.TRF.PWKR.CD.DT" in said


def test_without_files_each_flow_says_what_would_fill_it(run, project):
    project(SP_REG_BRTH_ZS=98.6)
    said = " ".join(run("country", "Jordan").out.split())
    assert "official development assistance – no data could come from wdi: DT.ODA.ALLD.CD" in said
    assert "Legal identity: children whose birth was registered 2020 98.60 %" in said
