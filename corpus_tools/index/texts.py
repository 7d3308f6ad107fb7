"""The texts of a run: records with the same bare article are one text, and texts have numbers.

A text has a number behind those of all records, by its content, so that reading order leaves no trace. A text that an
index kept before has the number of its record there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.published import Published, Rows

_PAIRS_AT_ONCE = 1 << 16


class Texts:
    """Which records have which text. Inside, new texts have ranks from 0, and new records have places from 0."""

    def __init__(self, hashes: NDArray[np.uint64], published: Published) -> None:
        self.first = published.first
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        ordered = hashes[order]
        # Records without a word belong to no text; they come first, under 0, and get -1.
        order, ordered = order[ordered != 0], ordered[ordered != 0]
        begins = np.ones(len(ordered), bool)
        np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
        self._by_text: NDArray[np.int32] = order
        self._starts: NDArray[np.int64] = np.append(np.flatnonzero(begins), len(order))
        self.count = len(self._starts) - 1
        self.ranks: NDArray[np.int32] = np.full(len(hashes), -1, np.int32)
        self.ranks[order] = np.cumsum(begins, dtype=np.int32) - np.int32(1)
        kept, self.alike = published.same_text(ordered[begins])
        """Pairs of a rank and the kept record for a record that has just this text, as `Published.alike` has them."""
        self._kept = {int(rank): int(kept[rank]) for rank in np.flatnonzero(kept >= 0)}
        self._rank_of = {row: rank for rank, row in self._kept.items()}

    @property
    def places(self) -> NDArray[np.int32]:
        """The place of the first record of each text, shape (count,)."""
        return self._by_text[self._starts[:-1]]

    def of(self, row: int) -> int:
        """The text of a record; -1 where it has no words."""
        if row < self.first:
            return row
        rank = int(self.ranks[row - self.first])
        return rank if rank < 0 else self._kept.get(rank, self.first + rank)

    def rows(self, text: int) -> list[int]:
        """The records of a text: the one that was kept before, then the new ones in reading order."""
        new = [self.first + place for place in self.new_places(text).tolist()]
        return [text, *new] if text < self.first else new

    def new_places(self, text: int) -> NDArray[np.int32]:
        """The places of the new records of a text, in reading order."""
        rank = text - self.first if text >= self.first else self._rank_of.get(text, -1)
        if rank < 0:
            return self._by_text[:0]
        return self._by_text[self._starts.item(rank) : self._starts.item(rank + 1)]

    def repeated(self) -> list[int]:
        """The texts that more than one record has."""
        ranks: list[int] = np.flatnonzero(np.diff(self._starts) > 1).tolist()
        return sorted({self._kept.get(rank, self.first + rank) for rank in {*ranks, *self._kept}})

    def numbers(self, ranks: Rows) -> Rows:
        """The numbers of texts, by their ranks."""
        numbers = ranks + self.first
        if self._kept:
            by_rank = np.arange(self.count) + self.first
            by_rank[list(self._kept)] = list(self._kept.values())
            numbers = by_rank[ranks]
        return numbers

    def in_parts(self, pairs: NDArray[np.uint64], records: NDArray[np.uint64]) -> Iterator[list[Any]]:
        """Pairs of hashes as pairs of ranks, in their order, in parts; `records` are the hashes of all new records."""
        hashes = records[self.places]
        for at in range(0, len(pairs), _PAIRS_AT_ONCE):
            yield np.searchsorted(hashes, pairs[at : at + _PAIRS_AT_ONCE]).tolist()
