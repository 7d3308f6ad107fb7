"""A text file as one record, whose `text` is the page."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tools.io.charset import Charset
from corpus_tools.io.events import Aside, Event, Row
from corpus_tools.io.jsonl import too_long
from corpus_tools.io.lines import PART_BYTES
from corpus_tools.io.stream import Stream


def read_page(stream: Stream, charset: Charset, max_record_bytes: int) -> Iterator[Event]:
    """The page as it stands, line ends included; an empty file is a record with an empty text."""
    data, offset, part = b"", 0, min(PART_BYTES, max_record_bytes)
    for block in stream.blocks():
        data += block
        while offset + len(data) > max_record_bytes and len(data) > part:
            yield Aside(1, offset, too_long(max_record_bytes), data[:part], more=True)
            data, offset = data[part:], offset + part
    if offset:
        yield Aside(1, offset, too_long(max_record_bytes), data)
    else:
        yield _event(data, stream, charset)


def _event(data: bytes, stream: Stream, charset: Charset) -> Event:
    if stream.broken:
        return Aside(1, 0, stream.broken, data)
    try:
        text = charset.without_bom(data).decode(charset.name)
    except UnicodeDecodeError as error:
        return Aside(1, 0, f"not {charset.shown()}: byte {error.start + len(charset.bom) + 1} of the page", data)
    if "\0" in text:
        return Aside(1, 0, "a NUL byte", data)
    return Row(1, {"text": text}, len(data))
