"""A place on disk where things wait: put in one after the other, taken out in the same order, gone on close."""

from __future__ import annotations

import contextlib
import pickle
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any, BinaryIO

from corpus_tools.errors import NoRoom


class Spool:
    """Anything that can be pickled; the file has no name and lies in TMPDIR.

    >>> with Spool() as spool:
    ...     spool.append("a")
    ...     spool.append({"b": 1})
    ...     list(spool), len(spool)
    (['a', {'b': 1}], 2)
    """

    def __init__(self) -> None:
        try:
            # Without a name it is gone even where the process is killed.
            self._file = tempfile.TemporaryFile(prefix="corpus_tools.", buffering=1 << 20)  # noqa: SIM115  # see close
        except OSError as error:
            raise NoRoom(error) from error
        self._count = 0
        self._reading = False

    def append(self, thing: object) -> None:
        """Put one thing at the end. NoRoom where the disk is full."""
        try:
            if self._reading:
                self._file.seek(0, 2)
                self._reading = False
            data = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
            self._file.write(len(data).to_bytes(8, "little") + data)
        except OSError as error:
            raise NoRoom(error) from error
        self._count += 1

    def __iter__(self) -> Iterator[Any]:
        """Everything, in order; while it runs, nothing may be put in."""
        try:
            self._file.seek(0)  # writes what is still in the buffer
            self._reading = True
        except OSError as error:
            raise NoRoom(error) from error
        for _ in range(self._count):
            # pickle.load(file) would copy the file's whole buffer for every thing.
            size = int.from_bytes(self._file.read(8), "little")
            yield pickle.loads(self._file.read(size))

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Remove the file."""
        try:
            self._file.close()
        except OSError as error:  # closing writes the buffer, and the disk may be full
            raise NoRoom(error) from error

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        self.__del__()

    def __del__(self) -> None:
        # After an error nobody may come to close it; the first error is the one to tell.
        with contextlib.suppress(OSError, AttributeError):
            self._file.close()


@contextlib.contextmanager
def temporary_file() -> Iterator[BinaryIO]:
    """A file without a name for the length of the block. NoRoom where it can't be written."""
    try:
        with tempfile.TemporaryFile(prefix="corpus_tools.") as file:
            yield file
    except OSError as error:
        raise NoRoom(error) from error
