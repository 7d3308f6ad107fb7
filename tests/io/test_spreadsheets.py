"""A CSV of strangers' texts is safe to open in a spreadsheet, and still holds every text."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.errors import UsageError
from corpus_tools.io.spreadsheets import is_formula
from corpus_tools.restore import find_outputs, restored_records
from corpus_tools.run import Settings, run

FORMULAS = ("=1+1", '=HYPERLINK("https://evil.example","x")', "+49 30 1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1",
            "\r=1", ' "=1', "＝1", "Rain;=1", 'Rain; "=1', "Rain\n=1", "Rain\r\n- 1", "=1;=2\n=3", '=";=1')  # fmt: skip
PLAIN = ("Rain", "5 - 3 = 2", "a@b.example", "Yes; no, or both", "[3]", "", "“Quoted”")


def cleaned(folder: Path, records: list[dict], name: str = "out.csv", *, safe: bool = True) -> list[object]:
    """Write the records and take them back from what was written."""
    raw, out = folder / "raw.jsonl", folder / name
    raw.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    run([str(raw)], Settings(output=str(out), steps=("normalize_whitespace",), spreadsheet_safe=safe, jobs=1))
    return list(restored_records(find_outputs(out)))


def formulas(path: Path) -> list[str]:
    """The cells that begin as formulas, by whatever sign a spreadsheet may take for a separator."""
    text = path.read_bytes().decode("utf-8")
    cells = [
        cell for sign in ",;\t" for row in csv.reader(text.splitlines(keepends=True), delimiter=sign) for cell in row
    ]
    return [cell for cell in cells if cell.strip(" \t\r\n").startswith(tuple("=+-@＝＋－＠"))]


def corpus(texts: tuple[str, ...]) -> list[dict]:
    return [
        {"id": f"r{at}", "title": text, "text": f"{text} is it", "author": [text], "desk": text, "more": {"a": [text]}}
        for at, text in enumerate(texts)
    ]


@pytest.mark.parametrize("name", ["out.csv", "out.tsv"])
def test_no_cell_is_a_formula_and_restore_gives_every_text_back(tmp_path: Path, name: str) -> None:
    records = corpus(FORMULAS + PLAIN)
    assert cleaned(tmp_path, records, name) == records
    assert formulas(tmp_path / name) == []


def test_without_the_switch_texts_stand_as_they_are(tmp_path: Path) -> None:
    assert cleaned(tmp_path, corpus(FORMULAS), safe=False) == corpus(FORMULAS)
    assert "=1+1" in formulas(tmp_path / "out.csv")


def test_plain_texts_look_the_same_with_the_switch(tmp_path: Path) -> None:
    cleaned(tmp_path, corpus(PLAIN), "a.csv", safe=False)
    cleaned(tmp_path, corpus(PLAIN), "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@given(st.lists(st.text("=+-@;,\" \n\t\\a'|", max_size=8), min_size=1, max_size=4))
@settings(max_examples=60)
def test_whatever_signs_come_together(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("sheet")
    records = corpus(tuple(texts))
    assert cleaned(folder, records) == records
    assert formulas(folder / "out.csv") == []


def test_a_column_name_that_would_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="would run the column name '=1'"):
        cleaned(tmp_path, [{"text": "Rain", "=1": "x"}])
    assert not (tmp_path / "out.csv").exists()


def test_the_switch_is_for_tables_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="for CSV and TSV"):
        cleaned(tmp_path, corpus(PLAIN), "out.jsonl")


@pytest.mark.parametrize("sign", ["\t", " ", ";", "\n'"])
def test_a_sign_a_million_times_is_read_once(sign: str) -> None:
    assert not is_formula("x" + sign * 1_000_000)  # the square of a million would be hours
    assert is_formula("x\t" + sign * 1000 + "=1")
