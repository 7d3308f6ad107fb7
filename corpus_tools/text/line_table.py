"""The lines of a whole column of texts: where they stand, and which of them hold a pattern.

Hundreds of thousands of lines are told apart in NumPy and read by RE2, in the texts' own bytes, and no line becomes a
Python object before a pattern was found in it.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpus_tools.text.columns import SPACE, Texts

_NEWLINE = 10
_BLOCK = 1 << 18  # bytes
_HOLDS_SOMETHING = f"[^{SPACE}]"
# The first byte of a line that may be nothing but white space: ASCII's, and the lead of the others.
_MAY_BE_BLANK = np.zeros(256, bool)
_MAY_BE_BLANK[[*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3]] = True


_TABLES: dict[int, LineTable] = {}  # of columns that are alive, by id


def lines_of(column: pa.ChunkedArray | Sequence[str]) -> LineTable:
    """The table of a column of texts.

    As long as Arrow's column lives, which nobody can change, it has one table: what one step has looked for in it, the
    next one finds without another look.
    """
    if not isinstance(column, pa.ChunkedArray):
        return LineTable.of(Texts(column))
    table = _TABLES.get(id(column))
    if table is None:
        table = _TABLES[id(column)] = LineTable.of(Texts(column))
        weakref.finalize(column, _TABLES.pop, id(column), None)
    return table


@dataclass(frozen=True, slots=True)
class LineTable:
    r"""The lines that hold something, of all texts of a column; shape (lines,) each.

    `record` is the number of a line's text, `from_head` and `from_tail` count its lines from either end, from 0.
    `counts` says how many lines each text has, shape (texts,).

    >>> table = LineTable.of(Texts(["One\n\u00a0\nTwo", "", "Three"]))
    >>> table.record.tolist(), table.from_head.tolist(), table.from_tail.tolist()
    ([0, 0, 2], [0, 1, 0], [1, 0, 0])
    >>> table.where(table.from_tail < 1).found("T")
    {0: {1: 'Two'}, 2: {0: 'Three'}}
    """

    texts: Texts
    record: NDArray[np.int64]
    from_head: NDArray[np.int64]
    from_tail: NDArray[np.int64]
    counts: NDArray[np.int64]
    _bytes: _Bytes  # each line's with the white space behind it
    _odd: Mapping[int, Sequence[str]]  # the lines of texts with a lone surrogate, which Arrow can't hold
    _found: dict[tuple[str, ...], Mapping[int, Mapping[int, str]]] = field(default_factory=dict)  # by patterns

    @classmethod
    def of(cls, texts: Texts) -> LineTable:
        """The table of a column of texts."""
        borders, data = _bytes_of(texts.column)
        newlines = _newlines(data, borders[0], borders[-1])
        # Two runs in order each: the stable sort merges them, and the other one takes thirty times as long.
        starts = np.sort(np.concatenate([borders[:-1], newlines + 1]), kind="stable")
        ends = np.sort(np.concatenate([newlines, borders[1:]]), kind="stable")
        record = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(newlines, borders)) + 1)
        full = np.flatnonzero(starts < ends)
        starts, ends, record = starts[full], ends[full], record[full]
        doubtful = np.flatnonzero(_MAY_BE_BLANK[data[starts]])
        held = _Bytes(texts.column, starts[doubtful], ends[doubtful]).hold(_HOLDS_SOMETHING)
        blank = doubtful[~held]
        if len(blank):
            starts, record = np.delete(starts, blank), np.delete(record, blank)
        counts = np.bincount(record, minlength=len(texts))
        from_head = np.arange(len(record)) - (np.cumsum(counts) - counts)[record]
        odd = {row: _full(text) for row, text in texts.odd.items()}
        lines = _Bytes(texts.column, starts, np.append(starts, borders[-1])[1:])
        return cls(texts, record, from_head, counts[record] - 1 - from_head, counts, lines, odd)

    def where(self, wanted: NDArray[np.bool_]) -> LineTable:
        """The table of some of its lines."""
        places = self.record[wanted], self.from_head[wanted], self.from_tail[wanted]
        return LineTable(self.texts, *places, self.counts, self._bytes.where(wanted), self._odd)

    def holding(self, pattern: str) -> LineTable:
        """The table of the lines that hold a pattern (RE2's dialect)."""
        return self.where(self._bytes.hold(pattern))

    def found(self, *patterns: str) -> Mapping[int, Mapping[int, str]]:
        """The lines that hold one of the patterns (RE2's dialect), by record and number, without outer white space."""
        known = self._found.get(patterns)
        if known is None:
            known = self._found[patterns] = self._look(patterns)
        return known

    def _look(self, patterns: Sequence[str]) -> dict[int, dict[int, str]]:
        held = np.logical_or.reduce([self._bytes.hold(pattern) for pattern in patterns])
        texts = self._bytes.where(held).texts()
        by_record: dict[int, dict[int, str]] = defaultdict(dict)
        for record, number, text in zip(self.record[held].tolist(), self.from_head[held].tolist(), texts, strict=True):
            by_record[record][number] = self._odd[record][number] if record in self._odd else text
        return dict(by_record)


class _Bytes(NamedTuple):
    """Stretches of a column's bytes, in their order, none over another; shape (lines,) each.

    They are never copied, for fresh memory costs more than a look at what it would hold.
    """

    column: pa.LargeStringArray
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def where(self, wanted: NDArray[np.bool_]) -> _Bytes:
        """Some of them."""
        return _Bytes(self.column, self.starts[wanted], self.stops[wanted])

    def hold(self, pattern: str) -> NDArray[np.bool_]:
        """Whether each holds a pattern (RE2's dialect)."""
        if not len(self.starts):
            return np.zeros(0, bool)
        # What lies between two of them becomes a text of Arrow's too, and whatever is found there is left aside.
        before = np.flatnonzero(self.stops[:-1] < self.starts[1:])
        borders = np.append(np.insert(self.starts, before + 1, self.stops[before]), self.stops[-1])
        parted = pa.LargeStringArray.from_buffers(len(borders) - 1, pa.py_buffer(borders), self.column.buffers()[2])
        found = pc.match_substring_regex(parted, pattern)
        held = np.asarray(found.to_numpy(zero_copy_only=False), bool)
        return np.delete(held, before + 1 + np.arange(len(before)))

    def texts(self) -> list[str]:
        """Each as a text, without outer white space."""
        data = memoryview(self.column.buffers()[2] or b"")
        places = zip(self.starts.tolist(), self.stops.tolist(), strict=True)
        return [str(data[start:stop], "utf-8").strip() for start, stop in places]


def _full(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def _bytes_of(column: pa.LargeStringArray) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where each text begins, and behind them where the last one ends; and the bytes they count in."""
    _, borders, data = column.buffers()
    if not len(column):
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    first = column.offset
    return np.frombuffer(borders, np.int64)[first : first + len(column) + 1], np.frombuffer(data or b"", np.uint8)


def _newlines(data: NDArray[np.uint8], start: int, end: int) -> NDArray[np.int64]:
    # Block by block: what is compared then stays in the processor's cache.
    blocks = [data[at : min(at + _BLOCK, end)] for at in range(start, end, _BLOCK)]
    found = [np.flatnonzero(block == _NEWLINE) + start + number * _BLOCK for number, block in enumerate(blocks)]
    return np.concatenate([np.zeros(0, np.int64), *found])
