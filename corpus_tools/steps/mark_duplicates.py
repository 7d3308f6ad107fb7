"""mark_duplicates: find the copies of one story and say which of them to keep, and why.

The corpus passes twice: the first time fingerprints are taken, the second time each record hears what was found.
Nothing is removed here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from corpus_tools import cells
from corpus_tools.index.collection import Collection
from corpus_tools.index.marks import Alike, Copy, Marks
from corpus_tools.index.prepare import Prepared, prepare
from corpus_tools.index.resolve import resolve
from corpus_tools.protocol import CorpusState, Log, corpus_step
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
_CODES = {"exact": "DU001", "verbatim": "DU001", "version": "DU004"}


@corpus_step(reads=("text",), adds=_ADDS, flags=("DU001", "DU002", "DU003", "DU004"), prepare=prepare)
def mark_duplicates(*, rules: str | None = None) -> CorpusState:
    """Copies of one story are found, the best copy is named in each of the others, and the reason is given.

    Compared is the bare article: `text` without the credits that `syndication_chain` names. Each copy gets
    `duplicate_of`, `relation`, `similarity` and `containment` (0 to 1, on 5-word shingles) and `duplicate_reason`;
    the keeper gets `copies`, `published_by` and `offered`; all share a `cluster_id`. Pairs that are much alike and
    not surely one story are flagged DU003 and stay apart. `rules` is a TOML file of the user's own parties.

    >>> df = pd.DataFrame({"id": ["a", "b"], "text": ["The council voted to keep the old bridge."] * 2})
    >>> mark_duplicates(df)[["id", "cluster_id", "duplicate_of", "relation"]].values.tolist()
    [['a', 'a', None, None], ['b', 'a', 'a', 'exact']]
    """
    return _State(rules)


class _State:
    """The memory of one corpus: fingerprints first, then marks."""

    def __init__(self, rules: str | None) -> None:
        self._parties = parties(rules)
        self._collection = Collection()
        self._marks: Marks | None = None
        self._next_row = 0
        self._id_of = lru_cache(maxsize=4096)(self._look_up_id)
        self._repeats: np.ndarray[Any, np.dtype[np.int64]] | None = None

    def add(self, prepared: Prepared) -> None:
        self._collection.add(prepared)

    def resolve(self) -> None:
        self._collection.freeze()
        self._marks = resolve(self._collection, self._parties)

    def mark(self, frame: pd.DataFrame, log: Log) -> pd.DataFrame:
        marks = self._marks
        assert marks is not None, "resolve() comes before mark()"
        rows = range(self._next_row, self._next_row + len(frame))
        self._next_row = rows.stop
        columns: dict[str, list[Any]] = {name: [] for name in _ADDS}
        flags = cells.words(frame, "flags")
        for here, row in enumerate(rows):
            copy, standing, keeper = marks.copy(row), marks.standing(row), marks.keeper_of(row)
            columns["id"].append(self._id_of(row))
            columns["cluster_id"].append(None if keeper is None else self._id_of(keeper))
            columns["duplicate_of"].append(copy and self._id_of(copy.keeper))
            columns["relation"].append(copy and copy.relation)
            columns["similarity"].append(copy and copy.similarity)
            columns["containment"].append(copy and copy.containment)
            columns["duplicate_reason"].append(copy and copy.reason)
            columns["copies"].append(standing and standing.copies)
            columns["published_by"].append(standing and standing.published_by)
            columns["offered"].append(standing and [self._offer(offer) for offer in standing.offered])
            self._flag(log, here, copy, marks.alike.get(row, []), "DU003" in flags[here])
        for name, values in columns.items():
            cells.put(frame, name, values)
        return frame

    def close(self) -> None:
        self._collection.close()
        if self._marks is not None:
            self._marks.close()

    def _flag(self, log: Log, here: int, copy: Copy | None, alike: list[Alike], was_borderline: bool) -> None:
        if copy is not None:
            log.flag(here, _CODES.get(copy.relation, "DU002"), column="text", evidence=self._id_of(copy.keeper))
        for other in alike:
            figures = f"similarity {other.similarity:.2f}, containment {other.containment:.2f}"
            log.flag(here, "DU003", column="text", evidence=f"{self._id_of(other.other)} ({figures})")
        if was_borderline and not alike:
            log.keep(here, "DU003")  # the other record may have been removed since

    def _offer(self, offer: dict[str, Any]) -> dict[str, Any]:
        source = offer.get("from")
        return {**offer, "from": self._id_of(source)} if isinstance(source, int) else offer

    def _look_up_id(self, row: int) -> str:
        """The record's id; without one, 16 hexadecimal digits of its text's SHA-256, `-2` and so on where repeated."""
        named = self._collection.note(row).id
        if named is not None:
            return named
        if self._repeats is None:
            self._repeats = _repeats(self._collection.content)
        nth = int(self._repeats[row])
        return f"{int(self._collection.content[row]):016x}" + (f"-{nth}" if nth > 1 else "")


def _repeats(content: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The how-manieth of its content each record is, counted from 1."""
    order = np.argsort(content, kind="stable")
    ordered = content[order]
    begins = np.ones(len(ordered), bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(begins)
    nth = np.empty(len(ordered), np.int64)
    nth[order] = np.arange(len(ordered)) - np.repeat(starts, np.diff(starts, append=len(ordered))) + 1
    return nth
