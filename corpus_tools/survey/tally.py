"""Counts and samples that stay small however large the corpus is, and come out alike on every machine."""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=str | tuple[str, ...])
Item = TypeVar("Item")


class Tally(Generic[Key]):
    """Counts by key, exact up to `limit` different keys.

    Beyond twice as many the rarest are let go, and what they counted is in `unnamed`; a key that comes back starts
    from nothing, so its count is then a lower bound.

    >>> tally = Tally(limit=2)
    >>> for word in ["ap", "ap", "afp", "dpa", "ap", "tass"] + ["efe"]:
    ...     tally.add(word)
    >>> tally.most(2), tally.unnamed
    ([('ap', 3), ('afp', 1)], 3)
    """

    def __init__(self, limit: int = 20_000) -> None:
        self._counts: dict[Key, int] = {}
        self._limit = limit
        self.unnamed = 0

    def add(self, key: Key, count: int = 1) -> None:
        """Count one key."""
        counts = self._counts
        counts[key] = counts.get(key, 0) + count
        if len(counts) > 2 * self._limit:
            kept = dict(self.most(self._limit))
            self.unnamed += sum(counts.values()) - sum(kept.values())
            self._counts = kept

    def most(self, number: int | None = None) -> list[tuple[Key, int]]:
        """The keys with the highest counts; among equals the first by the alphabet."""
        return sorted(self._counts.items(), key=lambda pair: (-pair[1], pair[0]))[:number]

    def total(self) -> int:
        """Everything that was counted."""
        return self.unnamed + sum(self._counts.values())

    def __len__(self) -> int:
        return len(self._counts)

    def __contains__(self, key: Key) -> bool:
        return key in self._counts


class Lot(Generic[Item]):
    """A sample of up to `size` items that depends on nothing but what they are: those with the smallest numbers.

    >>> lot = Lot(2)
    >>> for word in ["tide", "ferry", "harbour", "buoy"]:
    ...     lot.offer(number_of(word.encode()), word)
    >>> lot.drawn()
    ['tide', 'ferry']
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[int, int, Item]] = []  # the largest number on top
        self._offered = 0

    def wants(self, number: int) -> bool:
        """Whether an item with this number would be drawn as things stand."""
        return len(self._heap) < self._size or number < -self._heap[0][0]

    def offer(self, number: int, item: Item) -> None:
        """Draw an item, or leave it. Of items with one number the first offered stays."""
        if not self.wants(number):
            return
        self._offered += 1
        entry = (-number, -self._offered, item)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heapreplace(self._heap, entry)

    def drawn(self) -> list[Item]:
        """The items, in the order in which they were offered."""
        return [item for _, _, item in sorted(self._heap, key=lambda entry: -entry[1])]


def number_of(data: bytes) -> int:
    """A number that looks like chance and is not: the same bytes have the same one everywhere."""
    return zlib.crc32(data) * 0x9E3779B1 & 0xFFFFFFFF


def as_rows(pairs: Iterable[tuple[Any, int]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Counts by key as rows: one name for each part of the key, `count` for the rest.

    >>> as_rows([(("en", "ms"), 3)], ("declared", "detected"))
    [{'declared': 'en', 'detected': 'ms', 'count': 3}]
    """
    return [
        dict(zip(names, key if isinstance(key, tuple) else (key,), strict=True)) | {"count": count}
        for key, count in pairs
    ]
