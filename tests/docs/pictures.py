"""The README's pictures: the flow of the fixtures as SVG, and a part of their report as PNG.

python -m tests.docs.pictures    (needs '.[browser]' and a Chromium, as tests/report/test_browser.py does)
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tests.report.runs import report_on
from tests.report.test_browser import CHROMIUM, sync_playwright

ROOT = Path(__file__).parents[2]
CORPORA = [ROOT / "fixtures" / "corpora" / name for name in ("raw_news.jsonl", "pages")]
FLOW, PAGE = ROOT / ".github" / "flow.svg", ROOT / ".github" / "report.png"
_WIDTH, _HEIGHT = 1000, 1080


def draw() -> None:
    """Write both pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        path.write_text(report_on(CORPORA, Path(folder)), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(color_scheme="light", viewport={"width": _WIDTH, "height": _HEIGHT})
        page.goto(path.as_uri())
        page.locator("#chains-section").evaluate("section => scrollTo({top: section.offsetTop, behavior: 'instant'})")
        page.screenshot(path=PAGE)
        FLOW.write_text(_alone(page.locator("#flow svg").evaluate("svg => svg.outerHTML")), encoding="utf-8")
        browser.close()


def _alone(svg: str) -> str:
    """The picture as a file of its own: with a name space, on white, in any machine's letters."""
    svg = re.sub(r' style="[^"]*position[^"]*"', "", svg, count=1)
    svg = re.sub(r"font-family:[^;\"]*", "font-family:sans-serif", svg.replace("&quot;", "'"))
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return re.sub(r"(<svg[^>]*>)", rf"\1{ground}", svg, count=1) + "\n"


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("No Chromium on the path; name one with CORPUS_TOOLS_BROWSER.")
    draw()
