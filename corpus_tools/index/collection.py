"""A collection: the records of a run beside those that an index already has, and how alike their texts are.

Of the index only the records that were kept take part: a new record is compared with the kept copy of whatever it is
like, because that is the copy it would stand behind.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.batch import Added, parts_of
from corpus_tools.index.elsewhere import Found, Furnished
from corpus_tools.index.fresh import Fresh
from corpus_tools.index.furniture import LOOKED_AT, Furniture
from corpus_tools.index.marks import Marks
from corpus_tools.index.names import Names
from corpus_tools.index.notes import Note, key_of, unpacked
from corpus_tools.index.pairing import pairs_worth_comparing
from corpus_tools.index.prepare import Prepared
from corpus_tools.index.published import Published
from corpus_tools.index.store import Parts, Store
from corpus_tools.index.texts import Texts
from corpus_tools.index.view import View
from corpus_tools.index.wishes import Wishes, applied, places_of, split_texts
from corpus_tools.rules.overrule import Wish
from corpus_tools.text.likeness import Print, print_of
from corpus_tools.text.tokens import Tokens

_ABOUT = 4096  # texts whose titles, outlets and pages are remembered
_NOTES = 256  # of the records of one story, which are asked for several times
_MANY = 64  # records of one text whose titles, outlets and pages are looked at


MEMORY = 1 << 29
"""Bytes that pairs may take before they go to disk."""


class Collection:
    """Fill it with `add`, then `freeze` it. New records are numbered in reading order, behind those of the index."""

    def __init__(self, store: Store | None = None, *, memory: int = MEMORY, view: View | None = None) -> None:
        self._memory = memory
        self.found: Found | None = None
        """What others found of these records, who know all of the corpus; None where these are all of it."""
        self._fresh = Fresh()
        self._published = Published(store, view)
        self.first = self._published.first
        """The number of the first new record."""

    def __len__(self) -> int:
        return len(self._fresh)

    def add(self, prepared: Prepared) -> None:
        """Take in the records that follow."""
        self._fresh.add(prepared)

    def freeze(self, *, recognise: bool = True, overrule: Sequence[Wish] = ()) -> None:
        """Order the texts by content and find their records.

        A record that the index has already is that record; without `recognise` it is another one. `overrule` is what
        people said of pairs: records that they keep apart have texts of their own, be they the same.
        """
        self._fresh.freeze()
        records = self._fresh.records
        self.names = Names(records, self._fresh.notes)
        if recognise:
            self._published.recognise(self._fresh, self.names)
        texts, self.wishes = records["text"], Wishes()
        if overrule:
            ids = self.names.keys()
            places = places_of(overrule, ids, records["url"])
            texts = split_texts(overrule, places, texts, ids)
        self._texts = Texts(texts, self._published)
        if overrule:
            named = {name: [place + self.first for place in some] for name, some in places.items()}
            self.wishes = applied(overrule, named, self._texts.of)
        self.text_of, self.rows_of, self.repeated_texts = self._texts.of, self._texts.rows, self._texts.repeated
        # Fields of the records, which stay on disk.
        self._titles, self._outlets, self._pages = (records[name] for name in ("title", "outlet", "page"))
        self._by_outlet = np.lexsort((self._titles, self._texts.ranks, self._outlets)).astype(np.int32)
        self._sorted_outlets = self._outlets[self._by_outlet]
        self.furniture: Furnished = self.found.furniture if self.found else Furniture(self._stories_of, self._print)
        self.about = functools.lru_cache(maxsize=_ABOUT)(self._look_up)
        self.note = functools.lru_cache(maxsize=_NOTES)(self._note)
        """The note of a record, new or of the index."""

    def close(self) -> None:
        """Give the disk back."""
        self._fresh.close()

    def _note(self, row: int) -> Note:
        new = row >= self.first
        return unpacked(self._fresh.notes.take(row - self.first) if new else self._published.note(row))

    def id_of(self, row: int) -> str:
        """The id of a record."""
        return self.names.of(row - self.first) if row >= self.first else self.note(row).id or ""

    def made_id(self, row: int) -> str | None:
        """The id of a new record that came without one; None for one that has its own."""
        return None if self.names.is_given(row - self.first) else self.names.made(row - self.first)

    def is_published(self, row: int) -> bool:
        """Whether a record was kept before, and so must stay."""
        return row < self.first or self._published.was_kept(row - self.first)

    @functools.cached_property
    def stand_for_others(self) -> list[int]:
        """The new records that already stood for others when they came."""
        return (np.flatnonzero(self._fresh.records["copies"] > 1) + self.first).tolist()

    @functools.cached_property
    def named_as_keeper(self) -> dict[str, int]:
        """How many new records say that an earlier run kept each of those that stand for others."""
        keys, counts = np.unique(self._fresh.records["named_keeper"], return_counts=True)
        times = dict(zip(keys.tolist(), counts.tolist(), strict=True))
        names = filter(None, (self.note(row).id for row in self.stand_for_others))
        return {name: times.get(key_of(name), 0) for name in names}

    def parts(self, marks: Marks, left_out: frozenset[int]) -> tuple[Parts, Added]:
        """What an index takes in of the new records, as the marks say what is kept."""
        return parts_of(self._fresh, self.names, self._published, marks, left_out)

    @property
    def ranks(self) -> NDArray[np.int32]:
        """The text of each new record, in the order of their hashes; -1 where it has no words."""
        return self._texts.ranks

    @property
    def text_hashes(self) -> NDArray[np.uint64]:
        """The hash of each text of the new records, sorted."""
        hashes: NDArray[np.uint64] = self._fresh.records["text"][self._texts.places]
        return hashes

    def taken(self, rows: NDArray[np.int64]) -> Prepared:
        """Some of the new records as they were added, without the keys that find pairs."""
        return self._fresh.taken(rows - self.first)

    @property
    def stands_alone(self) -> bool:
        """Whether nothing but its texts says what its records are to each other: no index, wish or earlier run."""
        records = self._fresh.records
        earlier = (records["copies"] > 1) | (records["named_keeper"] != 0)
        return self._published.store is None and not self.wishes.says and not earlier.any()

    def pairs(self) -> Iterator[list[Any]]:
        """The pairs of texts worth comparing, in order, in parts."""
        if self.found is not None:
            return self._texts.in_parts(self.found.pairs, self._fresh.records["text"])
        return pairs_worth_comparing(self._fresh, self._texts, self._published, self._memory)

    def _look_up(self, text: int) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """The keys of the titles, outlets and pages of a text."""
        places = self._texts.new_places(text)
        if len(places) > _MANY:
            order = np.lexsort((self._titles[places], self._pages[places], self._outlets[places]))
            places = places[order][:_MANY]
        columns = self._titles, self._outlets, self._pages
        if len(places) == 1:  # as most texts have: to ask for many takes ten times as long
            found = [[column.item(places.item())] for column in columns]
        else:
            found = [column[places].tolist() for column in columns]
        if text < self.first:
            record = self._published.record(text)
            for values, name in zip(found, ("title", "outlet", "page"), strict=True):
                values.append(int(record[name]))
        titles, outlets, pages = (frozenset(filter(None, values)) for values in found)
        return titles, outlets, pages

    def page_mates(self, text: int) -> frozenset[int]:
        """The keys of the pages that a text stands on."""
        return self.about(text)[2]

    def _stories_of(self, outlet: int) -> Iterator[tuple[int, int]]:
        yield from self._published.of_outlet(outlet, LOOKED_AT)
        start, end = (int(np.searchsorted(self._sorted_outlets, np.uint64(outlet), side)) for side in ("left", "right"))
        for place in self._by_outlet[start:end].tolist():
            if self._texts.ranks[place] >= 0:
                yield self._texts.of(self.first + place), int(self._titles[place])

    def tokens_of(self, text: int) -> Tokens:
        """The words of a text."""
        if text < self.first:
            data = self._published.words(text)
        else:
            data = self._fresh.words.take(int(self._texts.new_places(text)[0]))
        return np.frombuffer(data, np.uint32)

    def _print(self, text: int) -> Print:
        return print_of(self.tokens_of(text))
