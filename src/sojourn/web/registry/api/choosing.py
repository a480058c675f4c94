"""What a list may be narrowed by: a value that nobody knows is refused, and not answered with an empty list."""

from __future__ import annotations

from sojourn.errors import UsageError
from sojourn.web.registry.models import KINDS, Term
from sojourn.web.registry.services.shelving import THEMES, TYPE


def check(kind: str, theme: str = "", of_type: str = "") -> None:
    """Check what a list of records is narrowed by.

    Args:
        kind: name of the kind.
        theme: code of a theme; empty: any.
        of_type: code of a type; empty: any.

    Raises:
        UsageError: there is no such kind or theme, or records of the kind have no such type. It names what there is.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no kind {kind[:40]!r}", where="kind", accepted=", ".join(KINDS))
    if theme:
        _known("theme", theme, THEMES)
    if of_type and kind not in TYPE:
        raise UsageError(
            f"Records of the kind {kind!r} have no type",
            where="type",
            accepted=f"nothing; kinds with types are {', '.join(TYPE)}",
        )
    if of_type:
        _known("type", of_type, KINDS[kind]._meta.get_field(TYPE[kind]).vocabulary)


def _known(name: str, code: str, vocabulary: str) -> None:
    """Refuse a code that the vocabulary does not hold; retired terms still name the records that have them."""
    codes = sorted(Term.objects.filter(vocabulary=vocabulary).values_list("code", flat=True))
    if code not in codes:
        raise UsageError(f"There is no {name} {code[:60]!r}", where=name, accepted=", ".join(codes))
