"""What an index knows of the records of a run: which it has already, and which kept records they may be copies of.

A record that was kept once stays: it may be in somebody's hands. So a new record that is like any record of the index
is compared with the one that was kept for that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.bands import ALL_PAIRS_UP_TO
from corpus_tools.index.fresh import Fresh
from corpus_tools.index.names import Names
from corpus_tools.index.store import ADDRESS, ID, OUTLET, TEXT, TITLE, Store
from corpus_tools.index.view import View, holds
from corpus_tools.text.likeness import Print, compare, print_of

Rows = NDArray[np.int64]

_REVISED = 0.5  # of the shorter text; ids such as "17" may be given to other articles of other files
_MANY = 4096  # records under one id: each time a page was collected
_SAME_TEXT = 8  # of a text only the first record stands in its column; more have the half of its hash in common


class Published:
    """The kept records of an index, or of none; of those, where there is a `view`, only the ones that count."""

    def __init__(self, store: Store | None, view: View | None = None) -> None:
        self.store, self._view = store, view
        self.first = 0 if store is None else len(store)
        self.known: Rows = np.empty(0, np.int64)
        self._again: dict[int, int] = {}

    def recognise(self, fresh: Fresh, names: Names) -> None:
        """Find the new records that the index has: those of the same id, if also the words or the page are the same.

        Where half of the words are, the text was revised, and it is still the same record: nobody has use for a
        record that is a copy of itself.
        """
        if self.store is None:
            return
        self.known = np.full(len(fresh), -1, np.int64)
        ids = names.keys()
        places, rows = self.store.find(ID, ids, _MANY)
        if self._view is not None:
            revised = holds(self._view.revised, ids[places])
            places, rows = places[revised], rows[revised]
        stored = self._records(rows)
        mine = fresh.records[places]
        same = (stored["text"] == mine["text"]) & ((mine["text"] != 0) | (stored["content"] == mine["content"]))
        same |= (stored["page"] == mine["page"]) & (mine["page"] != 0)
        same &= stored["id"] == ids[places]
        for at in np.flatnonzero(~same & (stored["id"] == ids[places])).tolist():
            one, other = (_print(words) for words in (fresh.words.take(int(places[at])), self.words(int(rows[at]))))
            same[at] = compare(one, other).containment >= _REVISED
        places, rows, kept = places[same], rows[same], (stored["keeper"] == rows)[same]
        # Where it was given twice, a record that was kept speaks for both.
        for place, row in sorted(zip(places.tolist(), rows.tolist(), strict=True), key=lambda pair: pair[::-1]):
            self._again.setdefault(row, place)
        self.known[places[~kept]] = rows[~kept]
        self.known[places[kept]] = rows[kept]

    def was_kept(self, place: int) -> bool:
        """Whether a new record, by its place, is one that was kept before."""
        known = int(self.known[place]) if len(self.known) else -1
        return known >= 0 and self.store is not None and int(self.store.record(known)["keeper"]) == known

    def same_text(self, texts: NDArray[np.uint64]) -> tuple[Rows, Rows]:
        """For each hash of a text, the kept record that has just this text, else -1; and pairs as `alike` has them."""
        found = np.full(len(texts), -1, np.int64)
        if self.store is None:
            return found, np.empty((0, 2), np.int64)
        places, rows = self.store.find(TEXT, texts, _SAME_TEXT)
        same = self._records(rows)["text"] == texts[places]
        pairs = self._kept_for(places[same], rows[same])
        theirs = self._records(np.minimum(pairs[:, 1], self.first - 1))["text"]
        equal = (pairs[:, 1] < self.first) & (theirs == texts[pairs[:, 0]])
        found[pairs[equal, 0]] = pairs[equal, 1]
        return found, pairs[~equal]

    def has_text(self, texts: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether any record of the index has a text of this hash."""
        found = np.zeros(len(texts), bool)
        if self.store is not None:
            places, rows = self.store.find(TEXT, texts, _SAME_TEXT)
            found[places[self._records(rows)["text"] == texts[places]]] = True
        return found

    def alike(self, column: int, keys: NDArray[np.uint64]) -> Rows:
        """Pairs of a place in `keys` and a record: the kept one for each record that has this key.

        The record is one of the index, or, numbered from `first` on, a new one that the index has.
        """
        assert self.store is not None
        return self._kept_for(*self.store.find(column, keys, ALL_PAIRS_UP_TO))

    def same_title(self, titles: NDArray[np.uint64]) -> Rows:
        """The same for titles."""
        return self._equal(TITLE, titles, ("title",))

    def same_address(self, addresses: NDArray[np.uint64]) -> Rows:
        """The same for the keys of pages."""
        return self._equal(ADDRESS, addresses, ("url", "canonical"))

    def of_outlet(self, outlet: int, most: int) -> list[tuple[int, int]]:
        """Records of an outlet that have words and are not among the new ones, each with the key of its title."""
        if self.store is None:
            return []
        key = np.array([outlet], np.uint64)
        _, rows = self.store.find(OUTLET, key, most)
        stored = self._records(rows)
        wanted = (stored["outlet"] == key) & (stored["text"] != 0)
        titles = stored["title"][wanted].tolist()
        return [pair for pair in zip(rows[wanted].tolist(), titles, strict=True) if pair[0] not in self._again]

    def note(self, row: int) -> bytes:
        """The note of a record of the index."""
        assert self.store is not None
        return self.store.note(row)

    def words(self, row: int) -> bytes:
        """The tokens of a record of the index."""
        assert self.store is not None
        return self.store.words(row)

    def sketches(self, rows: Rows) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The samples of records of the index, and how many words each has."""
        assert self.store is not None
        return self.store.samples(rows), self._records(rows)["words"].astype(np.int64)

    def record(self, row: int) -> Any:
        """What is known of a record of the index."""
        assert self.store is not None
        return self.store.record(row)

    def _equal(self, column: int, keys: NDArray[np.uint64], names: tuple[str, ...]) -> Rows:
        assert self.store is not None
        places, rows = self.store.find(column, keys, ALL_PAIRS_UP_TO)
        stored = self._records(rows)
        same = np.logical_or.reduce([stored[name] == keys[places] for name in names])
        return self._kept_for(places[same], rows[same])

    def _kept_for(self, places: Rows, rows: Rows) -> Rows:
        kept = self._records(rows)["keeper"].astype(np.int64)
        if self._view is not None:
            places, rows, kept = self._standing(places, rows, kept)
        for at, row in enumerate(kept.tolist()):
            if row in self._again:
                kept[at] = self.first + self._again[row]
        return np.unique(np.stack([places, kept], axis=1), axis=0)

    def _standing(self, places: Rows, rows: Rows, kept: Rows) -> tuple[Rows, Rows, Rows]:
        """Those whose kept record is still there; where it is gone, a record that it was kept for stands for itself."""
        assert self._view is not None
        again = np.isin(kept, list(self._again))
        keeps = again | holds(self._view.standing, self._records(kept)["id"])
        kept = np.where(keeps, kept, rows)
        there = keeps | holds(self._view.standing, self._records(rows)["id"])
        return places[there], rows[there], kept[there]

    def _records(self, rows: Rows) -> NDArray[np.void]:
        assert self.store is not None
        unique, where = np.unique(rows, return_inverse=True)
        return self.store.records(unique)[where]


def _print(words: bytes) -> Print:
    return print_of(np.frombuffer(words, np.uint32))
