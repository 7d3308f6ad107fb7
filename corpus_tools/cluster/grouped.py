"""The judgement of each group: what one machine says of a corpus, said of the records that hang together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import numpy as np

from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import PAIR, unique_rows
from corpus_tools.cluster.members import Learned
from corpus_tools.index.elsewhere import Found
from corpus_tools.io import plain
from corpus_tools.protocol import CorpusStep
from corpus_tools.steps.mark_duplicates import Answer


def judge_group(job: Job, bucket: int, step: CorpusStep, options: dict[str, Any]) -> None:
    """Resolve a group and send each part what was found of its records."""
    pairs = unique_rows(job.work.rows("ties", job.buckets, bucket, PAIR)[["one", "other"]])
    state: Any = step.start(**options)
    with closing(state):
        state.use(Found(np.stack([pairs["one"], pairs["other"]], axis=1), Learned(job)))
        came = []
        # One part after the other, which is the order of reading: their words go to disk, and memory never has all.
        for part, rows, prepared in map(plain.load, job.work.received("members", job.parts, bucket)):
            state.add(prepared)
            came.append((part, rows))
        if came:
            state.resolve()
        parcels = {part: plain.dump((rows, state.answer(len(rows)))) for part, rows in came}
    job.work.send("answers", bucket, parcels, job.parts)


def answers_of(job: Job, part: int, sizes: Sequence[int], adds: Sequence[str]) -> list[Answer]:
    """What was found of the records of a part, for each of its chunks, which have so many records."""
    starts = np.cumsum([0, *sizes])
    made = [Answer({name: [None] * size for name in adds}, {}, [], [], {}) for size in sizes]
    for rows, found in map(plain.load, job.work.received("answers", job.buckets, part)):
        chunks = np.searchsorted(starts, rows, "right") - 1
        late, settled = set(found.late), set(found.settled)
        for at, (row, number) in enumerate(zip(rows.tolist(), chunks.tolist(), strict=True)):
            answer, here = made[number], row - int(starts[number])
            for name in adds:
                answer.columns[name][here] = found.columns[name][at]
            if at in found.kept:
                answer.kept[here] = found.kept[at]
            if at in found.alike:
                answer.alike[here] = found.alike[at]
            if at in late:
                answer.late.append(here)
            if at in settled:
                answer.settled.append(here)
    return made
