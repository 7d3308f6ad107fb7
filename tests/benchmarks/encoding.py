"""Speed of fix_encoding beside ftfy and plsfix, and whether they give the same.

    pip install plsfix
    python -m tests.benchmarks.encoding NEWS.jsonl.gz …

All three in turns in one process, three rounds, by processor time; the median counts. fix_encoding is held against ftfy
with the settings that it uses itself, plsfix against ftfy as it comes: its settings can't be changed from Python.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ftfy
from ftfy import TextFixerConfig

from corpus_tools.text.encoding import repair_all, repair_characters
from tests.benchmarks.languages import Table, keep, labelled

CAREFUL = TextFixerConfig(
    uncurl_quotes=False, fix_line_breaks=False, fix_latin_ligatures=False, fix_character_width=False
)
_ROUNDS = 3


def main(files: list[str]) -> None:
    """A row a file and tool; what is printed is kept in encoding.json, from which the README has it."""
    import plsfix

    head = ["set", "texts", "repaired", "tool", "documents/s", "× ftfy", "other than ftfy"]
    rows = []
    for file in map(Path, files):
        texts = [text for text, _ in labelled(file)]
        careful, usual = ([ftfy.fix_text(text, config) for text in texts] for config in (CAREFUL, TextFixerConfig()))
        seconds = _in_turns(
            {
                "ftfy": lambda texts: [ftfy.fix_text(text, CAREFUL) for text in texts],
                "fix_encoding": repair_all,
                "plsfix": lambda texts: [plsfix.fix_text(text) for text in texts],
            },
            texts,
        )
        other = {
            "ftfy": 0,
            "fix_encoding": sum(not same(text, wanted) for text, wanted in zip(texts, careful, strict=True)),
            "plsfix": sum(plsfix.fix_text(text) != wanted for text, wanted in zip(texts, usual, strict=True)),
        }
        name = file.name.removesuffix(".gz").removesuffix(".jsonl")
        repaired = sum(text != fixed for text, fixed in zip(texts, careful, strict=True))
        rows += [
            [name, f"{len(texts):,}", f"{repaired:,}", tool, f"{len(texts) / spent:,.0f}",
             f"{seconds['ftfy'] / spent:.1f}", f"{other[tool]:,}"]
            for tool, spent in seconds.items()
        ]  # fmt: skip
    keep({"speed": Table(head, rows)}, Path(__file__).with_suffix(".json"))


def _in_turns(tools: dict[str, Callable[[list[str]], object]], texts: list[str]) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in tools}
    for _ in range(_ROUNDS):
        for name, tool in tools.items():
            started = time.process_time()
            tool(texts)
            spent[name].append(time.process_time() - started)
    return {name: statistics.median(rounds) for name, rounds in spent.items()}


def same(text: str, wanted: str) -> bool:
    """Whether the characters come out as ftfy has them; a text whose encoding was repaired may be tidier."""
    made = True
    decoded = False
    while made:
        text, repairs = repair_characters(text)
        made = bool(repairs)
        decoded = decoded or any(
            step[0] == "decode" or "utf8" in step[1] for repair in repairs for step in repair["steps"]
        )
    return decoded or text == wanted


if __name__ == "__main__":
    main(sys.argv[1:])
