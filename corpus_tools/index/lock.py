"""One writer at a time: a lock on a folder, which ends with the process that holds it, however it ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from corpus_tools.errors import InputError

NAME = "lock"


class Lock:
    """Held from the moment it is made until `release`. InputError that says `busy` where another process holds it."""

    def __init__(self, folder: Path, busy: str) -> None:
        self._file: BinaryIO = (folder / NAME).open("a+b")
        if not _taken(self._file):
            self._file.close()
            raise InputError(busy)

    def release(self) -> None:
        """Let others write."""
        self._file.close()


def _taken(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
