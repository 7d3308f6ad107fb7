"""What hangs together, in rounds: each bucket knows the ties of its own texts and no others.

Alternating large and small stars (Kiveris and others, Connected Components in MapReduce and Beyond, 2014): every text
ends tied to the smallest of its part and to nothing else, after a number of rounds that grows with the logarithm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import EDGE, unique_rows
from corpus_tools.cluster.store import scattered


def star(job: Job, bucket: int, turn: int) -> int:
    """One round in one bucket: large stars in even turns, small ones in odd. Returns how many ties changed."""
    rows = unique_rows(job.work.rows(f"edges-{turn}", job.buckets, bucket, EDGE))
    ties, changed = (large_star if turn % 2 == 0 else small_star)(rows)
    job.work.send(f"edges-{turn + 1}", bucket, scattered(ties, ties["at"], job.buckets), job.buckets)
    return changed


def large_star(rows: NDArray[np.void]) -> tuple[NDArray[np.void], int]:
    """Tie each larger neighbour to the smallest; told to the larger end alone. Rows are sorted, and go both ways."""
    least, where = _smallest(rows)
    larger = rows["other"] > rows["at"]
    made = _tied(rows["other"][larger], least[where][larger])
    return made, int(np.count_nonzero(least[where][larger] != rows["at"][larger]))


def small_star(rows: NDArray[np.void]) -> tuple[NDArray[np.void], int]:
    """Tie each smaller neighbour, and the text itself, to the smallest; told to both ends."""
    least, where = _smallest(rows)
    apart = rows["other"] != least[where]
    made = unique_rows(
        np.concatenate([_tied(rows["at"], least[where]), _tied(rows["other"][apart], least[where][apart])])
    )
    both = np.concatenate([made, _tied(made["other"], made["at"])])
    return unique_rows(both), int(np.count_nonzero(apart))


def roots(rows: NDArray[np.void]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Once nothing changes: the texts of a bucket that are tied, sorted, and the smallest text of each one's part."""
    if not len(rows):
        return np.empty(0, np.uint64), np.empty(0, np.uint64)
    least, _ = _smallest(rows)
    return np.unique(rows["at"]), least


def _smallest(rows: NDArray[np.void]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """For each text of sorted rows the smallest of itself and its neighbours, and which of them each row belongs to."""
    texts, starts, where = np.unique(rows["at"], return_index=True, return_inverse=True)
    return np.minimum(texts, rows["other"][starts] if len(rows) else texts), where


def _tied(at: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.void]:
    made = np.zeros(len(at), EDGE)
    made["at"], made["other"] = at, other
    return unique_rows(made)
