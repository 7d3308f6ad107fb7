"""Pieces of input: what one chunk is made of, small enough to be handed to another process.

A piece knows where it begins, so its rows can be read without those before it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from corpus_tools.io.charset import Charset
from corpus_tools.io.events import Event, Row
from corpus_tools.io.jsonl import read_jsonl
from corpus_tools.io.opened import Opened
from corpus_tools.io.parquet_in import read_groups
from corpus_tools.io.stream import InputReport


@dataclass(frozen=True, slots=True)
class Begins:
    """The rows of that input come now; the path where they are its first."""

    file: int
    path: str | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of JSON, as they stand in the file from line `number` and byte `offset` on.

    `broken` says what is wrong after them, where they are the last that could be unpacked.
    """

    path: str
    number: int
    lines: int
    offset: int
    data: bytes
    charset: Charset
    max_record_bytes: int
    broken: str | None = None

    @property
    def size(self) -> int:
        """Their bytes."""
        return len(self.data)

    def __len__(self) -> int:
        return max(self.lines, 1)

    def events(self) -> Iterator[Event]:
        """The rows."""
        return read_jsonl(_Once(self.data, self.broken), self.charset, self.max_record_bytes, self.number, self.offset)

    def __str__(self) -> str:
        end = self.offset + len(self.data)
        last = self.number + max(self.lines, 1) - 1
        return f"{self.path}, lines {self.number:,} to {last:,} (bytes {self.offset:,} to {end:,})"


class _Once:
    def __init__(self, data: bytes, broken: str | None) -> None:
        self._data, self._damage = data, broken
        self.broken: str | None = None

    def blocks(self) -> Iterator[bytes]:
        yield self._data
        self.broken = self._damage


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that were taken out of their file already, where only one after the other can be taken."""

    path: str
    rows: list[Event]

    @property
    def records(self) -> int:
        """How many of them are records."""
        return sum(isinstance(row, Row) for row in self.rows)

    @property
    def size(self) -> int:
        """Their bytes, about."""
        return sum(row.size if isinstance(row, Row) else len(row.raw) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def events(self) -> Iterator[Event]:
        """The rows."""
        return iter(self.rows)

    def __str__(self) -> str:
        return f"{self.path}, rows {self.rows[0].line:,} to {self.rows[-1].line:,}"


@dataclass(frozen=True, slots=True)
class Groups:
    """Row groups of a Parquet file, `rows` rows from row `number` on."""

    path: str
    number: int
    rows: int
    size: int
    groups: tuple[int, ...]

    def __len__(self) -> int:
        return self.rows

    def events(self) -> Iterator[Event]:
        """The rows."""
        return read_groups(self.path, self.groups, self.number)

    def __str__(self) -> str:
        return f"{self.path}, rows {self.number:,} to {self.number + self.rows - 1:,}"


@dataclass(frozen=True, slots=True)
class Page:
    """A small text file: one record."""

    path: str
    size: int
    format: str | None
    encoding: str | None
    max_record_bytes: int

    def __len__(self) -> int:
        return 1

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the input of that number, counted from 0. `begins` says that the first of them are among these."""

    file: int
    begins: bool
    content: Lines | Rows | Groups | Page


@dataclass(frozen=True, slots=True)
class Piece:
    """The input of one chunk, from one file or from several that follow each other."""

    parts: tuple[Part, ...]

    def events(self) -> Iterator[Event | Begins | InputReport]:
        """Inputs that are entered, their rows, and the reports of those that are read here."""
        for part in self.parts:
            content = part.content
            yield Begins(part.file, content.path if part.begins else None)
            if isinstance(content, Page):
                opened = Opened(content.path, content.format, content.encoding)
                with closing(opened.events(content.max_record_bytes)) as events:
                    yield from events
                yield opened.report
            else:
                yield from content.events()

    def __str__(self) -> str:
        first, last = self.parts[0].content, self.parts[-1].content
        return str(first) if len(self.parts) == 1 else f"{first} … {last}"


def packed(parts: Iterable[Part], rows: int, size: int) -> Generator[Piece]:
    """Parts put together, up to `rows` rows and `size` bytes: one chunk for many small files."""
    held: list[Part] = []
    have = volume = 0
    for part in parts:
        if held and (have + len(part.content) > rows or volume + part.content.size > size):
            yield Piece(tuple(held))
            held, have, volume = [], 0, 0
        held.append(part)
        have, volume = have + len(part.content), volume + part.content.size
        if have >= rows or volume >= size:
            yield Piece(tuple(held))
            held, have, volume = [], 0, 0
    if held:
        yield Piece(tuple(held))
