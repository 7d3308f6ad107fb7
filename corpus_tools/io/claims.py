"""Files under temporary names: who writes one holds a lock on it, which tells what a killed run has left.

The system lets go of a lock when its process ends, however that happens. Where there are no such locks (Windows, some
network disks), nothing is ever taken for abandoned.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def claim(number: int) -> int:
    """Claim an open file; returns a number to close when it has its name, or is gone."""
    held = os.dup(number)  # the lock goes when the last of both is closed
    if fcntl:
        with contextlib.suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return held


@contextlib.contextmanager
def taking_turns(folders: Iterable[Path]) -> Iterator[None]:
    """Wait until nobody else is in the block for one of these folders, and keep others out of it."""
    with contextlib.ExitStack() as stack:
        for folder in sorted(folders) if fcntl else ():  # sorted, so that no two wait for each other
            with contextlib.suppress(OSError):
                number = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, number)
                fcntl.flock(number, fcntl.LOCK_EX)
        yield


def abandoned(folder: Path, prefix: str, suffix: str) -> Iterator[Path]:
    """The files of such a name in a folder that nobody claims any more."""
    if not fcntl:
        return
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(prefix) and path.name.endswith(suffix) and _is_free(path):
                yield path


def _is_free(path: Path) -> bool:
    try:
        number = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(number)
    return True
