"""Fingerprints of token sequences: 5-word shingles, one-permutation MinHash, and the bands that find alike texts.

Sources: A. Broder, "On the resemblance and containment of documents" (1997); P. Li, A. Owen, C.-H. Zhang, "One
permutation hashing" (2012), empty bins filled by rotation as in A. Shrivastava and P. Li (2014).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.tokens import WORD, Tokens

SHINGLE = 5
"""Words in a shingle."""
BANDS, ROWS = 40, 5
# Copies are trimmed and dressed, so their Jaccard similarity can be 0.3. 40 bands of 5 rows found copies that
# 16 bands of 8 missed; bands of 4 rows made quadratically many pairs of strangers.
_BINS = 256
_EMPTY = np.uint32(0xFFFFFFFF)
_U64 = np.uint64
_U64_MAX = _U64(0xFFFFFFFFFFFFFFFF)
_HALF = _U64(32)
_PRIME = _U64(0x9E3779B97F4A7C15)

# A teaser or a truncated page shares little with the whole article, but it shares its opening.
_OPENINGS = (28, 52, 104)
_KEYS_AN_OPENING, _ORDERS_A_KEY = 2, 3
OPENING_KEYS = len(_OPENINGS) * _KEYS_AN_OPENING
SAMPLES = _BINS - BANDS * ROWS

Shingles = NDArray[np.uint64]


def shingles(tokens: Tokens) -> Shingles:
    """The hash of every run of five words, in order, shape (max(words - 4, 0),).

    >>> import numpy as np
    >>> shingles(np.arange(4, 48, 4, dtype=np.uint32)).shape
    (7,)
    """
    count = len(tokens) - SHINGLE + 1
    if count <= 0:
        return np.empty(0, _U64)
    words = (tokens & np.uint32(WORD)).astype(_U64)
    hashes = words[:count].copy()
    for step in range(1, SHINGLE):
        hashes *= _PRIME
        hashes += words[step : count + step]
    hashes ^= hashes >> _U64(33)
    hashes *= _U64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> _U64(29)
    return hashes


def content_hashes(tokens: Tokens, counts: NDArray[np.int64]) -> Shingles:
    """One hash of all words of each text, in order, shape (texts,); 0 for a text without words.

    >>> import numpy as np
    >>> one, two, none = content_hashes(np.array([4, 8, 8, 4], np.uint32), np.array([2, 2, 0])).tolist()
    >>> one != two, none
    (True, 0)
    """
    ends = np.cumsum(counts)
    # Each word is mixed with its place, and the sum mixed once more, so an order of words is part of the hash.
    place = np.arange(len(tokens), dtype=_U64) - np.repeat((ends - counts).astype(_U64), counts)
    mixed = ((tokens & np.uint32(WORD)).astype(_U64) + (place << _U64(32))) * _PRIME
    mixed ^= mixed >> _U64(32)
    mixed *= _U64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> _U64(29)
    sums = np.zeros(len(tokens) + 1, _U64)
    np.cumsum(mixed, out=sums[1:])
    hashes = sums[ends] - sums[ends - counts] + counts.astype(_U64) * _PRIME
    hashes ^= hashes >> _U64(31)
    return np.where(counts == 0, _U64(0), np.maximum(hashes, _U64(1)))


class Fingerprints(NamedTuple):
    """Of some texts: texts that share a key in its place are worth comparing, and samples foretell how alike they are.

    `keys` has the shape (texts, 40 + 6): forty of the whole text find alike ones, six of its opening find the whole
    article to a truncated one. A key has 64 bits; whoever sorts by the upper half alone must compare the lower, else
    strangers meet by chance. `samples` has the shape (texts, 56): the share of equal ones estimates Jaccard's
    similarity. A text of less than five words has no shingles: all is zeros, and it is compared by all its words only.
    """

    keys: NDArray[np.uint64]
    samples: NDArray[np.uint8]


def fingerprints_of(tokens: Tokens, counts: NDArray[np.int64]) -> Fingerprints:
    """The fingerprints of texts, whose tokens stand one after the other."""
    hashes = shingles(tokens)
    inside = np.ones(len(hashes), bool)
    ends = np.cumsum(counts)
    for words in range(1, SHINGLE):
        # A run that crosses the end of its text is no shingle.
        last = ends - words
        inside[last[(last >= 0) & (last < len(hashes))]] = False
    hashes, sizes = hashes[inside], np.maximum(counts - SHINGLE + 1, 0)
    bins = _lowest_by_bin(hashes, sizes)
    keys = np.concatenate([_bands(bins), _opening_keys(hashes, sizes)], axis=1)
    # The bins that no band uses: that two texts share a band says nothing about these.
    return Fingerprints(keys, (bins[:, BANDS * ROWS :] >> np.uint32(8)).astype(np.uint8))


def _lowest_by_bin(hashes: Shingles, sizes: NDArray[np.int64]) -> NDArray[np.uint32]:
    bins = np.full(len(sizes) * _BINS, _EMPTY, np.uint32)
    places = np.repeat(np.arange(0, len(bins), _BINS), sizes)
    places += (hashes & _U64(_BINS - 1)).view(np.int64)
    np.minimum.at(bins, places, (hashes >> _U64(33)).astype(np.uint32))
    return _filled(bins.reshape(len(sizes), _BINS))


def _opening_keys(hashes: Shingles, sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """For each length of opening two keys, each of the smallest shingles under three orders.

    One order alone would pair all articles that open with the same stock phrase.
    """
    starts = (np.cumsum(sizes) - sizes)[:, None]
    # Each longer opening is the shorter one and what follows it, up to where the next text begins.
    parts = np.concatenate([starts, starts + np.minimum(sizes[:, None], _OPENINGS)], axis=1)
    lengths = np.diff(parts, axis=1)
    read = np.repeat(parts[:, 0] - np.append(0, np.cumsum(lengths.sum(1))[:-1]), lengths.sum(1))
    mine = hashes[read + np.arange(len(read))]
    begins = (np.cumsum(lengths) - lengths.ravel()).reshape(lengths.shape)
    keys = np.zeros((len(sizes), OPENING_KEYS), _U64)
    ordered = np.full(len(mine) + 1, _U64_MAX)
    for key in range(_KEYS_AN_OPENING):
        joined = np.zeros((len(_OPENINGS), len(sizes)), _U64)
        for turn in range(_ORDERS_A_KEY * key, _ORDERS_A_KEY * (key + 1)):
            np.multiply(mine, _U64(2 * turn + 3), out=ordered[:-1])
            ordered[:-1] *= _PRIME
            lowest = np.minimum.reduceat(ordered, begins.ravel()).reshape(begins.shape)
            lowest[lengths == 0] = _U64_MAX
            joined = ((joined ^ np.minimum.accumulate(lowest, axis=1).T) * _PRIME) >> _U64(1)
        made = joined << _U64(1)
        keys[:, key::_KEYS_AN_OPENING] = np.where(made >> _HALF, made, made | _U64(1) << _HALF).T
    keys[sizes == 0] = 0
    return keys


def _filled(bins: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Fill every empty bin from the nearest full one to its left, around the corner, plus a mark of the distance."""
    flat = bins.ravel()
    is_full = flat != _EMPTY
    full, ranks = np.flatnonzero(is_full), np.cumsum(is_full, dtype=np.int32)
    empty = np.flatnonzero(~is_full)
    if not len(full) or not len(empty):
        return bins if len(full) else np.zeros_like(bins)
    row = empty // _BINS
    before = full[ranks[empty] - 1]
    around = full[ranks[row * _BINS + _BINS - 1] - 1]
    in_row = (before // _BINS == row) & (before < empty)
    donors = np.where(in_row, before, around)
    distance = (empty - donors) % _BINS
    flat[empty] = flat[donors] + distance.astype(np.uint32) * np.uint32(0x9E3779B1)
    bins[~is_full.reshape(bins.shape).any(1)] = 0
    return bins


def _bands(bins: NDArray[np.uint32]) -> NDArray[np.uint64]:
    rows = bins[:, : BANDS * ROWS].reshape(len(bins), BANDS, ROWS)
    upper, lower = _mixed(rows, 0, 0x9E3779B1), _mixed(rows, 0x7F4A7C15, 0x85EBCA6B)
    keys: NDArray[np.uint64] = upper.astype(_U64) << _HALF | lower
    keys[~bins.any(1)] = 0
    keys[upper == 0] = 0  # who sorts by the upper half takes it for no key
    return keys


def _mixed(rows: NDArray[np.uint32], seed: int, factor: int) -> NDArray[np.uint32]:
    keys: NDArray[np.uint32] = np.full(rows.shape[:2], seed, np.uint32)
    for row in range(rows.shape[2]):
        keys = (keys ^ rows[:, :, row]) * np.uint32(factor)
        keys ^= keys >> np.uint32(15)
    return keys
