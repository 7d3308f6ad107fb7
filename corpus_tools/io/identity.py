"""Ids: the given one, or one made from what the record holds, so that the same record gets the same id anywhere."""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_left
from typing import Any

import numpy as np
import orjson

from corpus_tools.contract import OUT_NAMES

_OURS = frozenset(OUT_NAMES)

Wanted = tuple[int, str | None]
"""The key of the id that a record asks for, and the id itself where it was made from the content."""


_RECENT = 1 << 16  # a set of so many numbers takes some five megabytes


class Ids:
    """Remembers which ids are taken, in 8 bytes a record: the latest as a set, all others as sorted numbers.

    `taken` are the keys of ids that were given out before, sorted.
    """

    def __init__(self, taken: array[int] | None = None) -> None:
        self._recent: set[int] = set()
        # Each at least twice as long as the next, so there are few.
        self._sorted: list[array[int]] = [taken] if taken else []
        self._copies: dict[int, int] = {}  # how often a made id was wanted, where it was more than once

    def number(self, wanted: Wanted) -> int:
        """Note an id: 1 where it is new, else the number that a made one gets, and 2 for a given one."""
        key, name = wanted
        if self._take(key):
            return 1
        if name is None:
            return 2
        number = self._copies.get(key, 1) + 1
        while not self._take(id_key(numbered(name, number))):
            number += 1
        self._copies[key] = number
        return number

    def _take(self, key: int) -> bool:
        if key in self._recent or any(_holds(numbers, key) for numbers in self._sorted):
            return False
        self._recent.add(key)
        if len(self._recent) >= _RECENT:
            self._settle()
        return True

    def _settle(self) -> None:
        numbers = array("Q", sorted(self._recent))
        self._recent.clear()
        while self._sorted and len(self._sorted[-1]) < 2 * len(numbers):
            numbers = array("Q", np.sort(np.concatenate([self._sorted.pop(), numbers])).tobytes())
        self._sorted.append(numbers)


def numbered(name: str, number: int) -> str:
    """A made id; identical records get `-2`, `-3` in reading order.

    >>> numbered("5f0c", 1), numbered("5f0c", 2)
    ('5f0c', '5f0c-2')
    """
    return name if number == 1 else f"{name}-{number}"


def content_id(record: dict[str, Any]) -> str:
    """16 hexadecimal digits of the SHA-256 of the record's own fields as they came, whatever the order of its keys.

    >>> content_id({"title": "A", "text": "B"}) == content_id({"text": "B", "title": "A", "verdict": "keep"})
    True
    """
    own = {key: value for key, value in record.items() if key not in _OURS}
    try:
        data = orjson.dumps(own, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z, default=str)
    except TypeError:  # an integer over 64 bits, or half of a surrogate pair
        data = json.dumps(own, sort_keys=True, separators=(",", ":"), default=str).encode()
    return hashlib.sha256(data).hexdigest()[:16]


def id_key(name: str) -> int:
    """An id as a 64-bit number."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _holds(numbers: array[int], wanted: int) -> bool:
    at = bisect_left(numbers, wanted)
    return at < len(numbers) and numbers[at] == wanted
