"""Kill a whole run at random moments, go on with --resume, and compare with a run that was never stopped.

    python -m tests.campaigns.stops [--times 20] [--records 3000] [--seed 1]

One trial in three is killed twice. Exits 1 if any output differs by a byte, or if anything is left behind.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.engines.corpora import lines

OUT = "out.jsonl"


def files(folder: Path) -> dict[str, bytes]:
    """What stands in a folder, but for the manifest, which has a clock in it."""
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()
            if path.name != "out.run.json"}  # fmt: skip


def command(source: Path, folder: Path, jobs: int) -> list[str]:
    """The same run, in some number of processes."""
    call = [sys.executable, "-m", "corpus_tools", "clean", "-q", str(source), "-o", str(folder / OUT)]
    return [*call, "--chunk-rows", "150", "--resume", "--jobs", str(jobs)]


def killed(call: list[str], after: float) -> bool:
    """Kill the run, all of its processes at once, after so many seconds; False where it was done before."""
    with subprocess.Popen(call, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
        return False


def main() -> int:
    """Run the trials; print a line for each."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--times", type=int, default=20)
    ask.add_argument("--records", type=int, default=3000)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    dice = random.Random(given.seed)
    failures = 0
    with tempfile.TemporaryDirectory(prefix="corpus_tools.stops.") as place:
        source, never = Path(place) / "in.jsonl", Path(place) / "never"
        source.write_bytes(b"\n".join(lines(given.records)) + b"\n")
        took = {}
        for jobs in (1, 2):
            started = time.perf_counter()
            subprocess.run(command(source, never, jobs), check=True)
            took[jobs] = time.perf_counter() - started
        expected = files(never)
        for trial in range(1, given.times + 1):
            folder = Path(place) / f"trial{trial}"
            moments, finished = [], 0
            for _ in range(2 if trial % 3 == 0 else 1):
                jobs = dice.choice((1, 2))
                after = dice.uniform(0.05, 1.0) * took[jobs]
                moments.append(
                    f"{after:.1f} s of {jobs} processes"
                    + ("" if killed(command(source, folder, jobs), after) else " (done)")
                )
                finished = len(list((folder / f".{OUT}.work").glob("*.done")))
            subprocess.run(command(source, folder, dice.choice((1, 2))), check=True)
            same = files(folder) == expected
            failures += not same
            sys.stdout.write(f"{trial:3} killed after {', '.join(moments)}; {finished} parts were finished; "
                             f"{'the same bytes' if same else 'DIFFERENT'}\n")  # fmt: skip
            sys.stdout.flush()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
