"""What a run adds to an index: its new records, without those that the index has and those that the run left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.fresh import Fresh
from corpus_tools.index.marks import Marks
from corpus_tools.index.names import Names
from corpus_tools.index.notes import packed, unpacked
from corpus_tools.index.prepare import RECORD, TELLING
from corpus_tools.index.published import Published
from corpus_tools.index.sorted_file import Entries, entries
from corpus_tools.index.store import STORED, Parts


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding: new records, copies among them, records that were there before, records left out."""

    records: int = 0
    copies: int = 0
    known: int = 0
    left_out: int = 0


def parts_of(
    fresh: Fresh, names: Names, published: Published, marks: Marks, left_out: frozenset[int]
) -> tuple[Parts, Added]:
    """The parts that a store takes in, and how many records they are.

    `left_out` are places of new records that were dropped for what they are, not for being copies: nobody will have
    them, so they must not keep later copies out. Their own copies are left out with them.
    """
    known = published.known if len(published.known) else np.full(len(fresh), -1, np.int64)
    keepers = _keepers(len(fresh), published.first, marks)
    places = np.arange(len(fresh))
    gone = np.zeros(len(fresh), bool)
    gone[sorted(left_out)] = True
    new = keepers >= published.first
    gone[new] |= gone[keepers[new] - published.first]
    written = places[~gone & (known < 0)]
    numbers = known.copy()
    numbers[written] = published.first + np.arange(len(written))
    records = _records(fresh, names, published, written)
    kept_here = keepers[written] >= published.first
    records["keeper"] = keepers[written]
    records["keeper"][kept_here] = numbers[keepers[written][kept_here] - published.first]
    copies = int((records["keeper"] != numbers[written]).sum())
    added = Added(len(written), copies, int((known >= 0).sum()), int((gone & (known < 0)).sum()))
    parts = Parts(
        records,
        fresh.samples[written],
        map(fresh.words.take, written.tolist()),
        _notes(fresh, names, written),
        _columns(fresh, published, written, records),
    )
    return parts, added


def _keepers(count: int, first: int, marks: Marks) -> NDArray[np.int64]:
    """The number of the record kept for each new one: its own where it matches nothing."""
    keepers = marks.keepers()
    own = np.arange(count) + first
    return np.where(keepers < 0, own, keepers)


def _records(fresh: Fresh, names: Names, published: Published, written: NDArray[np.int64]) -> NDArray[np.void]:
    records = np.zeros(len(written), STORED)
    for name in RECORD.names or ():
        records[name] = fresh.records[name][written]
    records["id"] = names.keys()[written]
    records["batch"] = 0 if published.store is None else published.store.manifest.batches + 1
    return records


def _notes(fresh: Fresh, names: Names, written: NDArray[np.int64]) -> Iterator[bytes]:
    for place in written.tolist():
        note = fresh.notes.take(place)
        if not fresh.records["id"][place]:
            note = packed([unpacked(note)._replace(id=names.of(place))])[0]
        yield note


def _columns(
    fresh: Fresh, published: Published, written: NDArray[np.int64], records: NDArray[np.void]
) -> Iterator[Entries]:
    """The entries of the new records, column by column, in the order that the store has."""
    numbers = published.first + np.arange(len(written))
    # Of a text only the first record has keys: a million copies of one page would all lead to one kept record.
    _, first = np.unique(records["text"], return_index=True)
    first = first[(records["text"][first] != 0) & ~published.has_text(records["text"][first])]
    for column in range(fresh.key_columns):
        yield entries(fresh.keys(column)[written[first]], numbers[first])
    worded = records["text"] != 0
    telling = worded & (records["title"] & TELLING != 0)
    yield entries(records["title"][telling], numbers[telling])
    both = np.concatenate([numbers[worded], numbers[worded]])
    yield entries(np.concatenate([records[name][worded] for name in ("url", "canonical")]), both)
    yield entries(records["text"][first], numbers[first])
    yield entries(np.ascontiguousarray(records["id"]), numbers)
    yield entries(records["outlet"][worded], numbers[worded])
