"""A JSON file that is one array of objects, or objects one after the other, taken apart element by element.

Only one element is in memory at a time, and a broken one does not take the others with it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from corpus_tools.io.charset import Charset
from corpus_tools.io.events import Aside, Event, Row
from corpus_tools.io.json_text import NotARecord, parse_record
from corpus_tools.io.jsonl import read_jsonl, too_long
from corpus_tools.io.lines import PART_BYTES
from corpus_tools.io.stream import Stream

_SIGN = re.compile(rb'["\[\]{},]')
_INSIDE_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SPACE = b" \t\r\n"


def read_json(stream: Stream, charset: Charset, max_record_bytes: int) -> Iterator[Event]:
    """Every element of the array, numbered from 1; a file of JSON lines that is called .json is read as such."""
    if holds_lines(stream, charset):
        yield from read_jsonl(stream, charset, max_record_bytes)
        return
    elements = _Elements(stream, charset, max_record_bytes)
    yield from elements.read()


@dataclass(frozen=True, slots=True)
class Element:
    """One element as it stands in the file, and the line and character, from 1, where it starts."""

    number: int
    raw: bytes
    line: int
    column: int


def raw_elements(stream: Stream, charset: Charset, max_record_bytes: int) -> Iterator[Element]:
    """The elements that `read_json` numbers, in UTF-8 and not parsed, whole or broken, each with its place."""
    elements = _PlacedElements(stream, charset, max_record_bytes)
    for event in elements.read():
        yield Element(event.line, event.raw, *elements.place_of(event.offset))  # type: ignore[union-attr]  # no Row


def holds_lines(stream: Stream, charset: Charset) -> bool:
    """Whether a file that is called .json holds JSON lines; its first bytes tell, and are read again later."""
    head = charset.without_bom(stream.peek(PART_BYTES))
    if charset.name != "utf-8":
        head = head.decode(charset.name, "replace").encode("utf-8", "replace")
    first, newline, _ = head.strip(_SPACE).partition(b"\n")
    if not newline or not first.startswith(b"{"):
        return False
    try:
        return type(orjson.loads(first)) is dict
    except orjson.JSONDecodeError:
        return False


class _Elements:
    """The scanner: where an element starts, how deep in brackets we are, what of it was given out already."""

    def __init__(self, stream: Stream, charset: Charset, max_record_bytes: int) -> None:
        self._stream, self._charset, self._max = stream, charset, max_record_bytes
        self._data = b""
        self._offset = len(charset.bom)  # of the first byte of _data (counted in UTF-8 where the file is not)
        self._at = 0  # scanned up to here
        self._number = 1
        self._depth = 0
        self._in_text = False
        self._listed = False  # inside the outer array
        self._long = False

    def read(self) -> Iterator[Event]:
        for block in _in_utf8(self._stream.blocks(), self._charset):
            self._data += block
            yield from self._scan()
            if len(self._data) > self._max:
                yield from self._give_parts()
        yield from self._last()

    def _scan(self) -> Iterator[Event]:
        while self._left_text() and (found := _SIGN.search(self._data, self._at)):
            sign, start, self._at = found[0], found.start(), found.end()
            if sign == b'"':
                self._in_text = True
            elif sign == b"[" and self._opens_the_list(start):
                self._listed = True
                self._drop(start + 1)
            elif sign in b"[{":
                self._depth += 1
            elif self._depth == 0:
                yield from self._element(start, start + 1)
                self._listed &= sign != b"]"
            elif sign in b"]}":
                self._depth -= 1
                if self._depth == 0 and not self._listed:
                    yield from self._element(start + 1, start + 1)
        if not self._in_text:
            self._at = len(self._data)

    def _left_text(self) -> bool:
        """Go to the end of the text we are in; False where it is not here yet."""
        if self._in_text:
            self._at = _INSIDE_TEXT.match(self._data, self._at).end()  # type: ignore[union-attr]  # it matches anything
            if self._at >= len(self._data) or self._data[self._at : self._at + 1] != b'"':
                return False
            self._in_text, self._at = False, self._at + 1
        return True

    def _opens_the_list(self, start: int) -> bool:
        return self._depth == 0 and not self._listed and not self._data[:start].strip()

    def _element(self, end: int, after: int) -> Iterator[Event]:
        raw = self._data[:end]
        start = len(raw) - len(raw.lstrip(_SPACE))
        offset, raw = self._offset + start, raw.strip(_SPACE)
        if self._long:
            yield Aside(self._number, offset, too_long(self._max), raw)
            self._number, self._long = self._number + 1, False
        elif raw:
            yield self._event(offset, raw)
            self._number += 1
        self._drop(after)

    def _event(self, offset: int, raw: bytes) -> Event:
        if len(raw) > self._max:
            return Aside(self._number, offset, too_long(self._max), raw)
        try:
            return Row(self._number, parse_record(raw), len(raw))
        except NotARecord as reason:
            return Aside(self._number, offset, str(reason), raw)

    def _give_parts(self) -> Iterator[Event]:
        """Hand on the beginning of an element over the limit; what is left stays for the scan."""
        part = min(PART_BYTES, self._max)
        while self._at > part:
            yield Aside(self._number, self._offset, too_long(self._max), self._data[:part], more=True)
            self._long = True
            self._drop(part)

    def _last(self) -> Iterator[Event]:
        rest = self._data.strip(_SPACE)
        broken = self._stream.broken
        if rest or self._long or broken:
            offset = self._offset + len(self._data) - len(self._data.lstrip(_SPACE))
            reason = broken or ("not JSON: the file ends inside this element" if self._depth or self._listed else None)
            if reason is None and not self._long:
                yield self._event(offset, rest)
            else:
                yield Aside(self._number, offset, reason or too_long(self._max), rest)

    def _drop(self, count: int) -> None:
        self._data = self._data[count:]
        self._offset += count
        self._at = max(self._at - count, 0)


class _PlacedElements(_Elements):
    """The scanner with a count of lines and characters, and no parser."""

    _line = _column = 1  # of the first byte of _data

    def _event(self, offset: int, raw: bytes) -> Event:
        return Aside(self._number, offset, "", raw)

    def place_of(self, offset: int) -> tuple[int, int]:
        """Line and character of a byte that is still held."""
        return self._after(self._data[: offset - self._offset])

    def _drop(self, count: int) -> None:
        self._line, self._column = self._after(self._data[:count])
        super()._drop(count)

    def _after(self, data: bytes) -> tuple[int, int]:
        ends = data.count(b"\n")
        last = data[data.rfind(b"\n") + 1 :]
        characters = len(last.translate(None, _CONTINUED))
        return self._line + ends, characters + (1 if ends else self._column)


_CONTINUED = bytes(range(0x80, 0xC0))
"""Bytes that continue a character of UTF-8."""


def _in_utf8(blocks: Iterable[bytes], charset: Charset) -> Iterable[bytes]:
    return _without_mark(blocks, charset.bom) if charset.name == "utf-8" else _recoded(blocks, charset)


def _without_mark(blocks: Iterable[bytes], bom: bytes) -> Iterator[bytes]:
    first = True
    for block in blocks:
        yield block.removeprefix(bom) if first else block
        first = False


def _recoded(blocks: Iterable[bytes], charset: Charset) -> Iterator[bytes]:
    # Bytes that don't decode become \xff, an escape that JSON does not have: their element is set aside.
    decoder = codecs.getincrementaldecoder(charset.name)("backslashreplace")
    for block in _without_mark(blocks, charset.bom):
        yield decoder.decode(block).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")
