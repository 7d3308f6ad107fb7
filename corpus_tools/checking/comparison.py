"""The records of now beside those of an older state: which are new, which were changed, which only went elsewhere.

What has not changed is told by the hash of its line. The rest is read, and matched by id and content, then by content
alone, then by id alone: a file that was sorted anew, renamed, or written in another format makes nothing new.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from corpus_tools import cells
from corpus_tools.checking.census import Census
from corpus_tools.checking.old_state import OldState
from corpus_tools.errors import InputError, NotFetched, UsageError
from corpus_tools.index.multiset import Multiset
from corpus_tools.index.notes import key_of
from corpus_tools.index.view import View
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.draft import Draft
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.order import Order
from corpus_tools.io.pieces import Part, packed
from corpus_tools.io.read import Reader
from corpus_tools.io.trees import utf8_name
from corpus_tools.io.units import Numbers, digests_of, selected
from corpus_tools.progress import Progress, silent
from corpus_tools.report.reported import Changes

_PLACES = frozenset(("source_file", "source_line"))
_MIXED = np.int64(0x9E3779B97F4A7C15 - (1 << 64))  # an odd number, so that a pair of hashes is one
_ROWS, _BYTES = 2000, 16 << 20


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it: the lines to check of each file, the ids that other records have, and the figures."""

    select: Mapping[str, Numbers]
    taken: array[int]
    view: View
    changes: Changes


def compared(
    census: Census, old: OldState, reading: Mapping[str, Any], progress: Progress = silent
) -> tuple[Compared, OldState]:
    """Compare what is read now with an older state of it; returns that without its files that can't be read."""
    file_of = {path: number for number, path in enumerate(census.paths)}
    for path in old.same.values():
        census.is_old[census.places_of(file_of[path])] = True
    moved = sum(int((census.id[census.places_of(file_of[now])] != 0).sum()) for was, now in old.same.items()
                if old.repository.place(now) != was)  # fmt: skip
    known = int((census.id[census.is_old] != 0).sum())
    before = _Before(census, old, reading, progress)
    before.read()
    new = _new_rest(census, reading)
    found = _matched(census, before.rest, new, known + before.met, moved + before.went, old)
    readable = {path: stored for path, stored in old.files.items() if path not in before.broken}
    return found, replace(old, files=readable, broken=before.broken)


class _Rest:
    """What is not the same line in the same file: records, by the keys of their ids, and broken pieces, which have 0.

    Of each the hash of what it holds is kept, and a number that stands for its file or its place.
    """

    def __init__(self) -> None:
        self._ids, self._contents, self._at = array("Q"), array("q"), array("q")

    def add(self, chunk: Chunk, at: Sequence[int], broken_at: Sequence[int]) -> None:
        for key, content, number in zip(_id_keys(chunk), _contents(chunk), at, strict=True):
            self._ids.append(key)
            self._contents.append(content)
            self._at.append(number)
        for piece, number in zip(chunk.quarantined, broken_at, strict=True):
            self._ids.append(0)
            self._contents.append(hash(piece.raw))
            self._at.append(number)

    def arrays(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """The ids, the contents, the numbers."""
        ids, contents, at = self._ids, self._contents, self._at
        return np.array(ids, np.uint64), np.array(contents, np.int64), np.array(at, np.int64)


class _Before:
    """The old files, read one by one: what stands there still is told in the census, what does not comes to `rest`.

    `met` records were met, of which `went` to another file. `broken` says of files that can't be read why.
    """

    def __init__(self, census: Census, old: OldState, reading: Mapping[str, Any], progress: Progress) -> None:
        self._census, self._old, self._reading, self._progress = census, old, reading, progress
        self.rest, self.met, self.went = _Rest(), 0, 0
        self.broken: dict[str, str] = {}
        self._now = {old.repository.place(path): number for number, path in enumerate(census.paths)}
        there = [self._now[path] for path in old.files if path in self._now]
        # Lines of files that are new as a whole: they may have come from anywhere.
        self._pool = np.flatnonzero(~census.is_old & ~np.isin(census.file, there))
        self._elsewhere = Multiset(census.digest[self._pool])

    def read(self) -> None:
        """Read them all."""
        for path in self._old.files:
            if path in self._old.same:
                continue
            try:
                self._read(path)
            except NotFetched:
                raise
            except (InputError, UsageError) as error:
                self.broken[path] = str(error)

    def _read(self, path: str) -> None:
        at = self._now.get(path, -1)
        with self._old.reader([path], self._reading) as reader:
            fields, order = FieldMap(reader.column_map), Order()
            for piece in packed(self._left(reader, at), _ROWS, _BYTES):
                draft = Draft(piece, fields)
                chunk = draft.chunk(order.number(draft.facts))
                self.rest.add(chunk, [at] * len(chunk.stands), [at] * len(chunk.quarantined))

    def _left(self, reader: Reader, at: int) -> Iterator[Part]:
        """The parts of a file that stand neither in it any more nor in a new one."""
        within = self._census.places_of(at)
        here = Multiset(self._census.digest[within])
        for part in reader.parts():
            lines, digests = digests_of(part.content)
            self._progress("looking back", len(lines))
            left = here.take(digests)
            self.met += self._meet(left[left >= 0] + within.start)
            lines, digests = lines[left < 0], digests[left < 0]
            left = self._elsewhere.take(digests)
            went = self._meet(self._pool[left[left >= 0]])
            self.met, self.went = self.met + went, self.went + went
            if (left < 0).any():
                for content in selected(part.content, np.sort(lines[left < 0])):
                    yield Part(part.file, True, content)

    def _meet(self, places: Numbers) -> int:
        """Say that lines are old; returns how many of them are records."""
        self._census.is_old[places] = True
        return int((self._census.id[places] != 0).sum())


def _new_rest(census: Census, reading: Mapping[str, Any]) -> _Rest:
    """What of the files was not met so far, by its places in the census."""
    rest = _Rest()
    for chunk in Reader(census.paths, select=census.lines(~census.is_old), **reading):
        rest.add(
            chunk,
            [census.place(*stand) for stand in chunk.stands],
            [census.place(*piece.stand) for piece in chunk.quarantined],
        )
    return rest


def _matched(census: Census, rest: _Rest, new: _Rest, met: int, went: int, old: OldState) -> Compared:
    old_ids, old_contents, files = rest.arrays()
    new_ids, new_contents, places = new.arrays()
    old_open, new_open = np.ones(len(old_ids), bool), np.ones(len(new_ids), bool)

    def pairs(here: NDArray[np.int64], there: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        asked, among = np.flatnonzero(new_open & (here != 0)), np.flatnonzero(old_open & (there != 0))
        found = Multiset(there[among]).take(here[asked])
        mine, theirs = asked[found >= 0], among[found[found >= 0]]
        new_open[mine], old_open[theirs] = False, False
        return mine, theirs

    here, there = new_ids.view(np.int64), old_ids.view(np.int64)
    for mine, theirs in (
        pairs(here * _MIXED ^ new_contents, there * _MIXED ^ old_contents),
        pairs(new_contents, old_contents),
    ):
        census.is_old[places[mine]] = True
        records = here[mine] != 0
        met += int(records.sum())
        went += int((census.file[places[mine]] != files[theirs])[records].sum())
    revised, _ = pairs(here, there)
    added, removed = int((new_open & (here != 0)).sum()), int((old_open & (there != 0)).sum())
    standing = census.ids(census.is_old)
    view = View(np.unique(standing), np.unique(new_ids[revised]), _Where(census))
    known = met + len(revised)
    changes = Changes(old.name, known + removed, known + added, added, len(revised), removed, went)
    return Compared(census.lines(~census.is_old), array("Q", standing.tobytes()), view, changes)


class _Where:
    """Says where an old record stands now, as `path:line`."""

    def __init__(self, census: Census) -> None:
        self._census = census

    def __call__(self, id: str) -> str | None:  # noqa: A002  # the column's own name
        place = next((f"{path}:{line}" for path, line in self._census.where(key_of(id))), None)
        return place and utf8_name(place)


def _id_keys(chunk: Chunk) -> list[int]:
    return [key_of(id) for id in cells.strings(chunk.frame, "id")]  # noqa: A001  # the column's own name


def _contents(chunk: Chunk) -> Iterator[int]:
    """A hash of what each record holds under our names, but for its id; what is null is as what is absent."""
    frame = chunk.frame
    names = [name for name in frame.columns if name not in _PLACES and name != "id"]
    columns = [cells.objects(frame, name) for name in names]
    unread: dict[int, list[tuple[str, str | None, str | None]]] = {}
    for finding in chunk.findings:
        if finding.code == "PR020":  # a time that can't be read is null in the frame
            unread.setdefault(finding.row, []).append((finding.code, finding.column, finding.evidence))
    for row, values in enumerate(zip(*columns, strict=True)):
        held = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        if row in unread:
            held["\0"] = unread[row]
        try:
            yield hash(orjson.dumps(held, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY, default=str))
        except TypeError:  # an integer over 64 bits
            yield hash(dump_value(held))
