"""A collection: the fingerprints of a whole corpus, and the texts that are worth comparing.

Memory holds some 250 bytes a record; words and notes wait on disk. Records with the same bare article are one text
from the start, so a million copies of one page cost no more than one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.bands import Column, Pairs, candidates, likely
from corpus_tools.index.furniture import Furniture
from corpus_tools.index.judge import Judgement, Surroundings, judge
from corpus_tools.index.notes import Note, key_of, unpacked
from corpus_tools.index.prepare import RECORD, TELLING, Prepared
from corpus_tools.index.shelf import Shelf
from corpus_tools.text.fingerprints import Shingles
from corpus_tools.text.likeness import Likeness, Print, compare, print_of
from corpus_tools.text.tokens import Tokens

_WORTH_A_SECOND_LOOK = 0.25
_PRINTS = 4096  # of 400 words they take 26 MB
_MANY = 64  # records of one text whose titles, outlets and pages are looked at


class Collection:
    """Fill it with `add`, then `freeze` it; texts are numbered by their content, so reading order leaves no trace."""

    def __init__(self) -> None:
        self._tokens, self._notes = Shelf(), Shelf()
        self._keys: list[NDArray[np.uint32]] = []
        self._samples: list[NDArray[np.uint8]] = []
        self._records: list[NDArray[np.void]] = []
        self._judged: dict[tuple[int, int], tuple[Judgement, float, float]] = {}

    def __len__(self) -> int:
        return len(self._notes)

    def add(self, prepared: Prepared) -> None:
        """Take in the records that follow."""
        self._tokens.put_joined(prepared.tokens.tobytes(), (prepared.counts * prepared.tokens.itemsize).tolist())
        self._notes.put_joined(prepared.notes, prepared.note_sizes.tolist())
        self._keys.append(prepared.keys)
        self._samples.append(prepared.samples)
        self._records.append(prepared.records)

    def freeze(self) -> None:
        """Order the texts by content and find their records."""
        records = np.concatenate([np.empty(0, RECORD), *self._records])
        self._records.clear()
        self.content, self._titles, self._outlets, self._pages, self._urls, self._canonicals = (
            np.ascontiguousarray(records[name]) for name in ("content", "title", "outlet", "page", "url", "canonical")
        )
        self._words = records["words"].astype(np.int64)
        self.stand_for_others: list[int] = np.flatnonzero(records["copies"] > 1).tolist()
        self.named_as_keeper = self._named(records)
        # Records without a word belong to no text; they come out first, under 0, and are numbered -1.
        unique, numbers = np.unique(records["text"], return_inverse=True)
        empty = int(len(unique) > 0 and unique[0] == 0)
        self.text_of = (numbers - empty).astype(np.int32)
        self.texts = len(unique) - empty
        self._by_text = np.argsort(self.text_of, kind="stable").astype(np.int32)
        self._starts = np.searchsorted(self.text_of[self._by_text], np.arange(self.texts + 1))
        self._by_outlet = np.lexsort((self._titles, self.text_of, self._outlets)).astype(np.int32)
        self._sorted_outlets = self._outlets[self._by_outlet]
        self._furniture = Furniture(self._stories_of, self._print)
        self.print_of = functools.lru_cache(maxsize=_PRINTS)(self._print)
        self._about = functools.lru_cache(maxsize=_PRINTS)(self._look_up)

    def _named(self, records: NDArray[np.void]) -> dict[str, int]:
        """How many records here say that an earlier run kept each of those that stand for others."""
        keys, counts = np.unique(records["named_keeper"], return_counts=True)
        times = dict(zip(keys.tolist(), counts.tolist(), strict=True))
        ids = {name: key_of(name) for row in self.stand_for_others if (name := self.note(row).id)}
        return {name: times.get(key, 0) for name, key in ids.items()}

    def close(self) -> None:
        """Give the disk back."""
        self._tokens.close()
        self._notes.close()

    def note(self, row: int) -> Note:
        """The note of a record."""
        return unpacked(self._notes.take(row))

    def rows_of(self, text: int) -> NDArray[np.int32]:
        """The records of a text, in reading order."""
        return self._by_text[self._starts[text] : self._starts[text + 1]]

    def repeated_texts(self) -> NDArray[np.int64]:
        """The texts that more than one record has."""
        return np.flatnonzero(np.diff(self._starts) > 1)

    def pairs(self) -> Pairs:
        """The pairs of texts worth comparing: alike, of one title, or of one address."""
        first = self._by_text[self._starts[:-1]]
        samples = np.concatenate(self._samples)[first] if self._samples else np.empty((0, 1), np.uint8)
        likely_pair = likely(samples, self._words[first])
        alike = candidates(self._key_columns(first), self.texts, likely_pair)
        self._keys.clear()
        self._samples.clear()
        # One address is reason enough to compare: a page may have been rewritten.
        return np.unique(np.concatenate([alike, candidates(self._addresses(), self.texts)]), axis=0)

    def _key_columns(self, first: NDArray[np.int32]) -> Iterator[Column]:
        every = np.arange(self.texts, dtype=np.int32)
        for column in range(self._keys[0].shape[1] if self._keys else 0):
            yield np.concatenate([part[:, column] for part in self._keys])[first], every
        worded = self.text_of >= 0
        telling = worded & (self._titles & TELLING != 0)
        yield self._titles[telling], self.text_of[telling]

    def _addresses(self) -> Iterator[Column]:
        worded = self.text_of >= 0
        addresses = np.concatenate([self._urls[worded], self._canonicals[worded]])
        yield addresses, np.concatenate([self.text_of[worded], self.text_of[worded]])

    def judged(self, one: int, other: int) -> tuple[Judgement, float, float]:
        """Whether two texts are one article, with their similarity and containment."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._judged:
            verdict = self._judge(*pair)
            if verdict[0] == "different":
                return verdict
            self._judged[pair] = verdict
        return self._judged[pair]

    def _judge(self, one: int, other: int) -> tuple[Judgement, float, float]:
        like = compare(self.print_of(one), self.print_of(other))
        if like.containment >= _WORTH_A_SECOND_LOOK:
            like = self._without_furniture(one, other, like)
        return judge(like, self._surroundings(one, other)), like.similarity, like.containment

    def _without_furniture(self, one: int, other: int, like: Likeness) -> Likeness:
        outlets = sorted((self._about(one)[1] | self._about(other)[1]) - {0})[:_MANY]
        furniture = [found for outlet in outlets if len(found := self._furniture.of(outlet))]
        if not furniture:
            return like
        every = np.unique(np.concatenate(furniture))
        return compare(self.print_of(one).without(every), self.print_of(other).without(every))

    def _surroundings(self, one: int, other: int) -> Surroundings:
        mine, yours = self._about(one), self._about(other)
        titles, outlets, pages = (a & b for a, b in zip(mine, yours, strict=True))
        same_title = any(title & int(TELLING) for title in titles)
        return Surroundings(bool(pages), bool(outlets), same_title, bool(mine[0] and yours[0] and not titles))

    def _look_up(self, text: int) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        rows = self.rows_of(text)
        if len(rows) > _MANY:
            rows = rows[np.lexsort((self._titles[rows], self._pages[rows], self._outlets[rows]))][:_MANY]
        titles, outlets, pages = (frozenset(c[rows].tolist()) - {0} for c in (self._titles, self._outlets, self._pages))
        return titles, outlets, pages

    def page_mates(self, text: int) -> frozenset[int]:
        """The keys of the pages that a text stands on."""
        return self._about(text)[2]

    def _stories_of(self, outlet: int) -> Iterator[tuple[int, int]]:
        start, end = (int(np.searchsorted(self._sorted_outlets, np.uint64(outlet), side)) for side in ("left", "right"))
        for row in map(int, self._by_outlet[start:end]):
            if self.text_of[row] >= 0:
                yield int(self.text_of[row]), int(self._titles[row])

    def _print(self, text: int) -> Print:
        tokens: Tokens = np.frombuffer(self._tokens.take(int(self.rows_of(text)[0])), np.uint32)
        return print_of(tokens)

    def distinct_shingles(self, text: int) -> Shingles:
        """The distinct shingles of a text, sorted."""
        return self.print_of(text).distinct
