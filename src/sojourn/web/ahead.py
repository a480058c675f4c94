"""Makes pages before anybody asks for them, while nobody asks for any: a release does not change.

The page of every country and of every series, in six languages, with the pictures that it opens with. They lie on
the shelf, for all processes of the site, under the name by which readers come; so it begins with the first reader.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from functools import partial
from html import unescape
from zlib import MAX_WBITS, decompress

from sojourn.errors import SojournError
from sojourn.web.holding import Holding
from sojourn.web.idle import Application, Watch
from sojourn.web.languages import ENGLISH, NAMES
from sojourn.web.remembering import AHEAD
from sojourn.web.shelf import Shelf
from sojourn.web.state import Progress
from sojourn.web.store import Store
from sojourn.web.warming import PATHS
from sojourn.web.warming import ask as asked_for

_PICTURE = re.compile(rb'<img[^>]* src="(/[a-z]{2}/[^"]+)"')
_FIRST = 2
"""Pictures of a page that a reader sees without scrolling."""

_PAUSE = 0.1
"""Seconds between two looks whether somebody reads."""


_NAME = "name"
"""What lies on the shelf beside the pages: scheme and host by which readers came."""

_STRIDE = 7919
"""Pages between the beginnings of processes whose numbers follow one another."""


class Ahead:
    """One process' share of the work.

    Args:
        application: that answers.
        store: the releases.
        watch: knows whether somebody reads.
        shelf: where answers go.
        progress: told how far it is.
    """

    def __init__(
        self, application: Application, store: Store, watch: Watch, shelf: Shelf, progress: Progress
    ) -> None:
        self._application, self._store, self._watch, self._shelf = application, store, watch, shelf
        self._progress = progress
        self._shown: list[str] = []

    def start(self) -> None:
        """Work in the background for as long as the process lives; without a shelf there is nothing to do."""
        if self._shelf.there:
            threading.Thread(target=self._work, name="sojourn-ahead", daemon=True).start()

    def _work(self) -> None:
        done: Holding | None = None
        while True:
            time.sleep(10 * _PAUSE)
            try:
                holding = self._store.current()
            except SojournError:
                continue
            if holding is not done and all(self._name(holding)):
                done = holding if self.make(holding) else None

    def _name(self, holding: Holding) -> tuple[str, str]:
        """Give scheme and host by which readers come to this process, or came to another."""
        if all(self._watch.came_by):
            self._shelf.put(holding.name, _NAME, "\n".join(self._watch.came_by).encode())
            return self._watch.came_by
        scheme, _, host = (self._shelf.get(holding.name, _NAME) or b"").decode().partition("\n")
        return scheme, host

    def make(self, holding: Holding) -> bool:
        """Make the pages of a release; those that lie on the shelf already are passed over.

        Returns:
            Whether all were made: a newer release ends the work at once.
        """
        self._shown = [*self._shown[-1:], holding.name]
        self._shelf.keep_only(self._shown)
        scheme, host = self._name(holding)
        ask = partial(self._ask, holding, scheme, host)
        asked = list(addresses(holding, os.getpid() * _STRIDE))
        self._progress.made, self._progress.of = 0, len(asked)
        for address in asked:
            self._wait()
            if self._store.current() is not holding:
                return False
            for picture in pictures(ask(address)):
                self._wait()
                ask(picture)
            self._progress.made += 1
        return True

    def _wait(self) -> None:
        while not self._watch.idle():
            time.sleep(_PAUSE)

    def _ask(self, holding: Holding, scheme: str, host: str, address: str) -> bytes:
        marks = {AHEAD: True, "wsgi.url_scheme": scheme}
        return asked_for(self._application, holding, address, host, **marks)


def addresses(holding: Holding, begin: int) -> Iterator[str]:
    """Give what is made of a release: language by language, what most readers open first.

    Args:
        holding: the release.
        begin: where in each language to begin. Processes that share the work begin at places of their own and pass
            over what another has made, so that few pages are made twice.
    """
    rest = [f"series/{one}" for one in holding.places]
    rest += [f"areas/{one}" for one in sorted(holding.codes_of("area"))]
    rest += [f"methods/{one}" for one in holding.places]
    rest += [f"indicators/{one}" for one in holding.indicators]
    first = begin % len(rest) if rest else 0
    for language in (ENGLISH, *(one for one in NAMES if one != ENGLISH)):
        yield from (f"/{language}/{path}" for path in (*PATHS, *rest[first:], *rest[:first]))


def pictures(body: bytes) -> list[str]:
    """Give the addresses of the first pictures of a page, as `ask` gives it.

    >>> from sojourn.web.packing import whole
    >>> pictures(whole(b'<img src="/static/a.svg"><img alt="" src="/en/a.svg?b=1&amp;c=2">'))
    ['/en/a.svg?b=1&c=2']
    >>> pictures(b"")
    []
    """
    text = decompress(body, MAX_WBITS | 16) if body[:2] == b"\x1f\x8b" else body
    return [unescape(one.decode()) for one in _PICTURE.findall(text)[:_FIRST]]
