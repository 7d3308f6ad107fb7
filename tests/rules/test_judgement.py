"""Severities and thresholds stand in one table, and a user's own rows go over it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from corpus_tools.errors import RuleError
from corpus_tools.flags import FLAGS
from corpus_tools.report.provenance import ProvenanceTally
from corpus_tools.rules.judgement import judged_flags, threshold
from corpus_tools.run import Settings, run
from corpus_tools.steps.flag_provenance import flag_provenance


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_table_says_what_the_flags_say() -> None:
    assert judged_flags() == FLAGS


def test_a_users_severity_stands_in_the_findings_and_is_counted(tmp_path: Path) -> None:
    own = written(tmp_path, '[[severity]]\nseverity = "error"\nflags = ["missing-license"]')
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "The ferry runs again.", "url": "https://rivertimes.example/a-1"}\n', encoding="utf-8")
    steps = ("flag_provenance",)
    plain = run([str(source)], Settings(output=str(out), steps=steps)).manifest
    strict = run([str(source)], Settings(output=str(out), steps=steps, common={"rules": own})).manifest
    assert strict["findings"]["error"] == plain["findings"]["error"] + 1
    rows = [json.loads(line) for line in (tmp_path / "out.findings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["severity"] for row in rows if row["code"] == "PR005"] == ["error"]


def test_a_users_threshold_moves_where_a_flag_begins(tmp_path: Path) -> None:
    own = written(tmp_path, '[[threshold]]\nname = "future_tolerance_hours"\nvalue = 0')
    frame = pd.DataFrame({"text": ["x"], "published_at": ["2024-05-15"], "retrieved_at": ["2024-05-14T20:00:00Z"]})
    assert "PR020" not in flag_provenance(frame)["flags"][0]
    assert "PR020" in flag_provenance(frame, rules=own)["flags"][0]


def test_a_users_worth_moves_the_score(tmp_path: Path) -> None:
    own = written(tmp_path, '[[threshold]]\nname = "worth_url"\nvalue = 40')
    frame = pd.DataFrame({"text": ["x"], "url": ["https://rivertimes.example/a-1"]})
    assert flag_provenance(frame)["provenance_score"][0] == 0.35
    assert flag_provenance(frame, rules=own)["provenance_score"][0] == 0.55


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('[[severity]]\nseverity = "fatal"\nflags = ["PR001"]', "there are: error, warning, info"),
        ('[[threshold]]\nname = "first_year"\nvalue = 1', "There is no threshold 'first_year'"),
        ('[[threshold]]\nname = "worth_url"\nvalue = "much"', "it must be a number"),
    ],
)
def test_rows_that_can_not_be_right_are_refused(tmp_path: Path, rows: str, says: str) -> None:
    own = written(tmp_path, rows)
    with pytest.raises(RuleError, match=says):
        (judged_flags(own), threshold("worth_url", own))


def test_a_run_says_which_fix_would_clear_most_flags(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"text": f"Ferry {n} runs.", "title": f"Ferry {n}", "url": f"https://a{n % 2}.example/{n}"} for n in range(5)
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    told = run([str(source)], Settings(output=str(out), steps=("flag_provenance",))).manifest["provenance"]
    assert told["outlets"] == 2
    assert {name: outlet["records"] for name, outlet in told["by_outlet"].items()} == {"a0.example": 3, "a1.example": 2}
    assert (told["best_fix"]["flag"], told["best_fix"]["records"], told["best_fix"]["there"]) == ("PR004", 5, 3)


def test_the_tally_does_not_depend_on_the_order_of_records() -> None:
    rows = [("A", 0.1, ["PR002"]), ("B", 0.2, ["PR006"]), ("A", 0.7, []), ("C", None, ["PR006", "SY001"])]
    tallies = []
    for order in (rows, rows[::-1]):
        tally = ProvenanceTally()
        for source, score, codes in order:
            tally.add([source], [None], [score], [codes])
        tallies.append(tally.told())
    assert tallies[0] == tallies[1]
    assert tallies[0]["score"] == pytest.approx(1 / 3, abs=1e-4)
