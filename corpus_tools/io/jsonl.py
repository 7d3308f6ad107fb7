"""JSON lines: one object a line, UTF-8 or what the byte order mark or the caller says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from corpus_tools.io.charset import Charset
from corpus_tools.io.events import Aside, Event, Row
from corpus_tools.io.json_text import NotARecord, parse_record
from corpus_tools.io.lines import Line, split_lines


class Blocks(Protocol):
    """Bytes that come in blocks; after the last one `broken` says what is wrong with them, if anything is."""

    @property
    def broken(self) -> str | None:
        """The damage."""

    def blocks(self) -> Iterator[bytes]:
        """The bytes."""


class Spliced:
    """Some bytes, and the blocks of a file that follow them."""

    def __init__(self, data: bytes, blocks: Iterator[bytes], file: Blocks) -> None:
        self._data, self._blocks, self._file = data, blocks, file

    @property
    def broken(self) -> str | None:
        """What is wrong after the last block."""
        return self._file.broken

    def blocks(self) -> Iterator[bytes]:
        """The bytes, then the blocks."""
        yield self._data
        yield from self._blocks


def read_jsonl(
    stream: Blocks, charset: Charset, max_record_bytes: int, number: int = 1, offset: int = 0
) -> Iterator[Event]:
    """Every line that is not blank, as a record or set aside as it came.

    `number` and `offset` are those of the first line, where the bytes begin within a file.
    """
    end, cut = 0, False
    for line in split_lines(stream.blocks(), max_record_bytes, charset.newline, number, offset):
        raw = line.raw.removesuffix(charset.carriage_return)
        data = charset.without_bom(raw) if line.number == 1 else raw
        end = line.offset + len(line.raw)
        if line.part:
            yield Aside(line.number, line.offset, too_long(max_record_bytes), line.raw, line.more)
            cut = stream.broken is not None and not line.more
        elif stream.broken:  # the bytes ended inside this line, so it is not whole, whatever it looks like
            yield Aside(line.number, line.offset, stream.broken, line.raw)
            cut = True
        elif not charset.is_blank(data):
            yield _event(line, data, charset)
    if stream.broken and not cut:  # damage between two lines: nothing to show, but something is missing
        yield Aside(line.number + 1 if end else number, end or offset, stream.broken, b"")


def too_long(max_record_bytes: int) -> str:
    """Why a record over the limit is set aside."""
    return f"longer than {max_record_bytes:,} bytes (--max-record-bytes sets the limit)"


def _event(line: Line, data: bytes, charset: Charset) -> Event:
    try:
        if charset.name != "utf-8":
            data = data.decode(charset.name).encode("utf-8")
        return Row(line.number, parse_record(data), len(data))
    except UnicodeDecodeError as error:
        reason = f"not {charset.shown()}: byte {error.start + 1} of the line"
    except NotARecord as error:
        reason = str(error)
    return Aside(line.number, line.offset, reason, line.raw)
