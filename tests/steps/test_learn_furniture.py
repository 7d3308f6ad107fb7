"""What one outlet repeats at the ends of its pages is learned; stories, credits and notices never are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corpus_tools.errors import UsageError
from corpus_tools.protocol import Log
from corpus_tools.run import Settings, run
from corpus_tools.steps.learn_furniture import learn_furniture
from corpus_tools.steps.trace_syndication import trace_syndication

PROMISE = "River Times, the paper of both banks since 1921"


def story(number: int) -> str:
    return (
        f"Ferry number {number} runs again after a year, the harbour master said on Monday, and tickets cost as much "
        f"as before.\n\nChildren travel free on boat {number} until the end of the school holidays, and dogs pay half "
        f"of what their owners pay, she told passengers on pier {number}, where the first boat left at nine."
    )


def pages(count: int, tail: str, host: str = "rivertimes.example", first: int = 0, **more: Any) -> pd.DataFrame:
    numbers = range(first, first + count)
    rows = [{"text": f"{story(n)}\n\n{tail}", "url": f"https://{host}/a-{n}", **more} for n in numbers]
    return pd.DataFrame(rows)


def test_a_line_that_an_outlet_repeats_is_cut_and_the_ledger_has_its_rule() -> None:
    log = Log()
    cut = learn_furniture.run(pages(12, PROMISE), log, learned_furniture="cut")
    assert cut["text"].tolist() == [story(number) for number in range(12)]
    assert {rule for rules in log.rules.values() for _, _, rule in rules} == {f"learned: {PROMISE}"}


def test_report_flags_the_line_and_cuts_nothing() -> None:
    log, frame = Log(), pages(12, PROMISE)
    told = learn_furniture.run(frame, log)
    assert told["text"].tolist() == frame["text"].tolist()
    assert told["flags"].tolist() == [["SY004"]] * 12
    finding = log.findings[0]
    assert frame["text"][0][finding.start : finding.end] == finding.evidence == PROMISE


def test_a_few_records_teach_nothing() -> None:
    frame = pages(9, PROMISE)
    assert learn_furniture(frame, learned_furniture="cut")["text"].tolist() == frame["text"].tolist()


def test_how_many_records_it_takes_is_an_option() -> None:
    frame = pages(3, PROMISE)
    assert PROMISE not in "".join(learn_furniture(frame, learned_furniture="cut", least_records=3)["text"])


def test_what_another_outlet_prints_too_may_be_a_story_and_stays() -> None:
    frame = pd.concat([pages(12, PROMISE), pages(1, PROMISE, "harbournews.example", first=50)])
    assert learn_furniture(frame, learned_furniture="cut")["text"].tolist() == frame["text"].tolist()


def test_papers_of_one_owner_count_as_one_outlet() -> None:
    frame = pd.concat([pages(6, PROMISE, "nst.com.my"), pages(6, PROMISE, "hmetro.com.my", first=20)])
    assert PROMISE not in "".join(learn_furniture(frame, learned_furniture="cut")["text"])


def test_credits_bylines_and_notices_are_never_learned() -> None:
    for line in ("— Bernama", "By Ana Lim", "© 2024 River Times. All rights reserved."):
        frame = trace_syndication(pages(12, line))
        assert learn_furniture(frame, learned_furniture="cut")["text"].tolist() == frame["text"].tolist(), line


def test_lines_under_a_learned_line_are_learned_with_it() -> None:
    tail = "\n".join(f"Line {number} of a footer that stands on each page" for number in range(14))
    cut = learn_furniture(pages(12, tail), learned_furniture="cut")
    assert cut["text"].tolist() == [story(number) for number in range(12)]
    pd.testing.assert_frame_equal(learn_furniture(cut, learned_furniture="cut"), cut)


def test_what_would_leave_no_article_stays() -> None:
    frame = pages(12, PROMISE).assign(text=f"The ferry runs.\n\n{PROMISE}")
    assert learn_furniture(frame, learned_furniture="cut")["text"].tolist() == frame["text"].tolist()


def test_another_word_than_report_or_cut_is_refused() -> None:
    with pytest.raises(UsageError, match="neither 'report' nor 'cut'"):
        learn_furniture(pages(1, PROMISE), learned_furniture="drop")


@pytest.mark.parametrize("chunk_rows", [1, 7, 100])
def test_the_run_keeps_every_cut_in_its_ledger_whatever_the_chunks(tmp_path: Path, chunk_rows: int) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = pages(12, PROMISE).to_dict("records")
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    steps = ("trace_syndication", "strip_furniture")
    run(
        [str(source)],
        Settings(output=str(out), steps=steps, reading={"chunk_rows": chunk_rows}, common={"learned_furniture": "cut"}),
    )
    written = [json.loads(line)["text"] for line in out.read_text(encoding="utf-8").splitlines()]
    ledger = [json.loads(line) for line in (tmp_path / "out.ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    assert written == [story(number) for number in range(12)]
    rules = [edit["rule"] for row in ledger if row["step"] == "learn_furniture" for edit in row["edits"]]
    assert rules == [f"learned: {PROMISE}"] * 12
