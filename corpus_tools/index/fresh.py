"""The records of one run: a few numbers of each in memory, and keys, samples, words and notes on disk.

The files have no names, so nothing stays behind when a run ends, however it ends.
"""

from __future__ import annotations

import contextlib
import tempfile

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import NoRoom
from corpus_tools.index.prepare import RECORD, Prepared
from corpus_tools.index.shelf import Shelf
from corpus_tools.text.fingerprints import SAMPLES

_ROWS_AT_ONCE = 4096  # of 184 bytes of keys each


class Fresh:
    """Fill it with `add`, then `freeze` it; records are numbered from 0 in reading order."""

    def __init__(self) -> None:
        self.words, self.notes = Shelf(), Shelf()
        self._keys = _KeyFile()
        try:
            self._samples = tempfile.TemporaryFile(prefix="corpus_tools.")  # noqa: SIM115  # closed by close()
        except OSError as error:
            raise NoRoom(error) from error
        self._parts: list[NDArray[np.void]] = []

    def __len__(self) -> int:
        return len(self.notes)

    def add(self, prepared: Prepared) -> None:
        """Take in the records that follow. NoRoom where the disk is full."""
        self.words.put_joined(prepared.tokens.tobytes(), (prepared.counts * prepared.tokens.itemsize).tolist())
        self.notes.put_joined(prepared.notes, prepared.note_sizes.tolist())
        self._keys.add(prepared.keys)
        try:
            self._samples.write(np.ascontiguousarray(prepared.samples).tobytes())
        except OSError as error:
            raise NoRoom(error) from error
        self._parts.append(prepared.records)

    def freeze(self) -> None:
        """Make what was added ready to be read; nothing can be added any more."""
        self.records: NDArray[np.void] = np.concatenate([np.empty(0, RECORD), *self._parts])
        self._parts.clear()
        try:
            self._keys.flush()
            self._samples.flush()
        except OSError as error:
            raise NoRoom(error) from error
        shape = (len(self), SAMPLES)
        self.samples: NDArray[np.uint8] = (
            np.memmap(self._samples, np.uint8, "r", shape=shape).view(np.ndarray)
            if len(self)
            else np.empty(shape, np.uint8)
        )

    def keys(self, column: int) -> NDArray[np.uint32]:
        """One band's keys of all records."""
        return self._keys.column(column)

    @property
    def key_columns(self) -> int:
        """How many keys each record has."""
        return self._keys.width

    def close(self) -> None:
        """Give the disk back."""
        self.words.close()
        self.notes.close()
        for file in (self._keys.file, self._samples):
            with contextlib.suppress(OSError):  # closing writes the buffer, which nobody will read
                file.close()


class _KeyFile:
    """Rows of keys, written in blocks that hold one column after the other, so that a column is read by itself."""

    def __init__(self) -> None:
        try:
            self.file = tempfile.TemporaryFile(prefix="corpus_tools.")  # noqa: SIM115  # closed by Fresh
        except OSError as error:
            raise NoRoom(error) from error
        self.width = 0
        self._waiting: list[NDArray[np.uint32]] = []
        self._blocks: list[int] = []

    def add(self, keys: NDArray[np.uint32]) -> None:
        self.width = keys.shape[1]
        self._waiting.append(keys)
        if sum(map(len, self._waiting)) >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        block = np.concatenate(self._waiting)
        self._waiting.clear()
        self._blocks.append(len(block))
        try:
            self.file.write(block.T.tobytes())
        except OSError as error:
            raise NoRoom(error) from error

    def column(self, number: int) -> NDArray[np.uint32]:
        found = np.empty(sum(self._blocks), np.uint32)
        at = 0
        for rows in self._blocks:
            self.file.seek(4 * (at * self.width + number * rows))
            found[at : at + rows] = np.frombuffer(self.file.read(4 * rows), np.uint32)
            at += rows
        return found
