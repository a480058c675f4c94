"""`sojourn survey estimate|cube|pack|simulate`: against R, as a person and as a program get them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re

import polars as pl
import pytest

from sojourn import console

SDR = ("--weight", "PWGTP", "--replicates", "PWGTP1..80", "--method", "sdr")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    from sojourn.simulate import Country, write

    path = tmp_path_factory.mktemp("country") / "people.parquet"
    write(path, Country(households=6_000), 1)
    return str(path)


def of(answer):
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


# R survey 4.5: svyby(~wage, ~nat+sx, subset(SDR, earn==1), svymean), wage = WAGP*ADJINC/1e6
MEANS = {
    (1, 1): (48537.665084115, 1811.86679868939),
    (1, 2): (32895.2664407486, 1422.32840418875),
    (2, 1): (38245.9117242775, 2783.69583887225),
    (2, 2): (26433.5665902633, 2030.27840870505),
}


def test_a_raw_file_with_a_declared_design_gives_what_r_gives(run, shared):
    file = shared / "data/microdata/acs2011_person_sample.csv.gz"
    asked = ("mean(WAGP * ADJINC / 1000000)", "--by", "NATIVITY,SEX", "--where", "WAGP > 0")
    rows = of(run("survey", "estimate", str(file), *asked, *SDR, "--json"))["rows"]
    assert len(rows) == 4
    for row in rows:
        estimate, se = MEANS[row["NATIVITY"], row["SEX"]]
        assert row["estimate"] == pytest.approx(estimate, rel=1e-9)
        assert row["se"] == pytest.approx(se, rel=1e-8)


def test_the_shares_of_r_with_its_normal_interval_and_a_total(run, shared):
    file = str(shared / "data/microdata/acs2011_person_sample.csv.gz")
    answer = of(
        run("survey", "estimate", file, "share(NATIVITY = 2)", "count()", *SDR, "--df", "inf", "--json")
    )
    share, people = answer["rows"]
    # svymean(~nat, SDR): natforeign
    assert share["estimate"] == pytest.approx(0.151830400778228, rel=1e-9)
    assert (share["lower"], share["upper"]) == pytest.approx((0.133765062164876, 0.169895739391581), rel=1e-8)
    assert people["estimate"] == 270962 + 47770 + 276590 + 50247
    assert "4/80" in answer["design"] or "0.05" in answer["design"]


def test_strata_and_clusters_give_what_r_gives(run, shared):
    folder = shared / "reference/survey"
    listed = pl.read_csv(folder / "reference_survey4.5.csv", infer_schema=False, null_values="NA")
    wanted = listed.filter(pl.col("call").str.contains(r"^svymean\(~api00, *(dstrat|apistrat)\)"))
    file = str(folder / "apistrat.csv")
    design = ("--weight", "pw", "--strata", "stype", "--fpc", "fpc")
    (row,) = of(run("survey", "estimate", file, "mean(api00)", *design, "--json"))["rows"]
    # Lumley, package survey, vignette: mean 662.29, SE 9.4089
    assert (round(row["estimate"], 2), round(row["se"], 4)) == (662.29, 9.4089)
    for one in wanted.to_dicts():
        assert row["estimate"] == pytest.approx(float(one["estimate"]), rel=1e-9)
        assert row["se"] == pytest.approx(float(one["se"]), rel=1e-8)


def test_concepts_of_a_mapping_for_a_person(run, country):
    asked = ("mean(hourly_earnings)", "share(employment)", "gap(mean(hourly_earnings), nativity)")
    answer = run(
        "survey", "estimate", country, *asked, "--by", "nativity,sex", "--where", "age >= 15",
        "--mapping", "simulated_country", "--interval", "logit", "--deff",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    text = " ".join(answer.out.split())
    for words in (
        "mean(hourly_earnings), where age >= 15",
        "foreign - native",
        "design: SDR, 80 replicates of weight",
        "simulated: every person",
        "cases in scope have no value, and are set aside",
        "95 % interval",
        "fewer than 10 are not shown",
        "deff",
    ):
        assert words in text, words


def test_an_answer_that_is_not_known_is_no_value(run, tmp_path):
    (tmp_path / "people.csv").write_text("c,w,age\n1,1,20\n2,1,30\n9,2,40\n,4,50\n")
    (tmp_path / "map.toml").write_text(
        'title = "t"\narea = "POL"\nyears = [2021, 2021]\n[design]\nkind = "weights"\nweight = "w"\n'
        '[concepts.citizenship]\ncolumn = "c"\ncodes = { citizen = [1], foreigner = [2] }\nunknown = [9]\n'
        'blank = "not_in_universe"\n[concepts.age]\ncolumn = "age"\n'
    )
    given = ("survey", "estimate", "people.csv", "--mapping", "map.toml", "--own-use", "--json")
    answer = of(run(*given, "share(citizenship = 'foreigner')"))
    (row,) = answer["rows"]
    assert (row["estimate"], row["n"], row["se"]) == (0.5, 2, None)
    assert "no error is known" in row["flag"]
    assert "not to be passed on" in row["flag"]
    assert "citizenship: 1 rows unknown, 1 rows not asked" in answer["notes"]
    by = {
        row["citizenship"]: row["estimate"]
        for row in of(run(*given, "mean(age)", "--by", "citizenship"))["rows"]
    }
    assert by == {"citizen": 20, "foreigner": 30, "unknown": 40, "not_in_universe": 50}


def test_years_stay_apart_and_breaks_are_flagged(run, tmp_path, country):
    people = pl.read_parquet(country)
    for year, file in ((2007, "a.parquet"), (2011, "b.parquet")):
        people.with_columns(year=pl.lit(year)).write_parquet(tmp_path / file)
    (tmp_path / "map.toml").write_text(
        'title = "t"\nextends = "simulated_country"\nyear_column = "year"\n'
        '[[breaks]]\nyear = 2008\nconcept = "insurance"\nwhat = "A new question."\n'
        '[[breaks]]\nyear = 2009\nconcept = "rooms"\nwhat = "Not of this question."\n'
    )
    given = ("survey", "estimate", "a.parquet", "b.parquet", "--mapping", "map.toml", "--json", "--change")
    rows = of(run(*given, "share(insurance = 'yes')", "mean(age)"))["rows"]
    by = {(row["statistic"], row.get("year")): row for row in rows}
    first, second = by["share(insurance = 'yes')", 2007], by["share(insurance = 'yes')", 2011]
    assert first["flag"] == ""
    assert second["flag"] == "break 2008: A new question"
    assert by["mean(age)", 2011]["flag"] == ""
    change = by["share(insurance = 'yes'): change 2007 to 2011", None]
    assert change["estimate"] == 0
    assert change["se"] == pytest.approx(2**0.5 * first["se"], rel=1e-12)
    assert "break 2008" in change["flag"]


def test_one_file_per_year_with_its_own_year(run, tmp_path, country):
    people = pl.read_parquet(country).drop("year")
    people.head(250).write_parquet(tmp_path / "a.parquet")
    people.tail(250).write_parquet(tmp_path / "b.parquet")
    (tmp_path / "map.toml").write_text('title = "t"\nextends = "simulated_country"\nyear_column = ""\n')
    given = ("survey", "estimate", "a.parquet", "b.parquet", "mean(age)", "--mapping", "map.toml")
    rows = of(run(*given, "--year", "2019", "--year", "2021", "--json"))["rows"]
    assert [(row["year"], row["n"]) for row in rows] == [(2019, 250), (2021, 250)]
    wrong = run(*given, "--year", "2019", "--year", "2021", "--year", "2022")
    assert wrong.code == 2
    assert "one --year" in wrong.err


def test_a_cube_and_a_packed_file_answer_as_the_rows_do(run, country):
    common = ("--mapping", "simulated_country")
    asked = ("mean(hourly_earnings)", "median(hourly_earnings)", "--by", "nativity", "--json")
    wanted = of(run("survey", "estimate", country, *asked, *common))["rows"]
    made = run(
        "survey",
        "cube",
        country,
        *common,
        "--by",
        "nativity,sex",
        "--measure",
        "hourly_earnings",
        "--write",
        "c.arrow",
    )
    assert made.code == 0, made.err
    assert "protect it" in made.out
    assert of(run("survey", "pack", country, *common, "--write", "p.packed", "--json"))["rows"] > 300
    for stored in ("c.arrow", "p.packed"):
        rows = of(run("survey", "estimate", stored, *asked))["rows"]
        for row, same in zip(rows, wanted, strict=True):
            for name in ("estimate", "se", "lower", "upper"):
                assert row[name] == pytest.approx(same[name], rel=1e-12)
    again = run("survey", "cube", country, *common, "--by", "sex", "--measure", "age", "--write", "c.arrow")
    assert again.code == 2
    assert "already there" in again.err


def test_cubes_of_parts_add_up(run, tmp_path, country):
    people = pl.read_parquet(country)
    people.head(300).write_parquet(tmp_path / "a.parquet")
    people.slice(300).write_parquet(tmp_path / "b.parquet")
    options = ("--mapping", "simulated_country", "--by", "sex", "--measure", "age")
    for name, file in (("a", "a.parquet"), ("b", "b.parquet"), ("whole", country)):
        assert run("survey", "cube", file, *options, "--write", f"{name}.arrow").code == 0
    assert run("survey", "cube", "a.arrow", "b.arrow", "--write", "c.arrow").code == 0
    parts, whole = (
        of(run("survey", "estimate", f, "mean(age)", "--by", "sex", "--json"))["rows"]
        for f in ("c.arrow", "whole.arrow")
    )
    for one, other in zip(parts, whole, strict=True):
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-12)
        assert one["se"] == pytest.approx(other["se"], rel=1e-9)


def test_few_cases_are_not_shown(run, country):
    given = (
        "survey",
        "estimate",
        country,
        "count()",
        "--by",
        "age,sex,region_of",
        "--mapping",
        "simulated_country",
    )
    assert run(*given).code == 2  # no such column
    rows = of(
        run(
            "survey",
            "estimate",
            country,
            "count()",
            "--by",
            "age,sex",
            "--mapping",
            "simulated_country",
            "--json",
        )
    )["rows"]
    few = [row for row in rows if "withheld" in row["flag"]]
    assert few
    assert all(
        row[name] is None for row in few for name in ("estimate", "se", "lower", "upper", "df", "n", "cv")
    )
    assert all(row["n"] >= 10 for row in rows if row["n"])
    shown = of(
        run(
            "survey",
            "estimate",
            country,
            "count()",
            "--by",
            "age,sex",
            "--mapping",
            "simulated_country",
            "--own-use",
            "--json",
        )
    )
    told = [row for row in shown["rows"] if 0 < row["n"] < 10]
    assert len(told) == len(few)
    assert all(row["estimate"] > 0 and "not to be passed on" in row["flag"] for row in told)
    assert any("not to be passed on" in note for note in shown["notes"])


def test_fewer_cases_than_may_be_passed_on_need_a_word(run, country):
    answer = run(
        "survey", "estimate", country, "count()", "--mapping", "simulated_country", "--suppress-below", "5"
    )
    assert answer.code == 2
    assert "--own-use" in answer.err


def test_csv_is_a_table_with_the_statistic_in_front(run, country):
    answer = run(
        "survey",
        "estimate",
        country,
        "mean(age)",
        "count()",
        "--by",
        "sex",
        "--mapping",
        "simulated_country",
        "--csv",
    )
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert [row["statistic"] for row in rows] == ["mean(age)"] * 2 + ["count()"] * 2


@pytest.mark.parametrize("width", [80, 120])
def test_no_number_is_broken_and_no_line_too_wide(run, country, monkeypatch, width):
    monkeypatch.setattr(console.out, "width", width, raising=False)
    answer = run(
        "survey", "estimate", country, "share(employment)", "--by", "nativity,sex", "--mapping", "simulated_country",
        "--interval", "logit",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert max(map(len, answer.out.splitlines())) <= width
    table = answer.out.split("design:")[0]
    assert "…" not in table
    assert re.search(r"0\.\d+ to 0\.\d+ +\d+\.\d%", table)


def test_the_simulated_file_is_the_same_for_the_same_seed_and_is_not_overwritten(run, tmp_path):
    for name in ("a.csv", "b.csv"):
        answer = run("survey", "simulate", name, "--households", "2000", "--seed", "3")
        assert answer.code == 0, answer.err
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert run("survey", "simulate", "a.csv").code == 2
    assert run("survey", "simulate", "a.txt").code == 2
    everybody = json.loads(
        run("survey", "simulate", "all.parquet", "--households", "2000", "--population", "--json").out
    )
    assert "legal_status" in pl.read_parquet_schema(tmp_path / "all.parquet")
    assert everybody["rows"] > 2000


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("mean(WAGP)",), "No weight is declared"),
        (("mean(WAGP)", "--weight", "w", "--replicates", "w1..2"), "without their method"),
        (("mean(WAGP)", "--weight", "w", "--method", "sdr"), "needs --replicates"),
        (("mean(WAGP)", "--weight", "w", "--method", "nonsense"), "no method"),
        (("mean(WAGP)", "--weight", "w", "--replicates", "w1..2", "--method", "sdr", "--strata", "s"), "belong to"),
        (("mean(WAGP)", "--weight", "w", "--replicates", "w1..9", "--method", "sdr"), "9 replicate weights are declared, 2"),
        (("mean(WAGP)", "--weight", "w", "--replicates", "w1..2", "--method", "fay"), "needs its factor"),
        (("mean(wages)", "--weight", "w"), "no column 'wages'"),
        (("mode(WAGP)", "--weight", "w"), "no statistic"),
        (("mean(WAGP", "--weight", "w"), "not closed"),
        (("mean(WAGP +)", "--weight", "w"), "cannot be read"),
        (("mean(WAGP)", "--weight", "w", "--where", "sqrt(WAGP) > 1"), "not allowed"),
        (("mean(WAGP)", "--weight", "w", "--where", "1; drop table x"), "not allowed"),
        (("mean(words)", "--weight", "w"), "accepted: numbers"),
        (("mean(WAGP)", "--weight", "words"), "words"),
        (("mean(WAGP)", "--weight", "w", "--by", "flag"), "column of results"),
        (("mean(WAGP)", "--weight", "w", "--level", "95"), "coverage"),
        (("mean(WAGP)", "--weight", "w", "--interval", "exact"), "no interval"),
        (("mean(WAGP)", "--weight", "w", "--interval", "logit"), "None of the statistics"),
        (("quantile(WAGP, 5)", "--weight", "w"), "from 0 to 1"),
        (("gap(mean(WAGP), words)", "--weight", "w"), "3 values"),
        ((), "No statistic"),
        (("mean(WAGP)", "--mapping", "acs_pums", "--weight", "w", "--year", "2011"), "by the mapping and by options"),
        (("mean(WAGP)", "--mapping", "acs_pums"), "year"),
        (("mean(WAGP)", "--weight", "w", "--change"), "several years"),
        (("mean(WAGP)", "--weight", "w", "--joined", "people.csv"), "by a mapping"),
        (("mean(WAGP)", "--weight", "w", "--strata", "words", "--rscales", "x"), "no numbers"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_with_the_reason(run, tmp_path, options, words):
    (tmp_path / "people.csv").write_text("WAGP,words,w,w1,w2\n1,a,1,2,0\n5,b,2,1,3\n7,c,1,1,1\n")
    answer = run("survey", "estimate", "people.csv", *options)
    assert answer.code in (1, 2)
    assert words in " ".join(answer.err.split()), answer.err


@pytest.mark.parametrize("command", ["estimate", "cube", "pack", "describe", "inventory"])
@pytest.mark.parametrize(
    "content", ["empty", "header", "truncated", "binary", "absent", "folder", "parquet", "sav", "toml"]
)
def test_damaged_files_are_named_by_every_command(run, tmp_path, command, content):
    file = hostile(tmp_path, content)
    options = {
        "estimate": (file, "count()", "--weight", "w"),
        "cube": (file, "--weight", "w", "--write", "out.arrow"),
        "pack": (file, "--weight", "w", "--columns", "x", "--write", "out.packed"),
        "describe": (file,),
        "inventory": (file,),
    }[command]
    answer = run("survey", command, *options)
    assert answer.code in (1, 2), answer.out
    assert file in answer.err, answer.err
    assert "to do" in answer.err or "accepted" in answer.err
    assert not (tmp_path / "out.arrow").exists()
    assert not (tmp_path / "out.packed").exists()


def hostile(folder, content) -> str:
    name = {"parquet": "x.parquet", "sav": "x.sav", "truncated": "x.csv.gz", "toml": "x.toml"}.get(
        content, "x.csv"
    )
    file = folder / name
    if content == "folder":
        file.mkdir()
    elif content != "absent":
        text = b"x,w\n" + b"".join(b"%d,1\n" % (n * 7919 % 10007) for n in range(5000))
        file.write_bytes(
            {
                "empty": b"",
                "header": b"x,w\n",
                "truncated": gzip.compress(text)[:-2000],
                "binary": bytes(range(256)) * 40,
                "parquet": b"PAR1" + b"\0" * 50,
                "sav": b"$FL2" + b"\0" * 50,
                "toml": b"title = [",
            }[content]
        )
    return name


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["", "1"], "missing"),
        (["-1", "1"], "negative"),
        (["heavy", "1"], "text"),
    ],
)
def test_weights_that_cannot_be_used_are_counted(run, tmp_path, cells, words):
    rows = "".join(f"{n},{cell}\n" for n, cell in enumerate(cells * 20))
    (tmp_path / "people.csv").write_text("x,w\n" + rows)
    answer = run("survey", "estimate", "people.csv", "mean(x)", "--weight", "w")
    assert answer.code in (1, 2)
    assert words in answer.err
    assert "20" in answer.err


def test_zero_weights_are_counted_and_a_lonely_stratum_is_refused(run, tmp_path):
    (tmp_path / "zero.csv").write_text("x,w\n" + "1,0\n2,3\n3,3\n" * 20)
    row = of(run("survey", "estimate", "zero.csv", "mean(x)", "--weight", "w", "--json"))["rows"][0]
    assert "20 cases of zero weight" in row["flag"]
    (tmp_path / "lonely.csv").write_text("x,w,s,c\n" + "1,1,1,1\n2,3,1,2\n" * 10 + "3,3,2,1\n" * 10)
    design = ("--weight", "w", "--strata", "s", "--clusters", "c")
    answer = run("survey", "estimate", "lonely.csv", "mean(x)", *design)
    assert answer.code in (1, 2)
    assert "1 strata have a single sampling unit" in answer.err
    assert (
        of(run("survey", "estimate", "lonely.csv", "mean(x)", *design, "--lonely", "adjust", "--json"))[
            "rows"
        ][0]["se"]
        > 0
    )


def test_a_domain_without_cases_and_a_scope_without_rows(run, tmp_path):
    (tmp_path / "people.csv").write_text("a,b,x,w\n" + "1,1,5,1\n2,2,6,1\n" * 20)
    rows = of(run("survey", "estimate", "people.csv", "mean(x)", "--by", "a,b", "--weight", "w", "--json"))[
        "rows"
    ]
    assert [(row["n"], row["flag"][:8]) for row in rows if row["a"] != row["b"]] == [(0, "no cases")] * 2
    answer = run(
        "survey", "estimate", "people.csv", "mean(x)", "--by", "a", "--where", "x > 99", "--weight", "w"
    )
    assert answer.code == 0
    assert "no row is in scope" in answer.out


MAP = (
    'title = "t"\narea = "POL"\nyears = [2021, 2021]\n[design]\nkind = "weights"\nweight = "w"\n'
    '[concepts.nativity]\ncolumn = "n"\ncodes = { native = [1], foreign = [2] }\n[concepts.age]\ncolumn = "a"\n'
)


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        ("1,30,1\n3,40,1\n", ("", ""), "codes that the mapping does not list: '3' (1 rows)"),
        ("5,30,1\n6,40,1\n", ('codes = { native = [1], foreign = [2] }', 'other = "unknown"\ncodes = { native = [1] }'), "no row has an answer"),
        ("1,30,1\n2,forty,1\n", ("", ""), "cells that are no numbers: 'forty'"),
        ("1,30,1\n2,40,-1\n", ("", ""), "negative"),
        ("1,30,1\n2,40,\n", ("", ""), "missing"),
        ("1,30,1\n2,40,1\n", ('weight = "w"', 'weight = "weight"'), "absent"),
        ("1,30,1\n2,40,1\n", ('column = "a"', 'column = "years"'), "which is not there"),
        ("1,30,1\n2,40,1\n", ("[2021, 2021]", "[2019, 2021]"), "year of people.csv is not known"),
        ("1,30,1\n2,40,1\n", ('area = "POL"\n', ""), "names no area"),
        ("1,30,1\n2,40,1\n", ('column = "a"', 'expression = "a +"'), "no SQL expression"),
        ("1,30,1\n2,40,1\n", ('column = "a"', "expression = \"CASE WHEN n THEN a ELSE 'x' END\""), "expression"),
        ("1,30,1\n2,40,1\n", ("native = [1]", "natives = [1]"), "natives"),
        ("1,30,1\n2,40,1\n", ('kind = "weights"', 'kind = "sdr"\nreplicates = "w{1..80}"'), "80 replicate weights, and the file has 0"),
        ("1,30,1\n2,40,1\n", ('kind = "weights"', 'kind = "sdr"\nreplicates = "w{1..80}"\nscale = 3'), "80 replicate weights"),
    ],
)  # fmt: skip
def test_a_mapping_that_contradicts_the_file_is_named(run, tmp_path, rows, change, words):
    (tmp_path / "people.csv").write_text("n,a,w\n" + rows)
    (tmp_path / "map.toml").write_text(MAP.replace(*change))
    answer = run("survey", "estimate", "people.csv", "mean(age)", "--by", "nativity", "--mapping", "map.toml")
    assert answer.code in (1, 2), answer.out
    assert words in " ".join(answer.err.split()), answer.err


def test_a_disk_that_fills_is_named_and_nothing_half_written_stays(run, tmp_path, country, monkeypatch):
    def full(*_, **__):
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    cache = tmp_path / "here"
    answer = run(
        "survey", "estimate", country, "mean(age)", "--mapping", "simulated_country", "--cache", str(cache)
    )
    assert answer.code == 1
    assert "disk is full" in answer.err
    assert "--cache" in answer.err
    assert list(cache.iterdir()) == []


def test_a_stored_file_that_is_none_and_questions_it_does_not_hold(run, tmp_path, country):
    (tmp_path / "x.arrow").write_bytes(b"ARROW1\0\0nonsense")
    (tmp_path / "x.packed").write_bytes(b"")
    for name in ("x.arrow", "x.packed", "absent.arrow", "absent.packed"):
        answer = run("survey", "estimate", name, "mean(age)")
        assert answer.code == 1, answer.err
        assert name in answer.err
    assert (
        run(
            "survey",
            "cube",
            country,
            "--mapping",
            "simulated_country",
            "--by",
            "sex",
            "--measure",
            "age",
            "--write",
            "c.arrow",
        ).code
        == 0
    )
    assert (
        run(
            "survey",
            "pack",
            country,
            "--mapping",
            "simulated_country",
            "--columns",
            "age,sex",
            "--write",
            "c.packed",
        ).code
        == 0
    )
    for stored, words in (
        ("c.arrow", "mean(rooms)"),
        ("c.packed", "mean(rooms)"),
        ("c.packed", "ratio(age, sex)"),
        ("c.packed", "mean(sex)"),
    ):
        assert run("survey", "estimate", stored, words).code == 2
    assert run("survey", "estimate", "c.arrow", "mean(age)", "--by", "urban").code == 2
    assert run("survey", "estimate", "c.arrow", "mean(age)", "--where", "age > 3").code == 2
    assert run("survey", "cube", "c.arrow", "x.arrow", "--write", "d.arrow").code == 1


def test_codes_of_numbers_stand_in_their_order(run, country):
    given = (
        "survey",
        "estimate",
        country,
        "count()",
        "--by",
        "place,sex",
        "--mapping",
        "simulated_country",
        "--json",
    )
    places = [int(row["place"]) for row in of(run(*given))["rows"]]
    assert places == sorted(places)
    assert max(places) >= 10


def test_a_median_among_very_many_values_of_a_packed_file(run, tmp_path):
    rows = pl.DataFrame({"g": [0, 1] * 8_000, "y": range(16_000), "w": [1, 2, 3, 4] * 4_000})
    rows = rows.with_columns(r1=pl.col("w") * 2, r2=pl.lit(1))
    rows.write_parquet(tmp_path / "rows.parquet")
    design = ("--weight", "w", "--replicates", "r1,r2", "--method", "brr")
    file, packed = str(tmp_path / "rows.parquet"), str(tmp_path / "rows.packed")
    of(run("survey", "pack", file, "--columns", "g,y", *design, "--write", packed, "--json"))
    asked = ("median(y)", "count()", "mean(y)", "--by", "g", "--json")
    assert (
        of(run("survey", "estimate", packed, *asked))["rows"]
        == of(run("survey", "estimate", file, *asked, *design))["rows"]
    )


def test_a_stated_year_that_the_file_contradicts_is_refused(run, country):
    answer = run("survey", "estimate", country, "count()", "--mapping", "simulated_country", "--year", "2030")
    assert answer.code == 2
    assert "The year 2030 is stated" in answer.err
    assert "2024 in" in answer.err


def test_a_column_in_which_nobody_was_asked_spoils_no_other_question(run, country, tmp_path):
    people = pl.read_parquet(country).with_columns(monthly_pay=pl.lit(""))
    people.write_csv(tmp_path / "people.csv")
    asked = ("mean(age)", "--mapping", "simulated_country", "--json")
    rows = of(run("survey", "estimate", str(tmp_path / "people.csv"), *asked))["rows"]
    assert rows == of(run("survey", "estimate", country, *asked))["rows"]


def test_infinite_cells_are_named_as_words_with_their_count(run, country, tmp_path):
    people = pl.read_parquet(country).with_columns(pl.col("age", "weight").cast(pl.String))
    for column, words in (("weight", "weight no number in 3 rows"), ("age", "'inf' (3 rows)")):
        broken = people.with_row_index("i").with_columns(
            pl.when(pl.col("i") < 3).then(pl.lit("inf")).otherwise(column).alias(column)
        )
        broken.drop("i").write_csv(tmp_path / f"{column}.csv")
        answer = run(
            "survey",
            "estimate",
            str(tmp_path / f"{column}.csv"),
            "mean(age)",
            "--mapping",
            "simulated_country",
        )
        assert answer.code == 1
        assert words in answer.err


def test_few_unanswered_rows_are_not_counted_beneath_a_table(run, country):
    people = pl.read_parquet(country)
    few = people.filter(citizenship=9) if "citizenship" in people.columns else people.head(0)
    answer = run(
        "survey", "estimate", country, "count()", "--mapping", "simulated_country", "--by", "citizenship"
    )
    assert answer.code == 0
    assert not re.search(r"citizenship: [1-9] rows", answer.out), few.height
