"""From pieces of input to finished chunks: the stages of a chain, one after the other, on any engine.

Chunks may be worked on anywhere and in any order. What must be done in reading order and by one alone is done here:
numbering them, and feeding the corpus steps.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from typing import Protocol

from corpus_tools.engines.bench import Ask, Done, Task
from corpus_tools.engines.rendered import Rendered
from corpus_tools.io.pieces import Piece
from corpus_tools.io.read import Reader
from corpus_tools.pipeline import Chain, Stage, Timing, phase_of, stages_of
from corpus_tools.progress import Progress
from corpus_tools.protocol import CorpusState, Elsewhere, Sharing


class Engine(Protocol):
    """Something that does tasks."""

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Has other things done in other processes, where there are any."""

    def each(self, tasks: Iterable[Task], ask: Ask) -> Iterator[Done]:
        """What came of each task, in their order, whoever did them. Raises what the first of them raised."""

    def peak_memory(self) -> int:
        """Bytes that other processes took at most."""


class Flow:
    """One run of a chain over what a reader reads; `timing` tells what each step cost and changed."""

    def __init__(self, reader: Reader, chain: Chain, engine: Engine, tell: Progress) -> None:
        self._reader, self._engine, self._tell = reader, engine, tell
        self._stages = stages_of(chain)
        self._sizes: list[int] = []  # the records of each chunk
        self._records = 0
        self._shares: list[float | None] = []  # how much of the input was taken when it was cut
        self.timing = Timing()

    def rendered(self, pieces: Iterable[Piece]) -> Iterator[Rendered]:
        """The finished chunks, in reading order."""
        tasks = self._reading(pieces)
        with contextlib.ExitStack() as stack:
            for number, stage in enumerate(self._stages):
                if stage.after is None:
                    break
                step, options = stage.after
                state = stack.enter_context(contextlib.closing(step.start(**options)))
                self._collect(tasks, number, stage, state)
                tasks = self._answered(number + 1, state)
            for done in self._done(tasks, len(self._stages) - 1):
                assert done.rendered is not None
                yield done.rendered

    def _collect(self, tasks: Iterable[Task], number: int, stage: Stage, state: CorpusState) -> None:
        assert stage.after is not None
        name = stage.after[0].name
        for done in self._done(tasks, number):
            started = time.perf_counter()
            if done.prepared is not None:
                state.add(done.prepared)
            self.timing.seconds[name] += time.perf_counter() - started
        started = time.perf_counter()
        self._tell(name.replace("_", " "), 0)
        if isinstance(state, Sharing) and self._engine.elsewhere is not None:
            state.share(self._engine.elsewhere)
        state.resolve()
        self.timing.remarks += getattr(state, "remarks", [])
        self.timing.seconds[name] += time.perf_counter() - started

    def _done(self, tasks: Iterable[Task], stage: int) -> Iterator[Done]:
        doing, records = phase_of(stage, len(self._stages)), 0
        self._tell(doing, 0, 0.0 if stage else self._reader.share)
        for done in self._engine.each(tasks, self._reader.order.number):
            if done.tally is not None:
                self._reader.account(done.tally)
                self._sizes.append(done.records)
                self._records += done.records
            self.timing.add(done.timing)
            yield done
            records += done.records
            self._tell(doing, done.records, records / max(self._records, 1) if stage else self._shares[done.number])

    def _reading(self, pieces: Iterable[Piece]) -> Iterator[Task]:
        for number, piece in enumerate(pieces):
            self._shares.append(self._reader.share)
            yield Task(0, number, piece)

    def _answered(self, stage: int, state: CorpusState) -> Iterator[Task]:
        for number, records in enumerate(self._sizes):
            yield Task(stage, number, answer=state.answer(records))
