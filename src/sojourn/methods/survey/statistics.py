"""What can be asked of microdata: total, mean, share, ratio, quantile, median, gap, count; as objects or words.

>>> parse("quantile(wage, 0.5)") == median("wage")
True
>>> parse("mean(wage)") == mean("wage")
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from sojourn.errors import UsageError

INTERPOLATED = ("hf4", "hf5", "hf6", "hf7", "hf8", "hf9", "shahvaish")
"""Rules of quantiles that depend on rows of equal value staying apart, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One thing to be estimated; made by the functions of this module."""

    kind: str
    measure: Any = None
    denominator: Any = None
    q: float | None = None
    rule: str = "math"
    of: Any = None
    between: str | None = None
    compare: str = "difference"
    levels: tuple[Any, Any] | None = None

    @property
    def measures(self) -> tuple[Any, ...]:
        """The measures that it is about."""
        return tuple(m for m in (self.measure, self.denominator) if m is not None)

    @property
    def base(self) -> Statistic:
        """The statistic of one group, where this one compares two."""
        return replace(self, between=None, levels=None, compare="difference")


def count() -> Statistic:
    """Ask for the number of people: N = Σ w."""
    return Statistic("count")


def total(measure: Any) -> Statistic:
    """Ask for a total: Y = Σ w y over the rows where y is known."""
    return Statistic("total", measure)


def mean(measure: Any) -> Statistic:
    """Ask for a mean: Σ w y / Σ w over the rows where y is known."""
    return Statistic("mean", measure)


def share(measure: Any, of: Any = None) -> Statistic:
    """Ask for a share: of the true ones (0/1, true/false), else of each category, or of the category `of`."""
    return Statistic("share", measure, of=of)


def ratio(numerator: Any, denominator: Any) -> Statistic:
    """Ask for a ratio: Σ w y / Σ w x over the rows where both are known."""
    return Statistic("ratio", numerator, denominator)


def quantile(measure: Any, q: float, rule: str = "math") -> Statistic:
    """Ask for the value below which a part q of the people lies, by one of the rules of `quantiles`."""
    if not isinstance(q, int | float) or not 0 <= q <= 1:
        raise UsageError(f"A quantile at {q}", accepted="one number from 0 to 1")
    return Statistic("quantile", measure, q=float(q), rule=rule)


def median(measure: Any, rule: str = "math") -> Statistic:
    """Ask for the median, the quantile at one half."""
    return quantile(measure, 0.5, rule)


def gap(
    statistic: Statistic | str,
    between: str,
    *,
    compare: str = "difference",
    levels: tuple[Any, Any] | None = None,
) -> Statistic:
    """Ask how far a statistic of one group lies from another's, errors paired: first less (or over) second.

    Args:
        statistic: such as mean("wage").
        between: the column whose two values are compared.
        compare: "difference" or "ratio".
        levels: (first, second); the two values in sorted order where not given.
    """
    if compare not in ("difference", "ratio"):
        raise UsageError(f"Groups cannot be compared by {compare!r}", accepted="difference, ratio")
    return replace(statistic_of(statistic), between=between, compare=compare, levels=levels)


FORMS = {
    "count": (count, 0),
    "total": (total, 1),
    "mean": (mean, 1),
    "share": (share, 1),
    "ratio": (ratio, 2),
    "quantile": (quantile, 2),
    "median": (median, 1),
}


def statistic_of(asked: Statistic | str) -> Statistic:
    """Give a statistic for an object or for words.

    Raises:
        UsageError: the words are not of the forms in this module.
    """
    return parse(asked) if isinstance(asked, str) else asked


def parse(text: str) -> Statistic:
    """Read words such as "mean(wage)", "quantile(wage, 0.5, hf7)", "gap(mean(wage), nat, foreign, native)".

    Raises:
        UsageError: the words are not of these forms.
    """
    match = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", text, re.DOTALL)
    name = match[1].lower() if match else ""
    parts = _parts(match[2] or "") if match else []
    if name == "gap" and len(parts) >= 2:
        return _gap(parts)
    if text.count("(") != text.count(")"):
        raise UsageError(f"A parenthesis is not closed in {text!r}", accepted="as in mean(wage)")
    if name not in FORMS:
        raise UsageError(f"There is no statistic {text!r}", accepted=f"{', '.join(FORMS)}, gap")
    form, needed = FORMS[name]
    optional = 1 if name in ("quantile", "median", "share") else 0
    if not needed <= len(parts) <= needed + optional:
        raise UsageError(
            f"{name} takes {needed} parts, {text!r} has {len(parts)}", accepted="such as mean(wage)"
        )
    return form(*_numbers(name, parts))  # type: ignore[operator,no-any-return]


def _gap(parts: list[str]) -> Statistic:
    """Read gap(statistic, column), then "ratio", then the two values that are compared, where they are stated."""
    words = ",".join(parts[1:])
    bare = re.sub(r"\b(between|compare|levels)\s*=\s*|[()]", "", words)  # with or without the names of parts
    between, *rest = [part.strip("\"' ") for part in bare.split(",")]
    compare = rest.pop(0) if rest and rest[0] in ("ratio", "difference") else "difference"
    if len(rest) not in (0, 2):
        raise UsageError(
            f"A gap compares two values, not {len(rest)}",
            accepted="such as gap(mean(wage), nativity, foreign, native)",
        )
    levels = tuple(_value(one) for one in rest)
    return gap(parse(parts[0]), between, compare=compare, levels=(levels[0], levels[1]) if levels else None)


def _value(word: str) -> int | str:
    """Read a value of a column: a whole number, or a word."""
    return int(word) if re.fullmatch(r"-?\d+", word) else word


def _numbers(name: str, parts: list[str]) -> list[Any]:
    found: list[Any] = [_bare(part.removeprefix("rule=")) for part in parts]
    if name == "share" and len(found) > 1:
        found[1] = _value(_bare(found[1].removeprefix("of=")))
    if name == "quantile":
        try:
            found[1] = float(found[1].removeprefix("q="))
        except ValueError as error:
            raise UsageError(f"{parts[1]!r} is no probability", accepted="a number from 0 to 1") from error
    return found


def _bare(part: str) -> str:
    """Take the quotes off a name, and not off the end of an expression such as "sex = 'male'"."""
    quoted = re.fullmatch(r"\s*(['\"])([^'\"]*)\1\s*", part)
    return quoted[2] if quoted else part.strip()


def _parts(text: str) -> list[str]:
    """Split at the commas that are outside of parentheses."""
    found, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found if part.strip()]
