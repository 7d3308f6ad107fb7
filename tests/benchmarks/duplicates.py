"""Speed and memory of mark_duplicates, as a table.

    python -m tests.benchmarks.generate --records 200000 > corpus.jsonl
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


def chunks(path: Path, records: int | None = None) -> Iterator[pd.DataFrame]:
    """The corpus, or its first records, in frames of 2,000."""
    with path.open("rb") as file:
        lines = islice(file, records)
        while part := list(islice(lines, _CHUNK)):
            yield pd.DataFrame([json.loads(line) for line in part])


def peak_bytes() -> int:
    """The most memory the process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measured(path: Path, records: int | None = None) -> dict[str, float]:
    """Mark the duplicates of the first `records`; seconds are processor seconds, without reading the file."""
    mark_duplicates(next(chunks(path)).head(100))
    for _ in zip(chunks(path, records), range(3), strict=False):
        pass
    before, seconds = peak_bytes(), {"add": 0.0, "resolve": 0.0, "mark": 0.0}
    found = {"records": 0, "copies": 0}
    state = mark_duplicates.start()
    for frame in chunks(path, records):
        started = time.process_time()
        state.add(mark_duplicates.prepare(frame))
        seconds["add"] += time.process_time() - started
        found["records"] += len(frame)
    started = time.process_time()
    state.resolve()
    seconds["resolve"] = time.process_time() - started
    for frame in chunks(path, records):
        started = time.process_time()
        found["copies"] += int(
            mark_duplicates.mark(state.answer(len(frame)), frame, Log())["duplicate_of"].notna().sum()
        )
        seconds["mark"] += time.process_time() - started
    state.close()
    return {**found, **seconds, "grown": peak_bytes() - before, "peak": peak_bytes()}


def main() -> None:
    """Run the three passes and write one row each."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("corpus", type=Path)
    ask.add_argument("--records", type=int, help="only the first so many")
    ask.add_argument("--json", action="store_true", help="the figures as one JSON object")
    given = ask.parse_args()
    found = measured(given.corpus, given.records)
    if given.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    passes = {name: found[name] for name in ("add", "resolve", "mark")}
    passes["all"] = sum(passes.values())
    records = found["records"]
    lines = [f"{records:.0f} records, {found['copies']:.0f} copies, {found['grown'] / records:.0f} bytes a record"]
    lines += [f"{name:<8} {took:8.1f} s {records / took:10.0f} records/s" for name, took in passes.items()]
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
