"""How fast whose story it is, is found: the three steps of provenance against reading and writing the same records.

    python -m tests.benchmarks.syndication FILE.jsonl[.gz] [--rounds 3]

Prints, for each round, the processor's seconds for reading with orjson into a frame and writing it again, for each
step, and the ratio of the steps together to that.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
import time
from pathlib import Path

import orjson
import pandas as pd

from corpus_tools.steps.flag_provenance import flag_provenance
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication

STEPS = (trace_syndication, strip_furniture, flag_provenance)


def read(path: Path) -> pd.DataFrame:
    """The records of a JSONL file as a frame."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        return pd.DataFrame([orjson.loads(line) for line in lines])


def write(frame: pd.DataFrame, path: Path) -> None:
    """The frame as JSONL."""
    with path.open("wb") as out:
        out.writelines(orjson.dumps(row) + b"\n" for row in frame.to_dict("records"))


def measure(path: Path) -> dict[str, float]:
    """Seconds of the processor by what was done; the ratio under "ratio"."""
    started = time.process_time()
    frame = read(path)
    with tempfile.TemporaryDirectory() as folder:
        write(frame, Path(folder) / "out.jsonl")
    seconds = {"reading and writing": time.process_time() - started}
    for step in STEPS:
        started = time.process_time()
        frame = step(frame)
        seconds[step.name] = time.process_time() - started
    steps = sum(seconds[step.name] for step in STEPS)
    return seconds | {"ratio": steps / seconds["reading and writing"], "records/s": len(frame) / steps}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for _ in range(given.rounds):
        sys.stdout.write("  ".join(f"{name} {value:.2f}" for name, value in measure(given.file).items()) + "\n")


if __name__ == "__main__":
    main()
