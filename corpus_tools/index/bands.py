"""Candidates: the pairs that are worth comparing, found by sorting band keys.

A bucket of m texts that share a key gives at most a few times m pairs, never m²: a thousand copies of one page, or a
template that a thousand pages share, stay linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.sorted_file import Entries, distinct, entries

Codes = NDArray[np.uint64]
"""Pairs of texts as numbers, the smaller text in the upper half; sorted, each once."""

Sketches = Callable[[NDArray[np.int64]], tuple[NDArray[np.uint8], NDArray[np.int64]]]
"""Gives the samples of some texts, shape (texts, samples), and how many words each has."""

ALL_PAIRS_UP_TO = 8
"""28 pairs for 8 texts; larger buckets are tied together at fewer places."""
_NEIGHBOURS = 3
_PAIRS_AT_ONCE = 1 << 14
_SAMPLED_FROM = 100  # words; the samples of a shorter text repeat each other …
_BINS = 256  # … for its shingles fill some of so many bins, and each of the others has what stands left of it
_HALF, _LOWER = np.uint64(32), np.uint64(0xFFFFFFFF)


def pairs_by_key(keys: NDArray[np.uint64], owners: NDArray[Any]) -> Iterator[Codes]:
    """The pairs of texts that share a key of 64 bits, in parts; 0 is no key.

    Keys are sorted by their upper halves, in which strangers meet by chance: of 10⁸ texts in one column a million
    pairs. Those whose lower halves differ are left out.

    >>> keys = np.array([1 << 32 | 5, 1 << 32 | 6, 1 << 32 | 5], np.uint64)
    >>> np.concatenate([decoded(part) for part in pairs_by_key(keys, np.array([7, 8, 9]))]).tolist()
    [[7, 9]]
    """
    if (owners[1:] <= owners[:-1]).any():
        order = np.lexsort((keys, owners))
        keys, owners = keys[order], owners[order]
        first = np.ones(len(keys), bool)
        first[1:] = (owners[1:] != owners[:-1]) | (keys[1:] != keys[:-1])
        keys, owners = keys[first], owners[first]
    owners = owners.astype(np.uint64)
    for places in candidates(entries(keys, np.arange(len(keys)))):
        one, other = places >> _HALF, places & _LOWER
        same = keys[one] == keys[other]
        yield distinct(owners[one[same]] << _HALF | owners[other[same]])


def candidates(column: Entries) -> Iterator[Codes]:
    """The pairs of texts that share a key in a column, in parts; two parts may have a pair in common.

    In a bucket of more than eight, each text is paired with the first and with the three that follow it: number texts
    so that their order does not depend on reading.

    >>> from corpus_tools.index.sorted_file import entries
    >>> column = entries(np.array([1, 5, 1, 0], np.uint32), np.arange(4))
    >>> [decoded(part).tolist() for part in candidates(column) if len(part)]
    [[[0, 2]]]
    """
    shared = np.zeros(len(column), bool)
    keys = column >> _HALF
    np.equal(keys[1:], keys[:-1], out=shared[1:])
    shared[:-1] |= shared[1:]
    keys, owners = keys[shared], column[shared] & _LOWER
    begins = np.ones(len(keys), bool)
    begins[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(begins)
    sizes = np.diff(starts, append=len(keys))
    place = np.arange(len(keys)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    for step in range(1, ALL_PAIRS_UP_TO):
        far = np.flatnonzero((place >= step) & ((size <= ALL_PAIRS_UP_TO) | (step <= _NEIGHBOURS)))
        yield owners[far - step] << _HALF | owners[far]
    late = np.flatnonzero((place > _NEIGHBOURS) & (size > ALL_PAIRS_UP_TO))
    yield owners[late - place[late]] << _HALF | owners[late]


def coded(one: NDArray[np.int64], other: NDArray[np.int64]) -> Codes:
    """Pairs as numbers, whichever of the two comes first; not sorted."""
    small, large = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return small << _HALF | large


def decoded(codes: Codes) -> NDArray[np.int64]:
    """Pairs as texts, shape (pairs, 2)."""
    return np.stack([codes >> _HALF, codes & _LOWER], axis=1).astype(np.int64)


def likely(codes: Codes, sketches_of: Sketches) -> Codes:
    """Those pairs that can still share half of the smaller text, judged by the texts' samples.

    Pages of stock phrases share keys by the million and share no article. Where one text is much shorter, or has few
    words, samples say little and the pair stays.
    """
    kept = [np.empty(0, np.uint64)]
    for at in range(0, len(codes), _PAIRS_AT_ONCE):
        part = codes[at : at + _PAIRS_AT_ONCE]
        pairs = decoded(part)
        (mine, here), (yours, there) = sketches_of(pairs[:, 0]), sketches_of(pairs[:, 1])
        short, long = np.minimum(here, there), np.maximum(here, there)
        # Half of the smaller set shared is this much of both together …
        least = 0.5 * short / np.maximum(0.5 * short + long, 1)
        size = mine.shape[1]
        independent = np.where(short < _SAMPLED_FROM, size * -np.expm1(-short / _BINS), size)
        # … and two standard deviations less may come out of so few samples.
        deviation = np.sqrt(size * least * (1 - least)) * np.sqrt(size / np.maximum(independent, 1))
        needed = size * least - 2 * deviation
        kept.append(part[(mine == yours).sum(1) >= needed])
    return np.concatenate(kept)
