"""Contrast by computation: WCAG 2.2, and the colour vision model of Machado, Oliveira and Fernandes (2009)."""

import itertools

import numpy as np
import pytest

from sojourn.errors import UsageError
from sojourn.present.charts.palette import THEMES, contrast, ink_on, luminance, theme_of

# Machado, Oliveira & Fernandes 2009, IEEE TVCG 15(6), table 1, severity 1.0; on linear RGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])
ALL = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@ALL
def test_text_has_the_contrast_that_small_text_needs(theme):
    assert min(contrast(colour, theme.ground) for colour in (theme.text, theme.muted, theme.target)) >= 4.5


@ALL
def test_lines_and_marks_have_the_contrast_that_graphics_need(theme):
    for colour in (*theme.lines, theme.target, theme.axis, theme.suppressed):
        assert contrast(colour, theme.ground) >= 3, colour


@ALL
@pytest.mark.parametrize("deficiency", ["none", *DEFICIENCIES])
def test_lines_stay_apart_for_every_kind_of_colour_vision(theme, deficiency):
    matrix = np.array(DEFICIENCIES.get(deficiency, np.eye(3)))
    seen = [lab(matrix @ linear(colour)) for colour in theme.lines]
    nearest = min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2))
    assert nearest >= 10, f"{nearest:.1f}"


@ALL
def test_classes_keep_their_order_in_grey(theme):
    steps = [luminance(colour) for colour in theme.classes]
    assert steps == sorted(steps, reverse=theme.name != "dark")
    assert min(contrast(a, b) for a, b in itertools.pairwise(theme.classes)) >= 1.25


@ALL
def test_writing_on_a_class_can_be_read(theme):
    assert min(contrast(ink_on(colour), colour) for colour in theme.classes) >= 4.5


def test_an_unknown_theme_is_refused_by_name():
    with pytest.raises(UsageError, match="sepia"):
        theme_of("sepia")
