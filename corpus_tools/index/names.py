"""The ids of the records of a run: given ones, and ones made from the content of those that have none."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.notes import id_in, key_of
from corpus_tools.index.shelf import Shelf

_CACHED = 4096


class Names:
    """Ids by the places of records; `notes` hold the given ones."""

    def __init__(self, records: NDArray[np.void], notes: Shelf) -> None:
        self._records, self._notes = records, notes
        self._repeats: NDArray[np.int64] | None = None
        self.of = lru_cache(maxsize=_CACHED)(self._of)

    def keys(self) -> NDArray[np.uint64]:
        """The keys of all ids."""
        keys = np.ascontiguousarray(self._records["id"])
        for place in np.flatnonzero(keys == 0).tolist():
            keys[place] = key_of(self.of(place))
        return keys

    def _of(self, place: int) -> str:
        """The record's id; without one, 16 hexadecimal digits of its text's SHA-256, `-2` and so on where repeated."""
        named = id_in(self._notes.take(place))
        return self.made(place) if named is None else named

    def is_given(self, place: int) -> bool:
        """Whether the record came with an id."""
        return bool(self._records["id"][place])

    def made(self, place: int) -> str:
        """The id that is made from a record's content."""
        if self._repeats is None:
            self._repeats = _repeats(np.ascontiguousarray(self._records["content"]))
        nth = int(self._repeats[place])
        return f"{int(self._records['content'][place]):016x}" + (f"-{nth}" if nth > 1 else "")


def _repeats(content: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The how-manieth of its content each record is, counted from 1."""
    order = np.argsort(content, kind="stable")
    ordered = content[order]
    begins = np.ones(len(ordered), bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(begins)
    nth = np.empty(len(ordered), np.int64)
    nth[order] = np.arange(len(ordered)) - np.repeat(starts, np.diff(starts, append=len(ordered))) + 1
    return nth
