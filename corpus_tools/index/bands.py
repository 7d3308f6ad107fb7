"""Candidates: the pairs that are worth comparing, found by sorting band keys.

A bucket of m texts that share a key gives at most a few times m pairs, never m²: a thousand copies of one page, or a
template that a thousand pages share, stay linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pairs = NDArray[np.int64]
"""Pairs of positions, shape (pairs, 2), the smaller first, sorted, each once."""

Column = tuple[NDArray[Any], NDArray[Any]]
Filter = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]

_ALL_PAIRS_UP_TO = 8  # 28 pairs for 8 texts; larger buckets are tied together at fewer places
_NEIGHBOURS = 3
_PAIRS_AT_ONCE = 1 << 14
_SAMPLED_FROM = 100  # words; the samples of a shorter text repeat each other


def candidates(columns: Iterable[Column], texts: int, is_likely: Filter | None = None) -> Pairs:
    """The pairs of texts that share a key in at least one column, if `is_likely` does not rule them out.

    A column is an array of keys and an array of the texts that have them; key 0 is no key. In a bucket of more than
    eight, each text is paired with the first and with the three that follow it: number texts so that their order
    does not depend on reading.

    >>> every = np.arange(4)
    >>> columns = [(np.array([1, 5, 1, 0]), every), (np.array([2, 2, 7, 0]), every)]
    >>> candidates(columns, 4).tolist()
    [[0, 1], [0, 2]]
    """
    found = np.empty(0, np.int64)
    for keys, owners in columns:
        known = keys != 0
        gathered = [found]
        for first, second in _of_one_column(keys[known], owners[known].astype(np.int64)):
            one, other = np.minimum(first, second), np.maximum(first, second)
            good = one != other
            if is_likely is not None:
                good[good] = is_likely(one[good], other[good])
            gathered.append(one[good] * texts + other[good])
        found = np.unique(np.concatenate(gathered))
    return np.stack([found // max(texts, 1), found % max(texts, 1)], axis=1)


def likely(samples: NDArray[np.uint8], words: NDArray[np.int64]) -> Filter:
    """A filter for pairs that can still share half of the smaller text, judged by the texts' samples.

    Pages of stock phrases share keys by the million and share no article. `words` is how long each text is; where one
    is much shorter, or one is short, samples say little and the pair stays.
    """

    def is_likely(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        short, long = np.minimum(words[one], words[other]), np.maximum(words[one], words[other])
        # Half of the smaller set shared is this much of both together …
        least = 0.5 * short / np.maximum(0.5 * short + long, 1)
        size = samples.shape[1]
        # … and two standard deviations less may come out of so few samples.
        needed = size * least - 2 * np.sqrt(size * least * (1 - least))
        equal = np.empty(len(one), np.int64)
        for at in range(0, len(one), _PAIRS_AT_ONCE):
            part = slice(at, at + _PAIRS_AT_ONCE)
            equal[part] = (samples[one[part]] == samples[other[part]]).sum(1)
        passed: NDArray[np.bool_] = (equal >= needed) | (short < _SAMPLED_FROM)
        return passed

    return is_likely


def _of_one_column(
    keys: NDArray[Any], owners: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    order = np.lexsort((owners, keys))
    ordered, owners = keys[order], owners[order]
    # A text can have a key twice, through two of its records.
    once = np.ones(len(ordered), bool)
    once[1:] = (ordered[1:] != ordered[:-1]) | (owners[1:] != owners[:-1])
    ordered, owners = ordered[once], owners[once]
    begins = np.ones(len(ordered), bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(begins)
    sizes = np.diff(starts, append=len(ordered))
    place = np.arange(len(ordered)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    for step in range(1, _ALL_PAIRS_UP_TO):
        far = np.flatnonzero((place >= step) & ((size <= _ALL_PAIRS_UP_TO) | (step <= _NEIGHBOURS)))
        yield owners[far - step], owners[far]
    late = np.flatnonzero((place > _NEIGHBOURS) & (size > _ALL_PAIRS_UP_TO))
    yield owners[late - place[late]], owners[late]
