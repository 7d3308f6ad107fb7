"""How alike two texts are: what they share, where it stands, and what was put in place of what.

Similarity and containment say how much is shared. They can't tell a copy from a template (yesterday's market report
with today's numbers) nor from two reports around one statement, so both texts are laid side by side as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.alignment import Runs, runs_in_order
from corpus_tools.text.fingerprints import SHINGLE, Shingles, shingles
from corpus_tools.text.tokens import NAME, NUMBER, WORD, Tokens

_LOOK_CLOSER = 0.2  # texts that share less are no copies and no templates of each other
_FEW_WORDS = 60  # in a longer text the common words of a language are shared anyway
_SWAP_WORDS = 12  # a longer gap is a passage that was cut or added, not a value that was filled in
_GAP_WORDS = 64  # words in a gap that are looked at one by one
_SOLID = 8  # words in a run that is no stock phrase
_CASED = 0.02  # share of words with a capital, below which a script has none


@dataclass(frozen=True, slots=True)
class Print:
    """A text prepared for comparison: its words, its distinct shingles, sorted, and where each stands first."""

    tokens: Tokens
    distinct: Shingles
    places: NDArray[np.int32]

    def without(self, furniture: Shingles) -> Print:
        """The text without the words that stand in shingles of `furniture` (sorted)."""
        known = _in(self.distinct, furniture)
        if not known.any():
            return self
        if len(self.distinct) == len(self.tokens) - SHINGLE + 1:  # no phrase is repeated
            found = np.zeros(len(known), bool)
            found[self.places[known]] = True
        else:
            found = _in(shingles(self.tokens), furniture)
        gone = np.zeros(len(self.tokens), bool)
        for step in range(SHINGLE):
            gone[step : step + len(found)] |= found
        return print_of(self.tokens[~gone])


class Likeness(NamedTuple):
    """What two texts have in common.

    `similarity` is Jaccard's, `containment` the shared part of the smaller set, `ratio` the smaller set over the
    larger, `smaller` its size, all counted in distinct shingles. `head` is how deep in the larger text the shared part
    begins, 0 to 1.

    The rest is 0 where less than a fifth is shared. `aligned` is the share of the smaller text's words that stand in
    the other in the same order. `openings` is how many words both have before the first run they share, `foreign` the
    share of the smaller text in passages between two runs where the other has a passage of its own.
    Of the short gaps between runs, `swaps` counts those that hold other words in the two texts, `value_swaps` those
    among them where numbers or names differ, and `numbers` those where numbers do. `caseless` says that no names can
    be told, as in scripts without capitals.
    `words` is the shared part of the distinct words of the shorter text, in any order; 0 where it has more than 60.
    """

    similarity: float
    containment: float
    ratio: float
    smaller: int
    head: float
    swaps: int
    value_swaps: int
    numbers: int
    words: float = 0.0
    aligned: float = 0.0
    openings: int = 0
    foreign: float = 0.0
    caseless: bool = False


def print_of(tokens: Tokens) -> Print:
    """Prepare a text."""
    hashes = shingles(tokens)
    order = np.argsort(hashes)
    ordered = hashes[order]
    repeated = ordered[1:] == ordered[:-1]
    if not repeated.any():
        return Print(tokens, ordered, order.astype(np.int32))
    starts = np.concatenate([[0], (~repeated).nonzero()[0] + 1])
    return Print(tokens, ordered[starts], np.minimum.reduceat(order, starts).astype(np.int32))


class Shared(NamedTuple):
    """The shingles that two texts share: `smaller` is the text with fewer, `here` and `there` are their places."""

    smaller: Print
    larger: Print
    here: NDArray[np.int32]
    there: NDArray[np.int32]

    @property
    def containment(self) -> float:
        """The shared part of the smaller set."""
        return len(self.here) / max(len(self.smaller.distinct), 1)


def shared_by(one: Print, other: Print) -> Shared:
    """What two texts share; the order of the two does not matter."""
    if _rank(other) < _rank(one):
        one, other = other, one
    at = _found(one.distinct, other.distinct)
    here = (at >= 0).nonzero()[0]
    return Shared(one, other, one.places[here], other.places[at[here]])


def compare(one: Print, other: Print) -> Likeness:
    """Compare two texts; the order of the two does not matter.

    >>> from corpus_tools.text.tokens import tokens_of
    >>> monday = print_of(tokens_of(["The price of palm oil closed at 3,950 ringgit a tonne at noon"])[0])
    >>> friday = print_of(tokens_of(["The price of palm oil closed at 4,120 ringgit a tonne at noon"])[0])
    >>> like = compare(monday, friday)
    >>> round(like.containment, 2), like.numbers, round(like.aligned, 2)
    (0.4, 1, 0.86)
    """
    return likeness_of(shared_by(one, other))


def likeness_of(shared: Shared) -> Likeness:
    """The likeness of two texts, of which it is known what they share."""
    one, other, here, there = shared
    common, smaller, larger = len(here), len(one.distinct), len(other.distinct)
    words = _shared_words(one, other)
    if not common:
        return Likeness(0.0, 0.0, smaller / max(larger, 1), smaller, 1.0, 0, 0, 0, words)
    # A stray phrase may stand before the part that is shared, so the first twentieth does not count.
    head = float(np.partition(there, common // 20)[common // 20]) / len(other.tokens)
    seen = _NOTHING
    if common >= _LOOK_CLOSER * smaller:
        seen = _side_by_side(one, other, runs_in_order(here, there, SHINGLE))
    return Likeness(
        common / (smaller + larger - common),
        common / smaller,
        smaller / larger,
        smaller,
        head,
        seen.swaps,
        seen.values,
        seen.numbers,
        words,
        seen.aligned,
        seen.openings,
        seen.foreign,
        _is_caseless(one.tokens),
    )


def _shared_words(one: Print, other: Print) -> float:
    if min(len(one.tokens), len(other.tokens)) > _FEW_WORDS:
        return 0.0
    mine, yours = (np.unique(side.tokens & np.uint32(WORD)) for side in (one, other))
    shared = len(np.intersect1d(mine, yours, assume_unique=True))
    return shared / max(min(len(mine), len(yours)), 1)


def _rank(one: Print) -> tuple[int, int, bytes]:
    return len(one.distinct), len(one.tokens), one.tokens[:16].tobytes()


def _is_caseless(tokens: Tokens) -> bool:
    return int(np.count_nonzero(tokens & np.uint32(NAME))) < _CASED * len(tokens)


def _in(values: Shingles, among: Shingles) -> NDArray[np.bool_]:
    """Which of `values` are in the sorted `among`."""
    return _found(values, among) >= 0


def _found(values: Shingles, among: Shingles) -> NDArray[np.int64]:
    """Where each of `values` stands in the sorted `among`; -1 where it does not."""
    if not len(among):
        return np.full(len(values), -1)
    at = among.searchsorted(values)
    at[at == len(among)] = 0
    at[among[at] != values] = -1
    return at


class _Seen(NamedTuple):
    aligned: float
    openings: int
    foreign: float
    swaps: int
    values: int
    numbers: int


_NOTHING = _Seen(0.0, 0, 0.0, 0, 0, 0)


def _side_by_side(one: Print, other: Print, runs: Runs) -> _Seen:
    """What the runs that two texts share, and the gaps between them, tell. `one` is the smaller text."""
    size = len(one.tokens)
    if len(runs.here) == 1:
        here, there, words = int(runs.here[0]), int(runs.there[0]), int(runs.words[0])
        return _Seen(words / size, min(here, there), 0.0, 0, 0, 0)
    begin, end = runs.here, runs.here + runs.words
    begin_there, end_there = runs.there, runs.there + runs.words
    # Where a phrase is repeated in one of the texts, runs overlap, and the gap is none.
    gap = np.maximum(begin[1:] - end[:-1], 0)
    gap_there = np.maximum(begin_there[1:] - end_there[:-1], 0)
    both = ((gap > 0) & (gap_there > 0)).nonzero()[0]
    solid = (runs.words >= _SOLID).nonzero()[0]
    first, last = (int(solid[0]), int(solid[-1])) if len(solid) else (0, 0)
    # Beyond the first and the last solid run stand stock phrases: there is no "between" any more.
    inner, passages = int(gap.sum()), np.minimum(gap[first:last], gap_there[first:last])
    matched, swaps, values, numbers = 0, 0, 0, 0
    if len(both):
        short = both[(gap[both] <= _GAP_WORDS) & (gap_there[both] <= _GAP_WORDS)]
        matched = _matched(one.tokens, other.tokens, end[short], end_there[short], gap[short], gap_there[short])
        swap = short[(gap[short] <= _SWAP_WORDS) & (gap_there[short] <= _SWAP_WORDS)]
        swaps = len(swap)
        if swaps:
            mine, begins = _gathered(end[swap], gap[swap])
            yours, begins_there = _gathered(end_there[swap], gap_there[swap])
            swapped = np.concatenate([one.tokens[mine], other.tokens[yours]])
            found = _values(swapped, np.concatenate([begins, begins_there + len(mine)])).reshape(2, 2, swaps)
            differ = (found[:, 0] != found[:, 1]) & (found != 0).all(1)
            numbers, values = int(np.count_nonzero(differ[0])), int(np.count_nonzero(differ.any(0)))
    aligned = size - int(begin[0]) - (size - int(end[-1])) - inner + matched
    return _Seen(
        max(0.0, aligned / size),
        int(min(begin[first], begin_there[first])),
        float(passages[passages > _SWAP_WORDS].sum()) / size,
        swaps,
        values,
        numbers,
    )


def _gathered(start: NDArray[np.int64], length: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places from each start on, one after the other, and where those of each begin among them."""
    ends = length.cumsum()
    begins = ends - length
    places = (start - begins).repeat(length)
    places += np.arange(len(places))
    return places, begins


def _matched(
    one: Tokens,
    other: Tokens,
    start: NDArray[np.int64],
    start_there: NDArray[np.int64],
    gap: NDArray[np.int64],
    gap_there: NDArray[np.int64],
) -> int:
    """How many words of short gaps are equal where the gaps are laid edge to edge, left or right, as fits better."""
    length = np.minimum(gap, gap_there)
    if not len(length):
        return 0
    best = np.zeros(len(length), np.int64)
    edges = [(start, start_there), (start + gap - length, start_there + gap_there - length)]
    for mine, yours in edges if (gap != gap_there).any() else edges[:1]:
        here, begins = _gathered(mine, length)
        there = here + (yours - mine).repeat(length)
        equal = (one[here] & np.uint32(WORD)) == (other[there] & np.uint32(WORD))
        best = np.maximum(best, np.add.reduceat(equal.astype(np.int64), begins))
    return int(best.sum())


def _values(words: Tokens, begins: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Of each gap one hash of its numbers and one of its names, 0 where it has none, shape (2, gaps)."""
    hashes = (words & np.uint32(WORD)).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    hashes ^= hashes >> np.uint64(29)
    of_kind = hashes * np.stack([words & np.uint32(NUMBER) != 0, words & np.uint32(NAME) != 0])
    return np.add.reduceat(of_kind, begins, axis=1)
