"""Speed and memory of mark_duplicates, as a table.

    python tests/benchmarks/generate.py --records 200000 > corpus.jsonl
    python tests/benchmarks/duplicates.py corpus.jsonl

Memory is what the process grew by between the first chunk and the end, at its peak, for each record; the chunks
themselves are read again for the second pass, as a pipeline does.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pandas as pd

from corpus_tools.protocol import Log
from corpus_tools.steps.mark_duplicates import mark_duplicates

_CHUNK = 2000


def chunks(path: Path) -> Iterator[pd.DataFrame]:
    """The corpus in frames of 2,000 records."""
    with path.open("rb") as lines:
        while part := list(islice(lines, _CHUNK)):
            yield pd.DataFrame([json.loads(line) for line in part])


def peak_bytes() -> int:
    """The most memory the process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Run the three passes and write one row each."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("corpus", type=Path)
    path = ask.parse_args().corpus
    mark_duplicates(next(chunks(path)).head(100))
    for _ in zip(chunks(path), range(3), strict=False):
        pass
    before, records, copies = peak_bytes(), 0, 0
    state = mark_duplicates.start()
    seconds = {"add": 0.0, "resolve": 0.0, "mark": 0.0}
    for frame in chunks(path):
        started = time.perf_counter()
        mark_duplicates.add(state, frame)
        seconds["add"] += time.perf_counter() - started
        records += len(frame)
    started = time.perf_counter()
    state.resolve()
    seconds["resolve"] = time.perf_counter() - started
    for frame in chunks(path):
        started = time.perf_counter()
        copies += int(mark_duplicates.mark(state, frame, Log())["duplicate_of"].notna().sum())
        seconds["mark"] += time.perf_counter() - started
    state.close()
    total = sum(seconds.values())
    lines = [f"{records} records, {copies} copies, {(peak_bytes() - before) / records:.0f} bytes a record"]
    lines += [f"{name:<8} {took:8.1f} s {records / took:10.0f} records/s" for name, took in seconds.items()]
    sys.stdout.write("\n".join([*lines, f"all      {total:8.1f} s {records / total:10.0f} records/s", ""]))


if __name__ == "__main__":
    main()
