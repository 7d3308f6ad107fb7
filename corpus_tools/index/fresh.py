"""The records of one run, on disk: what is looked up of each, its keys, samples, words and note."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.prepare import RECORD, Prepared
from corpus_tools.index.scratch import KeyFile, RowFile
from corpus_tools.index.shelf import Shelf
from corpus_tools.text.fingerprints import SAMPLES


class Fresh:
    """Fill it with `add`, then `freeze` it; records are numbered from 0 in reading order."""

    def __init__(self) -> None:
        self.words, self.notes = Shelf(), Shelf()
        self._keys = KeyFile()
        self._records, self._samples = RowFile(RECORD), RowFile(np.dtype(np.uint8), (SAMPLES,))

    def __len__(self) -> int:
        return len(self._records)

    def add(self, prepared: Prepared) -> None:
        """Take in the records that follow. NoRoom where the disk is full."""
        self.words.put_joined(prepared.tokens.tobytes(), (prepared.counts * prepared.tokens.itemsize).tolist())
        self.notes.put_joined(prepared.notes, prepared.note_sizes.tolist())
        self._keys.add(prepared.keys)
        self._samples.add(prepared.samples)
        self._records.add(prepared.records)

    def taken(self, places: NDArray[np.int64]) -> Prepared:
        """Some records as they were added, without their keys."""
        words, notes = ([shelf.take(place) for place in places.tolist()] for shelf in (self.words, self.notes))
        tokens = np.frombuffer(b"".join(words), np.uint32)
        return Prepared(
            self.records[places],
            np.empty((len(places), 0), np.uint64),
            self.samples[places],
            tokens,
            np.array([len(part) // tokens.itemsize for part in words], np.int64),
            b"".join(notes),
            np.array(list(map(len, notes)), np.int64),
        )

    def freeze(self) -> None:
        """Make what was added ready to be read; nothing can be added any more."""
        self._keys.flush()
        self.records: NDArray[np.void] = self._records.written()
        self.samples: NDArray[np.uint8] = self._samples.written()

    def keys(self, column: int) -> NDArray[np.uint64]:
        """One band's keys of all records."""
        return self._keys.column(column)

    @property
    def key_columns(self) -> int:
        """How many keys each record has."""
        return self._keys.width

    def close(self) -> None:
        """Give the disk back."""
        for file in (self.words, self.notes, self._keys, self._records, self._samples):
            file.close()
