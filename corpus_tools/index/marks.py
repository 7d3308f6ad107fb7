"""What was found out about each record: its keeper, its relation to it, and on a keeper what it stands for.

A mark is a few numbers a record in memory; what a keeper stands for waits on disk.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from corpus_tools.index.keeper import RULES
from corpus_tools.index.shelf import Shelf
from corpus_tools.index.standing import Standing

Relation = Literal["exact", "verbatim", "trimmed", "extended", "edited", "version"]
_RELATIONS: tuple[Relation, ...] = get_args(Relation)


@dataclass(frozen=True, slots=True)
class Copy:
    """A record that is a copy of another, and by which rule the other is kept."""

    keeper: int
    relation: Relation
    similarity: float
    containment: float
    reason: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Another record that may be the same story."""

    other: int
    similarity: float
    containment: float


@dataclass(slots=True)
class _Columns:
    """One number a record and fact, so that a million copies cost eleven megabytes."""

    keeper: np.ndarray[Any, np.dtype[np.int32]]
    relation: np.ndarray[Any, np.dtype[np.uint8]]
    reason: np.ndarray[Any, np.dtype[np.uint8]]
    figures: np.ndarray[Any, np.dtype[np.uint16]]


@dataclass(slots=True)
class Marks:
    """The results of one corpus; `alike` maps a record to those it may be a copy of."""

    _columns: _Columns
    _standing: Shelf = field(default_factory=Shelf)
    _standing_of: dict[int, int] = field(default_factory=dict)
    alike: dict[int, list[Alike]] = field(default_factory=dict)

    @classmethod
    def for_records(cls, count: int) -> Marks:
        """Marks that say nothing yet."""
        return cls(
            _Columns(
                np.full(count, -1, np.int32),
                np.zeros(count, np.uint8),
                np.zeros(count, np.uint8),
                np.zeros((count, 2), np.uint16),
            )
        )

    def set_copy(self, row: int, copy: Copy, rule: int) -> None:
        """Say that a record is a copy."""
        columns = self._columns
        columns.keeper[row] = copy.keeper
        columns.relation[row] = _RELATIONS.index(copy.relation)
        columns.reason[row] = rule
        columns.figures[row] = round(copy.similarity * 10_000), round(copy.containment * 10_000)

    def set_standing(self, row: int, standing: Standing) -> None:
        """Say what a keeper stands for."""
        self._columns.keeper[row] = row
        self._standing_of[row] = len(self._standing)
        self._standing.put([pickle.dumps(standing)])

    def keeper_of(self, row: int) -> int | None:
        """The record kept for this one, itself on a keeper; None where it matches nothing."""
        keeper = int(self._columns.keeper[row])
        return None if keeper < 0 else keeper

    def copy(self, row: int) -> Copy | None:
        """How a record is a copy of another; None if it is not."""
        keeper = self.keeper_of(row)
        if keeper is None or keeper == row:
            return None
        columns = self._columns
        similarity, containment = (columns.figures[row] / 10_000).tolist()
        return Copy(
            keeper, _RELATIONS[columns.relation[row]], similarity, containment, RULES[columns.reason[row]][0]
        )  # fmt: skip

    def standing(self, row: int) -> Standing | None:
        """What a record stands for; None if it is no keeper."""
        if row not in self._standing_of:
            return None
        standing: Standing = pickle.loads(self._standing.take(self._standing_of[row]))
        return standing

    def close(self) -> None:
        """Give the disk back."""
        self._standing.close()
