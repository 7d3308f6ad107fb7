"""Give every step, and the reader, one sign a million times, and look that time grows no faster than length.

    python -m tests.campaigns.repeats [--characters 1000000] [--only text,license]

Backtracking patterns and careless parsers take a square of the length, or worse. Each repeat stands in one column at a
time, once as it is and once with an end that fits nothing, and in `author[]` and its kin as a list. Where a step takes
over a third of a second, it may take fifteen times as long as with a tenth of the length. Prints what is wrong, and a
line a column; exits 1 where anything was.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pandas as pd

from corpus_tools.chain import CHAIN, load_step
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.read import Reader

COLUMNS = (
    "text", "title", "source", "author", "url", "canonical_url", "copyright", "license", "language", "published_at",
    "modified_at", "retrieved_at", "metadata", "metadata{}", "id", "author[]", "tags", "tags[]", "byline",
)  # fmt: skip
UNITS = (
    *" \n\t\raA1-–.!\"<([/&,_'\\:=@#|%…é字»》【。\u00a0\u0301\ufeff\ufe00\u200b©{",
    " -", "- ", "-- ", "a ", "A ", "A. ", "a, ", "a.", "Ab ", "1 ", "1.", "A-", "\n\n", "\n ", "a\n", "a/", " a b",
    "> ",
    "<a ", "<a", "<p>", "</p><p>", "&amp;", "&#", '"a', "(a", "a@", "a:", '{"a":', "[[", "Ã", "Ã©", "â€", "http://",
    "www.", "a.com/", "By ", "By A and ", "(AP) ", "— Reuters\n", "/ANA/", "A, B. ", "A (B) ", "KUALA ", "May 14 ",
    "2024-", "© ", "© 2024 ", "Photo: ", "photo credit ", "The post ", "appeared first on ", "Read also: ", "...",
    "[+1 chars]", "all rights reserved ", "ai training ",
)  # fmt: skip
_NOTICED = 1 / 3
_RATIO = 15
_LONGEST = 60
"""Seconds after which a step has lost."""


class Slow(BaseException):
    """A step took too long."""


def seconds(step: Any, frame: pd.DataFrame) -> float:  # any of the chain's callables
    """The processor time of one call."""
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, _LONGEST)
    with contextlib.suppress(Slow):
        step(frame)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - started


def repeated(column: str, unit: str, end: str, characters: int) -> Any:
    """The unit again and again, as a text, a list of pieces or an object of them."""
    if column[-1] in "]}":
        pieces = [unit * 10] * (characters // len(unit * 10)) + [end]
        return {f"{at}{piece}": piece for at, piece in enumerate(pieces)} if column[-1] == "}" else pieces
    return unit * (characters // len(unit)) + end


def read(frame: pd.DataFrame) -> None:
    """Read the records from JSON lines; a text alone also as a page."""
    record = frame.to_dict("records")[0]
    with tempfile.TemporaryDirectory(prefix="corpus_tools.repeats.") as place:
        lines, page = Path(place, "in.jsonl"), Path(place, "in.txt")
        lines.write_bytes(dump_value(record) + b"\n")
        page.write_bytes(record["text"].encode("utf-8", "replace"))
        for file in (lines, page):
            for chunk in Reader([file]):
                chunk.flagged()


def frame(column: str, value: Any) -> pd.DataFrame:
    """One ordinary record with that value in it."""
    record = {
        "text": "The ferry runs again on Thursday.",
        "title": "A ferry",
        "source": "x",
        "url": "https://x.example/a",
    }
    return pd.DataFrame([record | {column.rstrip("[]{}"): value}])


def wrong(column: str, characters: int) -> Iterator[str]:
    """The repeats in one column that took a step more than linear time."""
    steps = {"read": read} | {name: load_step(name) for name in CHAIN}
    for step in steps.values():
        step(frame(column, "x"))  # its tables are made once
    for unit in UNITS:
        for end in ("", "\x01"):
            long, short = (repeated(column, unit, end, length) for length in (characters, characters // 10))
            for name, step in steps.items():
                took = seconds(step, frame(column, long))
                if took > _NOTICED and took > _RATIO * (less := seconds(step, frame(column, short))):
                    yield f"{name}: {unit!r} again and again, then {end!r}, took {less:.3f} s and {took:.3f} s"


def _slow(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Slow


def main() -> int:
    """Try all columns."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--characters", type=int, default=1_000_000)
    ask.add_argument("--only", default=",".join(COLUMNS), help="columns, joined by commas")
    given = ask.parse_args()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGVTALRM, _slow)
    failed = False
    for column in given.only.split(","):
        found = list(wrong(column, given.characters))
        failed |= bool(found)
        sys.stdout.write("".join(f"WRONG {column}: {one}\n" for one in found))
        sys.stdout.write(
            f"{column:<14} {2 * len(UNITS)} repeats of {given.characters:,} characters, {len(found)} wrong\n"
        )
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
