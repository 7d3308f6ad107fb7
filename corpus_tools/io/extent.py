"""How much input there is, and how much of it was taken: for those who want to know how long it still takes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from corpus_tools.io.opened import Opened
from corpus_tools.io.parquet_in import group_sizes
from corpus_tools.io.pieces import Groups, Lines, Page, Rows


class Extent:
    """The inputs of one reader, in bytes as they lie on disk, or in records where `limit` says how many there are.

    Parquet counts by rows: all of its bytes are read, for their hash, before the first row is.
    """

    def __init__(self, paths: Sequence[str], held: Mapping[str, Path], limit: int | None) -> None:
        self._paths, self._held, self._limit = paths, held, limit
        self._file = 0
        self._opened: Opened | None = None
        self._rows = self._records = 0
        self._rows_there: int | None = None

    def enter(self, file: int) -> None:
        """Say that the input of that number is read now."""
        self._file, self._opened, self._rows, self._rows_there = file, None, 0, None

    def follow(self, opened: Opened) -> None:
        """Say how the input that is read now was opened."""
        self._opened = opened

    def take(self, content: Lines | Rows | Groups | Page) -> None:
        """Say that these rows were taken from it."""
        self._rows += len(content)
        self._records += content.records if isinstance(content, Rows) else 0

    @property
    def share(self) -> float | None:
        """How much was taken, 0 to 1; None where the size of an input is unknown."""
        by_limit = self._records / max(self._limit, 1) if self._limit is not None else 0.0
        if self._ends is None:
            return min(by_limit, 1.0) if self._limit is not None else None
        begin, end = self._ends[self._file], self._ends[self._file + 1]
        inside = min(self._inside(end - begin), 1.0)
        return min(max((begin + inside * (end - begin)) / max(self._ends[-1], 1), by_limit), 1.0)

    @cached_property
    def _ends(self) -> list[int] | None:
        """Where each input begins if they follow each other, and where the last one ends."""
        sizes = [self._size(path) for path in self._paths]
        known = [size for size in sizes if size is not None]
        return list(accumulate(known, initial=0)) if known and len(known) == len(sizes) else None

    def _size(self, path: str) -> int | None:
        try:
            known = os.fstat(sys.stdin.fileno()) if self._is_stdin(path) else self._file_of(path).stat()
        except (OSError, ValueError):  # it is told when the file is read
            return None
        return known.st_size if stat.S_ISREG(known.st_mode) else None

    def _file_of(self, path: str) -> Path:
        return self._held.get(path, Path(path))

    def _is_stdin(self, path: str) -> bool:
        return path == "-" and path not in self._held

    def _inside(self, size: int) -> float:
        if self._opened is None:
            return 0.0
        if self._opened.format == "parquet":
            if self._rows and self._rows_there is None:
                self._rows_there = self._count_rows(self._opened)
            return self._rows / max(self._rows_there or 0, 1)
        return self._opened.stream.bytes_read / max(size, 1)

    def _count_rows(self, opened: Opened) -> int:
        """The rows of a Parquet file; as many as were taken where it is packed or a pipe."""
        if opened.stream.compression or self._is_stdin(opened.path):
            return self._rows
        return sum(rows for rows, _ in group_sizes(str(self._file_of(opened.path))))
