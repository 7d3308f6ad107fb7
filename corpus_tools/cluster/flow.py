"""One run on Dask: which tasks there are, and what must be done before which.

What is done here and by one alone is numbering: which ids are taken, and where each record stands, a few bytes a
record. All else is done by tasks that know one part of the corpus, or one bucket of keys, and leave files for others.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from corpus_tools.chain import load_chain
from corpus_tools.cluster import candidates, hanging, members
from corpus_tools.cluster.grouped import judge_group
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.sources import Source, find_files, sources_of
from corpus_tools.cluster.store import Store, file_system
from corpus_tools.cluster.tasks import Each
from corpus_tools.cluster.work import MARKED_ELSEWHERE, Read, Ready, Written, advance_part, finish_part, read
from corpus_tools.engines.rendered import Counts, scores_provenance
from corpus_tools.io.order import Facts, Order
from corpus_tools.io.stream import BLOCK_BYTES, InputReport
from corpus_tools.pipeline import Stage, Timing, stages_of
from corpus_tools.progress import Progress
from corpus_tools.report.provenance import ProvenanceTally
from corpus_tools.settings import Settings

WORK = ".work"
"""The folder, in that of the output, of what tasks leave for each other; it goes when the run ends."""
_MOST_BUCKETS = 512


@dataclass(slots=True)
class Ran:
    """What a run did; `outputs` names the folder and what is in it."""

    job: Job
    inputs: list[InputReport]
    sources: list[str]
    names: list[str]
    counts: Counts
    timing: Timing
    peaks: dict[str, int] = field(default_factory=dict)

    @property
    def peak_memory(self) -> int:
        """Bytes that all processes took at most."""
        return sum(self.peaks.values())


class Flow:
    """One run of a chain over some files; leaves the parts of its output in their folder."""

    def __init__(self, inputs: Sequence[str], settings: Settings, each: Each, tell: Progress) -> None:
        reading = settings.reading
        self._paths = find_files(inputs, reading.get("format"))
        whole = bool(reading.get("encoding"))
        self._sources = sources_of(self._paths, reading.get("format"), settings.part_bytes, whole=whole)
        parts, key = len(self._sources), uuid.uuid4().hex
        output = Store(settings.output.rstrip("/"))
        buckets = max(1, min(parts, _MOST_BUCKETS))
        self._job = Job(Store(f"{output.address}/{WORK}"), output, settings, key, parts, buckets)
        self._each, self._tell = each, tell
        self._order, self._timing = Order(), Timing()
        self._peaks: dict[str, int] = defaultdict(int)
        self._firsts: list[int] = []
        self._sizes: list[list[int]] = [[]] * parts

    def run(self) -> Ran:
        """Run the chain."""
        settings = self._job.settings
        chain = load_chain(settings.steps, settings.step_options, settings.common)
        counts = Counts(provenance=ProvenanceTally() if scores_provenance(chain) else None)
        inputs, names = self._read()
        *collecting, _ = stages_of(chain)
        for number, stage in enumerate(collecting):
            for part, ready in enumerate(self._advance(advance_part, number)):
                self._sizes[part] = ready.sizes
            self._look_at_all(number, stage)
        for written in self._advance(finish_part, len(collecting)):
            counts.add(written.counts)
        return Ran(self._job, inputs, self._order.sources, names, counts, self._timing, dict(self._peaks))

    def _read(self) -> tuple[list[InputReport], list[str]]:
        """Read all parts and number their records."""
        self._count_lines()
        found: list[Read] = self._each(read, ((self._job, *pair) for pair in enumerate(self._sources)))
        at, names = 0, dict[str, None]()
        for part, (source, came) in enumerate(zip(self._sources, found, strict=True)):
            facts: list[Facts] = self._job.work.take(f"facts/{part}")
            if facts and not source.begins:
                facts[0].moves.pop(0)  # the file was entered by the part before
            self._job.work.put(f"numbers/{part}", [self._order.number(some) for some in facts])
            self._firsts.append(at)
            at += came.chunks
            names |= dict.fromkeys(came.names)
            self._tell("reading", sum(report.records for report in came.inputs))
        return self._reports(found), list(names)

    def _count_lines(self) -> None:
        """Let the parts that begin within a file know the number of their first line."""
        spans = [part for part, source in enumerate(self._sources) if source.end is not None]
        ends = self._each(Source.line_ends, ((self._sources[part],) for part in spans))
        line = 1
        for part, count in zip(spans, ends, strict=True):
            source = self._sources[part]
            line = 1 if source.begins else line
            self._sources[part] = replace(source, line=line)
            line += count

    def _reports(self, found: Sequence[Read]) -> list[InputReport]:
        """A report for each file, whole or in spans."""
        reports: dict[int, InputReport] = {}
        spans = sorted({source.first for source in self._sources if source.end is not None})
        hashes = dict(zip(spans, self._each(_hashed, ((self._paths[number],) for number in spans)), strict=True))
        for source, came in zip(self._sources, found, strict=True):
            for number, report in enumerate(came.inputs, source.first):
                if number not in reports:
                    reports[number] = replace(report, sha256=hashes.get(number, report.sha256))
                    continue
                whole = reports[number]
                whole.bytes += report.bytes
                whole.records += report.records
                whole.quarantined += report.quarantined
        return [reports[number] for number in sorted(reports)]

    def _advance(self, task: Any, stage: int) -> list[Any]:
        done: list[Ready | Written] = self._each(
            task,
            (
                (self._job, part, stage, source, self._firsts[part], self._sizes[part])
                for part, source in enumerate(self._sources)
            ),
        )
        for what in done:
            self._timing.add(what.timing)
            self._peaks[what.process] = max(self._peaks[what.process], what.peak)
        return done

    def _look_at_all(self, number: int, stage: Stage) -> None:
        """Let the corpus step behind a stage judge."""
        assert stage.after is not None
        step, options = stage.after
        self._tell("comparing", 0)
        if step.name == MARKED_ELSEWHERE:
            self._find_duplicates(stage)
            return
        with closing(step.start(**options)) as state:
            for part in range(self._job.parts):
                for prepared in self._job.work.take(f"given-{number}/{part}"):
                    state.add(prepared)
            state.resolve()
            self._timing.remarks += getattr(state, "remarks", [])
            for part, sizes in enumerate(self._sizes):
                self._job.work.put(f"answers-{number + 1}/{part}", [state.answer(size) for size in sizes])

    def _find_duplicates(self, stage: Stage) -> None:
        assert stage.after is not None
        job, parts = self._job, range(self._job.parts)
        self._in_buckets(candidates.pair_bucket)
        self._in_buckets(candidates.sketch_first)
        self._in_buckets(candidates.sift)
        turn, changed = 0, True
        while changed:
            changed = any([*self._in_buckets(hanging.star, turn), *self._in_buckets(hanging.star, turn + 1)])
            turn += 2
        self._in_buckets(members.call, turn)
        first_rows = _starts(map(sum, self._sizes))
        self._each(members.come, ((job, part, first_rows[part]) for part in parts))
        self._in_buckets(members.choose_stories)
        self._each(members.tell_stories, ((job, part) for part in parts))
        self._in_buckets(members.learn)
        self._in_buckets(judge_group, *stage.after)

    def _in_buckets(self, task: Any, *more: Any) -> list[Any]:
        return self._each(task, ((self._job, bucket, *more) for bucket in range(self._job.buckets)))


def _starts(sizes: Iterable[int]) -> list[int]:
    starts = [0]
    for size in sizes:
        starts.append(starts[-1] + size)
    return starts


def _hashed(path: str) -> str:
    """SHA-256 of a file that nobody reads as a whole."""
    files, inside = file_system(path)
    digest = hashlib.sha256()
    with files.open(inside, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
