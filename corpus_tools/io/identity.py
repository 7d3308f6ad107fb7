"""Ids: the given one, or one made from what the record holds, so that the same record gets the same id anywhere."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson

from corpus_tools.contract import OUT_NAMES

_OURS = frozenset(OUT_NAMES)


class Ids:
    """Remembers which ids are taken: 8 bytes a record, plus what a Python set needs around them."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._copies: dict[int, int] = {}  # how often a made id was wanted, where it was more than once

    def take(self, name: str) -> bool:
        """Note a given id; False if an earlier record has it."""
        key = _short(name)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def make(self, record: dict[str, Any]) -> str:
        """An id for a record that has none; identical records get `-2`, `-3` in reading order."""
        name = content_id(record)
        if self.take(name):
            return name
        key = _short(name)
        number = self._copies.get(key, 1) + 1
        while not self.take(f"{name}-{number}"):
            number += 1
        self._copies[key] = number
        return f"{name}-{number}"


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


def _short(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
