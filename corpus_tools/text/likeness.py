"""How alike two texts are: what they share, where it stands, and what was put in place of what.

Similarity and containment say how much is shared. They can't tell a copy from a template (yesterday's market report
with today's numbers) nor from two reports around one statement, so both texts are laid side by side as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

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
_IN_SHINGLE = np.arange(SHINGLE)
_FIRST_BITS = 14  # a table of 16 kB, in which a few hundred shingles take few places
_CASED = 0.02  # share of words with a capital, below which a script has none


class Print(NamedTuple):
    """A text prepared for comparison: its words and shingles; of the distinct ones, sorted, where each stands first."""

    tokens: Tokens
    hashes: Shingles
    distinct: Shingles
    places: NDArray[np.int32]


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
    return prints_of([tokens])[0]


def prints_of(texts: Sequence[Tokens]) -> list[Print]:
    """Prepare some texts, of some 100,000 words together: much is done for all of them at once."""
    joined = _joined(texts)
    sizes = np.maximum(joined.sizes - (SHINGLE - 1), 0)
    ends, starts = sizes.cumsum(), joined.begins.repeat(sizes)
    hashes = shingles(joined.tokens)
    at = np.arange(len(starts)) - (ends - sizes).repeat(sizes)
    in_order = _sorted_within(hashes[starts + at], at, ends - sizes, ends)
    ordered = hashes[starts + in_order]
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    is_first[(ends - sizes)[sizes > 0]] = True
    distinct, places = ordered[is_first], in_order[is_first].astype(np.int32)
    bounds = [0, *np.append(0, is_first.cumsum())[ends].tolist()]
    return [
        Print(tokens, hashes[start : start + size], distinct[begin:end], places[begin:end])
        for tokens, start, size, begin, end in zip(
            texts, joined.begins.tolist(), sizes.tolist(), bounds[:-1], bounds[1:], strict=True
        )
    ]


def _sorted_within(
    hashes: Shingles, places: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The places of the shingles of each text, in the order of their hashes, the first of equal ones first."""
    bits = np.uint64(int(places.max(initial=0)).bit_length())
    # Sorting numbers is twice as fast as sorting what they stand for, so a place is written into the hash's last bits.
    keys = hashes >> bits << bits
    keys |= places.view(np.uint64)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        keys[begin:end].sort()
    keys &= (np.uint64(1) << bits) - np.uint64(1)
    return keys.view(np.int64)


class Phrases:
    """Shingles (sorted) that are looked for in many texts; a table of their first bits rules out nearly all others."""

    def __init__(self, shingles: Shingles) -> None:
        self._sorted = shingles
        self._may_be = np.zeros(1 << _FIRST_BITS, bool)
        self._may_be[_first_bits(shingles)] = True

    def __len__(self) -> int:
        return len(self._sorted)

    def places_in(self, hashes: Shingles) -> NDArray[np.int64]:
        """Where among some shingles these stand.

        >>> Phrases(np.array([3, 9], np.uint64)).places_in(np.array([9, 4, 3, 9], np.uint64)).tolist()
        [0, 2, 3]
        """
        likely = self._may_be.take(_first_bits(hashes)).nonzero()[0]
        if not len(likely):
            return likely
        some = hashes[likely]
        found: NDArray[np.int64] = likely[self._sorted.take(self._sorted.searchsorted(some), mode="clip") == some]
        return found


def _first_bits(hashes: Shingles) -> NDArray[np.int64]:
    return (hashes >> np.uint64(64 - _FIRST_BITS)).view(np.int64)


def without(prints: Sequence[Print], furniture: Sequence[Phrases]) -> list[Print]:
    """The same texts, each without the words that stand in its shingles of furniture."""
    found = [gone.places_in(whole.hashes) for whole, gone in zip(prints, furniture, strict=True)]
    furnished = [at for at, places in enumerate(found) if len(places)]
    left = list(prints)
    if furnished:
        bare = prints_of([_cut(prints[at].tokens, found[at]) for at in furnished])
        for at, whole in zip(furnished, bare, strict=True):
            left[at] = whole
    return left


def _cut(tokens: Tokens, places: NDArray[np.int64]) -> Tokens:
    left = np.ones(len(tokens), bool)
    left[np.add.outer(places, _IN_SHINGLE)] = False
    return tokens[left]


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

    @property
    def similarity(self) -> float:
        """Jaccard's: the part that is shared of all that the two have."""
        common = len(self.here)
        return common / max(len(self.smaller.distinct) + len(self.larger.distinct) - common, 1)


def shared_by(one: Print, other: Print) -> Shared:
    """What two texts share; the order of the two does not matter."""
    sizes = len(one.distinct), len(other.distinct)
    if sizes[1] < sizes[0] or (sizes[0] == sizes[1] and _rank(other) < _rank(one)):
        one, other = other, one
    at = other.distinct.searchsorted(one.distinct)
    here = (other.distinct.take(at, mode="clip") == one.distinct).nonzero()[0]
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
    return likenesses([shared_by(one, other)])[0]


def likenesses(pairs: Sequence[Shared]) -> list[Likeness]:
    """The likeness of the two texts of each pair, of which it is known what they share."""
    words = [_shared_words(pair.smaller, pair.larger) for pair in pairs]
    some = [number for number, pair in enumerate(pairs) if len(pair.here)]
    found: dict[int, Likeness] = {}
    if some:
        found = dict(
            zip(some, _of_some([pairs[number] for number in some], [words[number] for number in some]), strict=True)
        )
    return [found.get(number) or _without_any(pair, words[number]) for number, pair in enumerate(pairs)]


def _without_any(pair: Shared, words: float) -> Likeness:
    """The likeness of two texts that share no shingle; they may share words."""
    smaller = len(pair.smaller.distinct)
    return Likeness(0.0, 0.0, smaller / max(len(pair.larger.distinct), 1), smaller, 1.0, 0, 0, 0, words)


class _Texts(NamedTuple):
    """Texts one after the other, as words: where each begins, and how many words it has."""

    tokens: Tokens
    begins: NDArray[np.int64]
    sizes: NDArray[np.int64]


def _joined(texts: Sequence[Tokens]) -> _Texts:
    sizes = np.array([len(text) for text in texts])
    return _Texts(np.concatenate(texts), sizes.cumsum() - sizes, sizes)


def _of_some(pairs: Sequence[Shared], words: Sequence[float]) -> Iterator[Likeness]:
    """The likeness of pairs that share a shingle each; of their words it is known how many they share."""
    one = _joined([pair.smaller.tokens for pair in pairs])
    other = _joined([pair.larger.tokens for pair in pairs])
    common = np.array([len(pair.here) for pair in pairs])
    smaller = np.array([len(pair.smaller.distinct) for pair in pairs])
    larger = np.array([len(pair.larger.distinct) for pair in pairs])
    here = np.concatenate([pair.here for pair in pairs]) + one.begins.repeat(common)
    there = np.concatenate([pair.there for pair in pairs]) + other.begins.repeat(common)
    # Written into their places, the shared shingles stand in order. A stray phrase may stand before the part that is
    # shared, so the first twentieth does not count.
    is_shared = np.zeros(len(other.tokens), bool)
    is_shared[there] = True
    first = is_shared.nonzero()[0][common.cumsum() - common + common // 20] - other.begins
    names = np.add.reduceat((one.tokens & np.uint32(NAME) != 0).astype(np.int64), one.begins)
    close = common >= _LOOK_CLOSER * smaller
    near = close.repeat(common)
    seen = _side_by_side(one, other, runs_in_order(here[near], there[near], SHINGLE, one.begins.tolist()))
    figures = (
        common / (smaller + larger - common),
        common / smaller,
        smaller / larger,
        smaller,
        first / other.sizes,
        seen.swaps,
        seen.values,
        seen.numbers,
        np.array(words),
        seen.aligned,
        seen.openings,
        seen.foreign,
        names < _CASED * one.sizes,
    )
    return itertools.starmap(Likeness, zip(*(column.tolist() for column in figures), strict=True))


def _shared_words(one: Print, other: Print) -> float:
    if min(len(one.tokens), len(other.tokens)) > _FEW_WORDS:
        return 0.0
    mine, yours = (np.unique(side.tokens & np.uint32(WORD)) for side in (one, other))
    shared = len(np.intersect1d(mine, yours, assume_unique=True))
    return shared / max(min(len(mine), len(yours)), 1)


def _rank(one: Print) -> tuple[int, bytes]:
    """What orders texts of as many shingles."""
    return len(one.tokens), one.tokens[:16].tobytes()


class _Seen(NamedTuple):
    """What runs and the gaps between them tell, shape (pairs,) each; 0 for a pair without runs."""

    aligned: NDArray[np.float64]
    openings: NDArray[np.int64]
    foreign: NDArray[np.float64]
    swaps: NDArray[np.int64]
    values: NDArray[np.int64]
    numbers: NDArray[np.int64]


def _side_by_side(one: _Texts, other: _Texts, runs: Runs) -> _Seen:
    """What the runs of each pair, and the gaps between them, tell. `one` holds the smaller texts."""
    count, size = len(one.begins), one.sizes

    def summed(pairs: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.int64]:
        return np.bincount(pairs, values, count).astype(np.int64)

    begin, end = runs.here, runs.here + runs.words
    begin_there, end_there = runs.there, runs.there + runs.words
    pair = np.searchsorted(one.begins, begin, "right") - 1
    inside = pair[1:] == pair[:-1]
    # Where a phrase is repeated in one of the texts, runs overlap, and the gap is none.
    gap = np.maximum(begin[1:] - end[:-1], 0) * inside
    gap_there = np.maximum(begin_there[1:] - end_there[:-1], 0) * inside
    runs_of = np.bincount(pair, minlength=count)
    seen, last_run = runs_of > 0, runs_of.cumsum() - 1
    first, last = (last_run - runs_of + 1, last_run - runs_of + 1)
    solid = (runs.words >= _SOLID).nonzero()[0]
    first[pair[solid[::-1]]] = solid[::-1]
    last[pair[solid]] = solid
    # Beyond the first and the last solid run stand stock phrases: there is no "between" any more.
    passages, between = np.minimum(gap, gap_there), np.arange(len(gap))
    of_gap = pair[:-1]
    passages *= (passages > _SWAP_WORDS) & (first[of_gap] <= between) & (between < last[of_gap])
    both = ((gap > 0) & (gap_there > 0)).nonzero()[0]
    short = both[(gap[both] <= _GAP_WORDS) & (gap_there[both] <= _GAP_WORDS)]
    matched = _matched(one.tokens, other.tokens, end[short], end_there[short], gap[short], gap_there[short])
    swap = short[(gap[short] <= _SWAP_WORDS) & (gap_there[short] <= _SWAP_WORDS)]
    differ: NDArray[np.bool_] = np.zeros((2, len(swap)), bool)
    if len(swap):
        mine, begins = _gathered(end[swap], gap[swap])
        yours, begins_there = _gathered(end_there[swap], gap_there[swap])
        swapped = np.concatenate([one.tokens[mine], other.tokens[yours]])
        found = _values(swapped, np.concatenate([begins, begins_there + len(mine)])).reshape(2, 2, len(swap))
        differ = np.asarray((found[:, 0] != found[:, 1]) & (found != 0).all(1))
    words = np.zeros(count, np.int64)
    openings = np.zeros(count, np.int64)
    words[seen] = end[last_run[seen]] - begin[(last_run - runs_of + 1)[seen]]
    openings[seen] = np.minimum(begin[first[seen]] - one.begins[seen], begin_there[first[seen]] - other.begins[seen])
    aligned = words - summed(of_gap, gap) + summed(of_gap[short], matched)
    return _Seen(
        np.maximum(0.0, aligned / size),
        openings,
        summed(of_gap, passages) / size,
        np.bincount(of_gap[swap], minlength=count),
        summed(of_gap[swap], differ[0] | differ[1]),
        summed(of_gap[swap], differ[0]),
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
) -> NDArray[np.int64]:
    """How many words of each gap are equal where its sides are laid edge to edge, left or right, as fits better."""
    length = np.minimum(gap, gap_there)
    best = np.zeros(len(length), np.int64)
    if not len(length):
        return best
    for mine, yours in ((start, start_there), (start + gap - length, start_there + gap_there - length)):
        here, begins = _gathered(mine, length)
        there = here + (yours - mine).repeat(length)
        equal = (one[here] & np.uint32(WORD)) == (other[there] & np.uint32(WORD))
        best = np.maximum(best, np.add.reduceat(equal.astype(np.int64), begins))
    return best


def _values(words: Tokens, begins: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Of each gap one hash of its numbers and one of its names, 0 where it has none, shape (2, gaps)."""
    hashes = (words & np.uint32(WORD)).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    hashes ^= hashes >> np.uint64(29)
    of_kind = hashes * np.stack([words & np.uint32(NUMBER) != 0, words & np.uint32(NAME) != 0])
    return np.add.reduceat(of_kind, begins, axis=1)
