"""The records of texts that hang together are brought to one place, with the furniture of their outlets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.cluster.candidates import first_stories, places_of
from corpus_tools.cluster.hanging import roots
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import CALL, EDGE, HELD, PAIR, STORY
from corpus_tools.cluster.store import bucket_of, divided, scattered
from corpus_tools.index.furniture import Furniture
from corpus_tools.index.prepare import Prepared
from corpus_tools.io import plain
from corpus_tools.text.fingerprints import Shingles
from corpus_tools.text.likeness import print_of
from corpus_tools.text.tokens import Tokens

_FEW = 4  # an outlet with fewer records has no furniture that could be told


def call(job: Job, bucket: int, turn: int) -> None:
    """Say which group each text goes to, if any: those that hang together go to one, with the pairs among them.

    A text of one record that is like no other goes nowhere: there is nothing to say of it.
    """
    held = job.work.rows("texts", job.parts, bucket, HELD)
    tied, root = roots(job.work.rows(f"edges-{turn}", job.buckets, bucket, EDGE))
    texts, where = np.unique(held["text"], return_inverse=True)
    records = np.bincount(where, held["records"], len(texts))
    stands = np.bincount(where, held["stands"], len(texts))
    wanted = ((records > 1) | (stands > 0) | np.isin(texts, tied))[where]
    rows = np.zeros(int(wanted.sum()), CALL)
    rows["text"] = held["text"][wanted]
    rows["group"] = bucket_of(_roots_of(rows["text"], tied, root), job.buckets)
    job.work.send("calls", bucket, divided(rows, held["part"][wanted].astype(np.int64)), job.parts)
    pairs = np.frombuffer(job.work.read(f"kept/{bucket}"), PAIR)
    job.work.send("ties", bucket, scattered(pairs, _roots_of(pairs["one"], tied, root), job.buckets), job.buckets)


def _roots_of(texts: NDArray[np.uint64], tied: NDArray[np.uint64], root: NDArray[np.uint64]) -> NDArray[np.uint64]:
    if not len(tied):
        return np.ascontiguousarray(texts)
    at = np.minimum(np.searchsorted(tied, texts), len(tied) - 1)
    return np.where(tied[at] == texts, root[at], texts)


def come(job: Job, part: int) -> None:
    """Send the records that were called to their groups."""
    prepared: Prepared | None = job.work.take(f"prepared/{part}")
    if prepared is None:
        job.work.send("members", part, {}, job.buckets)
        job.work.send("outlets", part, {}, job.buckets)
        return
    calls = job.work.rows("calls", job.buckets, part, CALL)
    calls = calls[np.argsort(calls["text"])]
    places = places_of(prepared.records)
    at = np.minimum(np.searchsorted(calls["text"], places), max(len(calls) - 1, 0))
    called = np.flatnonzero(calls["text"][at] == places) if len(calls) else np.empty(0, np.int64)
    groups = calls["group"][at[called]] if len(calls) else np.empty(0, np.uint32)
    parcels = {}
    for group in np.unique(groups).tolist():
        rows = called[groups == group]
        parcels[group] = plain.dump((part, rows, chosen(prepared, rows)))
    job.work.send("members", part, parcels, job.buckets)
    outlets = np.unique(prepared.records["outlet"][called])
    job.work.send("outlets", part, scattered(outlets, outlets, job.buckets), job.buckets)


def chosen(prepared: Prepared, rows: NDArray[np.int64]) -> Prepared:
    """Some of the records, in the order of `rows`."""
    tokens, counts = tokens_of(prepared, rows)
    ends = np.cumsum(prepared.note_sizes)
    notes = [prepared.notes[ends[row] - prepared.note_sizes[row] : ends[row]] for row in rows.tolist()]
    return Prepared(
        prepared.records[rows],
        prepared.keys[rows],
        prepared.samples[rows],
        tokens,
        counts,
        b"".join(notes),
        prepared.note_sizes[rows],
    )


def tokens_of(prepared: Prepared, rows: NDArray[np.int64]) -> tuple[Tokens, NDArray[np.int64]]:
    """The tokens of some records, one after the other, and how many each has."""
    ends, counts = np.cumsum(prepared.counts), prepared.counts[rows]
    parts = [prepared.tokens[ends[row] - prepared.counts[row] : ends[row]] for row in rows.tolist()]
    return np.concatenate([np.empty(0, np.uint32), *parts]), counts


def joined(parts: Iterable[Prepared]) -> Prepared | None:
    """The records of several, one after the other; None of none."""
    columns: list[Any] = list(zip(*parts, strict=True))
    if not columns:
        return None
    made: dict[str, Any] = {
        name: b"".join(column) if name == "notes" else np.concatenate(column)
        for name, column in zip(Prepared._fields, columns, strict=True)
    }
    return Prepared(**made)


def choose_stories(job: Job, bucket: int) -> None:
    """Of each outlet that was asked for, ask for the words of the records that tell its furniture."""
    stories = first_stories(job.work.rows("stories", job.parts, bucket, STORY))
    asked = np.unique(job.work.rows("outlets", job.parts, bucket, np.dtype(np.uint64)))
    outlets, where, counts = np.unique(stories["outlet"], return_inverse=True, return_counts=True)
    stories = stories[(np.isin(outlets, asked) & (counts >= _FEW))[where]]
    job.work.write(f"chosen/{bucket}", stories.tobytes())
    job.work.send("told", bucket, divided(stories, stories["part"].astype(np.int64)), job.parts)


def tell_stories(job: Job, part: int) -> None:
    """Send the words that outlets were asked for."""
    parcels = {}
    prepared: Prepared = job.work.take(f"prepared/{part}")
    for bucket in range(job.buckets):
        if data := job.work.received_from("told", bucket, part):
            rows = np.frombuffer(data, STORY)["row"].astype(np.int64)
            parcels[bucket] = plain.dump((part, rows, *tokens_of(prepared, rows)))
    job.work.send("words", part, parcels, job.buckets)


def learn(job: Job, bucket: int) -> None:
    """Find the furniture of each outlet."""
    stories = np.frombuffer(job.work.read(f"chosen/{bucket}"), STORY)
    words: dict[tuple[int, int], Tokens] = {}
    for part, rows, tokens, counts in map(plain.load, job.work.received("words", job.parts, bucket)):
        split = np.split(tokens, np.cumsum(counts)[:-1])
        words |= {(part, row): mine for row, mine in zip(rows.tolist(), split, strict=True)}
    tell = [words[int(story["part"]), int(story["row"])] for story in stories]
    by_outlet: dict[int, list[tuple[int, int]]] = {}
    for number, story in enumerate(stories):
        by_outlet.setdefault(int(story["outlet"]), []).append((number, int(story["title"])))
    furniture = Furniture(by_outlet.__getitem__, lambda number: print_of(tell[number]))
    learned = {outlet: found for outlet in by_outlet if len(found := furniture.of(outlet))}
    job.work.put(f"furniture/{bucket}", learned)


class Learned:
    """The furniture that was found, read where it is first asked for."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._known: dict[int, dict[int, Shingles]] = {}

    def of(self, outlet: int) -> Shingles:
        """The furniture of an outlet, sorted."""
        bucket = int(bucket_of(np.array([outlet], np.uint64), self._job.buckets)[0])
        if bucket not in self._known:
            self._known[bucket] = self._job.work.take(f"furniture/{bucket}")
        return self._known[bucket].get(outlet, np.empty(0, np.uint64))
