"""The hooks that `.pre-commit-hooks.yaml` offers to dataset repositories."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from corpus_tools.cli import corpus_tools

from ..checking.corpus import jsonl, record
from ..git.repositories import commit, git, repository

ROOT = Path(__file__).parents[2]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def test_there_is_a_hook_for_either_verb_that_checks() -> None:
    assert set(HOOKS) == {"corpus-tools-check", "corpus-tools-validate"}
    for name, hook in HOOKS.items():
        command, verb = hook["entry"].split(" ")
        assert f"{command}-{verb}" == name
        assert verb in corpus_tools.commands
        assert hook["args"][-1] == "--", "a file name must not be taken for an option"


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_hooks_are_called_for_records_alone(hook: dict) -> None:
    for name in ("a.jsonl", "data/b.ndjson.gz", "c.csv", "d.tsv", "e.parquet", "f.jsonl.zst"):
        assert re.search(hook["files"], name)
    for name in ("README.md", "a.jsonl.dvc", "jsonl", "package.json", "a.csv.py", "notes.txt"):
        assert not re.search(hook["files"], name)


@pytest.mark.skipif(shutil.which("pre-commit") is None, reason="needs pre-commit, and some minutes")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="pre-commit takes hooks from repositories")
def test_a_good_commit_passes_and_a_bad_one_does_not(tmp_path: Path) -> None:
    dataset = repository(tmp_path / "dataset")
    jsonl(dataset / "data/good.jsonl", record("a"))
    (dataset / "notes.txt").write_text("These are not records.\n")
    commit(dataset)
    code, out = tried(dataset)
    assert code == 0, out
    assert out.count("Passed") == 2

    jsonl(dataset / "data/bad.jsonl", record("b"), record("c", text="", url=None))
    jsonl(dataset / "--write-baseline=owned.jsonl", record("d"))
    git(dataset, "add", "--all")
    code, out = tried(dataset)
    assert code == 1
    assert out.count("Failed") == 2
    assert "data/bad.jsonl:2:" in out
    assert "PR002 error" in out
    assert not (dataset / "owned.jsonl").exists()


def tried(dataset: Path) -> tuple[int, str]:
    """The exit code and the output of all our hooks in a repository."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["pre-commit", "try-repo", str(ROOT), "--all-files"]
    done = subprocess.run(command, cwd=dataset, env=clean, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
