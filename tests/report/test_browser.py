"""The page in a real browser: drawn, silent, offline, usable without eyes or mouse.

Opt in with `pip install '.[browser]'` and a Chromium: on the path, or named by CORPUS_TOOLS_BROWSER.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .runs import hostile_corpus, report_on

sync_playwright = pytest.importorskip("playwright.sync_api", reason="needs '.[browser]'").sync_playwright
Axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs '.[browser]'").Axe
CHROMIUM = os.environ.get("CORPUS_TOOLS_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, on the path or as CORPUS_TOOLS_BROWSER")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["fixtures", "hostile"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    raw = Path(__file__).parents[2] / "fixtures" / "corpora" / "raw_news.jsonl"
    path = folder / "report.html"
    corpus = raw if request.param == "fixtures" else hostile_corpus(folder)
    path.write_text(report_on([corpus], folder), encoding="utf-8")
    return path


@pytest.fixture(
    params=[("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)], ids=lambda pair: f"{pair[0]}{pair[1]}"
)
def opened(request: pytest.FixtureRequest, browser: Any, report: Path) -> Iterator[tuple[Any, list[str]]]:
    scheme, width = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: said.append(asked.url) if asked.url != report.as_uri() else None)
    page.goto(report.as_uri())
    yield page, said
    context.close()


def test_every_picture_is_drawn_and_nothing_is_said_or_asked_for(opened: tuple[Any, list[str]]) -> None:
    page, said = opened
    wanted = [chart["id"] for chart in json.loads(page.evaluate("charts.textContent"))]
    shapes = {name: page.locator(f"#{name} svg path").count() for name in wanted}
    assert all(shapes.values()), shapes
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_axe_finds_nothing_serious(browser: Any, report: Path) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # only the checker's own script needs it
        page = context.new_page()
        page.goto(report.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        violations = Axe().run(page).response["violations"]
        serious = [
            (found["id"], found["nodes"][0]["html"])
            for found in violations
            if found["impact"] in ("serious", "critical")
        ]
        assert serious == []
        context.close()


def test_the_button_turns_the_colours_and_the_pictures(opened: tuple[Any, list[str]]) -> None:
    page, said = opened
    paper = "getComputedStyle(document.body).backgroundColor"
    before, drawn = page.evaluate(paper), page.locator("#flow svg").inner_html()
    page.locator("#theme").press("Enter")
    assert page.evaluate(paper) != before
    assert page.locator("#flow svg").inner_html() != drawn
    assert said == []


def test_on_paper_the_colours_are_light_and_the_pictures_stay(browser: Any, report: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#flow svg").bounding_box()["height"] > 50
    assert page.locator(".flag:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".flag[open]").count() == 0
    context.close()


def test_a_click_on_a_band_opens_its_examples(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    if not page.locator("#chains").count():
        page.close()
        return
    page.locator("#chains").scroll_into_view_if_needed()
    box = page.locator("#chains svg path[fill-opacity]").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "#hop-" in page.url
    assert page.locator(page.url[page.url.index("#") :]).is_visible()
    page.close()


def test_the_first_tab_offers_to_skip_and_the_second_the_colours(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    names = []
    for _ in range(3):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "document.activeElement.className || document.activeElement.id || document.activeElement.hash"
            )
        )
    assert names == ["skip", "theme", "#flow-section"]
    page.close()
