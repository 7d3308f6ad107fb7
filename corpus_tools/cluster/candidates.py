"""From fingerprints to the pairs worth comparing: shuffled by key, paired in buckets, sifted by samples.

The pairs are those that one machine finds: in each bucket the same functions see the same texts in the same order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpus_tools.cluster.job import Job
from corpus_tools.cluster.kinds import BAND, EDGE, HELD, PAIR, SKETCHED, STORY, unique_rows
from corpus_tools.cluster.store import scattered
from corpus_tools.index.bands import decoded, likely, pairs_by_key
from corpus_tools.index.furniture import LOOKED_AT
from corpus_tools.index.pairing import parts_of
from corpus_tools.index.prepare import TELLING, Prepared
from corpus_tools.text.fingerprints import BANDS, OPENING_KEYS

_HALF = np.uint64(32)
_Hashes = NDArray[np.uint64]


def send_fingerprints(job: Job, part: int, prepared: Prepared | None) -> None:
    """Tell the buckets what the texts of a part are; None where it has no records."""
    job.work.put(f"prepared/{part}", prepared)
    if prepared is None:
        for name in ("bands", "texts", "stories", "names"):
            job.work.send(name, part, {}, job.buckets)
        return
    bands, held, stories = _bands(prepared), _held(prepared, part), _stories(prepared, part)
    job.work.send("bands", part, scattered(bands, _where(bands), job.buckets), job.buckets)
    job.work.send("texts", part, scattered(held, held["text"], job.buckets), job.buckets)
    job.work.send("stories", part, scattered(stories, stories["outlet"], job.buckets), job.buckets)
    names = _names(prepared)
    job.work.send("names", part, scattered(names, names["at"], job.buckets), job.buckets)


def places_of(records: NDArray[np.void]) -> _Hashes:
    """What a record is found by: the hash of its text, and where it has none the key of its id."""
    return np.where(records["text"] != 0, records["text"], records["id"])


def _bands(prepared: Prepared) -> NDArray[np.void]:
    records = prepared.records
    worded = np.flatnonzero(records["text"])
    _, first = np.unique(records["text"][worded], return_index=True)
    first = worded[first]
    telling = worded[records["title"][worded] & TELLING != 0]
    width = prepared.keys.shape[1]
    found = [_band(column, prepared.keys[first, column], records["text"][first]) for column in range(width)]
    found.append(_band(width, records["title"][telling], records["text"][telling]))
    found += [_band(width + 1, records[name][worded], records["text"][worded]) for name in ("url", "canonical")]
    return np.concatenate(found)


def _band(column: int, keys: NDArray[np.uint64], texts: _Hashes) -> NDArray[np.void]:
    rows = np.zeros(int(np.count_nonzero(keys)), BAND)
    rows["column"], rows["key"], rows["text"] = column, keys[keys != 0], texts[keys != 0]
    return rows


def _where(bands: NDArray[np.void]) -> NDArray[np.uint64]:
    """What says in which bucket keys meet: their columns and upper halves, as on one machine."""
    where: NDArray[np.uint64] = bands["key"] >> _HALF | bands["column"].astype(np.uint64) << _HALF
    return where


def _held(prepared: Prepared, part: int) -> NDArray[np.void]:
    records, places = prepared.records, places_of(prepared.records)
    wanted = np.flatnonzero((records["text"] != 0) | (records["copies"] > 1) | (records["named_keeper"] != 0))
    texts, first, where, counts = np.unique(
        places[wanted], return_index=True, return_inverse=True, return_counts=True
    )  # fmt: skip
    rows = np.zeros(len(texts), HELD)
    rows["text"], rows["part"], rows["records"] = texts, part, counts
    rows["words"], rows["samples"] = records["words"][wanted[first]], prepared.samples[wanted[first]]
    rows["stands"][where[records["copies"][wanted] > 1]] = True
    return rows


def _names(prepared: Prepared) -> NDArray[np.void]:
    """Ties between a record that stands for others and those that name it as their keeper, by its id."""
    records, places = prepared.records, places_of(prepared.records)
    found = []
    for wanted, name in ((records["copies"] > 1, "id"), (records["named_keeper"] != 0, "named_keeper")):
        found += [edges(places[wanted], np.ascontiguousarray(records[name][wanted]))]
    return np.concatenate(found)


def _stories(prepared: Prepared, part: int) -> NDArray[np.void]:
    """Of each outlet as many records as are looked at for its furniture, in the order in which they are."""
    records = prepared.records
    worded = np.flatnonzero((records["text"] != 0) & (records["outlet"] != 0))
    rows = np.zeros(len(worded), STORY)
    for name in ("outlet", "text", "title"):
        rows[name] = records[name][worded]
    rows["part"], rows["row"] = part, worded
    return first_stories(rows)


def first_stories(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Of each outlet the first that are looked at."""
    rows = rows[np.lexsort((rows["row"], rows["part"], rows["title"], rows["text"], rows["outlet"]))]
    _, starts, counts = np.unique(rows["outlet"], return_index=True, return_counts=True)
    return rows[np.arange(len(rows)) - np.repeat(starts, counts) < LOOKED_AT]


def edges(one: _Hashes, other: _Hashes) -> NDArray[np.void]:
    """Ties in both directions, for the buckets of both."""
    rows = np.zeros(2 * len(one), EDGE)
    rows["at"], rows["other"] = np.concatenate([one, other]), np.concatenate([other, one])
    return unique_rows(rows[rows["at"] != rows["other"]])


def ties_of(one: _Hashes, other: _Hashes) -> NDArray[np.void]:
    """Ties of each text to the smallest that it hangs together with by these pairs, in both directions."""
    texts, ends = np.unique(np.stack([one, other], axis=1), return_inverse=True)
    ones, others = ends.reshape(-1, 2).T
    part = parts_of(ones, others, len(texts))
    tied = np.flatnonzero(part != np.arange(len(texts)))
    return edges(texts[part[tied]], texts[tied])


def pair_bucket(job: Job, bucket: int) -> int:
    """Pair the texts that share a key. Returns how many pairs there are."""
    rows = job.work.rows("bands", job.parts, bucket, BAND)
    found = [np.empty(0, PAIR)]
    for column in np.unique(rows["column"]).tolist():
        mine = rows[rows["column"] == column]
        texts, ranks = np.unique(mine["text"], return_inverse=True)
        for codes in pairs_by_key(np.ascontiguousarray(mine["key"]), ranks):
            ends = texts[decoded(codes)]
            pairs = np.zeros(len(ends), PAIR)
            # One address is reason enough to compare, whatever samples say.
            pairs["one"], pairs["other"], pairs["sampled"] = ends[:, 0], ends[:, 1], column < _ADDRESSES
            found.append(pairs)
    pairs = unique_rows(np.concatenate(found))
    # By the larger: of a story of very many texts the smallest is in a pair with each, and under most of its keys.
    job.work.send("pairs", bucket, scattered(pairs, np.ascontiguousarray(pairs["other"]), job.buckets), job.buckets)
    return len(pairs)


def sketch_larger(job: Job, bucket: int) -> None:
    """Put the sketch of its larger text beside each pair."""
    pairs = unique_rows(job.work.rows("pairs", job.buckets, bucket, PAIR))
    # Of a pair that was found twice the first row counts, which asks for less.
    again = np.zeros(len(pairs), bool)
    again[1:] = (pairs["one"][1:] == pairs["one"][:-1]) & (pairs["other"][1:] == pairs["other"][:-1])
    pairs = pairs[~again]
    rows = np.zeros(len(pairs), SKETCHED)
    rows["pair"] = pairs
    held, at = _looked_up(job, bucket, pairs["other"])
    rows["words"], rows["samples"] = held["words"][at], held["samples"][at]
    job.work.send("sketched", bucket, scattered(rows, np.ascontiguousarray(pairs["one"]), job.buckets), job.buckets)


def sift(job: Job, bucket: int) -> int:
    """Keep the pairs that may be alike, and say what hangs together. Returns how many there are."""
    rows = job.work.rows("sketched", job.buckets, bucket, SKETCHED)
    pairs = rows["pair"]
    held, at = _looked_up(job, bucket, pairs["one"])
    samples = np.stack([rows["samples"], held["samples"][at]], axis=1).reshape(-1, rows["samples"].shape[1])
    words = np.stack([rows["words"], held["words"][at]], axis=1).reshape(-1).astype(np.int64)
    asked = np.flatnonzero(pairs["sampled"]).astype(np.uint64)
    codes = asked << np.uint64(33) | (asked << np.uint64(1)) + np.uint64(1)
    kept = likely(codes, lambda sides: (samples[sides], words[sides])) >> np.uint64(33)
    stay = ~pairs["sampled"]
    stay[kept.astype(np.int64)] = True
    pairs = pairs[stay]
    job.work.write(f"kept/{bucket}", pairs.tobytes())
    names = job.work.rows("names", job.parts, bucket, EDGE)
    told = unique_rows(np.concatenate([ties_of(pairs["one"], pairs["other"]), edges(names["at"], names["other"])]))
    job.work.send("edges-0", bucket, scattered(told, told["at"], job.buckets), job.buckets)
    return len(pairs)


def _looked_up(job: Job, bucket: int, texts: _Hashes) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """The texts of a bucket, and where each of some stands among them."""
    held = job.work.rows("texts", job.parts, bucket, HELD)
    _, first = np.unique(held["text"], return_index=True)
    held = held[first]
    return held, np.searchsorted(held["text"], texts)


_ADDRESSES = BANDS + OPENING_KEYS + 1
"""The column of addresses, behind forty bands, six openings, and titles."""
