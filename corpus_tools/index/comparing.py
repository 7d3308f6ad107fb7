"""Comparing the texts of a collection: their words, what stands around them, what people said of them.

Pairs are judged many at a time, which takes a third of the time that one by one would. Whoever is asked again answers
from memory, and memory holds the last pairs and texts only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from corpus_tools.index.clusters import Tie
from corpus_tools.index.collection import Collection
from corpus_tools.index.judge import Ruling, Surroundings, judge
from corpus_tools.index.prepare import TELLING
from corpus_tools.index.verdicts import Verdict, Verdicts
from corpus_tools.text.fingerprints import Shingles
from corpus_tools.text.likeness import (
    Likeness,
    Phrases,
    Print,
    Shared,
    likenesses,
    prints_of,
    shared_by,
    without,
)
from corpus_tools.text.tokens import Tokens

_WORTH_A_SECOND_LOOK = 0.25
_VERDICTS = 1 << 11
_WORDS_AT_ONCE = 1 << 16  # arrays of that size stay in the processor's cache
_TEXTS_AT_ONCE = 16
_FURNITURE = 512  # sets of outlets
_MANY = 64  # outlets of a text whose furniture is looked at


class Comparer:
    """Judges pairs of texts of a collection that was frozen."""

    def __init__(self, collection: Collection) -> None:
        self._all, self._wishes = collection, collection.wishes
        self._prints: dict[int, Print] = {}
        self._seen: dict[Tie, Verdict] = {}
        self._shares: dict[Tie, float] = {}
        self._remembered = Verdicts()
        self._furniture = functools.lru_cache(maxsize=_FURNITURE)(self._furniture_of)
        self._judged = functools.lru_cache(maxsize=_VERDICTS)(self._judge)

    def look_at(self, pairs: Iterable[Tie], unless: Callable[[int, int], bool] | None = None) -> None:
        """Judge pairs that are asked for next, the smaller text first; what was looked at before is let go.

        Of pairs of which `unless` is true only the share is found; it may ask for shares itself.
        """
        self._seen, self._shares = {}, {}
        for some in self._portions(pairs):
            shared = self._meet(some)
            self._shares.update(zip(some, [each.containment for each in shared], strict=True))
            kept = [number for number, pair in enumerate(some) if unless is None or not unless(*pair)]
            judged = [some[number] for number in kept]
            self._seen.update(zip(judged, self._verdicts(judged, [shared[number] for number in kept]), strict=True))

    def judged(self, one: int, other: int) -> Verdict:
        """Whether two texts are one article; the order of the two does not matter."""
        pair = (one, other) if one < other else (other, one)
        return self._seen.get(pair) or self._judged(*pair)

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
        """The shared part of the smaller text, furniture and all."""
        known = self._shares.get((one, other) if one < other else (other, one))
        if known is not None:
            return known
        verdict = self.judged(one, other)
        return verdict.shared / max(min(verdict.sizes), 1)

    def distinct_shingles(self, texts: Sequence[int]) -> Iterator[Shingles]:
        """The distinct shingles of some texts, one after the other, each sorted."""
        for at in range(0, len(texts), _TEXTS_AT_ONCE):
            for made in prints_of(list(map(self._all.tokens_of, texts[at : at + _TEXTS_AT_ONCE]))):
                yield made.distinct

    def _judge(self, one: int, other: int) -> Verdict:
        known = self._remembered.of(one, other)
        if known is not None:
            return known
        (pairs,) = self._portions([(one, other)])
        return self._verdicts(pairs, self._meet(pairs))[0]

    def _portions(self, pairs: Iterable[Tie]) -> Iterator[list[Tie]]:
        """The pairs in portions, whose texts are at hand while a portion is looked at."""
        some: list[Tie] = []
        needed: dict[int, Tokens | None] = {}
        words = 0
        for pair in pairs:
            some.append(pair)
            for text in pair:
                if text not in needed:
                    known = self._prints.get(text)
                    tokens = self._all.tokens_of(text) if known is None else known.tokens
                    needed[text] = tokens if known is None else None
                    words += len(tokens)
            if words >= _WORDS_AT_ONCE:
                self._prepare(needed)
                yield some
                some, needed, words = [], {}, 0
        if some:
            self._prepare(needed)
            yield some

    def _prepare(self, needed: dict[int, Tokens | None]) -> None:
        """Have the prints of just these texts; no words stand with those that are at hand."""
        new = {text: tokens for text, tokens in needed.items() if tokens is not None}
        made = dict(zip(new, prints_of(list(new.values())), strict=True)) if new else {}
        self._prints = {text: made[text] if text in made else self._prints[text] for text in needed}

    def _meet(self, pairs: Sequence[Tie]) -> list[Shared]:
        return [shared_by(self._prints[one], self._prints[other]) for one, other in pairs]

    def _verdicts(self, pairs: Sequence[Tie], shared: Sequence[Shared]) -> list[Verdict]:
        prints, found = self._prints, []
        for (one, other), whole, like in zip(pairs, shared, likenesses(self._bare(pairs, shared)), strict=True):
            wish = self._wishes.of_pair(one, other)
            ruling = (
                Ruling("same" if wish == "always" else "different", wish) if wish else self._ruled(one, other, like)
            )
            sizes = len(prints[one].distinct), len(prints[other].distinct)
            figures = like.similarity, like.containment, like.aligned
            found.append(Verdict(*ruling, *figures, sizes, len(whole.here)))
        return found

    def _ruled(self, one: int, other: int, like: Likeness) -> Ruling:
        mine, yours = self._all.about(one), self._all.about(other)
        titles, outlets, pages = (a & b for a, b in zip(mine, yours, strict=True))
        same_title = any(title & int(TELLING) for title in titles)
        other_title = bool(mine[0] and yours[0] and not titles)
        return judge(like, Surroundings(bool(pages), bool(outlets), same_title, other_title))

    def _bare(self, pairs: Sequence[Tie], shared: Sequence[Shared]) -> list[Shared]:
        """What texts share; where that is a good part, without what either's outlets print on every page."""
        bare = list(shared)
        furnished: list[tuple[int, Phrases]] = []
        whole: dict[tuple[int, int], tuple[Print, Phrases]] = {}
        for number, (pair, met) in enumerate(zip(pairs, shared, strict=True)):
            if met.containment < _WORTH_A_SECOND_LOOK:
                continue
            mine, yours = (self._all.about(text)[1] for text in pair)
            if len(furniture := self._furniture(mine, yours)):
                furnished.append((number, furniture))
                for text in pair:
                    whole.setdefault((text, id(furniture)), (self._prints[text], furniture))
        if not furnished:
            return bare
        cut = dict(zip(whole, without(*zip(*whole.values(), strict=True)), strict=True))
        for number, furniture in furnished:
            one, other = (cut[text, id(furniture)] for text in pairs[number])
            if {id(one), id(other)} != {id(bare[number].smaller), id(bare[number].larger)}:
                bare[number] = shared_by(one, other)
        return bare

    def _furniture_of(self, mine: frozenset[int], yours: frozenset[int]) -> Phrases:
        """What either of some outlets prints on every page."""
        parts = [self._all.furniture.of(outlet) for outlet in sorted((mine | yours) - {0})[:_MANY]]
        return Phrases(np.unique(np.concatenate([np.empty(0, np.uint64), *parts])))
