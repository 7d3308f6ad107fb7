"""Clean a planted corpus with Dask workers, and compare every output with that of one machine, byte for byte.

    python -m tests.campaigns.workers --records 200000 --parts 1,3,16
    python -m tests.campaigns.workers --records 1000000 --memory-limit 4GB --kill
    python -m tests.campaigns.workers --records 3000 --copies 50000 --memory-limit 1GB

For each number of parts and of workers there is one run on a Dask cluster of processes on this machine. With `--kill`
one worker, drawn by the seed, is killed at a moment drawn by the seed, in the first half of the time that one machine
took. `--folder` keeps the corpus and what one machine made of it for the next call, `--json` keeps the figures. Exits 1
if any output differs.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster

from corpus_tools.engines.bench import peak_memory
from tests.benchmarks.generate import write

KINDS = ("kept", "removed", "ledger", "findings", "quarantine")
SAID_OF_THE_RUN = {"seconds", "peak_memory_mb", "outputs"}
HEAD = ("records", "workers", "parts", "limit of each", "killed", "seconds", "processor seconds", "largest worker, MB",
        "outputs")  # fmt: skip
CLEAN = [sys.executable, "-m", "corpus_tools", "clean", "-q"]
Found = dict[str, Any]


def hashes(files: dict[str, Iterable[Path]], manifest: Path) -> Found:
    """A hash of each output, its files one after the other, and what the manifest says but for clocks and places.

    The ledger counts without the rows that name keys, of which each part has its own first one.
    """
    found: Found = {}
    for kind, paths in files.items():
        digest = hashlib.sha256()
        for path in paths:
            with path.open("rb") as file:
                for line in file:
                    if kind != "ledger" or b'"step":"read","keys"' not in line:
                        digest.update(line)
        found[kind] = digest.hexdigest()
    told = json.loads(manifest.read_bytes())
    return found | {"manifest": {name: what for name, what in told.items() if name not in SAID_OF_THE_RUN}}


def in_one_file(folder: Path) -> Found:
    """What one machine wrote."""
    files = {kind: [folder / f"out.{kind}.jsonl"] for kind in KINDS[1:]} | {"kept": [folder / "out.jsonl"]}
    return hashes(files, folder / "out.run.json")


def in_parts(folder: Path) -> Found:
    """What workers wrote."""
    files = {kind: sorted((folder / kind).glob("part-*")) for kind in KINDS[1:]}
    return hashes({**files, "kept": sorted(folder.glob("part-*"))}, folder / "run.json")


def made(place: Path, records: int, copies: int, seed: int) -> tuple[Path, Path]:
    """The corpus, and the folder of what one machine made of it; made where they are not there yet."""
    source, local = place / "corpus.jsonl", place / "local"
    if not source.exists():
        with source.open("w", encoding="utf-8") as file:
            write(records, seed, file.write, None, copies)
    if not (local / "out.run.json").exists():
        local.mkdir(exist_ok=True)
        subprocess.run([*CLEAN, str(source), "-o", str(local / "out.jsonl")], check=True)
    return source, local


def processor_seconds() -> float:
    """Of this process and of all its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextlib.contextmanager
def killing(client: Client, dice: random.Random, within: float) -> Iterator[list[float]]:
    """Kill one worker once while the block runs; gives the second in which it was, as soon as it was."""
    moment, done, killed = dice.uniform(0.05, 0.5) * within, threading.Event(), list[float]()

    def kill() -> None:
        if not done.wait(moment):
            victim = dice.choice(sorted(client.run(os.getpid).values()))
            os.kill(victim, signal.SIGKILL)
            killed.append(moment)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join()


def measured(source: Path, out: Path, parts: int, workers: int, given: argparse.Namespace, within: float) -> list[Any]:
    """One run on Dask; what it took, in the order of `HEAD`, but for the last."""
    before, started = processor_seconds(), time.perf_counter()
    size = source.stat().st_size // parts + 1
    limit = given.memory_limit
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=limit or 0
        ) as cluster,
        Client(cluster) as client,
    ):
        dice = random.Random(given.seed + workers + parts)
        with killing(client, dice, within) if given.kill else contextlib.nullcontext([]) as killed:
            where = ["--engine", "dask", "--scheduler", cluster.scheduler_address, "--part-size", str(size)]
            subprocess.run([*CLEAN, *where, str(source), "-o", f"{out}/"], check=True)
        seconds = time.perf_counter() - started
        largest = max(client.run(peak_memory).values())
    counts = json.loads((out / "run.json").read_bytes())["counts"]
    told = f"one, after {killed[0]:,.0f} s" if killed else "MISSED" if given.kill else "none"
    return [
        counts["read"], workers, len(list(out.glob("part-*"))), limit or "none", told,
        round(seconds), round(processor_seconds() - before), round(largest / (1 << 20)),
    ]  # fmt: skip


def keep(path: Path, rows: list[list[Any]]) -> None:
    """Put the rows among those that are kept, in place of earlier ones of the same kind of run."""
    old = json.loads(path.read_text(encoding="utf-8"))["runs"]["rows"] if path.exists() else []

    def kind(row: list[Any]) -> list[Any]:
        return [*row[:4], row[4] == "none"]

    new = [[f"{value:,}" if isinstance(value, int) else value for value in row] for row in rows]
    kept = [row for row in old if all(kind(row) != kind(other) for other in new)]
    runs = {
        "head": HEAD,
        "rows": sorted([*kept, *new], key=lambda row: [int(cell.replace(",", "")) for cell in row[:3]]),
    }
    path.write_text(json.dumps({"runs": runs}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def numbers(text: str) -> list[int]:
    """Numbers with commas between them."""
    return list(map(int, text.split(",")))


def main() -> int:
    """Run them all; print a line for each."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=20_000)
    ask.add_argument("--copies", type=int, default=0, help="of one record, which hang together and go to one worker")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--parts", type=numbers, help="how many parts the corpus is cut into [default: of 64 MB each]")
    ask.add_argument("--workers", type=numbers, default=[2])
    ask.add_argument("--memory-limit", help="how much a worker may take before Dask ends it, e.g. 4GB")
    ask.add_argument("--kill", action="store_true")
    ask.add_argument("--folder", type=Path)
    ask.add_argument("--json", type=Path)
    given = ask.parse_args()
    differ = 0
    with tempfile.TemporaryDirectory(prefix="corpus_tools.workers.") as temporary:
        place = given.folder or Path(temporary)
        source, local = made(place, given.records, given.copies, given.seed)
        expected = in_one_file(local)
        within = json.loads((local / "out.run.json").read_bytes())["seconds"]["total"]
        for workers in given.workers:
            for parts in given.parts or [source.stat().st_size // (64 << 20) + 1]:
                out = place / f"dask-{workers}-{parts}"
                row = measured(source, out, parts, workers, given, within)
                found = in_parts(out)
                shutil.rmtree(out)
                wrong = sorted(kind for kind in expected if expected[kind] != found[kind])
                differ += bool(wrong) or "MISSED" in row
                row.append(f"DIFFERENT: {', '.join(wrong)}" if wrong else "the same bytes")
                sys.stdout.write("; ".join(f"{name} {value}" for name, value in zip(HEAD, row, strict=True)) + "\n")
                sys.stdout.flush()
                if given.json:
                    keep(given.json, [row])
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
