"""CSV and TSV to records: a row may span lines, and a quote that never closes costs one row, not the file."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus_tools.contract import COLUMNS
from corpus_tools.errors import InputError
from corpus_tools.io.charset import Charset
from corpus_tools.io.events import Aside, Event, Row
from corpus_tools.io.json_text import MOST_FIELDS, dump_value, parse_value
from corpus_tools.io.jsonl import too_long
from corpus_tools.io.lines import Line, split_lines
from corpus_tools.io.spreadsheets import harmless, is_formula
from corpus_tools.io.stream import Stream

_DELIMITERS = (",", ";", "\t", "|")
_NO_CELL = re.compile("\0|\r(?!\n)")


def read_table(stream: Stream, charset: Charset, max_record_bytes: int, delimiter: str | None) -> Iterator[Event]:
    """Every row under the names of the first one; an empty cell is null, and so is one that a short row lacks.

    Cells of our own columns that hold lists, objects or numbers become those again; all else stays text. Without
    `delimiter` it is the likeliest one of the header: spreadsheets of half of Europe write semicolons.
    """
    # The limit is one for all of Python's csv readers, and raising it harms none of them.
    csv.field_size_limit(max(csv.field_size_limit(), min(2 * max_record_bytes, (1 << 31) - 1)))
    rows = _Rows(stream, charset, max_record_bytes, delimiter)
    names: list[str] | None = None
    for row in rows.read():
        if isinstance(row, Aside):
            if names is None:  # else the first record would be taken for the names
                raise _no_names(stream.path, row.reason)
            yield row
        elif names is None:
            names = _header(row, stream.path)
        else:
            yield _event(row, names, charset.newline)


def raw_rows(
    stream: Stream, charset: Charset, max_record_bytes: int, delimiter: str | None
) -> Iterator[tuple[list[Line], list[str], str]]:
    """Every row that `read_table` takes, the names too: its lines as they stand, its cells, and what separates them.

    A row that can't be read has no cells; of one over the limit only the last part is given.
    """
    rows = _Rows(stream, charset, max_record_bytes, delimiter)
    for row in rows.read():
        if isinstance(row, _Cells):
            yield row.lines, row.cells, rows.delimiter
        elif not row.more:
            yield [Line(row.line, row.offset, row.raw)], [], rows.delimiter


def value_of(name: str, cell: str) -> Any:  # any JSON value
    """The value of a cell that we wrote: lists, objects and numbers of our own columns, else the text itself.

    >>> value_of("flags", '["PR002"]'), value_of("copies", "3"), value_of("id", "0012"), value_of("title", "")
    (['PR002'], 3, '0012', None)
    """
    if cell == "":
        return None
    column = COLUMNS.get(name)
    if column is None or column.kind in ("text", "time"):
        return cell
    if column.kind == "names" and not cell.startswith("["):
        return cell
    try:
        value = parse_value(cell)
    except ValueError:
        return cell  # somebody else's column of that name; validation says what is wrong with it
    fits: Any = {"number": (int, float), "integer": int, "list": list, "object": dict, "names": list}[column.kind]
    return value if isinstance(value, fits) and not isinstance(value, bool) else cell


def cell_of(name: str, value: Any, *, is_safe: bool = False) -> str:
    """The value as it stands in a table; with `is_safe` no spreadsheet runs it.

    >>> cell_of("flags", ["PR002"]), cell_of("copies", 3), cell_of("title", None), cell_of("flags", "[3]")
    ('["PR002"]', '3', '', '"[3]"')
    """
    if value is None:
        return ""
    if isinstance(value, str) and not is_json_cell(name, value, is_safe=is_safe):
        return value
    text = dump_value(value).decode("utf-8")
    if isinstance(value, date):
        return text[1:-1]
    return harmless(text) if is_safe else text


def is_json_cell(name: str, value: Any, *, is_safe: bool = False) -> bool:
    """Whether the value stands in a table as JSON that `value_of` does not turn back into it.

    So it is with lists and numbers in columns that are not ours, and with text that a table has no place for (a NUL,
    a lone carriage return), that would be read as a list or a number, or, with `is_safe`, that a spreadsheet would run.
    """
    from corpus_tools.cells import same  # here, because who only reads needs no pandas, which takes a second

    if value is None or isinstance(value, date):
        return False
    if isinstance(value, str):
        return (
            _NO_CELL.search(value) is not None
            or (is_safe and is_formula(value))
            or (value != "" and value_of(name, value) != value)
        )
    return not same(value_of(name, dump_value(value).decode("utf-8")), value)


@dataclass(slots=True)
class _Cells:
    """One row: its cells, the lines it stands on, and why it can't be trusted, if so."""

    cells: list[str]
    lines: list[Line]
    reason: str | None


def _header(row: _Cells, path: str) -> list[str]:
    if row.reason:
        raise _no_names(path, row.reason)
    check_columns(row.cells, path)
    return row.cells


def check_columns(names: list[str], path: str) -> None:
    """Raise InputError where a table has two columns of one name, or more than a record may have fields."""
    if len(names) > MOST_FIELDS:
        raise InputError(
            f"{path} has {len(names):,} columns, and {MOST_FIELDS:,} are the most. If it is no table, say what it is: "
            "--from jsonl."
        )
    if len(set(names)) < len(names):
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise InputError(f"{path} has two columns named {twice!r}. Rename one of them.")


def _no_names(path: str, reason: str) -> InputError:
    advice = " Name the encoding with --encoding." if "byte" in reason else ""
    return InputError(f"The column names of {path} can't be read: {reason}.{advice}")


def _in_words(error: csv.Error) -> str:
    if "new-line" in str(error):
        return "a carriage return stands alone in the row; write line ends as \\n"
    return f"not CSV: {error}"


def _event(row: _Cells, names: list[str], newline: bytes) -> Event:
    first, raw = row.lines[0], newline.join(line.raw for line in row.lines)
    reason = row.reason
    if reason is None and len(row.cells) > len(names):
        reason = f"{len(row.cells)} cells under {len(names)} column names"
    if reason is None and any("\0" in cell for cell in row.cells):
        reason = "a NUL byte"
    if reason is not None:
        return Aside(first.number, first.offset, reason, raw)
    cells = [*row.cells, *[""] * (len(names) - len(row.cells))]
    record = {name: value_of(name, cell) for name, cell in zip(names, cells, strict=True)}
    return Row(first.number, record, len(raw))


class _Rows:
    """Lines to rows. Python's csv reader asks for the lines; we keep what it took, to be able to give it back."""

    def __init__(self, stream: Stream, charset: Charset, max_record_bytes: int, delimiter: str | None) -> None:
        self._stream, self._charset, self._max, self._delimiter = stream, charset, max_record_bytes, delimiter
        self._lines = split_lines(stream.blocks(), max_record_bytes, charset.newline)
        self._back: deque[Line] = deque()  # lines of a row that fell apart, to be read again
        self._end = (1, 0)  # line number and offset after the last line
        self._damaged: int | None = None  # the line in which the compressed data broke off

    @property
    def delimiter(self) -> str:
        """What separates the cells; known once the first row was read."""
        return self._delimiter or ","

    def read(self) -> Iterator[_Cells | Aside]:
        while (line := self._next_line()) is not None:
            if line.part:
                yield Aside(line.number, line.offset, too_long(self._max), line.raw, line.more)
            else:
                self._back.appendleft(line)
                if self._delimiter is None:
                    self._delimiter = max(_DELIMITERS, key=self._text(line, []).count)
                yield from self._row(self._delimiter)
        if self._stream.broken and self._damaged is None:
            yield Aside(*self._end, self._stream.broken, b"")

    def _row(self, delimiter: str) -> Iterator[_Cells | Aside]:
        taken: list[Line] = []
        wrong: list[str] = []  # why the row has no end
        odd: list[str] = []  # why its cells can't be trusted
        try:
            cells = next(csv.reader(self._texts(taken, wrong, odd), delimiter=delimiter))
        except csv.Error as error:
            cells, wrong = [], [_in_words(error)]
        first, *rest = taken
        if wrong:
            # Only the line that opens the quote is lost; the next ones may be whole rows.
            reason = self._stream.broken if first.number == self._damaged else wrong[0]
            yield Aside(first.number, first.offset, reason or wrong[0], first.raw)
            self._back.extendleft(reversed(rest))
        elif cells:
            yield _Cells(cells, taken, odd[0] if odd else None)

    def _texts(self, taken: list[Line], wrong: list[str], odd: list[str]) -> Iterator[str]:
        """The lines that the csv reader asks for: more than one only while a quote is open."""
        size = 0
        while (line := self._next_line()) is not None:
            size += len(line.raw)
            if line.part or (taken and size > self._max):
                self._back.appendleft(line)
                wrong.append(f"a quote is opened and does not close within {self._max:,} bytes")
                return
            taken.append(line)
            yield self._text(line, odd) + "\n"
        wrong.append("a quote is opened and never closed")

    def _text(self, line: Line, odd: list[str]) -> str:
        raw = self._charset.without_bom(line.raw) if line.number == 1 else line.raw
        if line.number == self._damaged and self._stream.broken:
            odd.append(self._stream.broken)
        try:
            text = raw.decode(self._charset.name)
        except UnicodeDecodeError as error:
            odd.append(f"not {self._charset.shown()}: byte {error.start + 1} of line {line.number}")
            text = raw.decode(self._charset.name, "replace")
        return text

    def _next_line(self) -> Line | None:
        if self._back:
            return self._back.popleft()
        line = next(self._lines, None)
        if line is not None:
            self._end = (line.number + 1, line.offset + len(line.raw))
            if self._stream.broken:
                self._damaged = line.number
        return line
