"""Answers of governments to the 30 items behind SDG 10.7.2: one row per government, year and item.

The answers are not public; an office that has its own, or a regional body that collected some, brings them in
with this layout, kind `migration_policy_answers`:

    area      country, ISO 3166-1 alpha-3
    period    year of the inquiry
    item      "1.1" to "6.5": domain and sub-category
    answer    yes, no, legal_status_only (first domain alone); null: not answered

The header is `country_code,inquiry_year,policy_item,policy_answer,answered_by`. A file in which any row was
answered by SIMULATED is simulated as a whole, and its edition says so. An item that a government answers in
two ways is not answered: both rows are rejected and listed.

Source: module III of the UN Inquiry among Governments on Population and Development; the layout is this program's.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.sources import problems
from sojourn.sources.incident_standard import year
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, area, list_problem, lookup, read_fields, text

COLUMNS = ("country_code", "inquiry_year", "policy_item", "policy_answer", "answered_by")
SIMULATED = "SIMULATED"
ITEMS = tuple(f"{domain}.{item}" for domain in range(1, 7) for item in range(1, 6))
_ANSWERS = {"yes": "yes", "no": "no", "legal_status_only": "legal_status_only"}
_KEY = ("area", "period", "item")


def country(values: pl.Series) -> pl.Series:
    """Read codes of countries; the world and its regions have no government that answers."""
    codes = area("alpha3")(values)
    return codes.set(~codes.is_in(areas.table().filter(kind="country")["area"].implode()), None)


_FIELDS = (
    Field("country_code", "area", country, "an ISO 3166-1 alpha-3 code", needed=True),
    Field("inquiry_year", "period", year, "a year", needed=True),
    Field("policy_item", "item", lookup({item: item for item in ITEMS}), "1.1 to 6.5", needed=True),
    Field("policy_answer", "answer", lookup(_ANSWERS), ", ".join(_ANSWERS)),
    Field("answered_by", "answered_by", text, "words"),
)


def read_answers(sheet: RawSheet) -> Reading:
    """Read answers; contradictions, repetitions and halves outside the first domain are rejected."""
    table, found = read_fields(sheet, _FIELDS)
    half = (pl.col("answer") == "legal_status_only") & ~pl.col("item").str.starts_with("1.")
    rules = (
        ("is no answer outside the first domain", "yes, no", half.fill_null(False)),
        ("contradicts another row", "one answer", pl.col("answer").n_unique().over(_KEY) > 1),
        ("repeats an answer", "one row per country, year and item", ~pl.struct(_KEY).is_first_distinct()),
    )
    listed = [found]
    for problem, accepted, broken in rules:
        bad = table.filter(broken)
        listed.append(
            list_problem(
                sheet, bad[ROW], "policy_answer", bad["answer"], problem=problem, accepted=accepted,
                action="rejected",
            )
        )  # fmt: skip
        table = table.filter(~broken)
    simulated = text(sheet.frame["answered_by"]).str.contains(SIMULATED, literal=True).any()
    edition = f"{'simulated-' if simulated else ''}to-{table['period'].max() or 'empty'!s}"
    return Reading(table.drop("answered_by"), edition, sheet.frame.height, problems.combine(*listed))


SOURCE = Source(
    name="migration_policy_answers",
    title="Answers to the 30 items of SDG 10.7.2",
    publisher="the government that answered",
    licence="as the government says",
    citation="as the government says",
    page="https://unstats.un.org/sdgs/metadata/files/Metadata-10-07-02.pdf",
    table="migration_policy_answers",
    layouts=(Layout("answers by item", COLUMNS, read_answers, original=False),),
    downloads=(Download("migration_policy_answers.csv", None),),
    by_hand="The answers are not public; write your own into this layout.",
)
