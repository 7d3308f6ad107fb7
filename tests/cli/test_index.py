"""`index` and `clean --index`, as a shell sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tools.__main__ import main

from ..conftest import RAW, jsonl
from ..duplicates.articles import article, sentences_of

Run = Callable[..., int]
STEPS = "trace_syndication,strip_furniture,flag_provenance,mark_duplicates,decide"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here: Path) -> Run:
    return lambda *arguments: main([str(argument) for argument in arguments])


def record(name: str, text: str, **more: object) -> dict[str, object]:
    return {"id": name, "text": text, "url": f"https://{name}.example/news/one-two-three", "source": name} | more


def write(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in records), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def test_a_corpus_that_grows_is_compared_with_everything_before(run: Run, here: Path) -> None:
    may = write(here / "may.jsonl", record("bay", article(1)), record("marl", article(2)))
    june = write(
        here / "june.jsonl", record("cross", " ".join(sentences_of(article(1))[:15])), record("new", article(3))
    )
    assert run("clean", may, "-o", "may.out.jsonl", "--index", "seen", "-q") == 0
    assert run("clean", june, "-o", "june.out.jsonl", "--index", "seen", "-q") == 0
    assert [row["id"] for row in jsonl(here / "june.out.jsonl")] == ["new"]
    assert jsonl(here / "june.out.removed.jsonl")[0]["duplicate_of"] == "bay"
    evidence = [row["evidence"] for row in jsonl(here / "june.out.findings.jsonl") if row["code"] == "DU002"]
    assert evidence == ["bay in seen"]
    assert json.loads((here / "june.out.run.json").read_bytes())["options"]["index"] == "seen"


def test_the_same_run_again_changes_neither_outputs_nor_index(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("jsonl", "removed.jsonl", "findings.jsonl", "ledger.jsonl", "quarantine.jsonl")
    assert run("clean", RAW, "-o", "out.jsonl", "--index", "seen", "--steps", STEPS) == 0
    before = contents(here / "seen"), [(here / f"out.{name}").read_bytes() for name in names]
    assert "added to seen" in capsys.readouterr().err
    assert run("clean", RAW, "-o", "out.jsonl", "--index", "seen", "--steps", STEPS) == 0
    assert (contents(here / "seen"), [(here / f"out.{name}").read_bytes() for name in names]) == before
    assert "0 records added" in capsys.readouterr().err


def test_a_record_that_a_rule_of_ones_own_drops_keeps_no_later_copy_out(run: Run, here: Path) -> None:
    rules = here / "rules.toml"
    rules.write_text('[[policy]]\nverdict = "drop"\nflags = ["missing-url"]\nsays = "No address, no record."\n')
    first = write(here / "first.jsonl", record("bare", article(1), url=None), record("copy", article(1), url=None))
    again = write(here / "again.jsonl", record("whole", article(1)))
    options = ("--index", "seen", "--rules", rules, "--steps", STEPS, "-q")
    assert run("clean", first, "-o", "first.out.jsonl", *options) == 0
    assert jsonl(here / "first.out.jsonl") == []
    assert run("clean", again, "-o", "again.out.jsonl", *options) == 0
    assert [row["id"] for row in jsonl(here / "again.out.jsonl")] == ["whole"]


def test_nothing_is_added_where_a_run_does_not_end_well_or_is_dry(run: Run, here: Path) -> None:
    may = write(here / "may.jsonl", record("bay", article(1)))
    assert run("clean", may, "-o", "out.jsonl", "--index", "seen", "--dry-run", "-q") == 0
    assert not (here / "seen").exists()
    assert run("index", "build", "seen", may, "-q") == 0
    before = contents(here / "seen")
    june = write(here / "june.jsonl", record("new", article(3)))
    assert run("clean", june, "-o", "out.jsonl", "--index", "seen", "--dry-run", "-q") == 0
    assert run("clean", june, "-o", "nowhere/at/all/" + "x" * 300, "--index", "seen", "-q") == 3
    assert contents(here / "seen") == before


def test_a_damaged_index_ends_the_run_before_anything_is_written(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    may = write(here / "may.jsonl", record("bay", article(1)))
    assert run("index", "build", "seen", may, "-q") == 0
    (here / "seen" / "words.1.bin").write_bytes(b"")
    before = contents(here / "seen")
    assert run("clean", may, "-o", "out.jsonl", "--index", "seen", "-q") == 3
    assert "words.1.bin has 0 bytes" in capsys.readouterr().err
    assert not (here / "out.jsonl").exists()
    assert contents(here / "seen") == before


def test_build_makes_an_index_once_and_add_only_where_there_is_one(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    may = write(here / "may.jsonl", record("bay", article(1)))
    assert run("index", "add", "seen", may) == 3
    assert run("index", "build", "seen", may, "-q") == 0
    assert run("index", "build", "seen", may) == 2
    assert "index add seen" in capsys.readouterr().err
    assert run("index", "add", "seen", may) == 0
    assert "1 were there before; 1 in all" in capsys.readouterr().err


def test_questions_are_answered_in_json_lines(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write(here / "corpus.jsonl", record("bay", article(1)), record("marl", article(2)))
    questions = write(here / "questions.jsonl", {"text": article(2).upper()}, {"id": "q2", "text": article(9)})
    assert run("index", "build", "seen", corpus, "-q") == 0
    assert run("index", "query", "seen", questions) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert [(match["id"], match["judgement"]) for match in first["matches"]] == [("marl", "same")]
    assert (second["id"], second["source_line"], second["matches"]) == ("q2", 2, [])


def test_removing_prints_what_went_and_info_says_what_is_left(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write(
        here / "corpus.jsonl", record("bay", article(1)), record("copy", article(1)), record("marl", article(2))
    )
    assert run("index", "build", "seen", corpus, "-q") == 0
    assert run("index", "remove", "seen") == 2
    assert run("index", "remove", "seen", "--id", "bay") == 0
    assert capsys.readouterr().out.split() == ["bay", "copy"]
    assert run("index", "info", "seen", "--check", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["kept"], told["copies"]) == (1, 1, 0)


def test_an_index_needs_the_step_that_looks_for_duplicates(run: Run, here: Path) -> None:
    may = write(here / "may.jsonl", record("bay", article(1)))
    assert run("clean", may, "-o", "out.jsonl", "--index", "seen", "--steps", "fix_encoding") == 2
