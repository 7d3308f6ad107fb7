"""A dictionary for whole arrays: which row belongs to each of many keys, without a Python object per key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Rows = NDArray[np.int32]

_SLOTS = 18  # bits of a slot's number: tables of this size stay in the processor's second cache
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Knuth's multiplicative hashing


@dataclass(frozen=True, slots=True)
class Lookup:
    """Keys in slots. Where two keys want one slot, the second goes into a table one level down."""

    levels: tuple[tuple[Keys, Rows], ...]

    @classmethod
    def of(cls, keys: Keys) -> Lookup:
        """A dictionary from distinct keys, none of them 0, to their positions, shape (keys,).

        >>> Lookup.of(np.array([7, 9], np.uint64)).rows(np.array([9, 8, 7, 0], np.uint64)).tolist()
        [1, -1, 0, -1]
        """
        levels: list[tuple[Keys, Rows]] = []
        rows = np.arange(len(keys), dtype=np.int32)
        while len(rows) or not levels:
            wanted = _slot(keys[rows], len(levels))
            row_of = np.full(1 << _SLOTS, -1, np.int32)
            row_of[wanted[::-1]] = rows[::-1]  # of several rows the last to be written stays: the first of them
            taken = row_of >= 0
            slots = np.zeros(1 << _SLOTS, np.uint64)
            slots[taken] = keys[row_of[taken]]
            levels.append((slots, row_of))
            rows = rows[row_of[wanted] != rows]
        return cls(tuple(levels))

    def rows(self, keys: Keys) -> Rows:
        """The position of each key, -1 for one that is not there."""
        found = np.full(len(keys), -1, np.int32)
        left = np.flatnonzero(keys)
        for level, (slots, row_of) in enumerate(self.levels):
            wanted = keys[left]
            slot = _slot(wanted, level)
            there = slots.take(slot)
            hit = there == wanted
            found[left[hit]] = row_of.take(slot[hit])
            left = left[~hit & (there != 0)]  # an empty slot means that no lower level has this key either
            if not len(left):
                break
        return found


def _slot(keys: Keys, level: int) -> NDArray[np.int64]:
    return ((keys * (_MULTIPLIER + np.uint64(2 * level))) >> np.uint64(64 - _SLOTS)).astype(np.int64)
