"""Output files that appear whole or not at all.

Each is written under a temporary name beside its target; `commit` moves them all into place, the records last.
Until then, and on any error or Ctrl-C, what stood there before still stands. What a killed run left under such names
is removed by the next one that writes there.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, BinaryIO, cast

import orjson

from corpus_tools.errors import OutputError, UsageError, why
from corpus_tools.io.claims import abandoned, claim, taking_turns
from corpus_tools.io.formats import name_without_compression
from corpus_tools.io.trees import utf8_name

_STDOUT = "standard output"
_PART = ".part"
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


def is_beside_records(path: str | Path, is_file: Callable[[Path], bool] = Path.is_file) -> bool:
    """Whether it is the ledger, the findings, the quarantine or the manifest of a run: not records of a corpus.

    `is_file` knows what stands beside it, where that is not a folder of the disk.
    """
    path = Path(path)
    for name in _PLAIN.values():
        stem = path.name.removesuffix(f".{name}")
        if stem != path.name:
            return is_file(path.with_name(f"{stem}.{_PLAIN['run']}"))
    return False


def goes_away(path: str | Path) -> bool:
    """Whether what is written there is out of our hands: stdout, a device, or a pipe such as `>(gzip > out.gz)`.

    >>> goes_away("-"), goes_away("out.jsonl")
    (True, False)
    """
    return str(path) == "-" or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path))  # noqa: PTH110, PTH112, PTH113  # Path's own raise where a folder may not be entered


def manifest_json(manifest: Mapping[str, Any]) -> bytes:
    """A run's manifest as it is written. What is no UTF-8 in the name of a file is U+FFFD, as in `source_file`."""
    try:
        return orjson.dumps(manifest, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return utf8_name(json.dumps(manifest, default=str, indent=2, ensure_ascii=False) + "\n").encode()


class Outputs:
    """The files one command writes. Leaving the `with` block without `commit` takes them back.

    `reads` are the inputs: writing over one of them is refused with UsageError.
    """

    def __init__(self, reads: Iterable[str | Path] = ()) -> None:
        self._reads = [Path(path) for path in reads if str(path) != "-"]
        self._waiting: dict[str, tuple[BinaryIO, Path, Path]] = {}  # path as given: file, temporary name, target
        self._claims: dict[Path, int] = {}  # by temporary name
        self._direct: dict[str, BinaryIO] = {}  # stdout, devices and pipes, which can't be taken back
        self._name: str | None = None  # what commit is at

    def open(self, path: str | Path) -> BinaryIO:
        """A file to write to; `-` is stdout. Folders on the way are made."""
        name = str(path)
        try:
            with _signals_wait():
                return self._opened(name)
        except (FileExistsError, NotADirectoryError) as error:
            raise OutputError(f"{name} could not be written: a file stands where its folder should be.") from error
        except OSError as error:
            raise OutputError(f"{name} could not be written: {why(error)}.") from error

    def _opened(self, name: str) -> BinaryIO:
        if goes_away(name):
            if name == "-":
                self._refuse_shared_stdout()
            file: BinaryIO = sys.stdout.buffer if name == "-" else _named(name, name)
            self._direct[_STDOUT if name == "-" else name] = file
            return file
        target = Path(os.path.realpath(name))  # a link stays a link, and its file is replaced
        self._refuse_inputs(name, target)
        if target.is_dir() or name.endswith("/"):
            raise OutputError(f"{name} is a folder. Name a file in it, e.g. -o {Path(name) / 'out.jsonl'}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{target.name[:200]}."
        for left in abandoned(target.parent, prefix, _PART):
            left.unlink(missing_ok=True)
        number, made = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=_PART)
        hidden = Path(made)
        self._claims[hidden] = claim(number)
        file = _named(number, name)
        self._waiting[name] = (file, hidden, target)
        _like(target, number)
        return file

    def commit(self, last: str | Path | None = None) -> None:
        """Let every file appear under its name, `last` after all others: who sees it sees the rest.

        OutputError where one could not be written; then none appears that was not there yet.
        """
        for name, direct in self._direct.items():
            self._name = name
            direct.flush()
        if last is not None and str(last) in self._waiting:
            self._waiting[str(last)] = self._waiting.pop(str(last))
        folders: dict[Path, None] = {}
        for name, (file, _, target) in self._waiting.items():
            self._name = name
            file.flush()
            os.fsync(file.fileno())
            file.close()
            folders[target.parent] = None
        # Between two of them, half of the files would be new, or another run's.
        with _signals_wait(), taking_turns(folders):
            for name in list(self._waiting):
                self._name = name
                _, hidden, target = self._waiting[name]
                hidden.replace(target)
                os.close(self._claims.pop(hidden))
                del self._waiting[name]
        for folder in folders:
            _sync_folder(folder)

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = ", ".join(self._waiting)
        with _signals_wait():
            for file, hidden, _ in self._waiting.values():
                with contextlib.suppress(OSError):  # closing writes the buffer, and the disk may be full
                    file.close()
                hidden.unlink(missing_ok=True)
                os.close(self._claims.pop(hidden))
            for file in self._direct.values():
                with contextlib.suppress(OSError):
                    if file is not sys.stdout.buffer:
                        file.close()
        self._waiting.clear()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            # Every file of ours names itself in its errors, so one without a name is stdout's.
            name = self._name or error.filename or (_STDOUT if _STDOUT in self._direct else opened)
            untouched = "" if name in self._direct else " What stood there before is untouched."
            raise OutputError(f"{name} could not be written: {why(error)}.{untouched}") from error

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


class _Named(io.FileIO):
    """A file that tells its name, as the caller gave it, in every error."""

    def __init__(self, file: int | str, shown: str) -> None:
        self.shown = shown
        super().__init__(file, "wb")

    def write(self, data: Any) -> int:  # anything with bytes in it
        try:
            return super().write(data)
        except OSError as error:
            error.filename = self.shown
            raise


def _named(file: int | str, shown: str) -> BinaryIO:
    return cast("BinaryIO", io.BufferedWriter(_Named(file, shown), 1 << 20))


@contextlib.contextmanager
def _signals_wait() -> Iterator[None]:
    """Ctrl-C and its kin come through after the block, not within it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: held for number in numbers if callable(held := signal.getsignal(number))}
    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, held in before.items():
            signal.signal(number, held)
    for number in came:
        signal.raise_signal(number)


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
