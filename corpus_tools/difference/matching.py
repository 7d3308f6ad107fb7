"""Which record of one state is which of the other: by what they are, by id, by content, by address, by text.

All that is kept of a record are numbers made of its digests, 64 bytes of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.difference.entries import Entry, key_of
from corpus_tools.index.multiset import Multiset

Numbers = NDArray[np.uint64]
_WHOLE = ("whole", "whole_too")
_LOOSER = ("id", "rest", "url", "text")
_COLUMNS = (*_WHOLE, *_LOOSER, "cluster")


@dataclass(frozen=True, slots=True)
class Keys:
    """Numbers for each record of a side, 0 where it has nothing of the kind; `broken` is where there is no record."""

    columns: dict[str, Numbers]
    broken: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.broken)

    def __getitem__(self, name: str) -> Numbers:
        return self.columns[name]


def gather_keys(entries: Iterable[Entry]) -> Keys:
    """The keys of all records of a side."""
    columns = {name: array("Q") for name in _COLUMNS}
    broken = bytearray()
    for entry in entries:
        columns["whole"].append(int.from_bytes(entry.digest[:8], "big"))
        columns["whole_too"].append(int.from_bytes(entry.digest[8:], "big"))
        columns["rest"].append(int.from_bytes(entry.rest[:8], "big") if entry.record else 0)
        columns["id"].append(key_of(entry.id))
        columns["url"].append(key_of(entry.url))
        columns["text"].append(key_of(entry.text))
        cluster = entry.record.get("cluster_id")
        columns["cluster"].append(key_of(cluster if isinstance(cluster, str) else None))
        broken.append(entry.broken is not None)
    return Keys(
        {name: np.array(values, np.uint64) for name, values in columns.items()}, np.frombuffer(broken, np.bool_)
    )


@dataclass(frozen=True, slots=True)
class Match:
    """Which record of the old side became which of the new one.

    `became[at]` is the place among the new ones of the old record `at`, and `was[at]` the other way round; -1 for
    none. `same[at]` says of the new record `at` that it is the old one unchanged.
    """

    became: NDArray[np.int64]
    was: NDArray[np.int64]
    same: NDArray[np.bool_]


def match(old: Keys, new: Keys) -> Match:
    """Match two sides; of records that can't be told apart the first goes with the first."""
    became, was = np.full(len(old), -1, np.int64), np.full(len(new), -1, np.int64)
    here, there = _pairs(_mixed(old), _mixed(new), became < 0, was < 0)
    equal = np.logical_and.reduce([old[name][here] == new[name][there] for name in _WHOLE])
    became[here[equal]], was[there[equal]] = there[equal], here[equal]
    same = was >= 0
    for name in _LOOSER:
        mine, yours = old[name], new[name]
        here, there = _pairs(mine, yours, (became < 0) & (mine != 0), (was < 0) & (yours != 0))
        became[here], was[there] = there, here
    return Match(became, was, same)


def _mixed(keys: Keys) -> Numbers:
    return keys["whole"] ^ keys["whole_too"]


def _pairs(
    old: Numbers, new: Numbers, old_free: NDArray[np.bool_], new_free: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places with equal numbers: the first such place here with the first there, the second with the second."""
    here, there = old_free.nonzero()[0], new_free.nonzero()[0]
    found = Multiset(old[here]).take(new[there])
    return here[found[found >= 0]], there[found >= 0]


def successors(old: Keys, new: Keys, matched: Match) -> dict[int, int]:
    """Which cluster of the new side goes on for which of the old one, by their keys.

    It is the one that took most of its records, if none of them came to that one in greater number; where two took the
    same, the smaller key: an arbitrary choice, and always the same one. A cluster that only has another keeper, and
    so another name, goes on; a record that is now in another cluster than the one that goes on for its own has moved.
    """
    here = (matched.became >= 0).nonzero()[0]
    pairs = np.stack([old["cluster"][here], new["cluster"][matched.became[here]]], axis=1)
    found, counts = np.unique(pairs[(pairs != 0).all(axis=1)], axis=0, return_counts=True)
    order = np.lexsort((found[:, 1], found[:, 0], -counts))
    gone: dict[int, int] = {}
    taken: set[int] = set()
    for before, after in found[order].tolist():
        if before not in gone and after not in taken:
            gone[before] = after
            taken.add(after)
    return gone
