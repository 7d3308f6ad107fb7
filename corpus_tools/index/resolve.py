"""From fingerprints to marks: judge the pairs, cluster what is the same, choose the keepers, write down the rest."""

from __future__ import annotations

import functools
import itertools
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.clusters import Cluster, Judges, Neighbours, Tie, asked_first, components, own_shingles, settle
from corpus_tools.index.collection import Collection
from corpus_tools.index.comparing import Comparer
from corpus_tools.index.keeper import RULES, Facts, Order, Rank, content_hash, gathered, rank, reason
from corpus_tools.index.marks import PUBLISHED, Alike, Copy, Marks, Relation
from corpus_tools.index.notes import Note
from corpus_tools.index.standing import standing_of
from corpus_tools.index.verdicts import Verdict
from corpus_tools.rules.parties import Parties

_CONTAINED = 0.95  # what is missing at five per cent are the shingles around each cut
_MOSTLY = 2  # times: a cut leaves more behind than the few shingles around it
_REFUSALS = 8
_PAIRS_AT_ONCE = 256
_PAIRS_LISTED = 1 << 14
_PARTS_AT_ONCE = 64
_RANKS = 256  # of the records of one story, which are asked for twice
_MOST_ALIKE = 16  # arbitrary: who reads sixteen borderline pairs of one record knows what it is

Tell = Callable[[int, int, Verdict], None]
"""Called with two records and what was found of their texts, for each pair that is compared."""


def resolve(collection: Collection, parties: Parties, order: Order, tell: Tell | None = None) -> Marks:
    """Find the clusters of a collection that was frozen; `tell` hears of each pair that is compared."""
    marks = Marks.for_records(collection.first, len(collection))
    try:
        _Resolver(collection, parties, order, marks, tell).resolve()
    except BaseException:
        marks.close()
        raise
    return marks


class _Pairs:
    """Pairs of texts, sixteen bytes each."""

    def __init__(self) -> None:
        self._ends = array("q")

    def add(self, one: int, other: int) -> None:
        self._ends.extend((one, other))

    def extend(self, more: _Pairs) -> None:
        self._ends.extend(more._ends)

    def array(self) -> NDArray[np.int64]:
        return np.array(self._ends, np.int64).reshape(-1, 2)


class _Found:
    """The pairs that are the same, that may be, and that were not compared."""

    def __init__(self) -> None:
        self.same, self.alike, self.untried = _Pairs(), _Pairs(), _Pairs()

    def every(self) -> Iterator[list[int]]:
        """All pairs, in order, each once."""
        every = np.unique(np.concatenate([pairs.array() for pairs in (self.same, self.alike, self.untried)]), axis=0)
        for at in range(0, len(every), _PAIRS_LISTED):
            yield from every[at : at + _PAIRS_LISTED].tolist()


class _Refused:
    """How much texts share with others that are not the same: thousands of pages with one list, one form, one notice.

    A text that was refused eight times is compared only with what it shares more with: what is not the same at so
    much is not the same at less.
    """

    def __init__(self, compared: Comparer) -> None:
        self._compared = compared
        self._times: Counter[int] = Counter()
        self._most: dict[int, float] = {}

    def add(self, one: int, other: int) -> None:
        """Say that two texts are not the same."""
        share = self._compared.share(one, other)
        for text in (one, other):
            self._times[text] += 1
            self._most[text] = max(share, self._most.get(text, 0.0))

    def is_like_those(self, one: int, other: int) -> bool:
        """Whether two texts share no more than either does with texts that are not the same."""
        if min(self._times[one], self._times[other]) < _REFUSALS:
            return False
        return self._compared.share(one, other) <= min(self._most[one], self._most[other])


class _Resolver:
    def __init__(self, collection: Collection, parties: Parties, order: Order, marks: Marks, tell: Tell | None) -> None:
        self._all, self._parties, self._order, self._marks, self._tell = collection, parties, order, marks, tell
        self._wishes = collection.wishes
        self._compared = Comparer(collection)
        self._left = _Pairs()
        self._rank = functools.lru_cache(maxsize=_RANKS)(self._rank_of)
        self._chosen = functools.lru_cache(maxsize=_PARTS_AT_ONCE)(self._choose)

    def resolve(self) -> None:
        found = self._found()
        bound = np.array(self._wishes.pairs(), np.int64).reshape(-1, 2)
        same, untried = np.concatenate([found.same.array(), bound]), Neighbours(found.untried.array())
        tied = components(same)
        judges = Judges(
            lambda texts: self._chosen(tuple(texts)), self._is_same, self._bonds_of, self._wishes.enemies_of
        )
        parts = zip(tied, _of_parts(tied, same), strict=True)
        while at_once := list(itertools.islice(parts, _PARTS_AT_ONCE)):
            self._compared.look_at(pair for some, ties in at_once for pair in asked_first(some, ties, judges))
            for some, ties in at_once:
                for cluster in settle(some, ties, untried, judges):
                    self._write(cluster)
        in_pairs = {text for some in tied for text in some}
        carried = {self._all.text_of(row) for row in self._all.stand_for_others} - {-1}
        for text in sorted((set(self._all.repeated_texts()) | carried) - in_pairs):
            keeper, kept, facts = self._choose([text])
            self._write(Cluster(keeper, kept, (text,), facts))
        for row in self._all.stand_for_others:
            if self._all.text_of(row) < 0:
                self._write_standing(row, [row])
        found.alike.extend(self._left)
        self._write_alike(found)
        self._marks.wished = self._wishes.says

    def _found(self) -> _Found:
        """What each pair is. Two texts that are the same as a third are not compared."""
        found, refused = _Found(), _Refused(self._compared)
        third: dict[int, int] = {}
        for one, other in self._looked_at(third, refused):
            if self._tell is not None:
                self._tell(self._speaker(one), self._speaker(other), self._compared.judged(one, other))
            if third.get(one, one) == third.get(other, other):
                found.untried.add(one, other)
                continue
            if refused.is_like_those(one, other):
                continue
            verdict = self._compared.judged(one, other)
            if verdict.judgement != "same":
                refused.add(one, other)
            if verdict.judgement != "different":
                self._compared.remember(one, other)
            if verdict.judgement == "same":
                found.same.add(one, other)
                if one not in third and other not in third:
                    third[other] = one
            elif verdict.judgement == "borderline":
                found.alike.add(one, other)
        self._compared.all_compared()
        return found

    def _looked_at(self, third: Mapping[int, int], refused: _Refused) -> Iterator[Tie]:
        """All pairs; those that may be judged, by what is known so far, were looked at."""
        told = self._tell is not None
        for pairs in self._all.pairs():
            for at in range(0, len(pairs), _PAIRS_AT_ONCE):
                some: list[Tie] = list(map(tuple, pairs[at : at + _PAIRS_AT_ONCE]))
                needed = [pair for pair in some if told or len({third.get(text, text) for text in pair}) == 2]
                self._compared.look_at(needed, None if told else refused.is_like_those)
                yield from some

    def _is_same(self, kept: int, text: int) -> bool:
        # Two records that were kept before both stay, whatever came between them since.
        if self._is_published(kept) and self._is_published(text):
            return False
        return self._compared.is_same(kept, text)

    def _is_published(self, text: int) -> bool:
        return any(map(self._all.is_published, self._all.rows_of(text)))

    def _bonds_of(self, text: int) -> frozenset[int]:
        group = self._wishes.group.get(text)
        pages = self._all.page_mates(text)
        return pages if group is None else pages | {-1 - group}  # page keys are never negative

    def _rows(self, texts: Iterable[int]) -> list[int]:
        return [row for text in texts for row in self._all.rows_of(text)]

    def _choose(self, texts: Sequence[int]) -> tuple[int, int, Facts]:
        of_each = list(map(self._all.rows_of, texts))
        own: dict[int, int] = {}
        if len(texts) > 1:
            counts = self._own_shingles(texts, list(map(len, of_each)))
            own = {row: count for rows, count in zip(of_each, counts, strict=True) for row in rows}
        every = list(itertools.chain.from_iterable(of_each))
        facts = gathered(((row, self._all.note(row)) for row in every), self._parties, own)
        published = list(filter(self._all.is_published, every))
        keeper = min(published or every, key=lambda row: self._rank(row, facts))
        return keeper, self._all.text_of(keeper), facts

    def _rank_of(self, row: int, facts: Facts) -> Rank:
        return rank(self._all.note(row), facts, row, self._order)

    def _own_shingles(self, texts: Sequence[int], records: Sequence[int]) -> Sequence[int]:
        if len(texts) != 2:
            return own_shingles(texts, records, self._compared.distinct_shingles)
        alone = self._compared.shingles_alone(*texts)
        return [count if times == 1 else 0 for count, times in zip(alone, records, strict=True)]

    def _write(self, cluster: Cluster) -> None:
        rows = self._rows(cluster.texts)
        kept = self._all.note(cluster.keeper)
        best = self._rank(cluster.keeper, cluster.facts)
        for member in cluster.texts:
            relation, similarity, containment = self._relation(cluster.text, member)
            for row in self._all.rows_of(member):
                if row != cluster.keeper and row >= self._all.first:
                    note = self._all.note(row)
                    theirs = self._rank(row, cluster.facts)
                    rule = reason(best, theirs, self._order, same_page=_is_same_page(note, kept))
                    own = _of_record(note, kept, relation)
                    # Of equally good copies the first stays, and nobody need hear of the other.
                    better = theirs[:-1] < best[:-1]
                    late = better and RULES[rule].value is not content_hash
                    why = PUBLISHED if better else ""
                    self._marks.set_copy(row, Copy(cluster.keeper, own, similarity, containment, why, late), rule)
        self._write_standing(cluster.keeper, rows)
        for text in cluster.left:
            if self._compared.judged(cluster.text, text).judgement == "borderline":
                self._left.add(min(cluster.text, text), max(cluster.text, text))

    def _relation(self, kept: int, member: int) -> tuple[Relation, float, float]:
        if kept == member:
            return "verbatim", 1.0, 1.0
        verdict = self._compared.judged(kept, member)
        similarity, containment = verdict.similarity, verdict.containment
        there, here = verdict.sizes if kept < member else verdict.sizes[::-1]
        shared = containment * min(here, there)
        added, left_out = here - shared, there - shared
        if containment < _CONTAINED or max(added, left_out) < _MOSTLY * min(added, left_out):
            return "edited", similarity, containment
        return ("trimmed" if added < left_out else "extended"), similarity, containment

    def _write_standing(self, keeper: int, rows: list[int]) -> None:
        members = ((row, self._all.note(row)) for row in sorted(rows))
        if keeper < self._all.first:
            self._marks.set_keeper(keeper)
            return
        standing = standing_of(keeper, self._all.note(keeper), members, self._all.named_as_keeper)
        if standing.copies > 1:
            self._marks.set_standing(keeper, standing)

    def _write_alike(self, found: _Found) -> None:
        """Flag the pairs that may be one story, or are, and ended apart; of each record the most alike."""
        apart: dict[tuple[int, int], tuple[float, float]] = {}
        for one, other in found.every():
            if self._are_one_story(one, other):
                continue
            verdict = self._compared.judged(one, other)
            if verdict.judgement != "different":
                apart.setdefault((self._face(one), self._face(other)), (verdict.similarity, verdict.containment))
        for (a, b), figures in sorted(apart.items(), key=lambda item: (-item[1][1], -item[1][0], self._told(item[0]))):
            for here, there in ((a, b), (b, a)):
                said = self._marks.alike.setdefault(here, [])
                if len(said) < _MOST_ALIKE and all(known.other != there for known in said):
                    said.append(Alike(there, *figures))

    def _told(self, rows: tuple[int, int]) -> list[int]:
        """What orders pairs of records, whatever order they were read in."""
        return sorted(self._all.text_of(row) for row in rows)

    def _are_one_story(self, one: int, other: int) -> bool:
        """Whether one keeper stands for both texts; true of most pairs, and quick to say."""
        mine, yours = (self._marks.keeper_of(self._all.rows_of(text)[-1]) for text in (one, other))
        return mine is not None and mine == yours

    def _face(self, text: int) -> int:
        """The record that speaks for a text: the one that stays, else arbitrarily that of the smallest id."""
        rows = self._all.rows_of(text)
        kept = self._marks.keeper_of(rows[0])
        if kept is None or self._all.text_of(kept) == text:
            return rows[0] if kept is None else kept
        return self._speaker(text)

    def _speaker(self, text: int) -> int:
        """The record of a text with the smallest id: arbitrary, and the same whatever was read first."""
        rows = self._all.rows_of(text)
        if len(rows) == 1:
            return rows[0]
        return min(rows, key=lambda row: (len(self._all.note(row).id or ""), self._all.note(row).id or "", row))


def _of_parts(tied: Sequence[Sequence[int]], pairs: NDArray[np.int64]) -> Iterator[list[list[int]]]:
    """The pairs of each part."""
    part_of = {text: number for number, some in enumerate(tied) for text in some}
    parts = np.array([part_of[text] for text in pairs[:, 0].tolist()], np.int64)
    order = np.argsort(parts, kind="stable")
    bounds = np.searchsorted(parts[order], range(len(tied) + 1)).tolist()
    for begin, end in itertools.pairwise(bounds):
        yield pairs[order[begin:end]].tolist()


def _of_record(note: Note, kept: Note, relation: Relation) -> Relation:
    if note.content == kept.content:
        return "exact"
    return "version" if _is_same_page(note, kept) else relation


def _is_same_page(note: Note, kept: Note) -> bool:
    return note.page is not None and note.page == kept.page and note.outlet == kept.outlet
