"""Draws pictures in a process of its own, so that no page waits for one.

What draws a picture works for a tenth of a second without letting go of the interpreter; in the process that
answers, every reader would stand still for that long. The painter is handed a function and what it is called
with, one picture at a time, and gives way to the pages: it runs at a lower priority.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

from sojourn.errors import ReleaseError, SojournError
from sojourn.web.said import say

PATIENCE = 30.0
"""Seconds after which a picture is given up; the next one gets a new process."""

Draw = Callable[..., bytes]


class Painter:
    """One process that draws, started when the first picture is asked for.

    Args:
        patience: seconds that one picture may take.

    >>> painter = Painter()
    >>> painter.paint(bytes, 3)
    b'\\x00\\x00\\x00'
    >>> painter.close()
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._painting = threading.Lock()
        atexit.register(self.close)

    def paint(self, draw: Draw, *arguments: object) -> bytes:
        """Call a function in the painter's process, and give what it drew.

        Args:
            draw: a function that the painter can import.
            arguments: what it is called with; they must be such as `pickle` can send.

        Raises:
            SojournError: what the function raised, where it is one of ours.
            ReleaseError: the process died or took too long.
        """
        with self._painting:
            process = self._running()
            impatience = threading.Timer(self._patience, process.kill)
            impatience.start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(pickle.dumps((draw, arguments)))
                process.stdin.flush()
                answer = pickle.load(process.stdout)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self._stop()
                raise ReleaseError(
                    say("The picture could not be drawn"),
                    advice=say("The table says the same; ask again later."),
                ) from error
            finally:
                impatience.cancel()
        if isinstance(answer, BaseException):
            raise answer
        return bytes(answer)

    def close(self) -> None:
        """End the process."""
        with self._painting:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sojourn.web.painter"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"POLARS_MAX_THREADS": "1"},
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            # A painter that waits for work ends when nothing more can come; one that is stuck is ended.
            process.kill()
            process.communicate()


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Draw what is asked until nothing more comes.

    Args:
        asked: pickles of (function, arguments).
        told: gets a pickle of the picture, or of the error, for each.
    """
    while True:
        try:
            draw, arguments = pickle.load(asked)
        except EOFError:
            return
        try:
            answer: object = draw(*arguments)
        except SojournError as error:
            answer = error
        except (
            Exception
        ) as error:  # whatever it is, the reader's request has to fail with it and not this process
            answer = RuntimeError(f"{type(error).__name__}: {error}")
        told.write(pickle.dumps(answer))
        told.flush()


if __name__ == "__main__":
    # What a library prints must not stand between the answers.
    with os.fdopen(os.dup(1), "wb") as told_to:
        os.dup2(2, 1)
        # Ctrl+C is for the server, whose end is the end of the painter.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(signal, "SIGPIPE"):
            # A server that is gone wants no picture any more, and needs no word about it.
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if hasattr(os, "nice"):
            os.nice(10)
        serve(sys.stdin.buffer, told_to)
