"""A sorted file: which records have a key, found by looking at a few pages of it, however long it is.

It has columns, one for each kind of key; a column is the sorted pairs of a 32-bit key and a record's number. The file
is written once and never changed. Every page of it has a checksum, which is looked at before the page is used.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import DamagedIndex

Entries = NDArray[np.uint64]
"""Pairs of a key, in the upper half, and a record's number, in the lower half."""

_PAGE = 1 << 14  # bytes; one key costs one page, and its checksum is made in some ten microseconds
_ON_A_PAGE = _PAGE // 8
_LOWER = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Description:
    """What must be known of a sorted file before it is opened: entries by column, and the checksum of its tail."""

    name: str
    counts: tuple[int, ...]
    check: int

    def told(self) -> dict[str, Any]:
        """The description as JSON has it."""
        return asdict(self)


def entries(keys: NDArray[Any], rows: NDArray[Any]) -> Entries:
    """Pairs of keys and records, sorted, each once; key 0 is no key, and of a 64-bit key the upper half counts.

    >>> (entries(np.array([7, 0, 5], np.uint32), np.array([1, 2, 3])) & 0xFFFFFFFF).tolist()
    [3, 1]
    """
    upper = keys & ~_LOWER if keys.dtype == np.uint64 else keys.astype(np.uint64) << _HALF
    return distinct(upper[keys != 0] | rows[keys != 0].astype(np.uint64))


def distinct(values: Entries) -> Entries:
    """The same numbers, sorted, each once. `values` is sorted in place: np.unique would need three times the memory."""
    values.sort()
    if len(values) < 2:
        return values
    first: Entries = values[np.concatenate([[True], values[1:] != values[:-1]])]
    return first


def write(file: BinaryIO, name: str, columns: Iterable[Entries]) -> Description:
    """Write a sorted file. The tail holds the first entry of each page, then the checksum of each."""
    counts, fences, checks = [], [], []
    for column in columns:
        data = column.tobytes()
        pages = range(0, len(data), _PAGE)
        checks += [zlib.crc32(data[at : at + _PAGE]) for at in pages]
        fences.append(column[::_ON_A_PAGE])
        counts.append(len(column))
        file.write(data)
    tail = np.concatenate([np.empty(0, np.uint64), *fences, np.array(checks, np.uint64)]).tobytes()
    file.write(tail)
    return Description(name, tuple(counts), zlib.crc32(tail))


class SortedFile:
    """A sorted file, open for reading. DamagedIndex where it is not what its description says."""

    def __init__(self, path: Path, described: Description) -> None:
        self.path, self.described = path, described
        pages = [-(-count // _ON_A_PAGE) for count in described.counts]
        size = 8 * (sum(described.counts) + 2 * sum(pages))
        if path.stat().st_size != size:
            raise DamagedIndex(path, f"has {path.stat().st_size:,} bytes instead of {size:,}")
        self._starts = np.cumsum([0, *described.counts])
        self._first_pages = np.cumsum([0, *pages])
        data = np.memmap(path, np.uint64, "r") if size else np.empty(0, np.uint64)
        # Plain views: each look at a memmap would make a Python object that knows its file.
        self._data = data.view(np.ndarray)
        tail = self._data[self._starts[-1] :]
        if zlib.crc32(tail.tobytes()) != described.check:
            raise DamagedIndex(path, "has a tail that does not match its checksum")
        tail = tail.copy()
        self._fences, self._checks = tail[: sum(pages)], tail[sum(pages) :]
        self._verified = np.zeros(sum(pages), bool)

    def __len__(self) -> int:
        return int(self._starts[-1])

    def find(self, column: int, keys: NDArray[Any], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first `most` records of each key: positions in `keys`, and records; shape (found,) both."""
        wanted = np.flatnonzero(keys)
        upper = keys[wanted]
        upper = upper & ~_LOWER if keys.dtype == np.uint64 else upper.astype(np.uint64) << _HALF
        starts, stops = self._place(column, upper), self._place(column, upper | _LOWER)
        sizes = np.minimum(stops - starts, most)
        places = np.repeat(starts, sizes) + np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self._verify(column, places)
        return np.repeat(wanted, sizes), (self._column(column)[places] & _LOWER).astype(np.int64)

    def column(self, number: int) -> Entries:
        """A whole column."""
        self._verify(number, np.arange(0, self.described.counts[number], _ON_A_PAGE))
        return self._column(number)

    def verify(self) -> None:
        """Look at every page."""
        for number in range(len(self.described.counts)):
            self.column(number)

    def close(self) -> None:
        """Let go of the file."""
        self._data = np.empty(0, np.uint64)

    def _column(self, number: int) -> Entries:
        return self._data[self._starts[number] : self._starts[number + 1]]

    def _place(self, column: int, wanted: Entries) -> NDArray[np.int64]:
        """How many entries of a column are smaller than each of those wanted."""
        values = self._column(column)
        fences = self._fences[self._first_pages[column] : self._first_pages[column + 1]]
        low = np.maximum(np.searchsorted(fences, wanted) - 1, 0) * _ON_A_PAGE
        high = np.minimum(low + _ON_A_PAGE, len(values))
        self._verify(column, low[high > low])
        while (open_ := low < high).any():
            middle = (low + high) >> 1
            less = np.zeros(len(wanted), bool)
            less[open_] = values[middle[open_]] < wanted[open_]
            low = np.where(less, middle + 1, low)
            high = np.where(open_ & ~less, middle, high)
        return low

    def _verify(self, column: int, places: NDArray[np.int64]) -> None:
        """Compare the pages on which these entries stand with their checksums, once."""
        pages = np.unique(places // _ON_A_PAGE)
        first = int(self._first_pages[column])
        values = self._column(column)
        for page in pages[~self._verified[first + pages]].tolist():
            part = values[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE]
            if zlib.crc32(part.tobytes()) != self._checks[first + page]:
                raise DamagedIndex(self.path, f"is damaged at byte {8 * int(self._starts[column]) + page * _PAGE:,}")
            self._verified[first + page] = True


def merged(files: Sequence[SortedFile]) -> Iterator[Entries]:
    """The columns of several sorted files as one."""
    for number in range(len(files[0].described.counts)):
        yield np.sort(np.concatenate([file.column(number) for file in files]))
