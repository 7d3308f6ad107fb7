"""Numbers that are matched one to one: how two states of a corpus find their records again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Multiset:
    """Numbers of which each can be taken once. `take` gives the places where it found them, -1 where it did not."""

    def __init__(self, numbers: NDArray[Any]) -> None:
        self._order = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._order]
        self._taken = np.zeros(len(numbers) + 1, np.int64)  # how many of equal ones, at the first of them

    def take(self, numbers: NDArray[Any]) -> NDArray[np.int64]:
        """Take one for each of these numbers, of equal ones the first that is left.

        >>> Multiset(np.array([7, 5, 7])).take(np.array([7, 7, 7, 6])).tolist()
        [0, 2, -1, -1]
        """
        order = np.argsort(numbers, kind="stable")
        wanted = numbers[order]
        begins = np.ones(len(wanted), bool)
        np.not_equal(wanted[1:], wanted[:-1], out=begins[1:])
        starts = np.flatnonzero(begins)
        nth = np.arange(len(wanted)) - np.repeat(starts, np.diff(starts, append=len(wanted)))
        first, end = (np.searchsorted(self._sorted, wanted, side) for side in ("left", "right"))
        place = first + self._taken[first] + nth
        there = place < end
        np.add.at(self._taken, first[there], 1)
        found = np.full(len(numbers), -1, np.int64)
        found[order[there]] = self._order[place[there]]
        return found
