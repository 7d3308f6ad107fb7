"""A shelf on disk: what a corpus step knows of each record and need not hold in memory.

Parts are put in reading order and taken out by number. The file has no name, so nothing stays behind when a run ends,
however it ends.
"""

from __future__ import annotations

import contextlib
import tempfile
from array import array
from collections.abc import Sequence

from corpus_tools.errors import NoRoom

_WRITTEN_AT_ONCE = 1 << 16


class Shelf:
    """Parts of bytes on disk; memory holds eight bytes a part.

    >>> shelf = Shelf()
    >>> shelf.put([b"one", b"", b"three"])
    >>> shelf.take(2), shelf.take(1), len(shelf)
    (b'three', b'', 3)
    >>> shelf.close()
    """

    def __init__(self) -> None:
        try:
            # Parts are taken in any order: a buffer would read eight kilobytes for each.
            self._file = tempfile.TemporaryFile(prefix="corpus-tools-", buffering=0)  # noqa: SIM115  # closed by close()
        except OSError as error:
            raise NoRoom(error) from error
        self._ends = array("q", [0])
        self._waiting = bytearray()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def put(self, parts: Sequence[bytes]) -> None:
        """Add parts at the end."""
        self.put_joined(b"".join(parts), [len(part) for part in parts])

    def put_joined(self, data: bytes, sizes: Sequence[int]) -> None:
        """Add the parts of the sizes given, which stand in `data` one after the other.

        NoRoom where the disk is full.
        """
        end = self._ends[-1]
        for size in sizes:
            end += size
            self._ends.append(end)
        self._waiting += data
        if len(self._waiting) >= _WRITTEN_AT_ONCE:
            self._write()

    def take(self, number: int) -> bytes:
        """The part that was put as number `number`, counted from 0."""
        if self._waiting:
            self._write()
        start = self._ends[number]
        self._file.seek(start)
        return self._file.read(self._ends[number + 1] - start)

    def close(self) -> None:
        """Give the disk back."""
        with contextlib.suppress(OSError):
            self._file.close()

    def _write(self) -> None:
        try:
            self._file.seek(self._ends[-1] - len(self._waiting))
            with memoryview(self._waiting) as left:
                done = 0
                while done < len(left):  # a call may write a part of it
                    done += self._file.write(left[done:])
        except OSError as error:
            raise NoRoom(error) from error
        self._waiting.clear()
