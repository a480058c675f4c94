"""The inventory as a page to pass on: Markdown, or one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from sojourn.sources.microdata.holdings import Held, best, by_country, missing_questions, reasons
from sojourn.sources.microdata.inventory import IMPOSSIBLE, LESS, POSSIBLE

_MARK = {POSSIBLE: "yes", LESS: "with less", IMPOSSIBLE: "no"}
_CLASS = {"yes": "yes", "with less": "less", "no": "no"}
_READING = (
    "Indicators by migratory status. yes: possible; with less: possible, the reasons are below; "
    "no: a question is missing. Nothing here has been computed."
)
_WORDING = (
    "In brackets: whether the UN recommends the topic for censuses, and where the wording is from. "
    "A wording from memory is not verified: compare it with the recommendations before use."
)
_CERTAINTY = (
    "The certainty is a score of the name, label and codes, not a probability; "
    "● from 90 %, ◐ from 60 %, ○ below: to be checked by a person."
)
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; color: #1b1b1b }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2rem }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #ddd }
th { border-bottom: 2px solid #888 } .yes { background: #e2f1e4 } .less { background: #fbf1d3 } .no { color: #8c2b22 }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } .yes { background: #1d3a22 }
.less { background: #463a12 } .no { color: #ff9e93 } th, td { border-color: #444 } }
"""

Block = tuple[str, str | tuple[Sequence[str], Sequence[Sequence[str]]]]
"""("h1" | "h2" | "p", text) or ("table", (heads, rows))."""


def page(name: str, files: Sequence[Held], unread: Sequence[tuple[str, str]], *, html: bool) -> str:
    """Write the inventory of one or several files as a page.

    Args:
        name: of the file or folder.
        files: what each could be used for.
        unread: files that could not be read, and why.
        html: HTML, else Markdown.
    """
    blocks: list[Block] = [("h1", f"What {name} could be used for")]
    blocks.append(("p", _READING))
    groups = by_country(files)
    for area, held in groups.items():
        blocks += _country(area if len(groups) > 1 or len(files) > 1 else "", held)
    if unread:
        blocks += [("h2", "Files that could not be read"), ("table", (("file", "why"), unread))]
    return _html(name, blocks) if html else _markdown(blocks)


def _country(area: str, held: Sequence[Held]) -> Iterable[Block]:
    chosen = best(held)
    uses = [one.use for one in chosen]
    names = list(dict.fromkeys(use.breakdown for use in uses))
    by = {(one.use.indicator, one.use.breakdown): one for one in chosen}
    several = len(held) > 1
    yield ("h2", f"Indicators{f': {area}' if area else ''}")
    rows = []
    for code, label in dict.fromkeys((use.indicator, use.label) for use in uses):
        cells = [_MARK[by[code, name].use.status] for name in names]
        files = list(dict.fromkeys(by[code, name].file for name in names if by[code, name].file))
        rows.append([code, label, *cells, *([", ".join(files)] if several else [])])
    heads = [
        "indicator",
        "what",
        *(name.replace("_", " ") for name in names),
        *(["best file"] if several else []),
    ]
    yield ("table", (heads, rows))
    if less := reasons(uses):
        yield ("h2", "Possible with less")
        yield ("table", (("because", "indicators"), [(why, ", ".join(codes)) for why, codes in less.items()]))
    if missing := missing_questions(uses):
        yield ("h2", "Questions to add")
        yield ("p", _WORDING)
        listed = [(what, question, ", ".join(codes)) for (what, question), codes in missing.items()]
        yield ("table", (("not asked", "question", "would serve"), listed))
    yield from _recognised(held)


def _recognised(held: Sequence[Held]) -> Iterable[Block]:
    for one in held:
        if not one.proposals:
            continue
        yield ("h2", f"How {one.name} was understood")
        yield ("p", f"{one.rows or 0:,} rows. {_CERTAINTY}")
        rows = [
            (p.concept, p.column, f"{_mark(p.confidence)} {p.confidence:.0%}", p.reason)
            for p in one.proposals
        ]
        yield ("table", (("concept", "column", "certainty", "why"), rows))


def _mark(confidence: float) -> str:
    return "●" if confidence >= 0.9 else "◐" if confidence >= 0.6 else "○"


def _markdown(blocks: Iterable[Block]) -> str:
    parts = []
    for kind, content in blocks:
        if isinstance(content, str):
            parts.append({"h1": "# ", "h2": "## ", "p": ""}[kind] + _line(content))
        else:
            heads, rows = content
            lines = [heads, ["---"] * len(heads), *rows]
            parts.append("\n".join("| " + " | ".join(_line(cell) for cell in row) + " |" for row in lines))
    return "\n\n".join(parts) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _html(name: str, blocks: Iterable[Block]) -> str:
    parts = []
    for kind, content in blocks:
        if isinstance(content, str):
            parts.append(f"<{kind}>{escape(content)}</{kind}>")
        else:
            heads, rows = content
            top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
            body = "\n".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows)
            parts.append(
                f'<div class="wide"><table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
            )
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)}: inventory</title>\n<style>{_STYLE}</style>\n"
        + "\n".join(parts)
        + "\n</html>\n"
    )


def _cell(text: str) -> str:
    known = _CLASS.get(text)
    return f'<td class="{known}">{text}</td>' if known else f"<td>{escape(text)}</td>"
