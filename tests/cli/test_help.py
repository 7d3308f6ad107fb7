"""The help is true: its examples run, and its options stand where people look for them."""

import gzip
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from corpus_tools.__main__ import main
from corpus_tools.cli import corpus_tools

from ..conftest import FIXTURES, RAW

MY_SCHEMA = """
from typing import Optional

import pandera.pandas as pa


class Article(pa.DataFrameModel):
    text: str
    title: Optional[str] = pa.Field(nullable=True)
"""


AUTHOR = "-c user.name=Ann -c user.email=ann@example.org"


def verbs(command: click.Command = corpus_tools, name: str = "corpus-tools") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, the root first."""
    yield name, command
    for part, verb in getattr(command, "commands", {}).items():
        yield from verbs(verb, f"{name} {part}")


VERBS = dict(verbs())


def examples(command: click.Command) -> list[str]:
    """The command lines in a help text."""
    lines = (line.strip() for line in (command.help or "").split("\n"))
    return [line for line in lines if re.match(r"(zcat \S+ \| )?corpus-tools ", line)]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the examples name."""
    folder = tmp_path_factory.mktemp("help")
    for name in ("raw.jsonl", "new.jsonl", "may.jsonl", "june.jsonl", "evaluation.jsonl", "data/may.jsonl"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(RAW, folder / name)
    shutil.copytree(FIXTURES / "corpora" / "pages", folder / "pages")
    shutil.copy(FIXTURES / "corpora" / "briefs.csv", folder / "raw.csv")
    (folder / "corpus").mkdir()
    for name in ("raw.jsonl.gz", "corpus/may.jsonl.gz"):
        (folder / name).write_bytes(gzip.compress(RAW.read_bytes()))
    (folder / "my_schema.py").write_text(MY_SCHEMA)
    (folder / ".config" / "fish" / "completions").mkdir(parents=True)
    for line in (
        "corpus-tools clean -q raw.jsonl -o out.jsonl",
        "corpus-tools clean -q raw.jsonl --audit audit > clean.jsonl",
        "corpus-tools mark-duplicates -q raw.jsonl --pairs pairs.jsonl -o marked.jsonl",
        "corpus-tools index build -q seen corpus",
    ):
        assert run(line, folder) == 0
    for command in ("init -q", "add data", f"{AUTHOR} commit -qm May", "update-ref refs/remotes/origin/main HEAD"):
        subprocess.run(["git", *shlex.split(command)], cwd=folder, check=True)
    (folder / "data" / "june.jsonl").write_text('{"text": ""}\n')
    subprocess.run(["git", *shlex.split(f"{AUTHOR} commit -q --allow-empty -m June")], cwd=folder, check=True)
    return folder


def run(line: str, folder: Path) -> int:
    """Run a line of a shell in a folder as far as examples use one: `zcat FILE |`, `> FILE`, `>> FILE` and `| jq …`."""
    packed, _, rest = line.rpartition(" | ") if line.startswith("zcat ") else ("", "", line)
    words = [os.path.expanduser(word) for word in shlex.split(rest)]  # noqa: PTH111  # words, not paths
    came = gzip.decompress((folder / packed.split()[1]).read_bytes()) if packed else b""
    into, at = io.BytesIO(), next((word for word in words if word in (">", ">>", "|")), None)
    names = words[words.index(at) + 1 :] if at in (">", ">>") else []
    before, here = (sys.stdin, sys.stdout), Path.cwd()
    sys.stdin, sys.stdout = io.TextIOWrapper(io.BytesIO(came)), io.TextIOWrapper(into, encoding="utf-8")
    os.chdir(folder)
    try:
        code = main(words[1 : words.index(at) if at else None])
        sys.stdout.flush()
        for name in names:
            with Path(name).open("ab" if at == ">>" else "wb") as file:
                file.write(into.getvalue())
    finally:
        os.chdir(here)
        sys.stdin, sys.stdout = before
    return code


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [name for name in VERBS if examples(VERBS[name])])
def test_every_example_of_every_help_runs(
    workshop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "workshop"
    shutil.copytree(workshop, folder)
    monkeypatch.setenv("HOME", str(folder))
    if name in ("corpus-tools index", "corpus-tools index build"):
        shutil.rmtree(folder / "seen")
    for line in examples(VERBS[name]):
        if "s3://" in line:
            continue  # tests/cluster goes there
        finds = line.startswith(("corpus-tools check", "corpus-tools validate", "corpus-tools diff HEAD"))
        assert run(line, folder) == (1 if finds else 0), line


@pytest.mark.parametrize("name", [name for name, verb in VERBS.items() if not isinstance(verb, click.Group)])
def test_every_verb_shows_an_example_and_its_options_in_groups(name: str) -> None:
    command = VERBS[name]
    text = command.get_help(click.Context(command, info_name=name, terminal_width=80))
    assert examples(command)
    assert "This terminal:\n" in text
    assert "--color [auto|always|never]" in text
    known = [name for parameter in command.params for name in parameter.opts if name.startswith("--")]
    assert all(re.search(rf"^ +(-\w, )?{name}\b", text, re.MULTILINE) for name in known)
    prose = [line for line in text.split("\n") if not line.strip().startswith(("corpus-tools", "zcat", "--", "-"))]
    assert max(map(len, prose)) <= 80


def test_the_groups_of_clean_come_in_the_order_of_the_work() -> None:
    text = VERBS["corpus-tools clean"].get_help(click.Context(VERBS["corpus-tools clean"]))
    headings = re.findall(r"^(\w[\w ]*):$", text, re.MULTILINE)
    assert headings == ["Input", "Output", "Steps", "Duplicates", "Judging", "Resources", "This terminal"]
