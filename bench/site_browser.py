"""What a page weighs and how soon it can be used, in Chromium with an empty cache; prints one line of JSON.

python bench/site_browser.py http://127.0.0.1:8010/en/series/SJ_MIGRANT_STOCK
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from playwright.sync_api import sync_playwright

TIMES = """() => ({
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
  interactive: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
  loaded: performance.getEntriesByType('navigation')[0].loadEventEnd,
})"""


def look(address: str) -> dict[str, Any]:
    """Open a page, then make its first chart live.

    Returns:
        kilobytes that came over the wire and milliseconds: `paint` of the first content, `interactive` when the page
        and its scripts can be used, `loaded` with its pictures; `explored_ms` and `explored_kilobytes` once a chart
        is live, None where the page offers none.
    """
    with sync_playwright() as played:
        browser = played.chromium.launch(
            executable_path=os.environ.get("SOJOURN_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        page = browser.new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
        page.goto(address, wait_until="networkidle")
        found = page.evaluate(TIMES) | {"kilobytes": sum(sizes) / 1000, "explored_ms": None}
        opener = page.locator("button.explore").first
        if opener.count():
            start = time.perf_counter()
            opener.click()
            page.locator(".live svg, .live canvas").first.wait_for(timeout=20_000)
            found["explored_ms"] = (time.perf_counter() - start) * 1000
            page.wait_for_load_state("networkidle")
        found["explored_kilobytes"] = sum(sizes) / 1000
        browser.close()
    return found


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1])))
