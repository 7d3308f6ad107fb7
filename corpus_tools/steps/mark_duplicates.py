"""mark_duplicates: find the copies of one story and say which of them to keep, and why.

The corpus passes twice: the first time fingerprints are taken, the second time each record hears what was found.
Nothing is removed here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from corpus_tools import cells
from corpus_tools.index.collection import MEMORY, Collection
from corpus_tools.index.elsewhere import Found
from corpus_tools.index.keeper import order_of
from corpus_tools.index.lasting import Index
from corpus_tools.index.marks import Alike, Marks
from corpus_tools.index.prepare import Prepared, prepare
from corpus_tools.index.resolve import resolve
from corpus_tools.index.shares import judged, marks_of, shares_of
from corpus_tools.index.verdicts import Verdict
from corpus_tools.protocol import CorpusState, Elsewhere, Log, corpus_step
from corpus_tools.rules.overrule import Wish, wishes_of
from corpus_tools.rules.parties import parties

_ADDS = (
    "id",
    "cluster_id",
    "duplicate_of",
    "relation",
    "similarity",
    "containment",
    "duplicate_reason",
    "copies",
    "published_by",
    "offered",
)
_SHOWN = 20
"""Names that a message lists."""
_CODES = {"exact": "DU001", "verbatim": "DU001", "version": "DU004"}


class Answer(NamedTuple):
    """What was found about some records.

    `columns` are the cells; of `id` those of records that came without one. By row: how the kept copy is named in
    evidence, whether this one came too late to be kept (`late`), whether a person said what it is (`settled`), and the
    records it is much alike.
    """

    columns: dict[str, list[Any]]
    kept: dict[int, str]
    late: list[int]
    settled: list[int]
    alike: dict[int, list[str]]


def mark(frame: pd.DataFrame, answer: Answer, log: Log) -> pd.DataFrame:
    """Write the answer into the records it speaks of."""
    flags, ids = cells.words(frame, "flags"), cells.objects(frame, "id")
    late, settled = set(answer.late), set(answer.settled)
    for row, relation in enumerate(answer.columns["relation"]):
        if relation is not None:
            code = "DU002" if row in late and relation == "version" else _CODES.get(relation, "DU002")
            log.flag(row, code, column="text", evidence=answer.kept[row])
        if row in late:
            log.flag(row, "DU005", column="text", evidence=answer.kept[row])
        alike = answer.alike.get(row, [])
        for other in alike:
            log.flag(row, "DU003", column="text", evidence=other)
        if "DU003" in flags[row] and not alike and row not in settled:
            log.keep(row, "DU003")  # the other record may have been removed since
    made = answer.columns["id"]
    named = [made[row] if had is None else str(had) for row, had in enumerate(ids)]
    for name, values in (answer.columns | {"id": named}).items():
        cells.put(frame, name, values)
    return frame


@corpus_step(
    reads=("text",),
    adds=_ADDS,
    flags=("DU001", "DU002", "DU003", "DU004", "DU005"),
    prepare=prepare,
    mark=mark,
)
def mark_duplicates(
    *,
    rules: str | None = None,
    index: Index | str | Path | None = None,
    overrule: str | Path | Iterable[Mapping[str, Any]] | None = None,
    pairs: Callable[[dict[str, Any]], object] | None = None,
    memory: int = MEMORY,
) -> CorpusState:
    """Copies of one story are found, the best copy is named in each of the others, and the reason is given.

    Compared is the bare article: `text` without the credits that `syndication_chain` names. Each copy gets
    `duplicate_of`, `relation`, `similarity` and `containment` (0 to 1, on 5-word shingles) and `duplicate_reason`;
    the keeper gets `copies`, `published_by` and `offered`; all share a `cluster_id`. Pairs that are much alike and
    not surely one story are flagged DU003 and stay apart. `rules` is a TOML file of the user's own parties and of the
    order in which they ask the keeper rules.

    `overrule` is a file of pairs (JSON lines or CSV, or its rows) that always or never belong together, by id or
    address: `{"a": "x", "b": "y", "belong": "never", "reason": "…"}`. `pairs` is called with a row for each pair that
    was compared: `a`, `b`, `similarity`, `containment`, `aligned`, `judgement`, `guard`.

    `index` is a folder with the index of what was seen before: a new copy of a record there names it as its keeper,
    for what was published stays, and is flagged DU005 where it would be the better one. Nothing is added to it.
    `memory` is how many bytes the search for pairs may take before it goes on on disk; the result is the same.

    >>> df = pd.DataFrame({"id": ["a", "b"], "text": ["The council voted to keep the old bridge."] * 2})
    >>> mark_duplicates(df)[["id", "cluster_id", "duplicate_of", "relation"]].values.tolist()
    [['a', 'a', None, None], ['b', 'a', 'a', 'exact']]
    """
    return _State(rules, index, wishes_of(overrule), pairs, memory)


class _State:
    """The memory of one corpus: fingerprints first, then marks."""

    def __init__(
        self,
        rules: str | None,
        index: Index | str | Path | None,
        overrule: Sequence[Wish],
        pairs: Callable[[dict[str, Any]], object] | None,
        memory: int,
    ) -> None:
        self._parties, self._order, self._overrule, self._pairs = parties(rules), order_of(rules), overrule, pairs
        self.remarks: list[str] = []
        self._index = Index.open(index) if isinstance(index, (str, Path)) else index
        self._opened = self._index if isinstance(index, (str, Path)) else None
        store, view = (None, None) if self._index is None else (self._index.store, self._index.view)
        self._collection = Collection(store, memory=memory, view=view)
        self._rules, self._memory = rules, memory
        self._elsewhere: Elsewhere | None = None
        self._marks: Marks | None = None
        self._next_row = self._collection.first

    def use(self, found: Found) -> None:
        """Go by what was found elsewhere of the records that are added, instead of looking for it."""
        self._collection.found = found

    def share(self, elsewhere: Elsewhere) -> None:
        """Let others judge the records that may be copies of each other."""
        self._elsewhere = elsewhere

    def add(self, prepared: Prepared) -> None:
        self._collection.add(prepared)

    def resolve(self) -> None:
        self._collection.freeze(overrule=self._overrule)
        if unknown := self._collection.wishes.unknown:
            more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
            names = ", ".join(map(repr, unknown[:_SHOWN])) + more
            self.remarks.append(f"The pairs to overrule name records that are not there: {names}.")
        tell = self._tell if self._pairs else None
        self._marks = self._judged_elsewhere() or resolve(self._collection, self._parties, self._order, tell)

    def _judged_elsewhere(self) -> Marks | None:
        if self._elsewhere is None or self._pairs or not self._collection.stands_alone:
            return None
        shares = shares_of(self._collection, self._memory)
        if shares is None:
            return None
        judge = functools.partial(judged, rules=self._rules)
        return marks_of(self._collection, self._elsewhere(judge, shares, self._collection.furniture.of))

    def _tell(self, one: int, other: int, verdict: Verdict) -> None:
        assert self._pairs is not None
        a, b = sorted((self._id_of(one), self._id_of(other)))
        figures = {name: round(getattr(verdict, name), 4) for name in ("similarity", "containment", "aligned")}
        self._pairs({"a": a, "b": b, **figures, "judgement": verdict.judgement, "guard": verdict.guard})

    def answer(self, records: int) -> Answer:
        marks = self._marks
        assert marks is not None, "resolve() comes before answer()"
        rows = range(self._next_row, self._next_row + records)
        self._next_row = rows.stop
        columns: dict[str, list[Any]] = {name: [None] * records for name in _ADDS}
        columns["id"] = list(map(self._collection.made_id, rows))
        found = Answer(columns, {}, [], [], {})
        for row in marks.spoken_of(rows):
            here = row - rows.start
            copy, standing, keeper = marks.copy(row), marks.standing(row), marks.keeper_of(row)
            if keeper is not None:
                columns["cluster_id"][here] = self._id_of(keeper)
            columns["duplicate_reason"][here] = copy.reason if copy else marks.said_of(row)
            if standing is not None:
                columns["copies"][here] = standing.copies
                columns["published_by"][here] = standing.published_by
                columns["offered"][here] = [self._offer(offer) for offer in standing.offered]
            if copy is not None:
                columns["duplicate_of"][here] = self._id_of(copy.keeper)
                columns["relation"][here] = copy.relation
                columns["similarity"][here] = copy.similarity
                columns["containment"][here] = copy.containment
                found.kept[here] = self._named(copy.keeper)
                if copy.late:
                    found.late.append(here)
            if marks.said_of(row) is not None:
                found.settled.append(here)
            if row in marks.alike:
                found.alike[here] = [self._in_words(other) for other in marks.alike[row]]
        return found

    def close(self) -> None:
        if self._index is not None and self._index.writing and self._marks is not None:
            self._index.hold(self._collection, self._marks)
            return
        if self._opened is not None:
            self._opened.close()
        self._collection.close()
        if self._marks is not None:
            self._marks.close()

    def _id_of(self, row: int) -> str:
        return self._collection.id_of(row)

    def _in_words(self, other: Alike) -> str:
        return f"{self._named(other.other)} (similarity {other.similarity:.2f}, containment {other.containment:.2f})"

    def _named(self, row: int) -> str:
        """A record as evidence names it: its id, and the index where it is in none of the files of this run."""
        name = self._id_of(row)
        return name if self._index is None or row >= self._collection.first else self._index.named(name)

    def _offer(self, offer: dict[str, Any]) -> dict[str, Any]:
        source = offer.get("from")
        return {**offer, "from": self._id_of(source)} if isinstance(source, int) else offer
