"""Where the time of `clean` goes: processor seconds by stage, beside those of reading, parsing and writing alone.

    python -m tests.benchmarks.profile --folder bench --records 10000 --file news.jsonl.gz

Each run is a process of its own, which cleans 20 records first: what it has spent by then is its start, with imports,
rules and tables. Then it cleans the corpus, in one process. Time counts for the innermost stage at work, so that the
stages add up to the whole. Figures are medians of the rounds and are kept in profile.json, from which the README has
its table; a corpus that is not run again keeps its column.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from corpus_tools import pipeline
from corpus_tools.chain import CHAIN
from corpus_tools.engines.bench import OwnFile
from corpus_tools.engines.folder import WorkFolder
from corpus_tools.engines.rendered import Renderer
from corpus_tools.io.draft import Draft
from corpus_tools.io.read import Reader
from corpus_tools.protocol import CorpusStep
from corpus_tools.run import _Writing, run
from corpus_tools.settings import Settings
from corpus_tools.steps.mark_duplicates import _State
from tests.benchmarks.contests import read_and_write_run
from tests.benchmarks.contests.__main__ import corpora, processor

KEPT = Path(__file__).with_suffix(".json")
START, REST, ALONE = "start", "the chain itself", "reading, parsing and writing alone"
STAGES: dict[str, list[tuple[Any, str]]] = {
    "read": [(Reader, "pieces"), (Draft, "__init__"), (Draft, "chunk")],
    "finding what steps changed": [(pipeline, "changes_between")],
    "mark_duplicates: fingerprints": [(CorpusStep, "prepare"), (_State, "add")],
    "mark_duplicates: candidates, judging, keepers": [(_State, "resolve"), (_State, "answer")],
    "spool": [(place, name) for place in (OwnFile, WorkFolder) for name in ("put", "take", "keep", "kept")],
    "records to bytes": [(Renderer, "_records")],
    "ledger, findings, counts": [(Renderer, "render")],
    "write": [(_Writing, "take"), (_Writing, "close"), (_Writing, "finish")],
}
"""What each stage consists of, beside the steps, which have their own names."""


class Clock:
    """Processor seconds by stage; what is at work inside a stage is not counted for the stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._at_work, self._since = [REST], time.process_time()

    def _settle(self) -> None:
        now = time.process_time()
        self.seconds[self._at_work[-1]] += now - self._since
        self._since = now

    def during(self, stage: str, work: Callable[[], Any]) -> Any:  # whatever the work returns
        """Do the work, and count it for the stage."""
        self._settle()
        self._at_work.append(stage)
        try:
            return work()
        finally:
            self._settle()
            self._at_work.pop()

    def watch(self, place: Any, name: str, stage: Callable[..., str]) -> None:  # a class or a module
        """Count every call of a function, and every step of what it yields, for the stage."""
        function = getattr(place, name)

        @functools.wraps(function)
        def watched(*given: Any, **named: Any) -> Any:
            found = self.during(stage(*given), functools.partial(function, *given, **named))
            return self._through(stage(*given), found) if isinstance(found, Iterator) else found

        setattr(place, name, watched)

    def _through(self, stage: str, items: Iterator[Any]) -> Iterator[Any]:
        nothing = object()
        while (item := self.during(stage, functools.partial(next, items, nothing))) is not nothing:
            yield item


def profile(corpus: Path, folder: Path) -> dict[str, float]:
    """Processor seconds of one run in this process, by stage."""
    few = folder / "few.jsonl"
    with corpus.open("rb") as lines:
        few.write_bytes(b"".join(islice(lines, 20)))
    run([str(few)], Settings(output=str(folder / "few.out.jsonl"), jobs=1))
    start, clock = time.process_time(), Clock()
    for stage, functions in STAGES.items():
        for place, name in functions:
            clock.watch(place, name, lambda *_, stage=stage: stage)
    clock.watch(pipeline, "_take", lambda _, step, *__: step.name)
    run([str(corpus)], Settings(output=str(folder / "out.jsonl"), jobs=1))
    clock.during(REST, lambda: None)
    before = time.process_time()
    sys.argv[1:] = [str(corpus), str(folder)]
    read_and_write_run.main()
    return {START: start, **clock.seconds, ALONE: time.process_time() - before}


def main() -> None:
    """Profile each corpus, and keep the table."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--folder", type=Path, required=True, help="where corpora and outputs go")
    ask.add_argument("--records", type=int, action="append", default=[], help="size of a planted corpus")
    ask.add_argument("--file", type=Path, action="append", default=[], help="a corpus of your own (.jsonl, .jsonl.gz)")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = ask.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.one:
        sys.stdout.write(json.dumps(profile(given.one, given.folder)))
        return
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["corpora"] if KEPT.exists() else {}
    for corpus in corpora(given.folder.resolve(), given.records, given.file, given.seed):
        out = given.folder / "out" / "profile"
        out.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.benchmarks.profile", "--folder", str(out), "--one", str(corpus.path)]
        runs = [
            json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(given.rounds)
        ]
        seconds = {stage: statistics.median(each.get(stage, 0.0) for each in runs) for stage in runs[0]}
        kept[corpus.name] = {
            "records": corpus.records, "rounds": given.rounds, "processor": processor(), "seconds": seconds
        }  # fmt: skip
    KEPT.write_text(json.dumps({"corpora": kept, "stages": _table(kept)}, indent=1) + "\n", encoding="utf-8")


def _table(kept: dict[str, Any]) -> dict[str, Any]:
    """A row a stage in the order of the chain: seconds of each corpus, and their share of the work behind the start."""
    read, changes, *others = STAGES
    before, _, after = "\n".join(CHAIN).partition("mark_duplicates")
    duplicates = [stage for stage in others if stage.startswith("mark_duplicates")]
    ends = [stage for stage in others if stage not in duplicates]
    stages = [read, *before.split(), changes, *duplicates, "mark_duplicates", *after.split(), *ends, REST]
    totals = {
        name: sum(seconds for stage, seconds in of_it["seconds"].items() if stage not in (START, ALONE))
        for name, of_it in kept.items()
    }
    rows = [
        [stage, *(_share(of_it["seconds"].get(stage, 0.0), totals[name]) for name, of_it in kept.items())]
        for stage in stages
    ]
    rows += [["all of it", *(f"{total:.2f}" for total in totals.values())]]
    rows += [[stage, *(f"{of_it['seconds'][stage]:.2f}" for of_it in kept.values())] for stage in (START, ALONE)]
    times = [f"{totals[name] / of_it['seconds'][ALONE]:.1f}" for name, of_it in kept.items()]
    rows.append(["all of it, in times of the last row", *times])
    return {"head": ["stage", *kept], "rows": rows}


def _share(seconds: float, total: float) -> str:
    return f"{seconds:.2f} ({seconds / total:.0%})"


if __name__ == "__main__":
    main()
