"""Pictures are drawn in a process of their own: it answers, it fails alone, and it comes back."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from sojourn.errors import NotFoundError, ReleaseError
from sojourn.web.painter import Painter

# `eval` is a function that the other process can import, so that it can be asked for anything.
NUMBER = "str(__import__('os').getpid()).encode()"
REFUSE = "(_ for _ in ()).throw(__import__('sojourn.errors').errors.NotFoundError('no such', accepted='svg'))"


@pytest.fixture
def painter():
    made = Painter(patience=3)
    yield made
    made.close()


def test_another_process_draws_and_goes_on_drawing(painter):
    first = painter.paint(eval, NUMBER)
    assert int(first) != os.getpid()
    assert painter.paint(eval, NUMBER) == first


def test_what_the_function_raises_is_raised_here(painter):
    with pytest.raises(NotFoundError, match="no such") as raised:
        painter.paint(eval, REFUSE)
    assert raised.value.accepted == "svg"
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        painter.paint(eval, "1 / 0")
    assert painter.paint(bytes, 2) == b"\0\0"


def test_a_painter_that_dies_or_dawdles_is_replaced(painter):
    first = int(painter.paint(eval, NUMBER))
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    second = int(painter.paint(eval, NUMBER))
    assert second != first
    with pytest.raises(ReleaseError, match="could not be drawn"):
        painter.paint(eval, "__import__('time').sleep(60)")
    assert int(painter.paint(eval, NUMBER)) not in (first, second)


def test_what_a_library_prints_does_not_stand_in_the_picture(painter):
    assert painter.paint(eval, "print('chatter') or b'drawn'") == b"drawn"


def test_a_painter_whose_server_is_gone_ends_without_a_word():
    """It may be drawing when that happens, and has nobody left to hand the picture to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sojourn.web.painter"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, said = process.communicate(pickle.dumps((bytes, (2,))), timeout=60)
    assert process.returncode == -signal.SIGPIPE
    assert said == b""
