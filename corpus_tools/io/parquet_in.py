"""Parquet to records, batch by batch, in its own types; what we wrote as JSON text is parsed back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from corpus_tools.errors import InputError
from corpus_tools.io.events import Aside, Event, Row
from corpus_tools.io.json_text import dump_value, parse_value
from corpus_tools.io.spool import temporary_file
from corpus_tools.io.stream import Stream
from corpus_tools.io.tables import check_columns
from corpus_tools.text.dates import format_time

JSON_FIELD = (b"corpus_tools", b"json")
"""The field metadata that marks a column as JSON text."""


def read_parquet(stream: Stream) -> Iterator[Event]:
    """Every row, numbered from 1; InputError where the file is damaged, since no row of it can be trusted then.

    Parquet is read from its end, so what comes compressed or through a pipe is laid down in a temporary file first.
    """
    with temporary_file() as file:
        for block in stream.blocks():
            file.write(block)
        yield from _rows(stream, file)


def read_groups(path: str, groups: Sequence[int], number: int) -> Iterator[Event]:
    """The rows of some row groups, of which the first one has that number in the file."""
    with Path(path).open("rb") as file, _damage_told(path):
        yield from _batches(_parquet(path, file), groups, number)


def as_written(value: Any) -> Any:  # any value of a cell
    """A time as text in the one form; all else as it is."""
    if isinstance(value, datetime):
        return format_time(value) if value.tzinfo else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def group_sizes(path: str) -> list[tuple[int, int]]:
    """How many rows and how many bytes, unpacked, each row group has."""
    with Path(path).open("rb") as file, _damage_told(path):
        found = _parquet(path, file).metadata
        groups = [found.row_group(number) for number in range(found.num_row_groups)]
        return [(group.num_rows, group.total_byte_size) for group in groups]


def _rows(stream: Stream, file: BinaryIO) -> Iterator[Event]:
    with _damage_told(stream.path):
        if stream.broken:
            raise OSError(stream.broken)
        yield from _batches(_parquet(stream.path, file), None, 1)


@contextlib.contextmanager
def _damage_told(path: str) -> Iterator[None]:
    import pyarrow as pa  # here, because it takes a third of a second that no other format needs

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} can't be read as Parquet: {error}") from error


def _parquet(path: str, file: BinaryIO) -> Any:
    import pyarrow.parquet as pq

    parquet = pq.ParquetFile(file)
    check_columns(parquet.schema_arrow.names, path)
    return parquet


def _batches(parquet: Any, groups: Sequence[int] | None, number: int) -> Iterator[Event]:
    marked = {
        field.name for field in parquet.schema_arrow if dict([JSON_FIELD]).items() <= (field.metadata or {}).items()
    }
    line = number
    for batch in parquet.iter_batches(batch_size=256, row_groups=groups):
        size = batch.nbytes // max(batch.num_rows, 1)
        for record in _records(batch, marked):
            yield _event(line, record, size)
            line += 1


def _records(batch: Any, marked: set[str]) -> Iterator[dict[str, Any]]:  # pyarrow ships no types
    try:
        records = batch.to_pylist()
    except (OverflowError, ValueError):  # cell by cell, so that one of them does not take the others along
        columns = [[_value(cell) for cell in column] for column in batch.columns]
        records = [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
    for record in records:
        for name in marked:
            if isinstance(record[name], str):
                with contextlib.suppress(ValueError):  # somebody else's mark: the value stays as it is
                    record[name] = parse_value(record[name])
        yield record


def _value(cell: Any) -> Any:
    """The cell, if need be as text (times outside of the years 1 to 9999) or as _NotText (bytes that are no UTF-8)."""
    import pyarrow as pa

    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return _NotText(cell.as_buffer().to_pybytes()) if hasattr(cell, "as_buffer") else _NotText(b"")
    except (OverflowError, ValueError):
        # pyarrow names no years beyond 32767, and says so only where there is no time zone.
        plain = cell.cast(pa.timestamp(cell.type.unit)) if pa.types.is_timestamp(cell.type) else cell
        return cell.value if plain.cast(pa.string()).as_py().startswith("<") else cell.cast(pa.string()).as_py()


class _NotText(bytes):
    """What stands in a text column and is no text."""


def _event(line: int, record: dict[str, Any], size: int) -> Event:
    for name, value in record.items():
        if type(value) is _NotText:
            return Aside(line, 0, f"not UTF-8: the text in {name!r}", dump_value(record))
    return Row(line, record, size)
