"""Groups of one to three letters: which of them end at each character of a text, and the longest one that is known.

Of most characters a table tells at once: those that end three letters of A to Z, small or not, or spaces between them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.lookup import Lookup, Rows

Letters = NDArray[np.uint16]

SPACE = 32
_BITS = 6
_PLAIN = np.array([SPACE, *range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)], np.uint16)
_OTHER = len(_PLAIN)
_NOTHING = (_OTHER + 1) << 2 * _BITS
# How many groups of one, two and three letters there are, side by side in one number, so that one sum counts them all.
_COUNT_BITS = 11
MOST_GROUPS = (1 << _COUNT_BITS) - 1


@dataclass(frozen=True, slots=True)
class LetterGroups:
    """The groups that are known, by their rows."""

    _row_of: Lookup
    _is_upper: NDArray[np.bool_]
    _rows: Rows
    _counts: NDArray[np.int64]

    @classmethod
    def of(cls, row_of: Lookup, is_upper: NDArray[np.bool_]) -> LetterGroups:
        """The groups that `row_of` knows by their codes; `is_upper` says which letters are capitals, by letter."""
        earlier, before, last = np.indices((_OTHER,) * 3).reshape(3, -1)
        place = earlier << 2 * _BITS | before << _BITS | last
        grams = grams_of(_PLAIN[earlier], _PLAIN[before], _PLAIN[last], is_upper)
        rows = np.full(1 << 3 * _BITS, -1, np.int32)
        counts = np.zeros(1 << 3 * _BITS, np.int64)
        rows[place], counts[place] = _longest(row_of, grams), _counted(grams)
        return cls(row_of, is_upper, rows, counts)

    def found(
        self, letters: Letters, first: NDArray[np.bool_], starts: NDArray[np.int64]
    ) -> tuple[Rows, NDArray[np.int64]]:
        """The row of the longest known group that ends at each letter, and how many groups each text has.

        Rows are of shape (letters,), -1 where no group is known; numbers of groups of one, two and three letters, known
        or not, of shape (texts, 3). A text begins at each of `starts`, where `first` is true, with a space that counts
        for nothing by itself, and has at most `MOST_GROUPS` letters.
        """
        number = _numbers().take(letters)
        place = number.copy()
        place[1:] |= number[:-1] << _BITS
        place[2:] |= number[:-2] << 2 * _BITS
        place[first] = _NOTHING
        rows, counts = self._rows.take(place), self._counts.take(place)
        other = number == _OTHER
        if other.any():
            other[1:] |= number[:-1] == _OTHER
            other[2:] |= number[:-2] == _OTHER
            at = np.flatnonzero(other & ~first)
            # The second letter of a text has a space before it, so it does not matter what stands earlier.
            grams = grams_of(letters[np.maximum(at - 2, 0)], letters[at - 1], letters[at], self._is_upper)
            rows[at], counts[at] = _longest(self._row_of, grams), _counted(grams)
        of_each = np.add.reduceat(counts, starts)
        shifts = np.arange(3) * _COUNT_BITS
        return rows, of_each[:, None] >> shifts & MOST_GROUPS


def grams_of(earlier: Letters, before: Letters, last: Letters, is_upper: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Shape (3, letters): codes of the groups of one, two, three letters that end at each `last`; 0 where none does."""
    grams = np.empty((3, len(last)), np.uint64)
    grams[0], grams[1], grams[2] = last, before, earlier
    grams[1] = grams[1] << np.uint64(16) | grams[0]
    grams[2] = grams[2] << np.uint64(32) | grams[1]
    grams[0] *= last != SPACE
    grams[2] *= before != SPACE
    # From the second capital of a row on, letters tell nothing: abbreviations and shouting look alike everywhere.
    return grams * ~(is_upper.take(last) & is_upper.take(before))


def _longest(row_of: Lookup, grams: NDArray[np.uint64]) -> Rows:
    rows = row_of.rows(grams[2])
    for shorter in grams[1::-1]:
        lacking = np.flatnonzero(rows < 0)
        rows[lacking] = row_of.rows(shorter[lacking])
    return rows


def _counted(grams: NDArray[np.uint64]) -> NDArray[np.int64]:
    one, two, three = (grams != 0).astype(np.int64)
    counted: NDArray[np.int64] = one | two << _COUNT_BITS | three << 2 * _COUNT_BITS
    return counted


@functools.cache
def _numbers() -> NDArray[np.int32]:
    numbers = np.full(0x10000, _OTHER, np.int32)
    numbers[_PLAIN] = np.arange(len(_PLAIN))
    return numbers
