"""The documentation of a module as prose: paragraphs, formulas, emphasis."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_MARKS = (
    (re.compile(r"\*\*([^*\n]+)\*\*"), "strong"),
    (re.compile(r"(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])"), "em"),
    (re.compile(r"``?([^`\n]+)``?"), "code"),
)


def paragraphs(text: str) -> list[tuple[str, str]]:
    """Cut the text of a module into paragraphs; indented ones are formulas.

    >>> paragraphs("One\\ntwo.\\n\\n    a = b\\n\\nThree.")
    [('text', 'One two.'), ('formula', 'a = b'), ('text', 'Three.')]
    """
    found = []
    for block in text.strip().split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and all(line.startswith("    ") for line in lines):
            found.append(("formula", "\n".join(line[4:] for line in lines)))
        elif lines:
            found.append(("text", " ".join(line.strip() for line in lines)))
    return found


def emphasis(text: str) -> Markup:
    """Write the emphasis and the code of a module's text as markup; everything else is escaped.

    >>> emphasis("means over **services** of `x<y`")
    Markup('means over <strong>services</strong> of <code>x&lt;y</code>')
    """
    marked = str(escape(text))
    for pattern, tag in _MARKS:
        marked = pattern.sub(rf"<{tag}>\1</{tag}>", marked)
    return Markup(marked)
