"""What was found of pairs of texts, and a memory of it that costs some fifty bytes a pair.

Whoever clusters asks again what was found while comparing, when a million other pairs have been compared since.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.judge import Guard, Judgement

_JUDGEMENTS: tuple[Judgement, ...] = get_args(Judgement)
_GUARDS: tuple[Guard, ...] = get_args(Guard)
_ROW = np.dtype(
    [
        ("pair", np.uint64),
        ("judgement", np.uint8),
        ("guard", np.uint8),
        *((name, np.float64) for name in ("similarity", "containment", "aligned")),
        *((name, np.uint32) for name in ("one_size", "other_size", "shared")),
    ]
)
_ROWS_AT_ONCE = 4096


class Verdict(NamedTuple):
    """What was found of one pair: the judgement, what decided it, and the figures behind it.

    `sizes` are the distinct shingles of the text of the smaller number and of the other, `shared` those of both; they
    count the furniture that the other figures leave out.
    """

    judgement: Judgement
    guard: Guard
    similarity: float
    containment: float
    aligned: float
    sizes: tuple[int, int]
    shared: int


IDENTICAL = Verdict("same", "shared", 1.0, 1.0, 1.0, (0, 0), 0)
"""What is found of a text and itself."""


class Verdicts:
    """Fill it with `add`, `sort` it, then ask with `of`; pairs have the smaller text first.

    >>> verdicts = Verdicts()
    >>> verdicts.add(3, 5, IDENTICAL)
    >>> verdicts.sort()
    >>> verdicts.of(3, 5) == IDENTICAL, verdicts.of(3, 6)
    (True, None)
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Any, ...]] = []  # the fields of _ROW
        self._parts: list[NDArray[np.void]] = []
        self._rows = np.empty(0, _ROW)
        self._pairs = self._rows["pair"]

    def add(self, one: int, other: int, verdict: Verdict) -> None:
        """Remember what was found of a pair."""
        judgement, guard, *figures, sizes, shared = verdict
        self._waiting.append(
            (one << 32 | other, _JUDGEMENTS.index(judgement), _GUARDS.index(guard), *figures, *sizes, shared)
        )
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._settle()

    def sort(self) -> None:
        """Let what was added be found."""
        self._settle()
        rows = np.concatenate([self._rows, *self._parts])
        self._parts.clear()
        self._rows = rows[np.argsort(rows["pair"])]
        self._pairs = np.ascontiguousarray(self._rows["pair"])

    def of(self, one: int, other: int) -> Verdict | None:
        """What was found of a pair; None where it was not added before the last `sort`."""
        pair = np.uint64(one << 32 | other)
        at = int(self._pairs.searchsorted(pair))
        if at == len(self._pairs) or self._pairs[at] != pair:
            return None
        _, judgement, guard, similarity, containment, aligned, mine, yours, shared = self._rows.item(at)
        return Verdict(_JUDGEMENTS[judgement], _GUARDS[guard], similarity, containment, aligned, (mine, yours), shared)

    def _settle(self) -> None:
        self._parts.append(np.array(self._waiting, _ROW))
        self._waiting.clear()
