"""Finds sources and indicators: every module in their folders that defines one.

This is the whole registry. A new source or indicator is one new file; a file that defines neither is a
helper and is passed over.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import sojourn.indicators
import sojourn.sources
import sojourn.sources.packaged
from sojourn.errors import ContractError
from sojourn.indicators.model import Indicator, Series
from sojourn.sources.model import Source


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if not info.ispkg:
            yield importlib.import_module(f"{package.__name__}.{info.name}")


@cache
def sources() -> tuple[Source, ...]:
    """List the official sources whose files a build recognises, by name."""
    return tuple(module.SOURCE for module in _modules(sojourn.sources) if hasattr(module, "SOURCE"))


@cache
def packaged_sources() -> tuple[Source, ...]:
    """List the sources that come with this package or with packages it can use, by name."""
    return tuple(module.SOURCE for module in _modules(sojourn.sources.packaged) if hasattr(module, "SOURCE"))


@cache
def indicators() -> tuple[Indicator, ...]:
    """List the indicators, by module name."""
    return tuple(module.INDICATOR for module in _modules(sojourn.indicators) if hasattr(module, "INDICATOR"))


def series() -> dict[str, tuple[Indicator, Series]]:
    """Give each series by its code, with its indicator.

    Raises:
        ContractError: two indicators declare the same series.
    """
    found: dict[str, tuple[Indicator, Series]] = {}
    for indicator in indicators():
        for one in indicator.series:
            if one.code in found:
                raise ContractError(f"Two indicators declare the series {one.code}")
            found[one.code] = (indicator, one)
    return found
