"""Comparing the texts of a collection, pair by pair: their words, what stands around them, what people said of them.

Whoever is asked twice for one pair answers from memory, and memory holds the last pairs and texts only.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from corpus_tools.index.collection import Collection
from corpus_tools.index.judge import Guard, Judgement, Ruling, Surroundings, judge
from corpus_tools.index.prepare import TELLING
from corpus_tools.text.fingerprints import Shingles
from corpus_tools.text.likeness import Likeness, Print, compare, containment_of, print_of

_WORTH_A_SECOND_LOOK = 0.25
_VERDICTS = 1 << 15
_PRINT_BYTES = 1 << 26
_BARE = 512  # texts without furniture: the first of a bucket is compared with each of the others
_MANY = 64  # outlets of a text whose furniture is looked at


class Verdict(NamedTuple):
    """What was found of one pair: the judgement, what decided it, and the figures behind it.

    `sizes` are the distinct shingles of the text of the smaller number and of the other.
    """

    judgement: Judgement
    guard: Guard
    similarity: float
    containment: float
    aligned: float
    sizes: tuple[int, int]


IDENTICAL = Verdict("same", "shared", 1.0, 1.0, 1.0, (0, 0))
"""What is found of a text and itself."""


class Comparer:
    """Judges pairs of texts of a collection that was frozen."""

    def __init__(self, collection: Collection) -> None:
        self._all, self._wishes = collection, collection.wishes
        self._prints: OrderedDict[int, Print] = OrderedDict()
        self._held = 0
        self._bare = functools.lru_cache(maxsize=_BARE)(self._without_furniture)
        self._furniture = functools.lru_cache(maxsize=_BARE)(self._furniture_of)
        self._judged = functools.lru_cache(maxsize=_VERDICTS)(self._judge)

    def judged(self, one: int, other: int) -> Verdict:
        """Whether two texts are one article; the order of the two does not matter."""
        return self._judged(one, other) if one < other else self._judged(other, one)

    def is_same(self, one: int, other: int) -> bool:
        """Whether two texts are surely one article."""
        return self.judged(one, other).judgement == "same"

    def share(self, one: int, other: int) -> float:
        """The shared part of the smaller text, furniture and all: quick to say."""
        return containment_of(self._print(one), self._print(other))

    def distinct_shingles(self, text: int) -> Shingles:
        """The distinct shingles of a text, sorted."""
        return self._print(text).distinct

    def _judge(self, one: int, other: int) -> Verdict:
        like = compare(*self._articles(one, other))
        wish = self._wishes.of_pair(one, other)
        ruling = Ruling("same" if wish == "always" else "different", wish) if wish else self._ruled(one, other, like)
        sizes = len(self._print(one).distinct), len(self._print(other).distinct)
        return Verdict(*ruling, like.similarity, like.containment, like.aligned, sizes)

    def _ruled(self, one: int, other: int, like: Likeness) -> Ruling:
        mine, yours = self._all.about(one), self._all.about(other)
        titles, outlets, pages = (a & b for a, b in zip(mine, yours, strict=True))
        same_title = any(title & int(TELLING) for title in titles)
        other_title = bool(mine[0] and yours[0] and not titles)
        return judge(like, Surroundings(bool(pages), bool(outlets), same_title, other_title))

    def _articles(self, one: int, other: int) -> tuple[Print, Print]:
        """The two texts; where they share a good part, without what either's outlets print on every page."""
        mine, yours = self._print(one), self._print(other)
        if containment_of(mine, yours) < _WORTH_A_SECOND_LOOK:
            return mine, yours
        outlets = tuple(sorted((self._all.about(one)[1] | self._all.about(other)[1]) - {0})[:_MANY])
        return self._bare(one, outlets), self._bare(other, outlets)

    def _without_furniture(self, text: int, outlets: tuple[int, ...]) -> Print:
        furniture = self._furniture(outlets)
        return self._print(text).without(furniture) if len(furniture) else self._print(text)

    def _furniture_of(self, outlets: tuple[int, ...]) -> Shingles:
        found = [found for outlet in outlets if len(found := self._all.furniture.of(outlet))]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)

    def _print(self, text: int) -> Print:
        known = self._prints.get(text)
        if known is not None:
            self._prints.move_to_end(text)
            return known
        made = self._prints[text] = print_of(self._all.tokens_of(text))
        self._held += _bytes_of(made)
        while self._held > _PRINT_BYTES and len(self._prints) > 2:
            self._held -= _bytes_of(self._prints.popitem(last=False)[1])
        return made


def _bytes_of(made: Print) -> int:
    return 500 + made.tokens.nbytes + made.distinct.nbytes + made.places.nbytes
