"""How fast whose story it is, is found: the three steps of provenance against reading and writing the same records.

    python -m tests.benchmarks.syndication FILE.jsonl[.gz] [--rounds 3] [--floor]

Prints, for each round, the processor's seconds for reading with orjson into a frame and writing it again, for each
step, and the ratio of the steps together to that. A round has a process of its own, so that no line of the file is
known from the round before; the rules are loaded first, and the seconds for that stand by themselves.

`--floor` adds, on a line of its own, what the steps can't go below in the way they work: the seconds of each walk that
every record is owed, done alone and with nothing made of what it finds. The texts are parted into lines; the lines are
looked through for the words of all rules and for the openings of furniture; the first and last ones for the shapes of
datelines, bylines and credits; the ends of texts for reservations and marks of truncation. The other columns become
Python's and come back. The bodies with a hop or a cut are read, the cut ones written; and the flags that the steps
said are said once more. All that the steps think about a record lies above the floor.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pandas as pd

from corpus_tools import cells
from corpus_tools.protocol import Log
from corpus_tools.rules.credits import wordings
from corpus_tools.rules.directory import directory
from corpus_tools.rules.footers import footers
from corpus_tools.rules.furniture import furniture
from corpus_tools.steps.flag_provenance import flag_provenance
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication
from corpus_tools.text.bylines import MAY_BE_BYLINE
from corpus_tools.text.credits import CREDIT_SHAPES, MAY_BE_NAME, NO_SENTENCE
from corpus_tools.text.cuts import in_bytes
from corpus_tools.text.datelines import MAY_OPEN
from corpus_tools.text.line_table import lines_of
from corpus_tools.text.lines import MOST_HEAD, MOST_TAIL
from corpus_tools.text.rights import may_be_reserved
from corpus_tools.text.truncation import may_be_cut

STEPS = (trace_syndication, strip_furniture, flag_provenance)


def read(path: Path) -> pd.DataFrame:
    """The records of a JSONL file as a frame."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        return pd.DataFrame([orjson.loads(line) for line in lines])


def write(frame: pd.DataFrame, path: Path) -> None:
    """The frame as JSONL."""
    with path.open("wb") as out:
        out.writelines(orjson.dumps(row) + b"\n" for row in frame.to_dict("records"))


def load() -> None:
    """Load the rules, and compile the pattern of each sentence, by tracing the rules' own examples."""
    examples = [row.example for row in (*footers(), *wordings().sentences)]
    frame = pd.DataFrame({"text": examples})
    for step in STEPS:
        frame = step(frame)


def steps(frame: pd.DataFrame, log: Log, seconds: dict[str, float]) -> pd.DataFrame:
    """The frame after the three steps, each with its seconds."""
    for step in STEPS:
        started = time.process_time()
        frame = step.run(frame, log)
        seconds[step.name] = time.process_time() - started
    return frame


def walks(before: pd.DataFrame, after: pd.DataFrame, log: Log) -> Iterator[tuple[str, Callable[[], object]]]:
    """The walks of the floor; `after` and `log` are what the steps made of `before`."""
    texts = cells.texts(before, "text")
    yield "lines", lambda: lines_of(texts)
    table = lines_of(texts)
    yield "words", lambda: table.found(*directory().signs)
    yield "furniture", lambda: table.found(furniture().pattern)
    head, tail = table.where(table.from_head < MOST_HEAD), table.where(table.from_tail < MOST_TAIL)
    yield "heads", lambda: [head.found(pattern) for pattern in (MAY_OPEN, MAY_BE_BYLINE)]
    yield "tails", lambda: (tail.found(CREDIT_SHAPES), tail.holding(NO_SENTENCE).found(MAY_BE_NAME))
    yield "ends", lambda: (may_be_reserved(table.texts), may_be_cut(table.texts))
    others = [name for name in after.columns if name != "text"]
    yield "columns", lambda: [cells.put(after, name, cells.objects(after, name)) for name in others]
    cuts = {row: spans for (row, _), spans in log.rules.items()}
    gone = {row: in_bytes(table.texts[row], spans) for row, spans in cuts.items()}
    hops = [row for row, chain in enumerate(after["syndication_chain"]) if chain]
    yield "bodies", lambda: [table.texts[row] for rows in (hops, cuts) for row in rows]
    yield "cuts", lambda: cells.cut(before.copy(deep=False), "text", gone)
    yield "flags", lambda: [Log().flag(found.row, found.code, evidence=found.evidence) for found in log.findings]


def measure(path: Path, floor: bool) -> list[dict[str, float]]:
    """Seconds of the processor by what was done, and what the steps take of reading and writing under "ratio".

    With `floor`, the same for its walks.
    """
    started = time.process_time()
    load()
    seconds = {"loading rules": time.process_time() - started}
    started = time.process_time()
    frame = read(path)
    with tempfile.TemporaryDirectory() as folder:
        write(frame, Path(folder) / "out.jsonl")
    around = seconds["reading and writing"] = time.process_time() - started
    log = Log()
    after = steps(frame, log, seconds)
    taken = sum(seconds[step.name] for step in STEPS)
    told = [seconds | {"ratio": taken / around, "records/s": len(frame) / taken}]
    if floor:
        least = {}
        own = frame.assign(text=frame["text"].to_list())  # so that the walks find nothing done
        for name, walk in walks(own, after, log):
            started = time.process_time()
            walk()
            least[name] = time.process_time() - started
        told.append(least | {"floor": sum(least.values()), "floor's ratio": sum(least.values()) / around})
    return told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--floor", action="store_true")
    given = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    for _ in range(given.rounds):
        one = fresh.Pool(1)
        told = one.apply(measure, (given.file, given.floor))
        one.close()
        one.join()
        for figures in told:
            sys.stdout.write("  ".join(f"{name} {value:.2f}" for name, value in figures.items()) + "\n")


if __name__ == "__main__":
    main()
