"""Output files that appear whole or not at all.

Each is written under a temporary name beside its target; `commit` moves them all into place, the records last.
Until then, and on any error or Ctrl-C, what stood there before still stands.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from corpus_tools.errors import OutputError, UsageError
from corpus_tools.io.formats import name_without_compression

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PLAIN = {
    "quarantine": "quarantine.jsonl",
    "ledger": "ledger.jsonl",
    "findings": "findings.jsonl",
    "run": "run.json",
}


def siblings(out: Path | None, audit: Path | None = None, format: str | None = None) -> dict[str, Path]:  # noqa: A002
    """Where the files beside an output stand: removed, quarantine, ledger, findings, run.

    The removed records have the output's own format and compression. `audit` is another folder for all five; without
    `out` (records on stdout) they are called clean.….

    >>> siblings(Path("data/may.csv.gz"))["removed"].as_posix()
    'data/may.removed.csv.gz'
    >>> siblings(None, Path("audit"))["ledger"].as_posix()
    'audit/clean.ledger.jsonl'
    """
    if out is None:
        folder, stem, ending = Path(), "clean", f".{format or 'jsonl'}"
    else:
        inner = name_without_compression(out)
        folder, stem = out.parent, Path(inner).stem
        ending = out.name[len(stem) :]
    folder = audit if audit is not None else folder
    return {
        "removed": folder / f"{stem}.removed{ending}",
        **{kind: folder / f"{stem}.{name}" for kind, name in _PLAIN.items()},
    }


class Outputs:
    """The files one command writes. Leaving the `with` block without `commit` takes them back.

    `reads` are the inputs: writing over one of them is refused with UsageError.
    """

    def __init__(self, reads: Iterable[str | Path] = ()) -> None:
        self._reads = [Path(path) for path in reads if str(path) != "-"]
        self._waiting: dict[str, tuple[BinaryIO, Path, Path]] = {}  # path as given: file, temporary name, target
        self._direct: list[BinaryIO] = []  # devices and pipes, which can't be taken back
        self._name = "-"

    def open(self, path: str | Path) -> BinaryIO:
        """A file to write to; `-` is stdout. Folders on the way are made."""
        name = str(path)
        if name == "-":
            self._refuse_shared_stdout()
            return sys.stdout.buffer
        target = Path(os.path.realpath(path))  # a link stays a link, and its file is replaced
        self._refuse_inputs(name, target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not target.is_file():
                file: BinaryIO = target.open("wb")
                self._direct.append(file)
                return file
            number, hidden = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
            file = os.fdopen(number, "wb", buffering=1 << 20)
            _like(target, number)
        except OSError as error:
            raise OutputError(f"{name} could not be written: {error.strerror}.") from error
        self._waiting[name] = (file, Path(hidden), target)
        return file

    def commit(self, last: str | Path | None = None) -> None:
        """Let every file appear under its name, `last` after all others: who sees it sees the rest.

        OutputError where one could not be written; then none appears that was not there yet.
        """
        if last is not None and str(last) in self._waiting:
            self._waiting[str(last)] = self._waiting.pop(str(last))
        folders: dict[Path, None] = {}
        for name, (file, _, target) in self._waiting.items():
            self._name = name
            file.flush()
            os.fsync(file.fileno())
            file.close()
            folders[target.parent] = None
        for name in list(self._waiting):
            self._name = name
            _, hidden, target = self._waiting[name]
            hidden.replace(target)
            del self._waiting[name]
        for folder in folders:
            _sync_folder(folder)
        for direct in self._direct:
            direct.close()
        sys.stdout.flush()

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file, hidden, _ in self._waiting.values():
            with contextlib.suppress(OSError):  # closing writes the buffer, and the disk may be full
                file.close()
            hidden.unlink(missing_ok=True)
        names = ", ".join(self._waiting) or (self._name if self._name != "-" else "stdout")
        self._waiting.clear()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            why = "the disk is full" if error.errno in _FULL else error.strerror
            raise OutputError(f"{names} could not be written: {why}. What stood there before is untouched.") from error

    def _refuse_shared_stdout(self) -> None:
        """`clean own.jsonl >> own.jsonl` would read what it writes, for ever."""
        try:
            out = os.fstat(sys.stdout.fileno())
        except (OSError, ValueError):  # no real file
            return
        for read in self._reads:
            if stat.S_ISREG(out.st_mode) and read.exists() and os.path.samestat(read.stat(), out):
                raise UsageError(f"{read} is read and can't be stdout at the same time. Write to another file.")

    def _refuse_inputs(self, name: str, target: Path) -> None:
        for read in self._reads:
            if read.exists() and target.exists() and target.is_file() and read.samefile(target):
                raise UsageError(f"{name} is read and can't be written at the same time. Name another file with -o.")


def _like(target: Path, number: int) -> None:
    """Give the file the rights that the target has, or that a new file would get."""
    if target.exists():
        mode = target.stat().st_mode & 0o777
    else:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    if hasattr(os, "fchmod"):
        os.fchmod(number, mode)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders can't be opened there
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
