"""The lines of a whole column of texts: where they stand, and which of them hold a pattern.

Hundreds of thousands of lines are told apart in NumPy and read by RE2, in the texts' own bytes, and no line becomes a
Python object before a pattern was found in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from corpus_tools.text.columns import SPACE, encodable

_NEWLINE = 10
_BLOCK = 1 << 18  # bytes
_HOLDS_SOMETHING = f"[^{SPACE}]"
# The first byte of a line that may be nothing but white space: ASCII's, and the lead of the others.
_MAY_BE_BLANK = np.zeros(256, bool)
_MAY_BE_BLANK[[*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3]] = True


class LineTable:
    r"""The lines that hold something, of all texts; shape (lines,) each.

    `record` is the number of a line's text, `from_head` and `from_tail` count its lines from either end, from 0.
    `counts` says how many lines each text has, shape (texts,).

    >>> table = LineTable(["One\n\u00a0\nTwo", "", "Three"])
    >>> table.record.tolist(), table.from_head.tolist(), table.from_tail.tolist()
    ([0, 0, 2], [0, 1, 0], [1, 0, 0])
    >>> table.found("T", table.from_tail < 1)
    {0: {1: 'Two'}, 2: {0: 'Three'}}
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._odd: dict[int, list[str]] = {}  # the lines of texts with a lone surrogate, which Arrow can't hold
        try:
            column = pa.array(texts, pa.large_string())
        except UnicodeEncodeError:
            whole = list(map(encodable, texts))
            column = pa.array(whole, pa.large_string())
            self._odd = {row: _full(text) for row, text in enumerate(texts) if text != whole[row]}
        data = np.frombuffer(column.buffers()[2] or b"", np.uint8)
        borders = np.frombuffer(column.buffers()[1], np.int64)[: len(texts) + 1]
        newlines = _newlines(data)
        starts = np.sort(np.concatenate([borders[:-1], newlines + 1]))
        ends = np.sort(np.concatenate([newlines, borders[1:]]))
        record = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(newlines, borders)) + 1)
        full = np.flatnonzero(starts < ends)
        starts, record = starts[full], record[full]
        # Each line with the white space behind it: so the lines are one column, in the bytes of the texts.
        self._lines = _slices(starts, column)
        doubtful = np.flatnonzero(_MAY_BE_BLANK[data[starts]])
        blank = doubtful[~_holds(self._lines.take(pa.array(doubtful)), _HOLDS_SOMETHING)]
        if len(blank):
            starts, record = np.delete(starts, blank), np.delete(record, blank)
            self._lines = _slices(starts, column)
        self.counts: NDArray[np.int64] = np.bincount(record, minlength=len(texts))
        firsts = np.cumsum(self.counts) - self.counts
        self.record: NDArray[np.int64] = record
        self.from_head: NDArray[np.int64] = np.arange(len(record)) - firsts[record]
        self.from_tail: NDArray[np.int64] = self.counts[record] - 1 - self.from_head

    def found(self, pattern: str, among: NDArray[np.bool_] | None = None) -> dict[int, dict[int, str]]:
        """The lines that hold a pattern (RE2's dialect), by record and by their number from the head.

        They come without outer white space. `among` says which lines to look at.
        """
        lines = self._lines if among is None else self._lines.filter(pa.array(among))
        held = _holds(lines, pattern)
        numbers = np.flatnonzero(held) if among is None else np.flatnonzero(among)[held]
        texts = map(str.strip, lines.filter(pa.array(held)).to_pylist())
        by_record: dict[int, dict[int, str]] = defaultdict(dict)
        for record, number, text in zip(
            self.record[numbers].tolist(), self.from_head[numbers].tolist(), texts, strict=True
        ):
            by_record[record][number] = self._odd[record][number] if record in self._odd else text
        return dict(by_record)


def _full(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def _newlines(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    # Block by block: what is compared then stays in the processor's cache.
    blocks = range(0, len(data), _BLOCK)
    return np.concatenate(
        [np.zeros(0, np.int64), *(np.flatnonzero(data[at : at + _BLOCK] == _NEWLINE) + at for at in blocks)]
    )


def _slices(starts: NDArray[np.int64], column: pa.LargeStringArray) -> pa.LargeStringArray:
    """The bytes of a column, parted anew: from each start to the next."""
    data = column.buffers()[2]
    borders = np.append(starts, 0 if data is None else data.size)
    return pa.LargeStringArray.from_buffers(len(starts), pa.py_buffer(borders.astype(np.int64)), data)


def _holds(lines: pa.LargeStringArray, pattern: str) -> NDArray[np.bool_]:
    return np.asarray(pc.match_substring_regex(lines, pattern).to_numpy(zero_copy_only=False), bool)
