"""Taking records out of an index: all files are written anew without them, so nothing of them stays on disk.

The copies of a record that was kept go with it. They were left out because it was there; now that it is not, one of
them may be kept when it comes again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.notes import key_of, outlet_of, unpacked
from corpus_tools.index.sorted_file import Entries, distinct, entries
from corpus_tools.index.store import BAND_COLUMNS, COLUMNS, TEXT, Parts, Store
from corpus_tools.text.fingerprints import fingerprints_of
from corpus_tools.text.urls import host_of, page_key

_LOWER, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: the ids of the records that were named, and of copies whose kept record was among them."""

    ids: list[str]
    copies: list[str]


def chosen(store: Store, ids: Sequence[str], urls: Sequence[str], outlets: Sequence[str]) -> NDArray[np.bool_]:
    """The records of these ids, pages and outlets, shape (records,). Addresses of one page count as one."""
    wanted = {
        ("id",): {key_of(id_) for id_ in ids},
        ("url", "canonical"): {key_of(page_key(url) or host_of(url)) for url in urls} - {0},
        ("outlet",): {key_of(outlet_of(outlet, outlet)) for outlet in outlets} - {0},
    }
    found = np.zeros(len(store), bool)
    for start, records in store.every_record():
        part = found[start : start + len(records)]
        for names, keys in wanted.items():
            for name in names:
                part |= np.isin(records[name], np.array(sorted(keys), np.uint64))
    return found


def without(store: Store, gone: NDArray[np.bool_]) -> tuple[Parts, Removed]:
    """The parts of a store that has none of these records, and none of their copies."""
    keepers = np.empty(len(store), np.int64)
    for start, part in store.every_record():
        keepers[start : start + len(part)] = part["keeper"]
    orphans = ~gone & gone[keepers]
    removed = Removed(_ids(store, gone), _ids(store, orphans))
    left = np.flatnonzero(~gone & ~orphans)
    numbers = np.full(len(store), -1, np.int64)
    numbers[left] = np.arange(len(left))
    records = store.records(left)
    records["keeper"] = numbers[keepers[left]]
    parts = Parts(
        records,
        store.samples(left),
        map(store.words, left.tolist()),
        map(store.note, left.tolist()),
        _columns(store, numbers, records, left),
    )
    return parts, removed


def _ids(store: Store, which: NDArray[np.bool_]) -> list[str]:
    return [unpacked(store.note(row)).id or "" for row in np.flatnonzero(which).tolist()]


def _columns(
    store: Store, numbers: NDArray[np.int64], records: NDArray[np.void], left: NDArray[np.int64]
) -> Iterator[Entries]:
    texts = _moved(store.column(TEXT), numbers)
    # The first record of a text has its keys. Where it went and another has that text, that one gets them.
    stands = np.zeros(len(records), bool)
    stands[(texts & _LOWER).astype(np.int64)] = True
    spoken_for = np.unique(records["text"][stands])
    _, first = np.unique(records["text"], return_index=True)
    heirs = [at for at in first.tolist() if records["text"][at] and not np.isin(records["text"][at], spoken_for)]
    keys = [fingerprints_of(*_tokens(store.words(int(left[at])))).keys[0] for at in heirs]
    for column in range(COLUMNS):
        moved = _moved(store.column(column), numbers)
        if heirs and column < BAND_COLUMNS:
            mine = entries(np.array([key[column] for key in keys], np.uint64), np.array(heirs))
            moved = distinct(np.concatenate([moved, mine]))
        if heirs and column == TEXT:
            moved = distinct(np.concatenate([moved, entries(records["text"][heirs], np.array(heirs))]))
        yield moved


def _tokens(data: bytes) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    tokens = np.frombuffer(data, np.uint32)
    return tokens, np.array([len(tokens)], np.int64)


def _moved(column: Entries, numbers: NDArray[np.int64]) -> Entries:
    """The entries of the records that stay, under their new numbers."""
    now = numbers[(column & _LOWER).astype(np.int64)]
    return distinct((column & ~_LOWER | now.astype(np.uint64))[now >= 0])
