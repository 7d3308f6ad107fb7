"""Kill a whole run at random moments, go on with --resume, and compare with a run that was never stopped.

    python -m tests.campaigns.stops [--times 20] [--records 3000] [--chunk-rows 150] [--seed 1]
    python -m tests.benchmarks.generate --records 200000 > corpus.jsonl
    python -m tests.campaigns.stops --in-a-row --times 20 --corpus corpus.jsonl --chunk-rows 2000

Each trial is a run of its own, and one in three is killed twice. With --in-a-row it is one run that is killed every
time, from its beginning to its end, and goes on every time, in one process or in two. Exits 1 if any output differs by
a byte, or if anything is left behind.
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.engines.corpora import lines

OUT = "out.jsonl"
_STAGES = 2  # of the chain: before all copies are known, and after


def files(folder: Path) -> dict[str, bytes]:
    """What stands in a folder, but for the manifest, which has a clock in it."""
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()
            if path.name != "out.run.json"}  # fmt: skip


def killed(call: Sequence[str], folder: Path, after: float, parts: int = 0) -> bool:
    """Kill the run, all of its processes at once, so many seconds after it has finished so many parts.

    False where it was done before.
    """
    with subprocess.Popen(call, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and parts_in(folder) < parts:
            time.sleep(0.05)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
        return False


def timed(call: Sequence[str]) -> float:
    """How many seconds a run takes that nobody stops."""
    started = time.perf_counter()
    subprocess.run(call, check=True)
    return time.perf_counter() - started


@dataclass(slots=True)
class Campaign:
    """A corpus in a folder, and what may happen to its runs."""

    place: Path
    records: int
    chunk_rows: int
    times: int
    dice: random.Random

    def command(self, folder: Path, jobs: int) -> list[str]:
        """The same run, in some number of processes."""
        call = [
            sys.executable,
            "-m",
            "corpus_tools",
            "clean",
            "-q",
            str(self.place / "in.jsonl"),
            "-o",
            str(folder / OUT),
        ]
        return [*call, "--chunk-rows", str(self.chunk_rows), "--resume", "--jobs", str(jobs)]

    def any_number(self, folder: Path) -> list[str]:
        """The run in one process or in two."""
        return self.command(folder, self.dice.choice((1, 2)))

    def write(self, corpus: Path | None) -> None:
        """Write the corpus, or take one that is there."""
        if corpus:
            (self.place / "in.jsonl").symlink_to(corpus.absolute())
        else:
            (self.place / "in.jsonl").write_bytes(b"\n".join(lines(self.records)) + b"\n")

    def runs(self) -> int:
        """One run after the other, each stopped once or twice. Returns how many went wrong."""
        never, failures = self.place / "never", 0
        took = {jobs: timed(self.command(never, jobs)) for jobs in (1, 2)}
        expected = files(never)
        for trial in range(1, self.times + 1):
            folder, moments = self.place / f"trial{trial}", []
            for _ in range(2 if trial % 3 == 0 else 1):
                jobs = self.dice.choice((1, 2))
                after = self.dice.uniform(0.05, 1.0) * took[jobs]
                done = "" if killed(self.command(folder, jobs), folder, after) else " (done)"
                moments.append(f"{after:.1f} s of {jobs} processes{done}")
            finished = parts_in(folder)
            subprocess.run(self.any_number(folder), check=True)
            same = files(folder) == expected
            failures += not same
            say(f"{trial:3} killed after {', '.join(moments)}; {finished} parts were finished; {verdict(same)}")
        return failures

    def in_a_row(self) -> int:
        """One run, stopped every time some more parts are finished. Returns 1 if it went wrong."""
        never, folder = self.place / "never", self.place / "stopped"
        subprocess.run(self.any_number(never), check=True)
        with (self.place / "in.jsonl").open("rb") as file:
            chunks = -(-sum(1 for _ in file) // self.chunk_rows)
        stops = 0
        for time_ in range(1, self.times + 1):
            more = self.dice.randint(0, 2 * _STAGES * chunks // self.times)
            stopped = killed(self.any_number(folder), folder, self.dice.uniform(0, 3), parts_in(folder) + more)
            stops += stopped
            say(f"{time_:3} {'killed' if stopped else 'done'}; {parts_in(folder)} parts are finished")
            if not stopped:
                break
        subprocess.run(self.any_number(folder), check=True)
        same = files(folder) == files(never)
        say(f"stopped {stops} times: {verdict(same)}")
        return int(not same)


def parts_in(folder: Path) -> int:
    """How much of a run waits to be gone on with."""
    return len(list((folder / f".{OUT}.work").glob("*.done")))


def verdict(same: bool) -> str:
    """In words."""
    return "the same bytes" if same else "DIFFERENT"


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the trials; print a line for each."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--in-a-row", action="store_true", help="one run, killed every time")
    ask.add_argument("--times", type=int, default=20)
    ask.add_argument("--records", type=int, default=3000)
    ask.add_argument("--corpus", type=Path, help="JSON lines to take instead of invented ones")
    ask.add_argument("--chunk-rows", type=int, default=150)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="corpus_tools.stops.") as place:
        campaign = Campaign(Path(place), given.records, given.chunk_rows, given.times, random.Random(given.seed))
        campaign.write(given.corpus)
        failures = campaign.in_a_row() if given.in_a_row else campaign.runs()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
