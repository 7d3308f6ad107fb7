"""Finds the value behind a finding in the file it came from, in a second, sparing read.

Reading for the chain keeps no bytes. This reads the file again beside its findings, in the order of their lines, and
takes apart only the records that have some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus_tools.flags import Region
from corpus_tools.io.charset import Charset
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.json_array import holds_lines, raw_elements
from corpus_tools.io.json_text import NotARecord, Record, parse_record
from corpus_tools.io.lines import split_lines
from corpus_tools.io.opened import Opened
from corpus_tools.io.regions import cell_spans, region_of
from corpus_tools.io.spans import Span, value_span
from corpus_tools.io.tables import raw_rows, value_of


@dataclass(frozen=True, slots=True)
class Located:
    """A value in its file: the keys that lead to it, where it stands, and how it is written there."""

    key: tuple[str, ...]
    region: Region
    written: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """One record or broken piece as it stands in the file; `names` are the columns of a table."""

    number: int
    text: str
    line: int
    column: int = 1
    names: tuple[str, ...] | None = None
    delimiter: str = ","


class Locator:
    """Finds values in one file. Its records must be asked for in the order of their numbers.

    `path`, `format`, `encoding`, `held` and `column_map` are as the `Reader` had them. Parquet has no lines, so nothing
    is found in it.
    """

    def __init__(
        self,
        path: str,
        *,
        format: str | None = None,  # noqa: A002  # the user's word
        encoding: str | None = None,
        held: Path | None = None,
        column_map: Mapping[str, str] | None = None,
        max_record_bytes: int = 64 << 20,
    ) -> None:
        self._fields = FieldMap(column_map)
        self._opened = Opened(path, format, encoding, held)
        self._max = max_record_bytes
        self._pieces = self._read()
        self._piece: _Piece | None = None
        self._record: Record | None = None

    def value(self, number: int, column: str | None) -> Located | None:
        """Where the record of that number has the value of our column; the whole record where it has none."""
        piece = self._at(number)
        if piece is None:
            return None
        if self._record is None:  # broken, so there is nothing in it to point at
            return self._located(piece, (), (0, len(piece.text)))
        path = self._fields.path(self._record, column) if column is not None else None
        key, span = self._span(piece, path or ())
        return self._located(piece, key, span)

    def close(self) -> None:
        """Close the file."""
        self._pieces.close()  # type: ignore[attr-defined]  # it is a generator
        self._opened.stream.close()

    def _at(self, number: int) -> _Piece | None:
        while self._piece is None or self._piece.number < number:
            self._piece = next(self._pieces, None)
            if self._piece is None:
                return None
            self._record = None
            if self._piece.number == number:
                self._record = _record(self._piece)
        return self._piece if self._piece.number == number else None

    def _span(self, piece: _Piece, path: tuple[str, ...]) -> tuple[tuple[str, ...], Span]:
        if piece.names is None:
            return value_span(piece.text, path)
        whole = 0, len(piece.text)
        if not path or path[0] not in piece.names:  # a page, whose text is all there is
            return path[:1], whole
        spans = cell_spans(piece.text, piece.delimiter)
        at = piece.names.index(path[0])
        return path[:1], spans[at] if at < len(spans) else whole

    def _located(self, piece: _Piece, key: tuple[str, ...], span: Span) -> Located:
        return Located(key, region_of(piece.text, span, piece.line, piece.column), piece.text[slice(*span)])

    def _read(self) -> Iterator[_Piece]:
        opened = self._opened
        if opened.format == "parquet":
            return
        if opened.format == "txt":
            page = b"".join(_up_to(opened.stream.blocks(), self._max))
            yield _Piece(1, _decoded(page, opened.charset, first=True), 1, names=())
        elif opened.format in ("csv", "tsv"):
            yield from self._rows("\t" if opened.format == "tsv" else None)
        elif opened.format == "json" and not holds_lines(opened.stream, opened.charset):
            for element in raw_elements(opened.stream, opened.charset, self._max):
                text = element.raw.decode("utf-8", "replace")
                yield _Piece(element.number, text, element.line, element.column)
        else:
            yield from self._lines()

    def _lines(self) -> Iterator[_Piece]:
        charset = self._opened.charset
        for line in split_lines(self._opened.stream.blocks(), self._max, charset.newline):
            if not line.more:
                raw = line.raw.removesuffix(charset.carriage_return)
                yield _Piece(line.number, _decoded(raw, charset, first=line.number == 1), line.number)

    def _rows(self, delimiter: str | None) -> Iterator[_Piece]:
        charset = self._opened.charset
        names: tuple[str, ...] | None = None
        for lines, cells, used in raw_rows(self._opened.stream, charset, self._max, delimiter):
            text = "\n".join(_decoded(line.raw, charset, first=line.number == 1) for line in lines)
            if names is None:
                names = tuple(cells)
            else:
                yield _Piece(lines[0].number, text.removesuffix("\r"), lines[0].number, names=names, delimiter=used)


def _record(piece: _Piece) -> Record | None:
    """The record that the piece holds; None where it is broken."""
    if piece.names is None:
        with suppress(NotARecord):
            return parse_record(piece.text.encode("utf-8", "surrogatepass"))
        return None
    if not piece.names:
        return {"text": piece.text}
    spans = cell_spans(piece.text, piece.delimiter)
    # Only whether a cell is empty matters here, and whether it holds a list or an object of ours.
    cells = [_unquoted(piece.text[slice(*span)]) for span in spans]
    cells += [""] * (len(piece.names) - len(cells))
    return {name: value_of(name, cell) for name, cell in zip(piece.names, cells, strict=False)}


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _decoded(raw: bytes, charset: Charset, *, first: bool) -> str:
    return (charset.without_bom(raw) if first else raw).decode(charset.name, "replace")


def _up_to(blocks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        yield block
        if size > limit:
            return
