"""How fast whose story it is, is found: the three steps of provenance against reading and writing the same records.

    python -m tests.benchmarks.syndication FILE.jsonl[.gz] [--rounds 3] [--floor]

Prints, for each round, the processor's seconds for reading with orjson into a frame and writing it again, for each
step, and the ratio of the steps together to that. A round has a process of its own, so that no line of the file is
known from the round before; the rules are loaded first, and the seconds for that stand by themselves.

`--floor` adds what the steps can't go below as long as they look for the words of all rules in all lines: the seconds
for parting the texts into lines and for one look at each line for those words, and for the words that open furniture.
All that is done with what was found is left out of it, and so are the datelines, the credits and the other columns.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

import orjson
import pandas as pd

from corpus_tools import cells
from corpus_tools.rules.credits import wordings
from corpus_tools.rules.directory import directory
from corpus_tools.rules.footers import footers
from corpus_tools.rules.furniture import furniture
from corpus_tools.steps.flag_provenance import flag_provenance
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication
from corpus_tools.text.line_table import lines_of

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


def look(frame: pd.DataFrame) -> None:
    """The floor: part the texts into lines, and look in each line for the words of all rules."""
    lines = lines_of(cells.texts(frame, "text"))
    lines.found(*directory().signs)
    lines.found(furniture().pattern)


def measure(path: Path, floor: bool) -> dict[str, float]:
    """Seconds of the processor by what was done; what the steps take of reading and writing under "ratio"."""
    started = time.process_time()
    load()
    seconds = {"loading rules": time.process_time() - started}
    started = time.process_time()
    frame = read(path)
    with tempfile.TemporaryDirectory() as folder:
        write(frame, Path(folder) / "out.jsonl")
    seconds["reading and writing"] = time.process_time() - started
    if floor:
        own = frame.assign(text=frame["text"].to_list())  # so that the steps find nothing done
        started = time.process_time()
        look(own)
        seconds["floor"] = time.process_time() - started
    for step in STEPS:
        started = time.process_time()
        frame = step(frame)
        seconds[step.name] = time.process_time() - started
    steps = sum(seconds[step.name] for step in STEPS)
    ratios = {"ratio": steps / seconds["reading and writing"]}
    if floor:
        ratios["floor's ratio"] = seconds["floor"] / seconds["reading and writing"]
    return seconds | ratios | {"records/s": len(frame) / steps}


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
        sys.stdout.write("  ".join(f"{name} {value:.2f}" for name, value in told.items()) + "\n")


if __name__ == "__main__":
    main()
