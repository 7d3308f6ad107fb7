"""The tasks of one part of the corpus: read it, prepare it for each corpus step, and write what came of it."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from corpus_tools.cluster.candidates import send_fingerprints
from corpus_tools.cluster.grouped import answers_of
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.members import joined
from corpus_tools.cluster.sources import Source
from corpus_tools.cluster.store import Store
from corpus_tools.engines.bench import Ask, Bench, Done, Task, peak_memory
from corpus_tools.engines.rendered import Counts, added_columns, scores_provenance
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.draft import Draft
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.order import Facts, Numbers
from corpus_tools.io.pieces import Piece
from corpus_tools.io.stream import InputReport
from corpus_tools.io.write import Writer
from corpus_tools.pipeline import Timing
from corpus_tools.report.provenance import ProvenanceTally

MARKED_ELSEWHERE = "mark_duplicates"
"""The step whose work is spread over all workers; others remember little of a record, and their memory is here."""
KINDS = ("kept", "removed", "ledger", "findings", "quarantine")
"""What a run writes of each part."""


@dataclass(slots=True)
class Read:
    """What was read of one part: a report for each of its files, and the columns its records brought."""

    inputs: list[InputReport]
    names: list[str]
    chunks: int


@dataclass(slots=True)
class Ready:
    """A part that went through one stage: the records of each of its chunks, and what it cost."""

    sizes: list[int]
    timing: Timing
    process: str
    peak: int


@dataclass(slots=True)
class Written:
    """What was written of one part."""

    counts: Counts
    timing: Timing
    process: str
    peak: int


def read(job: Job, part: int, source: Source) -> Read:
    """Read a part, and leave what its records need to know before they can be numbered."""
    fields, facts = FieldMap(job.settings.reading.get("column_map")), []
    with source.reader(job.settings.reading) as reader, contextlib.closing(reader.pieces()) as pieces:
        for piece in pieces:
            draft = Draft(piece, fields)
            reader.account(draft.tally)
            facts.append(draft.facts)
    job.work.put(f"facts/{part}", facts)
    return Read(reader.inputs, reader.names, len(facts))


def advance_part(
    job: Job,
    part: int,
    stage: int,
    source: Source | None,
    first: int,
    sizes: Sequence[int],
    frame: pd.DataFrame | None = None,
) -> Ready:
    """Take a part through a stage that is not the last, and leave what the corpus step behind it must know.

    The chunks of the part are numbered from `first` on and have `sizes` records; nobody knows before the first stage.
    A part that is no file is a `frame`.
    """
    bench = bench_of(job)
    after = bench.stages[stage].after
    assert after is not None
    made, prepared, timing = [], [], Timing()
    for done in itertools.starmap(bench.do, tasks_of(job, part, stage, pieces_of(job, source, frame), first, sizes)):
        made.append(done.records)
        timing.add(done.timing)
        if done.prepared is not None:
            prepared.append(done.prepared)
    if after[0].name == MARKED_ELSEWHERE:
        send_fingerprints(job, part, joined(prepared))
    else:
        job.work.put(f"given-{stage}/{part}", prepared)
    return Ready(made, timing, process(), peak_memory() or 0)


def finish_part(job: Job, part: int, stage: int, source: Source, first: int, sizes: Sequence[int]) -> Written:
    """Take a part through the last stage and write it."""
    bench = bench_of(job)
    chain = bench.chain
    files = {kind: io.BytesIO() for kind in KINDS}
    writers = {
        kind: Writer(files[kind], f"part{job.ending}", "jsonl", added_columns(chain)) for kind in ("kept", "removed")
    }
    counts = Counts(provenance=ProvenanceTally() if scores_provenance(chain) else None)
    timing, shape = Timing(), None
    for done in itertools.starmap(bench.do, tasks_of(job, part, stage, pieces_of(job, source), first, sizes)):
        rendered = done.rendered
        assert rendered is not None
        writers["kept"].take(rendered.kept)
        writers["removed"].take(rendered.removed)
        files["ledger"].write(rendered.ledger_after(shape))
        files["findings"].write(rendered.findings)
        files["quarantine"].write(rendered.quarantine)
        shape = rendered.last or shape
        counts.add(rendered.counts)
        timing.add(done.timing)
    for writer in writers.values():
        writer.close()
    for kind, name in names_of(job, part).items():
        job.output.write(name, files[kind].getvalue())
    return Written(counts, timing, process(), peak_memory() or 0)


def pieces_of(job: Job, source: Source | None, frame: pd.DataFrame | None = None) -> Iterator[Piece | pd.DataFrame]:
    """The pieces of a part, which are read when they are asked for; a frame is one."""
    if frame is not None:
        yield frame
    elif source is not None:
        with source.reader(job.settings.reading) as reader:
            yield from reader.pieces()


def tasks_of(
    job: Job, part: int, stage: int, pieces: Iterable[Piece | pd.DataFrame], first: int, sizes: Sequence[int]
) -> Iterator[tuple[Task, Ask]]:
    """What is to be done with each chunk of a part in one stage, in their order."""
    before = bench_of(job).stages[stage].before
    if before is None:
        numbers: list[Numbers] = job.work.take(f"numbers/{part}")
        for at, piece in enumerate(pieces):
            yield Task(0, first + at, piece), functools.partial(_numbered, numbers[at])
        return
    if before[0].name == MARKED_ELSEWHERE:
        answers: Any = answers_of(job, part, sizes, before[0].adds)
    else:
        answers = job.work.take(f"answers-{stage}/{part}")
    for at, answer in enumerate(answers):
        yield Task(stage, first + at, answer=answer), _asked_before


def _numbered(numbers: Numbers, _facts: Facts) -> Numbers:
    return numbers


def _asked_before(_facts: Facts) -> Numbers:
    raise AssertionError("only the first stage asks for numbers")


def process() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()} {os.getpid()}"


def names_of(job: Job, part: int) -> dict[str, str]:
    """The names of a part's files in the folder of the output."""
    name = f"part-{part:05}"
    records = {"kept": f"{name}{job.ending}", "removed": f"removed/{name}{job.ending}"}
    beside = {kind: f"{kind}/{name}.jsonl" for kind in ("ledger", "findings", "quarantine")}
    return {kind: path for kind, path in (records | beside).items() if kind == "kept" or job.settings.sidecars}


def bench_of(job: Job) -> Bench:
    """The bench of this process, made where it is first needed in a run."""
    bench = _BENCHES.get(job.key)
    if bench is None:
        _BENCHES.clear()
        bench = _BENCHES[job.key] = Bench(job.settings, _Chunks(job.work))
    return bench


_BENCHES: dict[str, Bench] = {}


@dataclass(frozen=True, slots=True)
class _Chunks:
    """Where chunks wait between two stages: with all else that tasks leave for each other."""

    work: Store

    def put(self, stage: int, number: int, chunk: Chunk) -> None:
        self.work.put(f"chunks/{stage}-{number}", chunk)

    def take(self, stage: int, number: int) -> Chunk:
        chunk: Chunk = self.work.take(f"chunks/{stage}-{number}")
        return chunk

    def keep(self, done: Done) -> None:
        """What came of a task is sent where it is needed."""

    def kept(self, _stage: int, _number: int) -> None:
        """A task that was done twice leaves the same twice."""

    def close(self) -> None:
        """Nothing is open."""
