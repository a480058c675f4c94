"""Whether the main pages still look as they did when somebody looked at them.

The pictures are kept an eighth as wide and as high, so that a few grey pixels at the edge of a letter say nothing and a
moved table says much. Letters still differ from machine to machine: the pictures carry the widths that a few words had
where they were taken, and are compared only where the words are as wide. `make pictures-site` takes them anew.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

MAIN = ("home", "indicator", "series", "country", "corridors", "method", "data")
LANGUAGES = {"light": "en", "dark": "en", "phone": "en", "arabic": "ar"}
KEPT = Path(__file__).parent / "pictures"
LETTERS = KEPT / "letters.json"
SMALLER = 8
HIGHEST = 4_000
"""Pixels of a page that are compared, from its top."""
APART = 16
"""Steps of 255 by which an averaged pixel may differ."""
MOST_DIFFERENT = 0.005
"""Share of the averaged pixels that may differ by more."""

WORDS = """
() => ['normal', 'bold'].flatMap(weight => ['Remittance costs 5.99', '成本 侨汇', 'تكلفة التحويلات'].map(words => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = weight + ' 40px ' + getComputedStyle(document.body).fontFamily;
  return Math.round(pen.measureText(words).width);
}))
"""


def taken(told) -> bytes:
    """Give a picture of the page without what changes at every build: the names of releases."""
    told.page.wait_for_load_state("networkidle")
    told.page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
    told.page.wait_for_function("() => [...document.images].every(one => one.complete)")
    names = told.page.locator("footer, .cite, .release")
    height = min(HIGHEST, told.page.evaluate("document.documentElement.scrollHeight"))
    width = told.page.viewport_size["width"]
    told.page.set_viewport_size({"width": width, "height": height})
    return told.page.screenshot(mask=[names], animations="disabled")


@pytest.mark.parametrize("look", list(LANGUAGES))
@pytest.mark.parametrize("name_of", MAIN)
def test_a_page_looks_as_it_did(visit, site, name_of, look):
    from PIL import Image, ImageChops

    width, theme = (390 if look == "phone" else 1280), ("dark" if look == "dark" else "light")
    picture = KEPT / f"{name_of}-{look}.png"
    take = os.environ.get("SOJOURN_PICTURES_TAKE") == "1"
    with visit(site.page(LANGUAGES[look], name_of), width=width, theme=theme) as told:
        letters = told.page.evaluate(WORDS)
        if not take and letters != json.loads(LETTERS.read_text()):
            pytest.skip(f"letters are not as wide here as in {LETTERS.name}: looks are NOT compared")
        now = Image.open(io.BytesIO(taken(told))).convert("RGB")
    now = now.reduce(SMALLER)
    if take:
        KEPT.mkdir(exist_ok=True)
        now.save(picture, optimize=True)
        LETTERS.write_text(json.dumps(letters) + "\n")
        return
    before = Image.open(picture).convert("RGB")
    assert now.size == before.size, f"{picture.name} was {before.size}"
    apart = ImageChops.difference(now, before).convert("L").point(lambda one: 255 if one > APART else 0)
    share = apart.histogram()[255] / (now.width * now.height)
    assert share <= MOST_DIFFERENT, f"{100 * share:.1f} % of the page differ from {picture.name}"
