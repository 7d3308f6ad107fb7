"""A side of a comparison at a revision of git: read under its name, and told where it was not there."""

from pathlib import Path

import pytest

from corpus_tools.difference.sides import opened_side
from corpus_tools.errors import InputError, UsageError
from corpus_tools.io.read import Reader

from ..git.repositories import commit, repository, written


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return repository(tmp_path / "home")


def test_it_is_read_under_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(home / "data/may.jsonl", '{"id": "a", "text": "Rain."}\n')
    commit(home)
    (home / "data/may.jsonl").unlink()
    monkeypatch.chdir(home / "data")
    with opened_side("HEAD:may.jsonl") as side:
        (chunk,) = Reader(side.files, held=side.held)
    assert side.files == ["HEAD:may.jsonl"]
    assert chunk.frame["id"].to_list() == ["a"]


@pytest.mark.parametrize("name", ["HEAD", "HEAD:", ":a.jsonl", "HEAD:nothing.jsonl"])
def test_what_was_not_there_is_told(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    commit(home)
    monkeypatch.chdir(home)
    with pytest.raises((InputError, UsageError)), opened_side(name):
        pass
