"""The scripts that make charts live in a page, made offline from what vl-convert ships.

One file with Vega, Vega-Lite and Vega-Embed, no third party, and one function: `sojournChart(node, spec)`. It
always draws with Vega's expression interpreter (`ast: true`), so a page whose policy forbids `unsafe-eval` can
load it, and it adds no style of its own: the page styles
`#vg-tooltip-element`. The page loads it when a person first touches a chart; until then the server's SVG stands there.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import vl_convert

from sojourn.present.charts.chart import VEGA_LITE

_SNIPPET = """
window.sojournChart = (node, spec) => vegaEmbed(node, spec, {
  ast: true, actions: false, renderer: "svg", defaultStyle: false,
  tooltip: { disableDefaultStyle: true, formatTooltip: (told, clean) => "<table>" + Object.entries(told)
    .filter(([, text]) => text)
    .map(([name, text]) => `<tr><td class="key">${clean(name)}</td><td class="value">${clean(text)}</td></tr>`)
    .join("") + "</table>" },
  loader: { http: { credentials: "omit" }, load: () => Promise.reject(new Error("Charts carry their data.")) },
});
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A script file: where it is, and how large it is as such and on its way.

    Attributes:
        path: named by its content, so that it may be cached for ever.
        size, compressed: bytes as they are, and by gzip.
        integrity: for the attribute of that name.
    """

    path: Path
    size: int
    compressed: int
    integrity: str


def script() -> bytes:
    """Make the script of live charts: the same bytes for the same version of vl-convert."""
    return vl_convert.javascript_bundle(_SNIPPET, vl_version=VEGA_LITE).encode()


def write_bundle(folder: str | Path) -> Bundle:
    """Write the script of live charts into a folder.

    Args:
        folder: is made where it is absent.

    Returns:
        The file and its size; the same bytes for the same version of vl-convert.
    """
    content = script()
    digest = sha256(content)
    path = Path(folder) / f"charts-{digest.hexdigest()[:12]}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    compressed = len(gzip.compress(content, 9, mtime=0))
    return Bundle(path, len(content), compressed, f"sha256-{b64encode(digest.digest()).decode()}")
