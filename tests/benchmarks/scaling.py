"""How time and memory of mark_duplicates grow with the corpus, as a table in Markdown.

    python tests/benchmarks/generate.py --records 1000000 > corpus.jsonl
    python -m tests.benchmarks.scaling corpus.jsonl --sizes 10000,100000,1000000

Each size runs in a process of its own. Seconds are processor seconds, without reading the file; memory is what the
process grew by at its peak, and the whole of it. `exponent` is e where time grows as records to the power of e, against
the row above.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any


def measured(corpus: Path, records: int) -> dict[str, Any]:
    """The figures of one size, from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.duplicates", str(corpus), "--json", "--records", str(records)]
    return dict(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def main() -> None:
    """Measure each size and print the table as it grows."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("corpus", type=Path)
    ask.add_argument("--sizes", default="10000,100000,1000000")
    given = ask.parse_args()
    say = sys.stdout.write
    say("| records | copies | seconds | records/s | exponent | memory grew by | bytes a record | peak memory |\n")
    say("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
    before: tuple[int, float] | None = None
    for size in map(int, given.sizes.split(",")):
        found = measured(given.corpus, size)
        seconds = found["add"] + found["resolve"] + found["mark"]
        exponent = f"{math.log(seconds / before[1]) / math.log(size / before[0]):.2f}" if before else ""
        before = size, seconds
        grown, peak = found["grown"] / (1 << 20), found["peak"] / (1 << 20)
        say(f"| {found['records']:,} | {found['copies']:,} | {seconds:.1f} | {found['records'] / seconds:,.0f} ")
        say(f"| {exponent} | {grown:,.0f} MB | {found['grown'] / found['records']:.0f} | {peak:,.0f} MB |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
