"""What was found out about each record: its keeper, its relation to it, and on a keeper what it stands for.

A mark is a few numbers a record in memory; what a keeper stands for waits on disk.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from corpus_tools.index.keeper import RULES
from corpus_tools.index.shelf import Shelf
from corpus_tools.index.standing import Standing

Relation = Literal["exact", "verbatim", "trimmed", "extended", "edited", "version"]
PUBLISHED = "R0 published before"
"""Why a copy is kept that the rules would not choose."""
_PUBLISHED = 0x7F  # stands for the number of a rule
_LATE = 0x80  # a bit beside it
_RELATIONS: tuple[Relation, ...] = get_args(Relation)


@dataclass(frozen=True, slots=True)
class Copy:
    """A record that is a copy of another, and by which rule the other is kept.

    `late`: by the rules this one is the better copy, and the other stays because it was published before.
    """

    keeper: int
    relation: Relation
    similarity: float
    containment: float
    reason: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """Another record that may be the same story."""

    other: int
    similarity: float
    containment: float


class Said(NamedTuple):
    """All that marks say of some records, which are numbered from 0."""

    columns: tuple[np.ndarray[Any, Any], ...]
    standing: list[tuple[int, Standing]]
    alike: dict[int, list[Alike]]


@dataclass(slots=True)
class _Columns:
    """One number a record and fact, so that a million copies cost sixteen megabytes; `first` is the first record."""

    first: int
    keeper: np.ndarray[Any, np.dtype[np.int64]]
    relation: np.ndarray[Any, np.dtype[np.uint8]]
    reason: np.ndarray[Any, np.dtype[np.uint8]]
    figures: np.ndarray[Any, np.dtype[np.uint16]]


@dataclass(slots=True)
class Marks:
    """The results of one corpus: `alike` maps a record to those it may be a copy of, `wished` to what people said."""

    _columns: _Columns
    _standing: Shelf = field(default_factory=Shelf)
    _standing_of: dict[int, int] = field(default_factory=dict)
    _kept_before: set[int] = field(default_factory=set)
    alike: dict[int, list[Alike]] = field(default_factory=dict)
    wished: dict[int, str] = field(default_factory=dict)

    @classmethod
    def for_records(cls, first: int, count: int) -> Marks:
        """Marks of `count` records, numbered from `first`, that say nothing yet."""
        return cls(
            _Columns(
                first,
                np.full(count, -1, np.int64),
                np.zeros(count, np.uint8),
                np.zeros(count, np.uint8),
                np.zeros((count, 2), np.uint16),
            )
        )

    def set_copy(self, row: int, copy: Copy, rule: int) -> None:
        """Say that a record is a copy."""
        columns, at = self._columns, row - self._columns.first
        columns.keeper[at] = copy.keeper
        columns.relation[at] = _RELATIONS.index(copy.relation)
        columns.reason[at] = (_PUBLISHED if copy.reason == PUBLISHED else rule) | (_LATE if copy.late else 0)
        columns.figures[at] = round(copy.similarity * 10_000), round(copy.containment * 10_000)

    def set_standing(self, row: int, standing: Standing) -> None:
        """Say what a keeper stands for."""
        self._columns.keeper[row - self._columns.first] = row
        self._standing_of[row] = len(self._standing)
        self._standing.put([pickle.dumps((standing.copies, standing.published_by, standing.offered))])

    def said(self) -> Said:
        """What was said of records that are numbered from 0, and that nobody had a wish for."""
        columns = self._columns
        standing = [(row, found) for row in self._standing_of if (found := self.standing(row)) is not None]
        return Said((columns.keeper, columns.relation, columns.reason, columns.figures), standing, self.alike)

    def take(self, rows: np.ndarray[Any, np.dtype[np.int64]], said: Said) -> None:
        """Take over what was said of some of the records; `rows` has their numbers here."""
        columns, at = self._columns, rows - self._columns.first
        keeper, columns.relation[at], columns.reason[at], columns.figures[at] = said.columns
        columns.keeper[at] = np.where(keeper < 0, -1, rows[keeper])
        for row, standing in said.standing:
            offered = [
                {**offer, "from": int(rows[offer["from"]])} if isinstance(offer["from"], int) else offer
                for offer in standing.offered
            ]
            self.set_standing(int(rows[row]), replace(standing, offered=offered))
        for row, others in said.alike.items():
            self.alike[int(rows[row])] = [replace(alike, other=int(rows[alike.other])) for alike in others]

    def keepers(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The keeper of each record, shape (records,); -1 where it matches nothing."""
        return self._columns.keeper

    def set_keeper(self, row: int) -> None:
        """Say that a record of the index is the keeper of new ones."""
        self._kept_before.add(row)

    def keeper_of(self, row: int) -> int | None:
        """The record kept for this one, itself on a keeper; None where it matches nothing."""
        if row < self._columns.first:
            return row if row in self._kept_before else None
        keeper = int(self._columns.keeper[row - self._columns.first])
        return None if keeper < 0 else keeper

    def spoken_of(self, rows: range) -> list[int]:
        """Those of some new records of which anything was found or said, in their order."""
        keepers = self._columns.keeper[rows.start - self._columns.first : rows.stop - self._columns.first]
        matched: list[int] = (np.flatnonzero(keepers >= 0) + rows.start).tolist()
        others = [row for row in rows if row in self.alike or row in self.wished] if self.alike or self.wished else []
        return sorted({*matched, *others})

    def copy(self, row: int) -> Copy | None:
        """How a record is a copy of another; None if it is not."""
        keeper = self.keeper_of(row)
        if keeper is None or keeper == row:
            return None
        columns, at = self._columns, row - self._columns.first
        similarity, containment = (columns.figures[at] / 10_000).tolist()
        late, rule = bool(columns.reason[at] & _LATE), int(columns.reason[at]) & ~_LATE
        reason = PUBLISHED if rule == _PUBLISHED else RULES[rule].says
        if said := self.said_of(row):
            reason += f"; {said}"
        return Copy(keeper, _RELATIONS[columns.relation[at]], similarity, containment, reason, late)

    def said_of(self, row: int) -> str | None:
        """What people said of the record, where they said anything."""
        return f"overruled: {self.wished[row]}" if row in self.wished else None

    def standing(self, row: int) -> Standing | None:
        """What a record stands for; None if it is no keeper."""
        if row not in self._standing_of:
            return None
        return Standing(*pickle.loads(self._standing.take(self._standing_of[row])))

    def close(self) -> None:
        """Give the disk back."""
        self._standing.close()
