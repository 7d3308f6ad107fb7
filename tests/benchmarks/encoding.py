"""Speed of fix_encoding beside ftfy, and whether both give the same.

python -m tests.benchmarks.encoding NEWS.jsonl.gz …
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import ftfy
from ftfy import TextFixerConfig

from corpus_tools.text.encoding import repair_all, repair_characters
from tests.benchmarks.languages import Table, keep, labelled

CAREFUL = TextFixerConfig(
    uncurl_quotes=False, fix_line_breaks=False, fix_latin_ligatures=False, fix_character_width=False
)


def main(files: list[str]) -> None:
    """One row a file; what is printed is kept in encoding.json, from which the README has it."""
    head = ["set", "texts", "ftfy, documents/s", "fix_encoding, documents/s", "times", "other than ftfy"]
    rows = []
    for file in map(Path, files):
        texts = [text for text, _ in labelled(file)]
        started = time.perf_counter()
        theirs = [ftfy.fix_text(text, CAREFUL) for text in texts]
        between = time.perf_counter()
        repair_all(texts)
        ended = time.perf_counter()
        other = sum(not same(text, wanted) for text, wanted in zip(texts, theirs, strict=True))
        slow, fast = len(texts) / (between - started), len(texts) / (ended - between)
        name = file.name.removesuffix(".gz").removesuffix(".jsonl")
        rows.append([name, str(len(texts)), f"{slow:,.0f}", f"{fast:,.0f}", f"{fast / slow:.1f}", str(other)])
    keep({"speed": Table(head, rows)}, Path(__file__).with_suffix(".json"))


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
