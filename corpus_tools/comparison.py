"""Two records of a run side by side: what both texts say, what only one says, and what was cut from either."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from corpus_tools.audit import edits_of
from corpus_tools.story import Run, earlier_texts, place_of, record_of_each, rows_at
from corpus_tools.text.alignment import Passage, align_texts
from corpus_tools.text.likeness import compare as likeness
from corpus_tools.text.likeness import print_of
from corpus_tools.text.tokens import tokens_of

Row = dict[str, Any]
_SAID = ("id", "source", "title", "url", "published_at", "language", "verdict", "cluster_id", "relation",
         "duplicate_of", "similarity", "containment", "source_file", "source_line")  # fmt: skip


def compared(outputs: Run, one: str, other: str) -> Row:
    """Two records of a run, named by id or address, as JSON: `one`, `other`, `figures` and `passages`.

    A record has what it says of itself, `where` it is (kept or removed) and the number of its `characters`. The
    `figures` compare the texts as they are now: `similarity` (Jaccard's, of shingles), `containment` and `aligned`
    (shares of the shorter text), and how many `words` each has. `passages` are rows of `kind` (same, changed, only_one,
    only_other; cut for furniture that was cut), `one` and `other`; put together, those that were not cut give either
    text.

    Raises InputError, with the nearest ids, where a record is not there.
    """
    sides = record_of_each(outputs, (one, other))
    texts = [text if isinstance(text := record.get("text"), str) else "" for _, record in sides]
    ledger = list(rows_at(outputs.sidecar("ledger"), {place_of(record) for _, record in sides}))
    cuts = [_furniture(record, ledger) for _, record in sides]
    return {
        **{
            side: {name: record.get(name) for name in _SAID} | {"where": where, "characters": len(text)}
            for side, (where, record), text in zip(("one", "other"), sides, texts, strict=True)
        },
        "figures": _figures(*texts),
        "passages": list(_with_cuts(texts, cuts)),
    }


def _figures(one: str, other: str) -> Row:
    mine, yours = (tokens_of([text])[0] for text in (one, other))
    like = likeness(print_of(mine), print_of(yours))
    return {
        "similarity": round(like.similarity, 4),
        "containment": round(like.containment, 4),
        "aligned": round(like.aligned, 4),
        "words": [len(mine), len(yours)],
    }


def _furniture(record: Row, ledger: Sequence[Row]) -> list[tuple[int, str]]:
    """What strip_furniture cut from a text: the place in the text as it is now, and what stood there."""
    changes = [row for row in ledger if place_of(row) == place_of(record) and row.get("column") == "text"]
    if not changes or changes[-1]["step"] != "strip_furniture" or not list(earlier_texts(record, "text", changes))[1:]:
        return []  # nothing was cut, or the text was changed again after it, or after the run
    cuts, gone = [], 0
    for edit in edits_of(changes[-1]):
        cuts.append((edit.start - gone, edit.old))
        gone += len(edit.old) - len(edit.new)
    return cuts


def _with_cuts(texts: list[str], cuts: list[list[tuple[int, str]]]) -> Iterator[Row]:
    """The passages of two texts, and between them what was cut from either, in its place."""
    waiting = [deque(some) for some in cuts]
    done = [0, 0]
    for passage in align_texts(*texts):
        rest = passage
        while rest.kind == "same":
            places = [some[0][0] - at if some else sys.maxsize for some, at in zip(waiting, done, strict=True)]
            side = places.index(min(places))
            if places[side] >= len((rest.one, rest.other)[side]):
                break
            before, rest = rest.parted(max(places[side], 0), in_other=side == 1)
            if before.one or before.other:
                yield _row(before)
            done = [done[0] + len(before.one), done[1] + len(before.other)]
            spaces = [len(text) - len(text.lstrip()) for text in (rest.one, rest.other)]
            yield _cut(waiting, [at + some for at, some in zip(done, spaces, strict=True)])
        yield _row(rest)
        done = [done[0] + len(rest.one), done[1] + len(rest.other)]
        while any(some and some[0][0] < at for some, at in zip(waiting, done, strict=True)):
            yield _cut(waiting, [at - 1 for at in done])
    while any(waiting):
        yield _cut(waiting, [sys.maxsize, sys.maxsize])


def _row(passage: Passage) -> Row:
    return {"kind": passage.kind, "one": passage.one, "other": passage.other}


def _cut(waiting: list[deque[tuple[int, str]]], last: list[int]) -> Row:
    """What was cut here: the next cut of each text, where it is no later than its `last` character."""
    gone = [some.popleft()[1] if some and some[0][0] <= at else "" for some, at in zip(waiting, last, strict=True)]
    return {"kind": "cut", "one": gone[0], "other": gone[1]}
