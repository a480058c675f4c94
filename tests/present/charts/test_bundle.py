"""The script of live charts: its size, and that a page which forbids eval can draw with it."""

import functools
import gzip
import http.server
import re
import shutil
import subprocess
import threading

import pytest

from sojourn.present.charts import trend, write_bundle

# The page may weigh 420 KB after a person has touched a chart; 105 KB of them are left for the page itself.
LIMIT = 315_000
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'none'"
RUN = """
const broken = [];
document.addEventListener("securitypolicyviolation", (event) => broken.push(event.violatedDirective));
const node = document.getElementById("chart");
const spec = JSON.parse(document.getElementById("spec").textContent);
const said = (what) => { document.title = what + " | " + broken.join(","); };
const drawn = () => "drawn " + node.querySelectorAll("svg path").length;
if (location.search === "?forbidden") {
  try { new Function("return 1")(); said("eval ran"); } catch (error) { setTimeout(() => said("eval refused"), 50); }
} else {
  sojournChart(node, spec).then(() => setTimeout(() => said(drawn()), 50)).catch((error) => said("failed " + error));
}
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return write_bundle(tmp_path_factory.mktemp("bundle") / "new")


def test_the_bundle_is_small_enough_and_says_how_large_it_is(bundle):
    script = bundle.path.read_bytes()
    assert bundle.size == len(script)
    assert bundle.compressed == len(gzip.compress(script, 9, mtime=0)) <= LIMIT


def test_the_bundle_is_the_same_each_time(bundle, tmp_path):
    again = write_bundle(tmp_path)
    assert (again.path.name, again.integrity) == (bundle.path.name, bundle.integrity)
    assert again.path.read_bytes() == bundle.path.read_bytes()


def test_the_bundle_always_interprets(bundle):
    assert re.search(r"window\.sojournChart=[^;]*ast:(true|!0)", bundle.path.read_text(encoding="utf-8"))


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def browser():
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here: whether the page draws without eval is not tested")
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "title"), [("", r"drawn [1-9]\d* \| $"), ("?forbidden", r"eval refused \| script-src$")]
)
def test_a_page_that_forbids_eval_and_inline_style_draws_a_chart(bundle, browser, line, about, query, title):
    folder = bundle.path.parent
    chart = trend(line(), about)
    (folder / "run.js").write_text(RUN, encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><title>waiting</title><div id="chart"></div>'
        f'<script type="application/json" id="spec">{chart.specification}</script>'
        f'<script src="{bundle.path.name}"></script><script src="run.js"></script>',
        encoding="utf-8",
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/index.html{query}"
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    try:
        run = subprocess.run(
            [browser, *quiet, "--virtual-time-budget=10000", "--dump-dom", address],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    finally:
        server.shutdown()
        server.server_close()
    said = re.search(r"<title>(.*?)</title>", run.stdout, re.DOTALL).group(1)
    assert re.fullmatch(title, said), said
