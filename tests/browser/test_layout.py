"""How pages are laid out, whatever the fonts of the machine."""

from __future__ import annotations

import pytest

MAIN = ("home", "indicator", "series", "country", "corridors", "method", "data")
WIDTHS = (320, 390, 768, 1280)

TEXTS = """
() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode, of = one.parentElement;
    if (!one.data.trim() || of.closest('.hidden, .skip, svg, option, noscript, script') || !of.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(one);
    // What a scrolled region does not show lies upon nothing.
    const frames = [];
    for (let up = of; up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') frames.push(up.getBoundingClientRect());
    for (const box of range.getClientRects()) {
      const left = Math.max(box.left, ...frames.map(one => one.left)), right = Math.min(box.right, ...frames.map(one => one.right));
      const top = Math.max(box.top, ...frames.map(one => one.top)), bottom = Math.min(box.bottom, ...frames.map(one => one.bottom));
      if (right - left > 1 && bottom - top > 1) found.push({text: one.data.trim().slice(0, 40), left, right, top, bottom});
    }
  }
  const over = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0.4 * (one.bottom - one.top);
  found.sort((one, other) => one.top - other.top);
  const pairs = [];
  for (let number = 0; number < found.length; number++)
    for (let next = number + 1; next < found.length && found[next].top < found[number].bottom; next++)
      if (over(found[number], found[next])) pairs.push(found[number].text + ' | ' + found[next].text);
  return pairs.slice(0, 5);
}
"""
CUT = """
() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => !one.closest('.hidden, svg, .live') && one.checkVisibility() && one.children.length === 0 && one.textContent.trim())
  .filter(one => ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1)
  .map(one => one.tagName + ' ' + one.textContent.trim().slice(0, 60)).slice(0, 5)
"""


@pytest.mark.parametrize("name_of", MAIN)
@pytest.mark.parametrize("language_of", ["en", "ar", "ru"])
def test_a_page_fits_and_nothing_lies_upon_another_or_is_cut(visit, site, name_of, language_of):
    with visit(site.page(language_of, name_of)) as told:
        for width in WIDTHS:
            told.page.set_viewport_size({"width": width, "height": 900})
            needed = told.page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, f"{needed} pixels do not fit into {width}"
            assert told.page.evaluate(TEXTS) == [], f"texts upon one another at {width}"
            assert told.page.evaluate(CUT) == [], f"texts cut at {width}"


def test_texts_upon_one_another_would_be_seen(visit, site):
    with visit(site.page("en", "home")) as told:
        told.page.evaluate("document.querySelector('h1 + p, h1 ~ p').style.marginTop = '-2em'")
        assert told.page.evaluate(TEXTS) != []
