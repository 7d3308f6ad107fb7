"""`corpus-tools diff` as a shell sees it."""

from __future__ import annotations

import json
import os
import pty
import re
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ..checking.test_hostile import EVIL, ORDERS, UNSEEN
from ..git.repositories import commit, git, repository
from .states import jsonl, record

OLD = [record(number) for number in range(3)]
NEW = [OLD[0], record(1, text="Rain opened the pass above Hohenwaldau for the third time this spring."), record(7)]
FORMS = ("text", "jsonl", "markdown")


@pytest.fixture
def states(tmp_path: Path) -> Path:
    jsonl(tmp_path / "old.jsonl", OLD)
    jsonl(tmp_path / "new.jsonl", NEW)
    return tmp_path


@pytest.mark.usefixtures("states")
def test_the_exit_code_says_whether_anything_differs(cli) -> None:
    assert cli("diff", "old.jsonl", "old.jsonl").returncode == 0
    assert cli("diff", "old.jsonl", "new.jsonl").returncode == 1
    assert cli("diff", "old.jsonl").returncode == 2
    assert cli("diff", "old.jsonl", "gone.jsonl").returncode == 3


@pytest.mark.usefixtures("states")
def test_texts_are_laid_side_by_side_word_by_word(cli) -> None:
    done = cli("diff", "old.jsonl", "new.jsonl")
    assert done.stdout.decode() == (
        "- removed r2  Report 2  (old.jsonl:3)\n"
        "~ changed r1  Report 1  (old.jsonl:2 → new.jsonl:2)\n"
        "    text: Rain [-closed-]{+opened+} the pass above Hohenwaldau for the third time this spring."
        "[- This is report 1.-]\n"
        "+ added r7  Report 7  (new.jsonl:3)\n"
    )
    assert done.stderr.decode() == "3 records became 3: 1 added, 1 removed, 1 changed, 1 the same.\n"


@pytest.mark.usefixtures("states")
def test_json_lines_and_markdown_tell_the_same(cli) -> None:
    rows = [
        json.loads(line)
        for line in cli("diff", "old.jsonl", "new.jsonl", "--format", "jsonl", "-q").stdout.splitlines()
    ]
    assert [(row["kind"], row["id"]) for row in rows] == [("removed", "r2"), ("changed", "r1"), ("added", "r7")]
    done = cli("diff", "old.jsonl", "new.jsonl", "--format", "markdown", "-o", "diff.md", "-q")
    assert (done.stdout, done.stderr) == (b"", b"")


def test_markdown_is_read_as_tables(cli, states: Path) -> None:
    text = cli("diff", "old.jsonl", "new.jsonl", "--format", "markdown").stdout.decode()
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert html.count("<table>") == 4
    assert "<del><code>closed</code></del> <ins><code>opened</code></ins>" in html


@pytest.mark.usefixtures("states")
def test_one_side_may_come_through_a_pipe(cli) -> None:
    data = "".join(json.dumps(one) + "\n" for one in NEW).encode()
    done = cli("diff", "old.jsonl", "-", stdin=data)
    assert done.returncode == 1
    assert b"(-:3)" in done.stdout


def test_a_side_may_be_a_file_or_folder_of_any_revision(cli, tmp_path: Path) -> None:
    repository(tmp_path)
    jsonl(tmp_path / "data/a.jsonl", OLD[:2])
    jsonl(tmp_path / "data/deep/b.jsonl", OLD[2:])
    (tmp_path / "data/notes.md").write_text("Not records.")
    jsonl(tmp_path / "data/a.findings.jsonl", [{"code": "PR002"}])
    (tmp_path / "data/a.run.json").write_text("{}")
    commit(tmp_path)
    git(tmp_path, "rm", "-rq", "data")
    jsonl(tmp_path / "texts/all.jsonl", NEW)
    commit(tmp_path)
    done = cli("diff", "HEAD~1:data", "texts")
    assert "removed r2  Report 2  (HEAD~1:data/deep/b.jsonl:1)" in done.stdout.decode()
    assert done.stderr.startswith(b"3 records became 3")
    assert cli("diff", "HEAD~1:.", "HEAD:texts/all.jsonl").stdout.decode().count("\n") == 4
    assert cli("diff", "HEAD:texts", "texts").returncode == 0
    assert cli("diff", "HEAD:data", "texts").returncode == 3
    assert cli("diff", "nowhere:data", "texts").returncode == 2
    assert cli("diff", "HEAD~1:data/notes.md", "texts").returncode == 1


@pytest.mark.usefixtures("states")
def test_colours_are_for_terminals_and_say_nothing_of_their_own(cli, tmp_path: Path) -> None:
    plain = cli("diff", "old.jsonl", "new.jsonl", "-q").stdout
    assert b"\x1b" not in plain
    coloured = on_a_terminal(tmp_path, "diff", "old.jsonl", "new.jsonl", "-q")
    assert b"\x1b[31m" in coloured
    assert re.sub(rb"\x1b\[\d+m", b"", coloured).replace(b"\r\n", b"\n") == plain
    assert b"\x1b[31m" not in on_a_terminal(tmp_path, "diff", "old.jsonl", "new.jsonl", "-q", NO_COLOR="1")


def on_a_terminal(folder: Path, *arguments: str, **environment: str) -> bytes:
    """What the command writes on a terminal."""
    number, terminal = pty.fork()
    if number == 0:
        os.chdir(folder)
        os.environ |= {"TERM": "xterm", "NO_COLOR": ""} | environment
        os.execv(sys.executable, [sys.executable, "-m", "corpus_tools", *arguments])
    written = b""
    with os.fdopen(terminal, "rb", buffering=0) as out:
        while True:
            try:
                block = out.read(65536)
            except OSError:  # Linux says so when the other side is gone
                break
            if not block:
                break
            written += block
    os.waitpid(number, 0)
    return written


def test_whoever_writes_records_or_names_files_gives_no_orders(cli, tmp_path: Path) -> None:
    old = [record(at, title="Plain", text="Plain words stand here.") for at in range(len(EVIL))]
    new = [
        record(at, title=text, text=f"{text} words stand here. {text}", flags=[text], cluster_id=text) | {text: text}
        for at, text in enumerate(EVIL)
    ]
    old += [record(99, title=text, id=text) for text in EVIL]
    names = "old\n::error::x\x1b[31m.jsonl", "::error::<b>\u202e.jsonl"
    jsonl(tmp_path / names[0], old)
    jsonl(tmp_path / names[1], new)
    for form in FORMS:
        done = cli("diff", *names, "--format", form)
        assert done.returncode == 1
        out = (done.stdout + done.stderr).decode()
        assert not UNSEEN.findall(out), form
        assert not ORDERS.findall(out), form
        if form == "markdown":
            html = MarkdownIt("commonmark", {"html": True}).enable("table").render(done.stdout.decode())
            tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z0-9!]+)", html)}
            assert tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "del", "ins", "br"}
            assert "javascript:" not in re.sub(r"<code>.*?</code>", "", html)
    lines = cli("diff", "--textconv", "--", names[1]).stdout.decode()
    assert not UNSEEN.findall(lines)
    assert not ORDERS.findall(lines)
