"""git itself calls `corpus-tools diff`, as a text conversion and as a driver."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from ..git.repositories import commit, git, repository
from .states import jsonl, record

US = f"{shlex.quote(sys.executable)} -m corpus_tools diff"
OLD = [record(0), record(1, text="The first line of it.\nThe second line of it.")]
NEW = [record(1, text="The first line of it.\nThe third line of it."), record(0), record(2)]
NAMES = ("plain.jsonl", "packed.jsonl.gz", "packed.jsonl.zst", "table.parquet", "with space é.jsonl", "-dash.jsonl")


def write(folder: Path, records: list[dict]) -> None:
    """The records in every form there is."""
    for name in NAMES:
        data = "".join(f"{line}\n" for line in map(json.dumps, records)).encode()
        if name.endswith(".parquet"):
            pq.write_table(pa.Table.from_pylist(records), folder / name)
        else:
            packed = {".gz": gzip.compress, ".zst": zstandard.compress}.get(Path(name).suffix, bytes)
            (folder / name).write_bytes(packed(data))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A repository with two commits, in which git knows of us."""
    folder = repository(tmp_path / "dataset")
    (folder / ".gitattributes").write_text("*.jsonl diff=corpus\n*.jsonl.* diff=corpus\n*.parquet diff=corpus\n")
    write(folder, OLD)
    commit(folder)
    write(folder, NEW)
    commit(folder)
    return folder


def shown_by_git(folder: Path, *arguments: str) -> str:
    """What git prints; it must not fail."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False,
                          env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_PAGER": "cat"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestAsTextConversion:
    @pytest.fixture(autouse=True)
    def configured(self, dataset: Path) -> None:
        git(dataset, "config", "diff.corpus.textconv", f"{US} --textconv --")

    def test_the_line_of_a_text_that_was_changed_is_shown(self, dataset: Path) -> None:
        files = shown_by_git(dataset, "diff", "HEAD~1", "HEAD").split("diff --git ")[1:]
        assert len(files) == len(NAMES)
        for out in files:
            assert "-  | The second line of it.\n" in out
            assert "+  | The third line of it.\n" in out
            assert "+record r2\n" in out

    def test_a_working_tree_is_compared_too(self, dataset: Path) -> None:
        jsonl(dataset / "-dash.jsonl", [*NEW, record(3)])
        out = shown_by_git(dataset, "diff")
        assert "+record r3\n" in out

    def test_a_file_that_can_not_be_read_says_why(self, dataset: Path) -> None:
        (dataset / "table.parquet").write_bytes(b"PAR1 and nothing more")
        assert "+can't be compared: " in shown_by_git(dataset, "diff")


class TestAsDriver:
    @pytest.fixture(autouse=True)
    def configured(self, dataset: Path) -> None:
        git(dataset, "config", "diff.corpus.command", f"{US} --git --")

    def test_records_are_compared(self, dataset: Path) -> None:
        files = shown_by_git(dataset, "diff", "HEAD~1", "HEAD").split("corpus-tools diff ")[1:]
        assert sorted(out.split("\n")[0] for out in files) == sorted(f"a/{name} b/{name}" for name in NAMES)
        for out in files:
            assert "\n2 records became 3: 1 added, 0 removed, 1 changed" in out
            assert r"text: The first line of it.\nThe [-second-]{+third+} line of it." in out

    def test_new_and_deleted_and_renamed_files_are_told(self, dataset: Path) -> None:
        git(dataset, "mv", "plain.jsonl", "moved.jsonl")
        git(dataset, "rm", "-q", "table.parquet")
        jsonl(dataset / "new.jsonl", [record(9)])
        git(dataset, "add", "new.jsonl")
        out = shown_by_git(dataset, "diff", "--cached", "-M")
        assert "3 records became 0: 0 added, 3 removed" in out
        assert "0 records became 1: 1 added" in out

    def test_a_renamed_file_that_was_changed_is_compared_with_what_it_was(self, dataset: Path) -> None:
        git(dataset, "mv", "plain.jsonl", "moved.jsonl")
        jsonl(dataset / "moved.jsonl", [*NEW, record(5)])
        out = shown_by_git(dataset, "diff", "HEAD", "-M40%", "--", "plain.jsonl", "moved.jsonl")
        assert "corpus-tools diff a/plain.jsonl b/moved.jsonl\n3 records became 4: 1 added" in out

    def test_what_can_not_be_compared_does_not_stop_git(self, dataset: Path) -> None:
        (dataset / "table.parquet").write_bytes(b"PAR1 and nothing more")
        jsonl(dataset / "with space é.jsonl", [*NEW, record(3)])
        out = shown_by_git(dataset, "diff")
        assert "can't be compared: " in out
        assert "added r3" in out
