"""A dataset repository whose records, names and links were made to attack whoever checks it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from corpus_tools.report.forms import FORMS

from ..checking.corpus import jsonl, record
from ..checking.test_hostile import EVIL, ORDERS, UNSEEN, evil_corpus
from ..git.repositories import commit, git, repository

SECRET = "Only the owner of this machine may read that."
OF_MARKDOWN = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "del", "ins", "br"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository: one good commit, and a push with everything in it."""
    folder = tmp_path_factory.mktemp("hostile")
    jsonl(folder / "secret.jsonl", record("s", title=SECRET, text=SECRET, license=SECRET))
    tree = repository(folder / "tree")
    # Some of the records were harmless once, so that the push changes them.
    jsonl(tree / "data/a.jsonl", *(record(f"id {text}") for text in EVIL))
    commit(tree)
    evil_corpus(tree / "data")
    (tree / "data/table.csv").write_text('id,title,text\n=1+1,"=HYPERLINK(""https://evil.example"")",@SUM(A1)\n')
    (tree / "data/link.jsonl").symlink_to("../../secret.jsonl")
    (tree / "data/folder").symlink_to("../..")
    (tree / ".gitattributes").write_text("* diff=corpus\n")
    commit(tree)
    return tree


def run(tree: Path, *arguments: str) -> tuple[int, str]:
    """What the command says, to both streams."""
    command = [sys.executable, "-m", "corpus_tools", *arguments]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT")}
    done = subprocess.run(command, cwd=tree, env=plain, capture_output=True, check=False)
    return done.returncode, (done.stdout + b"\n" + done.stderr).decode()


def assert_no_orders(text: str) -> None:
    """Nothing unseen, no order to a terminal or a CI system, nothing from outside."""
    assert not UNSEEN.findall(text)
    assert not ORDERS.findall(text)
    assert SECRET not in text


def assert_no_markup(text: str) -> None:
    """Markdown gives only the tags that we write."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    assert {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z0-9!]+)", html)} <= OF_MARKDOWN


@pytest.fixture(scope="module")
def reports(tree: Path) -> dict[str, str]:
    """All forms of one check of the push."""
    forms = [part for form in FORMS for part in ("--format", f"{form}:../{form}.out")]
    code, said = run(tree, "check", "data", "--since", "HEAD~1", *forms)
    assert code == 1, said
    return {form: (tree.parent / f"{form}.out").read_text(encoding="utf-8") for form in FORMS} | {"terminal": said}


class TestCheck:
    def test_no_form_gives_orders_or_tells_what_lies_outside(self, reports: dict[str, str]) -> None:
        for form, text in reports.items():
            orders = [line for line in text.split("\n") if line.startswith("::")] if form == "github" else []
            assert len(orders) <= 10
            assert all(re.match(r"::(error|warning|notice) file=data|::notice title=", line) for line in orders)
            assert_no_orders("\n".join(line for line in text.split("\n") if line not in orders))
            assert "CK002" in text or form in ("github", "markdown")
        assert_no_markup(reports["markdown"])

    def test_every_path_is_one_of_the_tree(self, reports: dict[str, str]) -> None:
        artifacts = [
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for result in json.loads(reports["sarif"])["runs"][0]["results"]
        ]
        issues = [issue["location"]["path"] for issue in json.loads(reports["gitlab"])]
        files = [json.loads(line)["source_file"] for line in reports["jsonl"].splitlines()]
        for path in (*artifacts, *issues, *files):
            assert path.startswith("data/")
            assert ".." not in path.split("/")


class TestDiff:
    def test_a_link_that_leads_out_is_not_read(self, tree: Path) -> None:
        for side in ("data", "data/link.jsonl", "data/folder/secret.jsonl"):
            code, said = run(tree, "diff", "HEAD~1:data", side)
            assert code == 3
            assert "--follow-links" in said
            assert_no_orders(said)
        assert SECRET in run(tree, "diff", "HEAD~1:data", "data/link.jsonl", "--follow-links")[1]

    @pytest.mark.parametrize("form", ["text", "jsonl", "markdown"])
    def test_no_form_gives_orders(self, tree: Path, form: str) -> None:
        code, said = run(tree, "diff", "HEAD~1:data", "HEAD:data", "--format", form, "-q")
        assert code == 1
        assert_no_orders(said)
        if form == "markdown":
            assert_no_markup(said)

    @pytest.mark.parametrize("way", ["textconv", "command"])
    def test_neither_does_what_git_shows_of_the_records(self, tree: Path, way: str) -> None:
        us = f"{shlex.quote(sys.executable)} -m corpus_tools diff"
        git(tree, "config", f"diff.corpus.{way}", f"{us} --{'git' if way == 'command' else way} --")
        shown = git(tree, "diff", "HEAD~1", "HEAD", "--", "data/a.jsonl", "data/b.csv")
        git(tree, "config", "--unset", f"diff.corpus.{way}")
        assert "owned" in shown
        assert_no_orders(shown)
