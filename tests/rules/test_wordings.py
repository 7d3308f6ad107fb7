"""Every footer, credit and furniture row matches its own example, and not its near misses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from corpus_tools.errors import RuleError
from corpus_tools.rules.credits import Wording, wordings
from corpus_tools.rules.footers import Footer, footers
from corpus_tools.rules.furniture import FurnitureLine, furniture
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication
from corpus_tools.text.templates import TemplateSet, compile_template

BODY = "\n\n".join(
    f"The ferry between the two villages runs again after a year, the harbour master said on {day}, and tickets cost "
    "as much as before. Children travel free until the end of the school holidays."
    for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
FEEDS = TemplateSet((row, compile_template(row.template, whole=row.kind == "feed")) for row in footers())
LINES = sorted(set(furniture().lines.values()), key=lambda row: row.text)


@pytest.mark.parametrize("footer", footers(), ids=lambda footer: footer.id)
def test_a_footer_is_found_by_its_own_row_first(footer: Footer) -> None:
    found = list(FEEDS.matches([BODY, footer.example]))
    assert found, footer.example
    number, row, match = found[0]
    assert (number, row) == (1, footer)
    gaps = match.groupdict()
    assert gaps.get("title") in (None, "Rain floods two villages")
    assert gaps.get("site") in (None, "The River Times", "NDTV")


@pytest.mark.parametrize("footer", [row for row in footers() if row.kind == "feed"], ids=lambda row: row.id)
def test_a_feed_footer_is_found_where_it_is_glued_to_the_story(footer: Footer) -> None:
    if compile_template(footer.template, whole=True).written.startswith("^(?P<all>"):
        pytest.skip("a sentence that begins with the headline has no seam")
    frame = pd.DataFrame({"text": [f"{BODY} {footer.example}"]})
    assert strip_furniture(frame)["text"][0] == BODY


@pytest.mark.parametrize("footer", [row for row in footers() if row.near_misses], ids=lambda row: row.id)
def test_a_footers_near_miss_credits_nobody(footer: Footer) -> None:
    for near in footer.near_misses:
        frame = pd.DataFrame({"text": [f"{BODY}\n\n{near}"], "title": ["The ferry runs again"]})
        traced = trace_syndication(frame)
        assert traced["syndication_chain"][0] is None, near


@pytest.mark.parametrize("wording", wordings().sentences, ids=lambda wording: wording.template)
def test_a_wording_credits_the_agency_of_its_example(wording: Wording) -> None:
    frame = pd.DataFrame({"text": [f"{BODY}\n\n{wording.example}"], "url": ["https://rivertimes.example/a-b"]})
    traced = trace_syndication(frame)
    expected = "co_credited" if wording.kind == "co_credit" else "syndicated"
    assert traced["syndication_status"][0] == expected
    names = [hop["id"] or hop["name"] for hop in traced["syndication_chain"][0]]
    named = {wording.party or "reuters", "tns", "wire reports"}
    assert any(name in named or name.casefold() in wordings().generic for name in names), names


@pytest.mark.parametrize("row", LINES, ids=lambda row: row.text)
def test_a_furniture_line_is_cut_and_its_near_misses_are_not(row: FurnitureLine) -> None:
    after = "Ferry timetable\n" if row.kind == "more" else ""
    page = f"{BODY}\n\n{row.example or row.text}\n{after}"
    assert strip_furniture(pd.DataFrame({"text": [page]}))["text"][0].startswith(f"{BODY}\n\n{after}".strip())
    assert (row.example or row.text) not in strip_furniture(pd.DataFrame({"text": [page]}))["text"][0]
    for near in row.near_misses:
        page = f"{BODY}\n\n{near}\n\n{BODY}"
        assert strip_furniture(pd.DataFrame({"text": [page]}))["text"][0] == page, near


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('[[footer]]\nid = "a"\nkind = "feed"\nexample = ""\ntemplate = "The post {title} appeared first on {site}."',
         "'yoast-en' and 'a' claim the same sentence"),
        ('[[footer]]\nid = "yoast-en"\nkind = "feed"\nexample = ""\ntemplate = "{title}: {site}."',
         "claim the same id"),
        ('[[footer]]\nid = "a"\nkind = "feed"\nexample = ""\ntemplate = "The end."', "names no site"),
        ('[[footer]]\nid = "a"\nkind = "odd"\nexample = ""\ntemplate = "{site}."', "the kind 'odd'"),
    ],
)  # fmt: skip
def test_footers_that_clash_are_an_error_that_names_both(tmp_path: Path, rows: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(rows, encoding="utf-8")
    with pytest.raises(RuleError, match=says):
        footers(str(own))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            '[[furniture]]\ntext = "you may also LIKE:"\nclass = "related"',
            "'You may also like' and 'you may also LIKE:'",
        ),
        ('[[furniture]]\ntext = "a"\nclass = "odd"', "the class 'odd'"),
    ],
)
def test_furniture_that_clashes_is_an_error_that_names_both(tmp_path: Path, rows: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(rows, encoding="utf-8")
    with pytest.raises(RuleError, match=says):
        furniture(str(own))


def test_wordings_that_clash_are_an_error(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[co_credit]]\ntemplate = "(with {agency})"\nexample = "(with Reuters)"', encoding="utf-8")
    with pytest.raises(RuleError, match="claim the same words"):
        wordings(str(own))
