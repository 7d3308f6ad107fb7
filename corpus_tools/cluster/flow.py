"""One run on Dask: which tasks there are, and what must be done before which.

What is done here and by one alone is numbering: which ids are taken, and where each record stands, a few bytes a
record. All else is done by tasks that know one part of the corpus, or one bucket of keys, and leave files for others.
"""

from __future__ import annotations

import abc
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from corpus_tools.chain import load_chain
from corpus_tools.cluster import candidates, hanging, members
from corpus_tools.cluster.grouped import judge_group
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.sources import Source
from corpus_tools.cluster.tasks import Each
from corpus_tools.cluster.work import MARKED_ELSEWHERE, advance_part
from corpus_tools.io.order import Order
from corpus_tools.io.stream import InputReport
from corpus_tools.pipeline import Stage, Timing, stages_of
from corpus_tools.progress import Progress


@dataclass(slots=True)
class Ran:
    """What a run did; `written` is what the task that finishes a part said of each."""

    inputs: list[InputReport]
    sources: list[str]
    names: list[str]
    written: list[Any]
    timing: Timing
    peaks: dict[str, int] = field(default_factory=dict)

    @property
    def peak_memory(self) -> int:
        """Bytes that all processes took at most."""
        return sum(self.peaks.values())


class Flow(abc.ABC):
    """One run of a chain over the parts of a corpus; `finish` is the task that takes a part through the last stage.

    `sources` say where each part is read from, or `values` are the parts, as Dask's delayed values.
    """

    def __init__(
        self,
        job: Job,
        each: Each,
        finish: Callable[..., Any],
        tell: Progress,
        sources: Sequence[Source] = (),
        values: Sequence[Any] = (),
    ) -> None:
        self._job, self._sources, self._values = job, list(sources), values
        self._each, self._finish, self._tell = each, finish, tell
        self._order, self._timing = Order(), Timing()
        self._peaks: dict[str, int] = defaultdict(int)
        self._firsts: list[int] = []
        self._sizes: list[list[int]] = [[]] * job.parts

    def run(self) -> Ran:
        """Run the chain."""
        settings = self._job.settings
        chain = load_chain(settings.steps, settings.step_options, settings.common)
        inputs, names = self._read()
        *collecting, _ = stages_of(chain)
        for number, stage in enumerate(collecting):
            for part, ready in enumerate(self._advance(advance_part, number, () if number else self._values)):
                self._sizes[part] = ready.sizes
            self._look_at_all(number, stage)
        written = self._advance(self._finish, len(collecting), self._values)
        return Ran(inputs, self._order.sources, names, written, self._timing, dict(self._peaks))

    @abc.abstractmethod
    def _read(self) -> tuple[list[InputReport], list[str]]:
        """Read all parts and number their records; a report for each file, and the columns that records brought."""

    def _advance(self, task: Any, stage: int, values: Sequence[Any]) -> list[Any]:
        sources: Sequence[Source | None] = self._sources or [None] * self._job.parts
        done: list[Any] = self._each(
            task,
            (
                (self._job, part, stage, source, self._firsts[part], self._sizes[part])
                for part, source in enumerate(sources)
            ),
            values,
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
        self._in_buckets(candidates.sketch_larger)
        self._in_buckets(candidates.sift)
        turn, changed = 0, True
        while changed:
            changed = any([*self._in_buckets(hanging.star, turn), *self._in_buckets(hanging.star, turn + 1)])
            turn += 2
        self._in_buckets(members.call, turn)
        self._each(members.come, ((job, part) for part in parts))
        self._in_buckets(members.choose_stories)
        self._each(members.tell_stories, ((job, part) for part in parts))
        self._in_buckets(members.learn)
        self._in_buckets(judge_group, *stage.after)

    def _in_buckets(self, task: Any, *more: Any) -> list[Any]:
        return self._each(task, ((self._job, bucket, *more) for bucket in range(self._job.buckets)))
