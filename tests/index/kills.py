"""Kill a process that adds to an index, many times at random, and see whether the index is whole each time.

    python -m tests.index.kills --times 50

Each time the index must open, match all its checksums, and hold the batches that were reported as added, or one more.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from corpus_tools.index.lasting import Index

from ..duplicates.articles import article

BATCH = 20
_LONGEST = 1.5  # seconds from the first add to the kill: some dozen adds


def batch(number: int) -> pd.DataFrame:
    """Twenty records, every fourth a copy of one in an earlier batch."""
    rows = range(number * BATCH, (number + 1) * BATCH)
    texts = [article(row // 4 if row % 4 == 0 else row, 12) for row in rows]
    return pd.DataFrame({"id": [f"r{row:06}" for row in rows], "text": texts})


def add_for_ever(folder: Path) -> None:
    """Add one batch after the other and say so; this is the process that is killed."""
    while True:
        with Index.open(folder, writing=True, create_missing=True) as index:
            index.add(batch(len(index) // BATCH))
            sys.stdout.write(f"{len(index) // BATCH}\n")
            sys.stdout.flush()


def killed(folder: Path, times: int, dice: random.Random) -> Iterator[tuple[int, int]]:
    """After each kill, the batches that were reported and those that are there; AssertionError where one is broken."""
    reported = 0
    for _ in range(times):
        command = [sys.executable, "-m", "tests.index.kills", "--child", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            reported = int(child.stdout.readline() or reported)
            time.sleep(dice.uniform(0, _LONGEST))
            child.kill()
            reported = max([reported, *(int(line) for line in child.stdout.read().splitlines(keepends=False) if line)])
        with Index.open(folder) as index:
            index.verify()
            there = len(index) // BATCH
            assert len(index) % BATCH == 0, f"{len(index)} records are no whole batches"
            assert there in (reported, reported + 1), f"{reported} batches were reported, and {there} are there"
        yield reported, there
        reported = there


def main() -> None:
    """Kill as often as asked, and say what was found."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--times", type=int, default=50)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.child:
        add_for_ever(given.child)
    old = new = 0
    with tempfile.TemporaryDirectory() as folder:
        for reported, there in killed(Path(folder) / "seen", given.times, random.Random(given.seed)):
            old, new = old + (there == reported), new + (there > reported)
    sys.stdout.write(f"{given.times} kills: {old} times the old state, {new} times the new one, never anything else\n")


if __name__ == "__main__":
    main()
