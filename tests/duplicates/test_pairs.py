"""The pairs that were compared can be written down, listed and read."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pytest

from corpus_tools.errors import InputError
from corpus_tools.pairs import in_doubt_first, read_pairs
from corpus_tools.steps.mark_duplicates import mark_duplicates

from .articles import article, sentences_of

STORY = article(1)
HALF = " ".join(sentences_of(STORY)[:17] + sentences_of(article(2))[:7])
RECORDS = [
    {"id": "whole", "text": STORY, "source": "Bay Post", "title": "The ferry sails again at dawn"},
    {"id": "short", "text": " ".join(sentences_of(STORY)[:16]), "source": "Marl Star"},
    {"id": "half", "text": HALF, "source": "Cross Gazette"},
    {"id": "other", "text": article(3), "source": "Dale News"},
]


def pairs() -> list[dict]:
    found: list[dict] = []
    mark_duplicates(pd.DataFrame(RECORDS), pairs=found.append)
    return found


def test_each_pair_has_its_figures_and_what_decided() -> None:
    found = {(pair["a"], pair["b"]): pair for pair in pairs()}
    assert found["short", "whole"]["judgement"] == "same"
    assert found["short", "whole"]["guard"] == "shared"
    assert found["half", "whole"]["judgement"] == "borderline"
    assert all(0 <= pair[name] <= 1 for pair in found.values() for name in ("similarity", "containment", "aligned"))


def test_listening_changes_nothing() -> None:
    heard = mark_duplicates(pd.DataFrame(RECORDS), pairs=[].append)
    pd.testing.assert_frame_equal(heard, mark_duplicates(pd.DataFrame(RECORDS)))


def test_the_doubtful_come_first() -> None:
    order = [pair["judgement"] for pair in in_doubt_first(pairs())]
    assert order == sorted(order, key=("borderline", "same", "different").index)
    assert order[0] == "borderline"


def test_the_command_writes_and_shows_them(cli: Callable[..., CompletedProcess[bytes]], tmp_path: Path) -> None:
    lines = "".join(json.dumps(record) + "\n" for record in RECORDS)
    (tmp_path / "raw.jsonl").write_text(lines)
    done = cli("mark-duplicates", "-q", "raw.jsonl", "--pairs", "pairs.jsonl", "-o", "marked.jsonl")
    assert done.returncode == 0, done.stderr
    assert [pair["a"] for pair in read_pairs(tmp_path / "pairs.jsonl")] == [pair["a"] for pair in pairs()]
    shown = cli("pairs", "pairs.jsonl", "marked.jsonl", "--borderline").stdout.decode()
    assert "half and whole: borderline" in shown
    assert "whole: Bay Post · The ferry sails again at dawn" in shown
    assert [line[0] for line in shown.splitlines() if line[:2] in ("= ", "~ ", "< ", "> ")]
    listed = cli("pairs", "pairs.jsonl", "--format", "json", "--same").stdout.decode().splitlines()
    assert {json.loads(line)["judgement"] for line in listed} == {"same"}


def test_a_line_filled_in_overrules(cli: Callable[..., CompletedProcess[bytes]], tmp_path: Path) -> None:
    (tmp_path / "raw.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    decided = [pair | {"belong": "always"} for pair in pairs() if pair["judgement"] == "borderline"]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in decided))
    done = cli("clean", "--mark", "-q", "raw.jsonl", "--overrule", "pairs.jsonl", "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    clusters = [json.loads(line).get("cluster_id") for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert clusters == ["whole", "whole", "whole", None]


def test_a_name_nobody_has_is_told_on_stderr(cli: Callable[..., CompletedProcess[bytes]], tmp_path: Path) -> None:
    (tmp_path / "raw.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    (tmp_path / "wishes.csv").write_text("a,b,belong\nwhole,nobody,never\n")
    done = cli("mark-duplicates", "raw.jsonl", "--overrule", "wishes.csv", "-o", "out.jsonl")
    assert done.returncode == 0
    assert b"records that are not there: 'nobody'" in done.stderr


@pytest.mark.parametrize("option", ["--pairs", "--overrule"])
def test_without_the_step_the_options_are_refused(
    cli: Callable[..., CompletedProcess[bytes]], tmp_path: Path, option: str
) -> None:
    (tmp_path / "raw.jsonl").write_text('{"text": "The ferry sails again."}\n')
    (tmp_path / "wishes.csv").write_text("a,b,belong\nx,y,never\n")
    value = "wishes.csv" if option == "--overrule" else "pairs.jsonl"
    done = cli("clean", "--steps", "fix_encoding", "--mark", option, value, "raw.jsonl", "-o", "out.jsonl")
    assert done.returncode == 2
    assert f"{option} is for mark_duplicates" in done.stderr.decode()


def test_a_file_of_something_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"a": "x"}\n')
    with pytest.raises(InputError, match=r"pairs\.jsonl:1 is no pair"):
        list(read_pairs(tmp_path / "pairs.jsonl"))
