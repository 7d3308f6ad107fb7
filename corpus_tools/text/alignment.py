"""What two texts have in common in the same order: runs of equal words, and what stands between them.

Shared phrases alone can't tell a copy from two reports around one statement. Laid side by side, a copy is a few long
runs with small gaps; a shared statement, caption or list of headlines is one run between passages that differ.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.scripts import joining, without_spaces

Kind = Literal["same", "changed", "only_one", "only_other"]

_WIDTHS = (5, 2)
"""Words in a row by which two texts are tied to each other, first far apart, then between."""
_BY_WORD = 1 << 14  # pairs of words in a gap that are compared one by one


class Runs(NamedTuple):
    """Runs of equal words, in the order of both texts: where each begins in either text, and how long it is."""

    here: NDArray[np.int64]
    there: NDArray[np.int64]
    words: NDArray[np.int64]


def runs_in_order(here: NDArray[Any], there: NDArray[Any], width: int, begins: Sequence[int] = (0,)) -> Runs:
    """The runs that shingles of `width` words make, one after the other in both texts: of all such rows the longest.

    `here` and `there` are the places of each shared shingle in the two texts, each place once. Many pairs of texts are
    looked at together where their words stand one after the other; `begins` is where the first text of each begins.

    >>> here, there = np.array([0, 1, 2, 9, 10]), np.array([4, 5, 6, 0, 1])
    >>> [column.tolist() for column in runs_in_order(here, there, 5)]
    [[0], [4], [7]]
    """
    if not len(here):
        return Runs(*[np.empty(0, np.int64)] * 3)
    # Sorted by writing each into its place: several times as fast as sorting.
    other_place = np.full(int(here.max()) + 1, -1, np.int64)
    other_place[here] = there
    here = (other_place >= 0).nonzero()[0]
    there = other_place[here]
    # In a run both places rise by one: what changes between runs is the one or the other.
    breaks = (here[1:] - here[:-1] != 1) | (there[1:] - there[:-1] != 1)
    bounds = np.concatenate([[0], breaks.nonzero()[0] + 1, [len(here)]])
    starts = bounds[:-1]
    runs = Runs(here[starts], there[starts], bounds[1:] - starts + (width - 1))
    falls = (runs.there[1:] <= runs.there[:-1]).nonzero()[0]
    if not len(falls):
        return runs
    kept = np.ones(len(starts), bool)
    firsts = [*runs.here.searchsorted(begins).tolist(), len(starts)]
    for pair in sorted(set((np.searchsorted(firsts, falls, "right") - 1).tolist())):
        first, last = firsts[pair], firsts[pair + 1]
        kept[first:last] = False
        rising = _heaviest_rising(runs.there[first:last].tolist(), runs.words[first:last].tolist())
        kept[[first + number for number in rising]] = True
    return Runs(*(column[kept] for column in runs))


def _heaviest_rising(places: list[int], weights: list[int]) -> list[int]:
    """The numbers of the rising row of places with the greatest sum of weights."""
    ranks = sorted(set(places))
    # A Fenwick tree of best sums: who ends at or below a rank with the most words.
    best: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)
    before = [-1] * len(places)
    end, most = -1, 0
    for number, (place, weight) in enumerate(zip(places, weights, strict=True)):
        rank = bisect_left(ranks, place) + 1
        total, at = 0, rank - 1
        while at:
            if best[at][0] > total:
                total, before[number] = best[at]
            at &= at - 1
        total += weight
        if total > most:
            most, end = total, number
        at = rank
        while at < len(best):
            if total > best[at][0]:
                best[at] = total, number
            at += at & -at
    row = []
    while end >= 0:
        row.append(end)
        end = before[end]
    return row[::-1]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of two texts side by side: from word `one[0]` up to `one[1]` of the one, and likewise of the other.

    `same` says that they are equal; of `only_one` and `only_other` one side is empty.
    """

    kind: Kind
    one: tuple[int, int]
    other: tuple[int, int]


def align(one: Sequence[int], other: Sequence[int]) -> list[Segment]:
    """Two texts as lists of words, side by side; together the segments hold every word of both once, in order.

    The time grows with the length of the texts, not with its square.

    >>> for segment in align([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 9, 5, 6, 7, 8]):
    ...     print(segment.kind, segment.one, segment.other)
    same (0, 3) (0, 3)
    changed (3, 4) (3, 4)
    same (4, 7) (4, 7)
    only_other (7, 7) (7, 8)
    """
    mine, yours = np.asarray(one, np.int64), np.asarray(other, np.int64)
    return list(_joined(_segments(mine, yours, 0, 0, _WIDTHS)))


def _segments(
    one: NDArray[np.int64], other: NDArray[np.int64], at: int, there: int, widths: tuple[int, ...]
) -> Iterator[Segment]:
    """The segments of two stretches that begin at the words `at` and `there`."""
    if len(one) and len(other):
        if len(one) * len(other) <= _BY_WORD:
            yield from _word_by_word(one, other, at, there)
            return
        if widths:
            yield from _tied(one, other, at, there, widths)
            return
    if len(one) or len(other):
        kind: Kind = "changed" if len(one) and len(other) else ("only_one" if len(one) else "only_other")
        yield Segment(kind, (at, at + len(one)), (there, there + len(other)))


def _tied(
    one: NDArray[np.int64], other: NDArray[np.int64], at: int, there: int, widths: tuple[int, ...]
) -> Iterator[Segment]:
    width, rest = widths[0], widths[1:]
    runs = runs_in_order(*_shared_once(one, other, width), width)
    done, done_there = 0, 0
    for begin, begin_there, words in zip(*(column.tolist() for column in runs), strict=True):
        # Runs may overlap by a few words where a phrase is repeated in one of the texts.
        skip = max(0, done - begin, done_there - begin_there)
        if skip >= words:
            continue
        begin, begin_there, words = begin + skip, begin_there + skip, words - skip
        yield from _segments(one[done:begin], other[done_there:begin_there], at + done, there + done_there, rest)
        done, done_there = begin + words, begin_there + words
        yield Segment("same", (at + begin, at + done), (there + begin_there, there + done_there))
    yield from _segments(one[done:], other[done_there:], at + done, there + done_there, rest)


def _shared_once(
    one: NDArray[np.int64], other: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the phrases of `width` words that stand exactly once in either text."""
    places = []
    for words in (one, other):
        windows = np.lib.stride_tricks.sliding_window_view(words, width) if len(words) >= width else words[:0, None]
        hashes = np.zeros(len(windows), np.uint64)
        for column in range(windows.shape[1] if len(windows) else 0):
            hashes = (hashes + windows[:, column].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            hashes ^= hashes >> np.uint64(29)
        found, first, counts = np.unique(hashes, return_index=True, return_counts=True)
        places.append((found[counts == 1], first[counts == 1]))
    (mine, here), (yours, there) = places
    _, left, right = np.intersect1d(mine, yours, assume_unique=True, return_indices=True)
    return here[left], there[right]


def _word_by_word(one: NDArray[np.int64], other: NDArray[np.int64], at: int, there: int) -> Iterator[Segment]:
    kinds: dict[str, Kind] = {"equal": "same", "replace": "changed", "delete": "only_one", "insert": "only_other"}
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one.tolist(), other.tolist(), autojunk=False).get_opcodes():
        yield Segment(kinds[tag], (at + a, at + b), (there + c, there + d))


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one segment."""
    last: Segment | None = None
    for segment in segments:
        if last is not None and last.kind == segment.kind:
            last = Segment(last.kind, (last.one[0], segment.one[1]), (last.other[0], segment.other[1]))
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


@dataclass(frozen=True, slots=True)
class Passage:
    """A segment of two texts as characters: `one` and `other` are what stands there, spaces included."""

    kind: Kind
    one: str
    other: str

    def parted(self, at: int, *, in_other: bool = False) -> tuple[Passage, Passage]:
        """A passage that both texts have, in two: before a character of the one (or the other) text, and from it on.

        >>> Passage("same", "Ends. Share", "ends: share").parted(6)
        (Passage(kind='same', one='Ends. ', other='ends: '), Passage(kind='same', one='Share', other='share'))
        """
        named, unnamed = (self.other, self.one) if in_other else (self.one, self.other)
        words = sum(start < at for _, start in _places(named))
        starts = [start for _, start in _places(unnamed)]
        there = starts[words] if words < len(starts) else len(unnamed)
        mine, yours = (there, at) if in_other else (at, there)
        return Passage(self.kind, self.one[:mine], self.other[:yours]), Passage(
            self.kind, self.one[mine:], self.other[yours:]
        )


def align_texts(one: str, other: str) -> list[Passage]:
    """Two texts side by side. Case, punctuation and spaces make no difference; put together, each side is its text.

    >>> for passage in align_texts("The ferry sails at nine.", "The old ferry sails at ten."):
    ...     print(passage)
    Passage(kind='same', one='The ', other='The ')
    Passage(kind='only_other', one='', other='old ')
    Passage(kind='same', one='ferry sails at ', other='ferry sails at ')
    Passage(kind='changed', one='nine.', other='ten.')

    A dash, quotation mark or bracket that opens a word goes with it:

    >>> align_texts("They sail again.", "They sail again. –ANA")[1]
    Passage(kind='only_other', one='', other='–ANA')
    """
    numbers: dict[str, int] = {}
    (mine, starts), (yours, starts_there) = (_words(text, numbers) for text in (one, other))
    segments = align(mine, yours)
    if not segments and (one or other):
        return [Passage("same" if one == other else "changed", one, other)]
    passages = []
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        passages.append(
            Passage(
                segment.kind,
                _between(one, starts, segment.one, number == 0, last),
                _between(other, starts_there, segment.other, number == 0, last),
            )
        )
    return passages


def _words(text: str, numbers: dict[str, int]) -> tuple[list[int], list[int]]:
    """The words of a text as numbers, and where each begins."""
    found = list(_places(text))
    return [numbers.setdefault(word.casefold(), len(numbers)) for word, _ in found], [start for _, start in found]


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Each word of a text, and where it begins: with the marks that stand before it, after a space."""
    done = 0
    for match in _WORD.finditer(text):
        start = match.start()
        while start > done and not text[start - 1].isspace():
            start -= 1
        yield match.group(), start if start > done or not done else match.start()
        done = match.end()


def _between(text: str, starts: list[int], words: tuple[int, int], is_first: bool, is_last: bool) -> str:
    first, end = words
    begin = 0 if is_first else (starts[first] if first < len(starts) else len(text))
    stop = len(text) if is_last else (starts[end] if end < len(starts) else len(text))
    return text[begin:stop]


_WORD = re.compile(rf"[{without_spaces()}][{joining()}]*|[^\W_{without_spaces()}]+")
