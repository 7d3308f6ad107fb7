"""Whoever writes the records or names the files gives no orders: to the terminal, the CI system, a browser."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus_tools.io.trees import leads_out, path_in_tree
from corpus_tools.report.forms import FORMS
from corpus_tools.shown import shown, shown_line

from .corpus import check, jsonl, record
from .test_check import run

__all__ = ["run"]

EVIL = (
    "line\n::error file=a.py,line=1::owned",
    "\r\n::set-output name=x::owned\r",
    "##[add-matcher]owned.json ##vso[task.setvariable variable=x]y ##teamcity[buildProblem]",
    "\x1b[2J\x1b]8;;https://evil.example\x07click\x1b]8;;\x07 \x9b31m",
    "\u202egnp.exe \u2066hidden\u2069 \u2028::warning::x",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) @everyone #1 https://evil.example",
    "`</code><b>` | cell | `more",
    "]]> <!-- --> &amp; &#60; <![CDATA[",
    '=HYPERLINK("https://evil.example")',
    "::error::first in its line",
    "%0A::error::encoded",
)
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
ORDERS = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[", re.MULTILINE)


def evil_corpus(folder: Path) -> Path:
    """A folder of records with every evil text in every place it may reach a report from."""
    rows = [record(f"id {text}", url=text, language=text, license=text, source=text, published_at=text, author=text)
            for text in EVIL]  # fmt: skip
    rows += [record("k", text="", metadata={text: text}) for text in EVIL]
    jsonl(folder / "a.jsonl", *rows)
    (folder / "b.csv").write_text("id,text,url\n" + "".join(
        '"{0}",,"{0}"\n'.format(text.replace('"', '""')) for text in EVIL
    ), newline="")  # fmt: skip
    (folder / "c.jsonl").write_text("".join(f'{{"{json.dumps(text)[1:-1]}": 1, "{json.dumps(text)[1:-1]}": 2}}\n'
                                            for text in EVIL))  # fmt: skip
    for name in ("new\nline", "::error::x", "\x1b[31mred", "a,b:c%0A", "<b>&", "\u202e", " ::error::y"):
        jsonl(folder / f"{name}.jsonl", record("a", license=None, url="/b"))
    return folder


@pytest.fixture
def evil(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return evil_corpus(tmp_path / "data")


def written(form: str) -> str:
    with check("data", steps=None) as report:
        return "\n".join(FORMS[form](report))


@pytest.mark.usefixtures("evil")
class TestForms:
    @pytest.mark.parametrize("form", sorted(FORMS))
    def test_no_form_has_a_character_that_nobody_sees(self, form):
        assert not UNSEEN.findall(written(form))

    @pytest.mark.parametrize("form", sorted(set(FORMS) - {"github"}))
    def test_no_line_is_an_order(self, form):
        assert not ORDERS.findall(written(form))

    def test_annotations_are_only_our_own(self):
        lines = written("github").split("\n")
        assert len(lines) == 10
        for line in lines:
            assert re.match(r"::(error|warning|notice) [^:]*::(?!error|warning)", line)
            properties = line.split("::")[1].partition(" ")[2]
            names = [pair.partition("=")[0] for pair in properties.split(",")]
            assert set(names) <= {"file", "line", "endLine", "col", "endColumn", "title"}
            assert len(set(names)) == len(names)

    def test_json_keeps_every_value_as_it_was(self):
        rows = [json.loads(line) for line in written("jsonl").split("\n")]
        ids = {row["id"] for row in rows}
        assert {f"id {text}" for text in EVIL} <= ids

    def test_markdown_has_no_markup_of_theirs(self):
        html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written("markdown"))
        tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z0-9!]+)", html)}
        assert tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}

    def test_every_row_of_a_table_has_its_cells_and_no_more(self):
        tokens = MarkdownIt("commonmark").enable("table").parse(written("markdown"))
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("td_open", "th_open"):
                rows[-1].append(token.type)
            elif token.type == "inline" and rows and "|" in token.content:
                assert token.content.count("`") >= 2
        assert {len(row) for row in rows} <= {2, 3, 4, 7}

    def test_xml_is_whole(self):
        root = ElementTree.fromstring(written("junit").encode())  # we wrote it
        assert {one.tag for one in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "system-out"}

    def test_sarif_has_no_links_and_no_paths_outside(self):
        run = json.loads(written("sarif"))["runs"][0]
        for result in run["results"]:
            assert "](" not in result["message"]["text"]
            artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
            assert artifact["uriBaseId"] == "%SRCROOT%"
            assert re.fullmatch(r"data/[A-Za-z0-9%._~-]+", artifact["uri"])


class TestTheTerminal:
    @pytest.mark.usefixtures("evil")
    def test_the_summary_and_errors_are_safe_too(self, run, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path / "data")
        gone = "gone\n::error::\x1b[31m.jsonl"
        for call in (["check", "."], ["check", "::error::x.jsonl"], ["check", gone], ["clean", "a.jsonl", "--dry-run"]):
            code, out, err = run(*call)
            assert code in (0, 1, 3)
            assert not UNSEEN.findall(out + err)
            assert not ORDERS.findall(out + err)

    def test_the_story_of_a_record_is_safe(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", record("a", title="\x1b[2J\u202eowned"))
        run("clean", "a.jsonl", "-o", "out.jsonl", "-q")
        assert not UNSEEN.findall(run("explain", "out.jsonl", "a")[1])

    @given(st.text())
    @settings(deadline=None)
    def test_what_is_shown_is_one_line_that_gives_no_order(self, text):
        line = shown_line(text)
        assert not UNSEEN.findall(line)
        assert not ORDERS.findall(line)
        assert len(line.splitlines()) <= 1

    def test_plain_text_of_any_script_stays_as_it_is(self):
        for text in ("Straße, “quoted” – 5 %", "می‌خواهم", "क्‍ष", "👩🏽‍🚀", "新聞", "a # b ## c"):
            assert shown(text) == text


class TestLinks:
    @pytest.fixture
    def tree(self, run, tmp_path, monkeypatch):  # noqa: ARG002  # which goes to its own folder first
        (tmp_path / "tree/.git").mkdir(parents=True)
        jsonl(tmp_path / "secret.jsonl", {"text": "", "url": "top secret"})
        jsonl(tmp_path / "tree/store/a.jsonl", record("a", license=None))
        (tmp_path / "tree/data").mkdir()
        (tmp_path / "tree/data/out.jsonl").symlink_to("../../secret.jsonl")
        (tmp_path / "tree/data/in.jsonl").symlink_to("../store/a.jsonl")
        (tmp_path / "tree/away").symlink_to(tmp_path)
        monkeypatch.chdir(tmp_path / "tree")
        return tmp_path / "tree"

    @pytest.mark.parametrize("path", ["data", "data/out.jsonl", "away/secret.jsonl"])
    @pytest.mark.usefixtures("tree")
    def test_a_link_out_of_the_tree_is_not_read_and_is_a_finding(self, run, path):
        code, out, _ = run("check", path)
        assert (code, "top secret" in out) == (1, False)
        assert "CK002 error" in out

    @pytest.mark.usefixtures("tree")
    def test_a_link_within_the_tree_is_read(self, run):
        _, out, _ = run("check", "data/in.jsonl")
        assert "PR005" in out
        assert "CK002" not in out

    @pytest.mark.usefixtures("tree")
    def test_whoever_trusts_them_may_follow_them(self, run):
        assert "top secret" in run("check", "data", "--follow-links")[1]

    def test_a_file_elsewhere_that_was_named_is_read(self, tree):
        assert not leads_out(str(tree.parent / "secret.jsonl"))

    def test_paths_are_told_from_the_root(self, tree, monkeypatch):
        monkeypatch.chdir(tree / "data")
        assert path_in_tree("../store/a.jsonl") == "store/a.jsonl"
        assert path_in_tree("in.jsonl") == "data/in.jsonl"


def test_a_name_that_is_no_utf8_is_reported_all_the_same(run, tmp_path):
    name = b"caf\xe9.jsonl"
    try:
        (tmp_path / name.decode("utf-8", "surrogateescape")).write_text('{"text": ""}\n')
    except OSError:
        pytest.skip("this file system has only names in UTF-8")
    given = [part for form in sorted(FORMS) for part in ("--format", f"{form}:{form}.out")]
    assert run("check", ".", *given)[0] == 1
