"""A row in a user's own file is enough: a new agency works in every step without touching code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus_tools.cli import corpus_tools

BODY = (
    "The ferry between the two villages runs again after a year, the harbour master said on Monday, and tickets cost "
    "as much as before.\n\nChildren travel free until the end of the school holidays, she told passengers on the pier."
)
ROW = """
[[agency]]
id = "delta-press"
name = "Delta Press"
kind = "wire"
country = "VU"
codes = ["DLP"]
native = ["দেলতা"]
domains = ["deltapress.example"]
heads = ["PORT VILA, May 14 (DLP) -- "]
tails = ["– Delta Press"]
"""
TEXTS = {
    "a dateline": f"PORT VILA, May 14 (DLP) -- {BODY}",
    "a credit behind a dash": f"{BODY} – Delta Press",
    "a credit in a bracket": f"{BODY} (DLP)",
    "a label": f"{BODY}\n\nSource: Delta Press",
    "a byline": f"By Delta Press\n\n{BODY}",
    "a © line": f"{BODY}\n\n© 2024 Delta Press. All rights reserved.",
    "a name in another script": f"{BODY} (দেলতা)",
}


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "own.toml"
    path.write_text(ROW, encoding="utf-8")
    return str(path)


def cleaned(tmp_path: Path, *options: str) -> list[dict[str, object]]:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": label, "text": text, "url": f"https://rivertimes{number}.example/a-1"}
        for number, (label, text) in enumerate(TEXTS.items())
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    steps = "trace_syndication,strip_furniture,flag_provenance"
    result = CliRunner().invoke(
        corpus_tools, ["clean", "--mark", "--steps", steps, str(source), "-o", str(out), *options]
    )
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_one_row_makes_an_agency_known_in_every_slot(tmp_path: Path, own: str) -> None:
    origins = {row["id"]: row["origin"] for row in cleaned(tmp_path, "--rules", own)}
    assert origins == dict.fromkeys(TEXTS, "delta-press")
    assert [row["syndication_status"] for row in cleaned(tmp_path)] == ["unknown"] * len(TEXTS)


def test_its_credit_is_cut_where_credits_are_cut(tmp_path: Path, own: str) -> None:
    rows = {row["id"]: row["text"] for row in cleaned(tmp_path, "--rules", own, "--strip-credits")}
    assert rows["a dateline"] == rows["a credit behind a dash"] == rows["a credit in a bracket"] == BODY


def test_the_sum_is_listed(own: str) -> None:
    listed = CliRunner().invoke(corpus_tools, ["list", "agencies", "--rules", own])
    assert "delta-press" in listed.output
    assert "bernama" in listed.output


def test_a_row_that_clashes_names_both(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[[agency]]\nid = "delta"\nname = "Bernama"\nkind = "wire"\n', encoding="utf-8")
    listed = CliRunner().invoke(corpus_tools, ["list", "agencies", "--rules", str(path)])
    assert listed.exit_code != 0
    assert "'bernama' and 'delta' claim the same name" in str(listed.exception) + listed.output
