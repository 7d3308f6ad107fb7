"""A collection in shares: records that may be copies of each other are in one share, so that others can judge it.

What is said of a share is what would be said of its records among all others: the pairs worth comparing are found in
the whole, and so is the furniture of outlets, which those who judge ask for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.collection import Collection
from corpus_tools.index.elsewhere import Found
from corpus_tools.index.keeper import order_of
from corpus_tools.index.marks import Marks, Said
from corpus_tools.index.pairing import parts_of
from corpus_tools.index.prepare import Prepared
from corpus_tools.index.published import Rows
from corpus_tools.index.resolve import resolve
from corpus_tools.rules.parties import parties
from corpus_tools.text.fingerprints import Shingles

_RECORDS = 1000
"""In a share, about: a few seconds of work, and some megabytes on their way to who does it."""
_PAIR_BYTES = 96  # of memory, while pairs are sorted by the parts that they hang together in

Furnish = Callable[[int], Shingles]
"""Gives the furniture of an outlet."""


class Share(NamedTuple):
    """Some records by their numbers, in reading order, and the pairs among them, as hashes of texts."""

    rows: Rows
    prepared: Prepared
    pairs: NDArray[np.uint64]


def shares_of(collection: Collection, memory: int) -> Iterator[Share] | None:
    """The shares of a collection that was frozen; None where dividing it takes more memory than that.

    Records that are like no other are in no share.
    """
    found = [np.empty((0, 2), np.int64)]
    for pairs in collection.pairs():
        found.append(np.array(pairs, np.int64).reshape(-1, 2))
        if sum(map(len, found)) * _PAIR_BYTES > memory:
            return None
    return _divided(collection, np.concatenate(found))


def _divided(collection: Collection, pairs: Rows) -> Iterator[Share]:
    ranks, hashes = collection.ranks, collection.text_hashes
    records = np.bincount(ranks[ranks >= 0], minlength=len(hashes))
    part = parts_of(pairs[:, 0], pairs[:, 1], len(hashes))
    wanted = records > 1
    wanted[pairs.ravel()] = True
    sizes = np.bincount(part[wanted], records[wanted], len(hashes))
    # The largest first: what is begun last should be small.
    largest_first = np.lexsort((np.arange(len(sizes)), -sizes))[: np.count_nonzero(sizes)]
    share_of = np.full(len(hashes), -1, np.int64)
    share_of[largest_first] = (np.cumsum(sizes[largest_first]) - sizes[largest_first]) // _RECORDS
    of_text = np.where(wanted, share_of[part], -1)
    of_row = np.where(ranks >= 0, of_text[ranks], -1)
    rows = np.argsort(of_row, kind="stable")
    order = np.lexsort((*pairs.T[::-1], part[pairs[:, 0]], of_text[pairs[:, 0]]))
    pairs = pairs[order]
    row_shares, pair_shares = of_row[rows], of_text[pairs[:, 0]]
    for share in np.unique(of_row[of_row >= 0]).tolist():
        mine = rows[slice(*np.searchsorted(row_shares, [share, share + 1]))]
        theirs = pairs[slice(*np.searchsorted(pair_shares, [share, share + 1]))]
        yield Share(mine, collection.taken(mine), hashes[theirs])


@dataclass(frozen=True, slots=True)
class _Asked:
    of: Furnish


def judged(share: Share, furniture_of: Furnish, rules: str | None) -> tuple[Rows, Said]:
    """What is said of the records of a share, and their numbers."""
    collection = Collection()
    with closing(collection):
        collection.found = Found(share.pairs, _Asked(functools.lru_cache(maxsize=None)(furniture_of)))
        collection.add(share.prepared)
        collection.freeze()
        with closing(resolve(collection, parties(rules), order_of(rules))) as marks:
            return share.rows, marks.said()


def marks_of(collection: Collection, judgements: Iterator[tuple[Rows, Said]]) -> Marks:
    """What is said of a collection, from what was said of its shares."""
    marks = Marks.for_records(collection.first, len(collection))
    try:
        for rows, said in judgements:
            marks.take(rows, said)
    except BaseException:
        marks.close()
        raise
    return marks
