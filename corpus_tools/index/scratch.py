"""Arrays that wait on disk for the length of a run: rows one after the other, columns of keys, sorted numbers.

The files have no names, so nothing stays behind when a run ends, however it ends. NoRoom where the disk is full.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import NoRoom
from corpus_tools.index.sorted_file import Entries, distinct

_ROWS_AT_ONCE = 4096  # of 368 bytes of keys each


class RowFile:
    """Rows of one kind. `written` gives all of them, as an array that the system reads from the file as it is used.

    >>> file = RowFile(np.dtype(np.uint8), (2,))
    >>> file.add(np.array([[1, 2], [3, 4]], np.uint8))
    >>> file.written().tolist(), len(file)
    ([[1, 2], [3, 4]], 2)
    >>> file.close()
    """

    def __init__(self, dtype: np.dtype[Any], shape: tuple[int, ...] = ()) -> None:
        self._dtype, self._shape = dtype, shape
        self._file = _opened()
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, rows: NDArray[Any]) -> None:
        """Put rows behind the others."""
        with _no_room():
            self._file.write(np.ascontiguousarray(rows).tobytes())
        self._rows += len(rows)

    def written(self) -> NDArray[Any]:
        """All rows, shape (rows, …), to be read only."""
        if not self._rows:
            return np.empty((0, *self._shape), self._dtype)
        with _no_room():
            self._file.flush()
        return np.memmap(self._file, self._dtype, "r", shape=(self._rows, *self._shape)).view(np.ndarray)

    def close(self) -> None:
        """Give the disk back."""
        _close(self._file)


class KeyFile:
    """Rows of keys, written in blocks that hold one column after the other, so that a column is read by itself."""

    def __init__(self) -> None:
        self._file = _opened()
        self.width = 0
        self._waiting: list[NDArray[np.uint64]] = []
        self._blocks: list[int] = []

    def add(self, keys: NDArray[np.uint64]) -> None:
        """Put rows of keys behind the others."""
        self.width = keys.shape[1]
        self._waiting.append(keys)
        if sum(map(len, self._waiting)) >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what waits; needed before a column is read."""
        if not self._waiting:
            return
        block = np.concatenate(self._waiting)
        self._waiting.clear()
        self._blocks.append(len(block))
        with _no_room():
            self._file.write(block.T.tobytes())

    def column(self, number: int) -> NDArray[np.uint64]:
        """One key of each row."""
        found = np.empty(sum(self._blocks), np.uint64)
        at = 0
        for rows in self._blocks:
            with _no_room():  # seeking writes what is still in the buffer
                self._file.seek(8 * (at * self.width + number * rows))
            found[at : at + rows] = np.frombuffer(self._file.read(8 * rows), np.uint64)
            at += rows
        return found

    def close(self) -> None:
        """Give the disk back."""
        _close(self._file)


class Sieve:
    """Numbers that come in any order and more than once, given back sorted and each once; `room` are bytes of memory.

    >>> sieve = Sieve(room=32)
    >>> for number in (5, 3, 5, 9, 1, 3):
    ...     sieve.add(np.array([number], np.uint64))
    >>> np.concatenate(list(sieve.sorted())).tolist()
    [1, 3, 5, 9]
    """

    def __init__(self, room: int) -> None:
        self._room = max(room, 64) // 40  # while numbers are sorted, memory holds five times as many
        self._found = np.empty(0, np.uint64)
        self._waiting: list[Entries] = []
        self._size = 0
        self._runs: list[RowFile] = []

    def add(self, numbers: Entries) -> None:
        """Take in some numbers."""
        self._waiting.append(numbers)
        self._size += len(numbers)
        if self._size > max(len(self._found), self._room // 4):
            self._settle()
        if len(self._found) > self._room:
            self._runs.append(RowFile(np.dtype(np.uint64)))
            self._runs[-1].add(self._found)
            self._found = np.empty(0, np.uint64)

    def sorted(self) -> Iterator[Entries]:
        """All numbers, in parts; then nothing is left."""
        self._settle()
        try:
            runs = [*(run.written() for run in self._runs), self._found]
            for low, high in _spans(runs, self._room):
                yield distinct(
                    np.concatenate([run[low_:high_] for run, low_, high_ in zip(runs, low, high, strict=True)])
                )
        finally:
            for file in self._runs:
                file.close()
            self._runs, self._found = [], np.empty(0, np.uint64)

    def _settle(self) -> None:
        self._found = distinct(np.concatenate([self._found, *self._waiting]))
        self._waiting.clear()
        self._size = 0


def _spans(runs: list[Entries], room: int) -> Iterator[tuple[list[int], list[int]]]:
    """Where to cut sorted runs so that the parts between two cuts fit into the room, and no number is in two parts."""
    low = [0] * len(runs)
    while any(at < len(run) for at, run in zip(low, runs, strict=True)):
        step = max(room // len(runs), 1)
        bounds = [run[at + step - 1] for at, run in zip(low, runs, strict=True) if at + step <= len(run)]
        high = [len(run) if not bounds else int(np.searchsorted(run, min(bounds), "right")) for run in runs]
        yield low, high
        low = high


def _opened() -> Any:
    try:
        return tempfile.TemporaryFile(prefix="corpus_tools.")  # closed by the close() of each class
    except OSError as error:
        raise NoRoom(error) from error


def _close(file: Any) -> None:
    with contextlib.suppress(OSError):  # closing writes the buffer, which nobody will read
        file.close()


@contextlib.contextmanager
def _no_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoRoom(error) from error
