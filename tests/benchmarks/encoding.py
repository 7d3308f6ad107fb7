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
from tests.benchmarks.languages import labelled, say

CAREFUL = TextFixerConfig(
    uncurl_quotes=False, fix_line_breaks=False, fix_latin_ligatures=False, fix_character_width=False
)


def main(files: list[str]) -> None:
    """One row a file."""
    say("| file | texts | ftfy, documents/s | fix_encoding, documents/s | times | other than ftfy, unless repaired |")
    say("| --- " * 6 + "|")
    for file in map(Path, files):
        texts = [text for text, _ in labelled(file)]
        started = time.perf_counter()
        theirs = [ftfy.fix_text(text, CAREFUL) for text in texts]
        between = time.perf_counter()
        repair_all(texts)
        ended = time.perf_counter()
        other = sum(not same(text, wanted) for text, wanted in zip(texts, theirs, strict=True))
        slow, fast = len(texts) / (between - started), len(texts) / (ended - between)
        say(f"| {file.name} | {len(texts)} | {slow:,.0f} | {fast:,.0f} | {fast / slow:.1f} | {other} |")


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
