"""Comparing the texts of a collection, pair by pair: their words, what stands around them, what people said of them.

Whoever is asked twice for one pair answers from memory, and memory holds the last pairs and texts only.
"""

from __future__ import annotations

import functools
from collections import OrderedDict

import numpy as np

from corpus_tools.index.collection import Collection
from corpus_tools.index.judge import Ruling, Surroundings, judge
from corpus_tools.index.prepare import TELLING
from corpus_tools.index.verdicts import Verdict, Verdicts
from corpus_tools.text.fingerprints import Shingles
from corpus_tools.text.likeness import Likeness, Print, Shared, likeness_of, print_of, shared_by

_WORTH_A_SECOND_LOOK = 0.25
_VERDICTS = 1 << 11
_PRINT_BYTES = 1 << 23  # pairs that hang together come together, so few texts are asked for again
_BARE = 512  # texts without furniture: the first of a bucket is compared with each of the others
_LAST = 4  # pairs: who asks for a share has just asked for the judgement, or does next
_MANY = 64  # outlets of a text whose furniture is looked at


class Comparer:
    """Judges pairs of texts of a collection that was frozen."""

    def __init__(self, collection: Collection) -> None:
        self._all, self._wishes = collection, collection.wishes
        self._prints: OrderedDict[int, Print] = OrderedDict()
        self._held = 0
        self._remembered = Verdicts()
        self._bare = functools.lru_cache(maxsize=_BARE)(self._without_furniture)
        self._furniture = functools.lru_cache(maxsize=_BARE)(self._furniture_of)
        self._judged = functools.lru_cache(maxsize=_VERDICTS)(self._judge)
        self._shared = functools.lru_cache(maxsize=_LAST)(self._meet)

    def judged(self, one: int, other: int) -> Verdict:
        """Whether two texts are one article; the order of the two does not matter."""
        return self._judged(one, other) if one < other else self._judged(other, one)

    def remember(self, one: int, other: int) -> None:
        """Keep what was found of two texts, the smaller first, for when all were compared."""
        self._remembered.add(one, other, self.judged(one, other))

    def all_compared(self) -> None:
        """Say that what follows are questions about pairs that were compared."""
        self._remembered.sort()

    def shingles_alone(self, one: int, other: int) -> tuple[int, int]:
        """How many distinct shingles each of two texts has that the other lacks, furniture and all."""
        verdict = self.judged(one, other)
        mine, yours = verdict.sizes if one < other else verdict.sizes[::-1]
        return mine - verdict.shared, yours - verdict.shared

    def is_same(self, one: int, other: int) -> bool:
        """Whether two texts are surely one article."""
        return self.judged(one, other).judgement == "same"

    def share(self, one: int, other: int) -> float:
        """The shared part of the smaller text, furniture and all: quick to say."""
        return self._shared(min(one, other), max(one, other)).containment

    def distinct_shingles(self, text: int) -> Shingles:
        """The distinct shingles of a text, sorted."""
        return self._print(text).distinct

    def _judge(self, one: int, other: int) -> Verdict:
        known = self._remembered.of(one, other)
        if known is not None:
            return known
        mine, yours = self._print(one), self._print(other)
        shared = self._shared(one, other)
        like = likeness_of(self._articles(one, other, mine, yours, shared))
        wish = self._wishes.of_pair(one, other)
        ruling = Ruling("same" if wish == "always" else "different", wish) if wish else self._ruled(one, other, like)
        sizes = len(mine.distinct), len(yours.distinct)
        return Verdict(*ruling, like.similarity, like.containment, like.aligned, sizes, len(shared.here))

    def _ruled(self, one: int, other: int, like: Likeness) -> Ruling:
        mine, yours = self._all.about(one), self._all.about(other)
        titles, outlets, pages = (a & b for a, b in zip(mine, yours, strict=True))
        same_title = any(title & int(TELLING) for title in titles)
        other_title = bool(mine[0] and yours[0] and not titles)
        return judge(like, Surroundings(bool(pages), bool(outlets), same_title, other_title))

    def _articles(self, one: int, other: int, mine: Print, yours: Print, shared: Shared) -> Shared:
        """What two texts share; where that is a good part, without what either's outlets print on every page."""
        if shared.containment < _WORTH_A_SECOND_LOOK:
            return shared
        outlets = tuple(sorted((self._all.about(one)[1] | self._all.about(other)[1]) - {0})[:_MANY])
        furnished = tuple(outlet for outlet in outlets if len(self._all.furniture.of(outlet)))
        if not furnished:
            return shared
        bare, bare_other = self._bare(one, furnished), self._bare(other, furnished)
        return shared if bare is mine and bare_other is yours else shared_by(bare, bare_other)

    def _meet(self, one: int, other: int) -> Shared:
        return shared_by(self._print(one), self._print(other))

    def _without_furniture(self, text: int, outlets: tuple[int, ...]) -> Print:
        return self._print(text).without(self._furniture(outlets))

    def _furniture_of(self, outlets: tuple[int, ...]) -> Shingles:
        return np.unique(np.concatenate([self._all.furniture.of(outlet) for outlet in outlets]))

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
