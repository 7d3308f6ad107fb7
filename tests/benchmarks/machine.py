"""What the whole chain costs on one machine: by size of the corpus, by number of processes, by memory given.

    python -m tests.benchmarks.generate --records 1000000 > corpus.jsonl
    python -m tests.benchmarks.machine corpus.jsonl --folder bench --write machine.json

Each row is a run of `clean` of its own over the first records of the corpus; its processes are looked at ten times a
second, so this needs Linux. Seconds are processor seconds of all processes. `critical path` is how long the run takes
on idle cores, one for each worker: of every half second in which processes worked, the share of the busiest one, or
that of all spread over the cores, whichever is longer. Wall time is true only where nobody else uses the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_WINDOW = 0.5  # seconds; shorter ones would count a process that waits for its turn as idle
_MB = 1 << 20


@dataclass(slots=True)
class Watched:
    """What was seen of a run: processor seconds and bytes written of each process, and the critical path."""

    cores: int
    seconds: dict[int, float] = field(default_factory=dict)
    written: dict[int, int] = field(default_factory=dict)
    path: float = 0.0
    _before: dict[int, float] = field(default_factory=dict)

    def look(self, process: int) -> None:
        """Look at a process and its children."""
        for number in (process, *_children(process)):
            try:
                fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                said = Path(f"/proc/{number}/io").read_text(encoding="utf-8").split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            self.seconds[number] = (int(fields[11]) + int(fields[12])) / _TICKS
            self.written[number] = max(int(said[3]), self.written.get(number, 0))

    def close_window(self) -> None:
        """Add what was done since the last window to the critical path."""
        done = [took - self._before.get(number, 0.0) for number, took in self.seconds.items()]
        self.path += max(*done, sum(done) / self.cores) if len(done) > 1 else sum(done)
        self._before = dict(self.seconds)


def _children(process: int) -> list[int]:
    try:
        said = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [int(number) for number in said.split()]


def measured(corpus: Path, folder: Path, records: int, jobs: int, memory: str | None = None) -> dict[str, Any]:
    """The figures of one run over the first records."""
    source, out = folder / f"{records}.jsonl", folder / "out" / "out.jsonl"
    if not source.exists():
        with corpus.open("rb") as whole, source.open("wb") as part:
            part.writelines(islice(whole, records))
    shutil.rmtree(out.parent, ignore_errors=True)
    command = [sys.executable, "-m", "corpus_tools", "clean", "-q", source.name, "-o", "out/out.jsonl"]
    seen, started = Watched(jobs), time.monotonic()
    command += ["--jobs", str(jobs), *(("--memory", memory) if memory else ())]
    with subprocess.Popen(command, cwd=folder) as process:
        closed = started
        while process.poll() is None:
            seen.look(process.pid)
            if time.monotonic() - closed >= _WINDOW:
                seen.close_window()
                closed = time.monotonic()
            time.sleep(0.1)
    seen.close_window()
    if process.returncode:
        sys.exit(f"failed: {' '.join(command)}")
    manifest = json.loads((out.parent / "out.run.json").read_bytes())
    files = sorted(path for path in out.parent.iterdir() if path.name != "out.run.json")
    digest = hashlib.sha256(b"".join(map(_digest, files))).hexdigest()
    outputs = sum(path.stat().st_size for path in files)
    return {
        "records": manifest["counts"]["read"],
        "jobs": jobs,
        "memory": memory,
        "bytes": source.stat().st_size,
        "seconds": round(sum(seen.seconds.values()), 1),
        "parent": round(seen.seconds[process.pid], 1),
        "path": round(seen.path, 1),
        "wall": round(time.monotonic() - started, 1),
        "peak_mb": manifest["peak_memory_mb"],
        "outputs": outputs,
        "laid_down": sum(seen.written.values()) - outputs,
        "steps": manifest["seconds"],
        "sha256": digest,
    }


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def runs(given: argparse.Namespace) -> Iterator[tuple[int, int, str | None]]:
    """Records, processes and memory of each run."""
    sizes = [int(size) for size in given.sizes.split(",") if size]
    yield from ((size, 1, None) for size in sizes)
    for jobs in (int(jobs) for jobs in given.jobs.split(",") if jobs):
        if (given.at, jobs) not in {(size, 1) for size in sizes}:
            yield given.at, jobs, None
    for memory in (memory for memory in given.memory.split(",") if memory):
        yield given.at, 1, memory


Table = dict[str, list[Any]]


def tables(rows: list[dict[str, Any]]) -> dict[str, Table]:
    """The README's tables of these runs."""
    free = [row for row in rows if row["memory"] is None]
    alone = [row for row in free if row["jobs"] == 1]
    many = {row["records"] for row in free if row["jobs"] > 1}
    shared = sorted((row for row in free if row["records"] in many), key=lambda row: (row["records"], row["jobs"]))
    bound = [row for row in rows if any(other["memory"] and other["records"] == row["records"] for other in rows)]
    return {
        "size": {
            "head": ["records", "processor seconds", "records/s", "peak memory",
                     "written beside the outputs"],
            "rows": [
                [f"{row['records']:,}", f"{row['seconds']:,.0f}", f"{row['records'] / row['seconds']:,.0f}",
                 f"{row['peak_mb']:,.0f} MB", f"{row['laid_down'] / 1e9:,.1f} GB"]
                for row in alone
            ],
        },
        "jobs": {
            "head": ["records", "processes", "processor seconds", "of them in the first process", "critical path",
                     "cores kept busy", "peak memory"],
            "rows": [
                [f"{row['records']:,}", str(row["jobs"]), f"{row['seconds']:,.0f}", f"{row['parent']:,.0f}",
                 f"{row['path']:,.0f} s", f"{row['seconds'] / row['path']:.2f}", f"{row['peak_mb']:,.0f} MB"]
                for row in shared
            ],
        },
        "memory": {
            "head": ["corpus", "`--memory`", "processor seconds", "peak memory", "outputs"],
            "rows": [
                [f"{row['bytes'] >> 20:,} MB", row["memory"] or "512M", f"{row['seconds']:,.0f}",
                 f"{row['peak_mb']:,.0f} MB", f"SHA-256 {row['sha256'][:12]}…"]
                for row in bound if row["jobs"] == 1
            ],
        },
        "stages": stages(max(alone, key=lambda row: row["records"])) if alone else {"head": [], "rows": []},
    }  # fmt: skip


def stages(row: dict[str, Any]) -> Table:
    """What each step cost of a run, for a million records: its share of the time, in processor seconds."""
    steps = {name: took for name, took in row["steps"].items() if name != "total"}
    whole = row["steps"]["total"]
    scale = row["seconds"] / whole / row["records"] * 1e6
    told = [(f"`{name}`", took) for name, took in steps.items()]
    told += [("reading, writing and all else", whole - sum(steps.values())), ("**all**", whole)]
    made = [[name, f"{took * scale:,.0f}", f"{took / whole:.0%}"] for name, took in told]
    return {"head": ["step", "processor seconds for a million records", "share"], "rows": made}


def main() -> None:
    """Run them one after the other; each is in the file as soon as it has ended, and stands for its like before."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("corpus", type=Path)
    ask.add_argument("--folder", type=Path, required=True, help="where inputs and outputs are put")
    ask.add_argument("--sizes", default="10000,100000,1000000", help="records, each in one process")
    ask.add_argument("--at", type=int, default=200_000, help="records for the rows of processes and memory")
    ask.add_argument("--jobs", default="1,2")
    ask.add_argument("--memory", default="", help="sizes for --memory, e.g. 50M")
    ask.add_argument("--write", type=Path, default=Path(__file__).with_suffix(".json"))
    given = ask.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = json.loads(given.write.read_text())["runs"] if given.write.exists() else []
    for records, jobs, memory in runs(given):
        made = measured(given.corpus, given.folder, records, jobs, memory)
        same = ("records", "jobs", "memory")
        rows = [row for row in rows if any(row[name] != made[name] for name in same)] + [made]
        rows.sort(key=lambda row: (row["memory"] or "", row["jobs"], row["records"]))
        given.write.write_text(json.dumps({"runs": rows, **tables(rows)}, indent=1, ensure_ascii=False) + "\n")
        sys.stdout.write(json.dumps({**made, "steps": None}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
