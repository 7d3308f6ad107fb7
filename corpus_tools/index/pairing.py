"""The pairs of texts worth comparing: alike, of one title, or of one address; new ones, and new with kept ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.bands import Codes, coded, decoded, likely, pairs_by_key
from corpus_tools.index.fresh import Fresh
from corpus_tools.index.prepare import TELLING
from corpus_tools.index.published import Published, Rows
from corpus_tools.index.scratch import Sieve
from corpus_tools.index.sorted_file import distinct
from corpus_tools.index.texts import Texts

_PAIRS_AT_ONCE = 1 << 16
_LISTED_AT_ONCE = 1 << 11

Sketch = tuple[NDArray[np.uint8], NDArray[np.int64]]


def pairs_worth_comparing(fresh: Fresh, texts: Texts, published: Published, memory: int) -> Iterator[list[Any]]:
    """Pairs of texts, the smaller first, each once, in parts; `memory` bytes may be used to sort them.

    Of the pairs that hang together those come first that have the smaller texts.
    """
    return _Pairing(fresh, texts, published).pairs(memory)


class _Pairing:
    def __init__(self, fresh: Fresh, texts: Texts, published: Published) -> None:
        self._fresh, self._texts, self._published = fresh, texts, published
        self._first, self._every = texts.places, np.arange(texts.count)
        worded = np.flatnonzero(texts.ranks >= 0)
        titles = fresh.records["title"][worded]
        self._ranks = texts.ranks[worded].astype(np.int64)
        self._addresses = [fresh.records[name][worded] for name in ("url", "canonical")]
        self._titles, self._titled = titles[titles & TELLING != 0], self._ranks[titles & TELLING != 0]

    def pairs(self, memory: int) -> Iterator[list[Any]]:
        sieve = Sieve(memory)
        for found in self._among_new():
            sieve.add(self._of_texts(found))
        if self._published.store is not None:
            sieve.add(self._with_kept())
        for codes in sieve.sorted():
            for at in range(0, len(codes), _PAIRS_AT_ONCE):
                pairs = together(decoded(codes[at : at + _PAIRS_AT_ONCE]))
                for start in range(0, len(pairs), _LISTED_AT_ONCE):
                    yield pairs[start : start + _LISTED_AT_ONCE].tolist()

    def _among_new(self) -> Iterator[Codes]:
        """Pairs of ranks; many come more than once."""
        for column in range(self._fresh.key_columns):
            yield from self._alike(self._fresh.keys(column)[self._first], self._every)
        yield from self._alike(self._titles, self._titled)
        # One address is reason enough to compare: a page may have been rewritten.
        yield from pairs_by_key(np.concatenate(self._addresses), np.concatenate([self._ranks] * len(self._addresses)))

    def _alike(self, keys: NDArray[np.uint64], owners: NDArray[np.int64]) -> Iterator[Codes]:
        for part in pairs_by_key(keys, owners):
            yield likely(part, self._sketches)

    def _of_texts(self, codes: Codes) -> Codes:
        """Pairs of ranks as pairs of texts."""
        if not self._published.first:
            return codes
        ones, others = self._texts.numbers(decoded(codes)).T
        return coded(ones[ones != others], others[ones != others])

    def _sketches(self, ranks: Rows) -> Sketch:
        places = self._first[ranks]
        return self._fresh.samples[places], self._fresh.records["words"][places].astype(np.int64)

    def _with_kept(self) -> Codes:
        published = self._published
        columns = range(self._fresh.key_columns)
        found = [self._texts.alike, *(published.alike(at, self._fresh.keys(at)[self._first]) for at in columns)]
        found.append(_of_ranks(published.same_title(self._titles), self._titled))
        alike = likely(self._coded(np.concatenate(found)), self._sketches_of_texts)
        by_address = [_of_ranks(published.same_address(keys), self._ranks) for keys in self._addresses]
        return distinct(np.concatenate([alike, self._coded(np.concatenate(by_address))]))

    def _coded(self, pairs: Rows) -> Codes:
        """Pairs of a rank and a record as pairs of texts."""
        mine = self._texts.numbers(pairs[:, 0])
        yours = np.array([self._texts.of(row) for row in pairs[:, 1].tolist()], np.int64)
        different = (mine != yours) & (yours >= 0)
        return distinct(coded(mine[different], yours[different]))

    def _sketches_of_texts(self, numbers: Rows) -> Sketch:
        kept = numbers < self._published.first
        samples = np.empty((len(numbers), self._fresh.samples.shape[1]), np.uint8)
        words = np.empty(len(numbers), np.int64)
        samples[kept], words[kept] = self._published.sketches(numbers[kept])
        samples[~kept], words[~kept] = self._sketches(numbers[~kept] - self._published.first)
        return samples, words


def together(pairs: Rows) -> Rows:
    """The same pairs, shape (pairs, 2), those that hang together one after the other, in the order they had.

    Who compares them so needs few texts at a time.

    >>> together(np.array([[1, 9], [2, 3], [4, 9], [3, 5]])).tolist()
    [[1, 9], [4, 9], [2, 3], [3, 5]]
    """
    texts, ends = np.unique(pairs, return_inverse=True)
    ones, others = ends.reshape(-1, 2).T
    return pairs[np.argsort(parts_of(ones, others, len(texts))[ones], kind="stable")]


def parts_of(ones: NDArray[np.int64], others: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each of the texts from 0 to `count` the smallest of those that it hangs together with.

    >>> parts_of(np.array([4, 2]), np.array([1, 4]), 6).tolist()
    [0, 1, 1, 3, 1, 5]
    """
    part = np.arange(count)
    while (part[ones] != part[others]).any():
        mine, yours = part[ones], part[others]
        least = np.minimum(mine, yours)
        np.minimum.at(part, mine, least)
        np.minimum.at(part, yours, least)
        while (part[part] != part).any():
            part = part[part]
    return part


def _of_ranks(pairs: Rows, ranks: Rows) -> Rows:
    """Pairs of a place and a record as pairs of a rank and a record."""
    return np.stack([ranks[pairs[:, 0]], pairs[:, 1]], axis=1)
