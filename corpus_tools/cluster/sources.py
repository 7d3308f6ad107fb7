"""The input of each part of the corpus: some whole files, or a span of whole lines of one large file."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tools.cluster.store import file_system, reason, refusals
from corpus_tools.errors import InputError, why
from corpus_tools.io.compression import compression_of
from corpus_tools.io.formats import format_of
from corpus_tools.io.read import Reader
from corpus_tools.io.sources import find_sources
from corpus_tools.io.stream import BLOCK_BYTES

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # byte order marks: such a file is read from its beginning
_PATHS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """The input of one part: files from number `first` on, or of one file the bytes from `start` to `end`.

    `line` is the number of the first line there; 0 while nobody has counted.
    """

    first: int
    paths: tuple[str, ...]
    start: int = 0
    end: int | None = None
    line: int = 1

    @property
    def begins(self) -> bool:
        """Whether the part begins with the beginning of a file."""
        return self.start == 0

    @contextlib.contextmanager
    def reader(self, reading: Mapping[str, Any]) -> Iterator[Reader]:
        """A reader of it, for the length of the block; what is not on this machine is fetched."""
        with tempfile.TemporaryDirectory(prefix="corpus_tools.") as folder:
            held = {}
            for number, path in enumerate(self.paths):
                if is_remote(path) or self.end is not None:
                    held[path] = Path(folder) / str(number)
                    _fetch(path, held[path], self.start, self.end)
            begins = {self.paths[0]: (self.line, self.start)} if self.end is not None else {}
            yield Reader(self.paths, held=held, begins=begins, **reading)

    def line_ends(self) -> int:
        """How many line ends there are in it."""
        files, path = file_system(self.paths[0])
        count, at, end = 0, self.start, self.end or 0
        with files.open(path, "rb") as file:
            file.seek(at)
            while at < end and (block := file.read(min(BLOCK_BYTES, end - at))):
                count += block.count(b"\n")
                at += len(block)
        return count


def is_remote(path: str) -> bool:
    """Whether it is an address and not a path on this machine.

    >>> is_remote("s3://bucket/raw.jsonl"), is_remote("raw/may.jsonl")
    (True, False)
    """
    return "://" in path


def find_files(paths: Sequence[str], format: str | None) -> list[str]:  # noqa: A002  # the user's word
    """All files to read, in order: what `io.sources.find_sources` finds, and the same for addresses."""
    found: list[str] = []
    for path in paths:
        found += _remote(path) if is_remote(path) else find_sources([path], format)
    return found


def _remote(address: str) -> list[str]:
    files, path = file_system(address)
    try:
        if "*" in address or "?" in address or "[" in address:
            names = files.glob(path)
        elif files.isdir(path):
            names = [name for name in files.find(path) if format_of(name) is not None]
        else:
            names = [path] if files.exists(path) else []
    except refusals() as error:
        raise InputError(f"{address} can't be read: {reason(error)}.") from error
    if not names:
        raise InputError(
            f"There is no file {address}. Look at what is there, and name it, or a pattern such as *.jsonl.gz."
        )
    return sorted(files.unstrip_protocol(name) for name in names)


def sources_of(paths: Sequence[str], format: str | None, size: int, *, whole: bool) -> list[Source]:  # noqa: A002
    """The parts: small files together, large files of JSON lines in spans, of about `size` bytes each.

    With `whole` no file is cut.
    """
    found: list[Source] = []
    held: list[str] = []
    volume = first = 0
    for number, path in enumerate(paths):
        length = _size(path)
        cuts = [] if whole or length <= size else _cuts(path, format, length, size)
        if held and (cuts or volume + length > size or len(held) >= _PATHS_AT_ONCE):
            found.append(Source(first, tuple(held)))
            held, volume = [], 0
        if cuts:
            found += [Source(number, (path,), start, end, 0) for start, end in itertools.pairwise(cuts)]
            continue
        first = first if held else number
        held.append(path)
        volume += length
    return [*found, Source(first, tuple(held))] if held else found


def _size(path: str) -> int:
    files, inside = file_system(path)
    return int(files.size(inside) or 0)


def _cuts(path: str, format: str | None, length: int, size: int) -> list[int]:  # noqa: A002
    """Where to cut a file: at line ends, the first at 0 and the last at its end; empty where it is read whole."""
    if (format or format_of(path)) != "jsonl":
        return []
    files, inside = file_system(path)
    with files.open(inside, "rb") as file:
        head = file.read(8)
        if compression_of(head) or head.startswith(_MARKS):
            return []
        cuts = [0]
        while cuts[-1] + size < length:
            file.seek(cuts[-1] + size - 1)
            at = cuts[-1] + size - 1
            while block := file.read(1 << 16):
                end = block.find(b"\n")
                at += len(block) if end < 0 else end + 1
                if end >= 0:
                    break
            cuts.append(min(at, length))
    return [*cuts, length] if cuts[-1] < length else cuts


def _fetch(path: str, target: Path, start: int, end: int | None) -> None:
    files, inside = file_system(path)
    try:
        with files.open(inside, "rb") as file, target.open("wb") as copy:
            if end is None:
                shutil.copyfileobj(file, copy, BLOCK_BYTES)
                return
            file.seek(start)
            while start < end and (block := file.read(min(BLOCK_BYTES, end - start))):
                copy.write(block)
                start += len(block)
    except OSError as error:
        raise InputError(f"{path} can't be read: {why(error)}.") from error
