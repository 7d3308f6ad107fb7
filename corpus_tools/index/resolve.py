"""From fingerprints to marks: judge the pairs, cluster what is the same, choose the keepers, write down the rest."""

from __future__ import annotations

from collections.abc import Iterable

from corpus_tools.index.clusters import Cluster, components, own_shingles, settle
from corpus_tools.index.collection import Collection
from corpus_tools.index.keeper import RULES, Facts, content_hash, gathered, rank, reason
from corpus_tools.index.marks import PUBLISHED, Alike, Copy, Marks, Relation
from corpus_tools.index.notes import Note
from corpus_tools.index.standing import standing_of
from corpus_tools.rules.parties import Parties

_CONTAINED = 0.95  # what is missing at five per cent are the shingles around each cut
_MOSTLY = 2  # times: a cut leaves more behind than the few shingles around it
_TIED = 3


def resolve(collection: Collection, parties: Parties) -> Marks:
    """Find the clusters of a collection that was frozen."""
    marks = Marks.for_records(collection.first, len(collection))
    try:
        _Resolver(collection, parties, marks).resolve()
    except BaseException:
        marks.close()
        raise
    return marks


class _Resolver:
    def __init__(self, collection: Collection, parties: Parties, marks: Marks) -> None:
        self._all, self._parties, self._marks = collection, parties, marks

    def resolve(self) -> None:
        same, alike = self._confirmed()
        tied = components(same)
        pairs_of = self._by_component(tied, same)
        in_pairs = {text for some in tied for text in some}
        carried = {self._all.text_of(row) for row in self._all.stand_for_others} - {-1}
        alone = sorted((set(self._all.repeated_texts()) | carried) - in_pairs)
        for number, some in enumerate([*tied, *([text] for text in alone)]):
            ties = pairs_of[number] if number < len(tied) else []
            for cluster in settle(some, ties, self._choose, self._is_same, self._all.page_mates):
                self._write(cluster)
        for row in self._all.stand_for_others:
            if self._all.text_of(row) < 0:
                self._write_standing(row, [row])
        self._write_alike([*alike, *same])

    def _confirmed(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The pairs that are the same, and those that may be."""
        same: list[tuple[int, int]] = []
        alike: list[tuple[int, int]] = []
        tied_to: dict[int, set[int]] = {}
        for pairs in self._all.pairs():
            for one, other in pairs:
                mine, yours = tied_to.get(one, set()), tied_to.get(other, set())
                # Of a thousand copies each is like each; once two are tied to the same third, that is known.
                if min(len(mine), len(yours)) >= _TIED and not mine.isdisjoint(yours):
                    continue
                judgement = self._all.judged(one, other)[0]
                if judgement == "same":
                    same.append((one, other))
                    tied_to.setdefault(one, set()).add(other)
                    tied_to.setdefault(other, set()).add(one)
                elif judgement == "borderline":
                    alike.append((one, other))
        return same, alike

    @staticmethod
    def _by_component(tied: list[list[int]], pairs: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
        number_of = {text: number for number, some in enumerate(tied) for text in some}
        parts: list[list[tuple[int, int]]] = [[] for _ in tied]
        for one, other in pairs:
            parts[number_of[one]].append((one, other))
        return parts

    def _is_same(self, kept: int, text: int) -> bool:
        # Two records that were kept before both stay, whatever came between them since.
        if self._is_published(kept) and self._is_published(text):
            return False
        return self._all.judged(kept, text)[0] == "same"

    def _is_published(self, text: int) -> bool:
        return any(map(self._all.is_published, self._all.rows_of(text)))

    def _rows(self, texts: Iterable[int]) -> list[int]:
        return [row for text in texts for row in self._all.rows_of(text)]

    def _choose(self, texts: Iterable[int]) -> tuple[int, int, Facts]:
        texts = list(texts)
        own: dict[int, int] = {}
        if len(texts) > 1:
            records = [len(self._all.rows_of(text)) for text in texts]
            counts = own_shingles(texts, records, self._all.distinct_shingles)
            own = {row: count for text, count in zip(texts, counts, strict=True) for row in self._all.rows_of(text)}
        rows = self._rows(texts)
        facts = gathered(((row, self._all.note(row)) for row in rows), self._parties, own)
        published = [row for row in rows if self._all.is_published(row)]
        keeper = min(published or rows, key=lambda row: rank(self._all.note(row), facts, row))
        return keeper, self._all.text_of(keeper), facts

    def _write(self, cluster: Cluster) -> None:
        rows = self._rows(cluster.texts)
        kept = self._all.note(cluster.keeper)
        best = rank(kept, cluster.facts, cluster.keeper)
        text = self._all.text_of(cluster.keeper)
        for member in cluster.texts:
            relation, similarity, containment = self._relation(text, member)
            for row in self._all.rows_of(member):
                if row != cluster.keeper and row >= self._all.first:
                    note = self._all.note(row)
                    theirs = rank(note, cluster.facts, row)
                    rule = reason(best, theirs, same_page=_is_same_page(note, kept))
                    own = _of_record(note, kept, relation)
                    # Of equally good copies the first stays, and nobody need hear of the other.
                    better = theirs[:-1] < best[:-1]
                    late = better and RULES[rule][1] is not content_hash
                    why = PUBLISHED if better else ""
                    self._marks.set_copy(row, Copy(cluster.keeper, own, similarity, containment, why, late), rule)
        self._write_standing(cluster.keeper, rows)

    def _relation(self, kept: int, member: int) -> tuple[Relation, float, float]:
        if kept == member:
            return "verbatim", 1.0, 1.0
        _, similarity, containment = self._all.judged(kept, member)
        here, there = len(self._all.distinct_shingles(member)), len(self._all.distinct_shingles(kept))
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

    def _write_alike(self, pairs: Iterable[tuple[int, int]]) -> None:
        for one, other in sorted(pairs):
            if self._are_one_story(one, other):
                continue
            a, b = self._face(one), self._face(other)
            mine, yours = self._marks.keeper_of(a), self._marks.keeper_of(b)
            if mine is not None and mine == yours:
                continue
            _, similarity, containment = self._all.judged(one, other)
            self._marks.alike.setdefault(a, []).append(Alike(b, similarity, containment))
            self._marks.alike.setdefault(b, []).append(Alike(a, similarity, containment))

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
        return min(rows, key=lambda row: (len(self._all.note(row).id or ""), self._all.note(row).id or "", row))


def _of_record(note: Note, kept: Note, relation: Relation) -> Relation:
    if note.content == kept.content:
        return "exact"
    return "version" if _is_same_page(note, kept) else relation


def _is_same_page(note: Note, kept: Note) -> bool:
    return note.page is not None and note.page == kept.page and note.outlet == kept.outlet
