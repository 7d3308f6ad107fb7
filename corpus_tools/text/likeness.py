"""How alike two texts are: what they share, where it stands, and what was put in place of what.

Similarity and containment say how much is shared. They can't tell a copy from a template (yesterday's market report
with today's numbers), so the words that took each other's place are looked at as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.fingerprints import SHINGLE, Shingles, shingles
from corpus_tools.text.tokens import NAME, NUMBER, WORD, Tokens

_LOOK_CLOSER = 0.25  # texts that share less are no template of each other
_FEW_WORDS = 60  # in a longer text the common words of a language are shared anyway
_SWAP_WORDS = 12  # a longer gap is a passage that was cut or added, not a value that was filled in


@dataclass(frozen=True, slots=True)
class Print:
    """A text prepared for comparison: its words, its distinct shingles, sorted, and where each stands first."""

    tokens: Tokens
    distinct: Shingles
    places: NDArray[np.int32]

    def without(self, furniture: Shingles) -> Print:
        """The same, but the shingles in `furniture` (sorted) do not count."""
        article = ~_in(self.distinct, furniture)
        return Print(self.tokens, self.distinct[article], self.places[article])


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts have in common, counted in distinct shingles.

    `similarity` is Jaccard's, `containment` the shared part of the smaller set, `ratio` the smaller set over the
    larger, `smaller` its size. `head` is how deep in the larger text the shared part begins, 0 to 1.
    Of the short gaps inside the shared part, `swaps` counts those that hold other words in the two texts,
    `value_swaps` those among them where numbers or names differ, and `numbers` those where numbers do; all are 0
    where less than a quarter is shared. `words` is the shared part of the distinct words of the shorter text, in any
    order; 0 where it has more than 60.
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


def print_of(tokens: Tokens) -> Print:
    """Prepare a text."""
    distinct, places = np.unique(shingles(tokens), return_index=True)
    return Print(tokens, distinct, places.astype(np.int32))


def compare(one: Print, other: Print) -> Likeness:
    """Compare two texts; the order of the two does not matter.

    >>> from corpus_tools.text.tokens import tokens_of
    >>> monday = print_of(tokens_of(["The price of palm oil closed at 3,950 ringgit a tonne at noon"])[0])
    >>> friday = print_of(tokens_of(["The price of palm oil closed at 4,120 ringgit a tonne at noon"])[0])
    >>> like = compare(monday, friday)
    >>> round(like.containment, 2), like.numbers
    (0.4, 1)
    """
    if _rank(other) < _rank(one):
        one, other = other, one
    shared = _in(one.distinct, other.distinct)
    common = int(shared.sum())
    smaller, larger = len(one.distinct), len(other.distinct)
    words = _shared_words(one, other)
    if not common:
        return Likeness(0.0, 0.0, smaller / max(larger, 1), smaller, 1.0, 0, 0, 0, words)
    there = other.places[np.searchsorted(other.distinct, one.distinct[shared])]
    # A stray phrase may stand before the part that is shared, so the first twentieth does not count.
    head = float(np.partition(there, common // 20)[common // 20]) / len(other.tokens)
    swaps = values = numbers = 0
    if common >= _LOOK_CLOSER * smaller:
        swaps, values, numbers = _swaps(one, other, one.places[shared], there)
    return Likeness(
        common / (smaller + larger - common),
        common / smaller,
        smaller / larger,
        smaller,
        head,
        swaps,
        values,
        numbers,
        words,
    )


def _shared_words(one: Print, other: Print) -> float:
    if min(len(one.tokens), len(other.tokens)) > _FEW_WORDS:
        return 0.0
    mine, yours = (np.unique(side.tokens & np.uint32(WORD)) for side in (one, other))
    shared = len(np.intersect1d(mine, yours, assume_unique=True))
    return shared / max(min(len(mine), len(yours)), 1)


def _rank(one: Print) -> tuple[int, int, bytes]:
    return len(one.distinct), len(one.tokens), one.tokens.tobytes()[:64]


def _in(values: Shingles, among: Shingles) -> NDArray[np.bool_]:
    """Which of `values` are in the sorted `among`."""
    if not len(among):
        return np.zeros(len(values), bool)
    at = np.searchsorted(among, values)
    at[at == len(among)] = 0
    return np.asarray(among[at] == values)


def _swaps(one: Print, other: Print, here: NDArray[np.int32], there: NDArray[np.int32]) -> tuple[int, int, int]:
    """Count the short gaps between two shared shingles that follow each other in both texts."""
    order = np.argsort(here)
    here, there = here[order], there[order]
    gap_here, gap_there = np.diff(here) - SHINGLE, np.diff(there) - SHINGLE
    short = (gap_here > 0) & (gap_there > 0) & (gap_here <= _SWAP_WORDS) & (gap_there <= _SWAP_WORDS)
    swaps = values = numbers = 0
    for at in np.flatnonzero(short).tolist():
        mine = one.tokens[here[at] + SHINGLE : here[at + 1]]
        yours = other.tokens[there[at] + SHINGLE : there[at + 1]]
        swaps += 1
        number_differs = _differ(mine, yours, NUMBER)
        numbers += number_differs
        values += number_differs or _differ(mine, yours, NAME)
    return swaps, values, numbers


def _differ(mine: Tokens, yours: Tokens, kind: int) -> bool:
    """Whether both hold words of this kind, and not the same ones."""
    bit = np.uint32(kind)
    one, other = ({int(t & np.uint32(WORD)) for t in side if t & bit} for side in (mine, yours))
    return bool(one and other and one != other)
