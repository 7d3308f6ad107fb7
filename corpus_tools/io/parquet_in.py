"""Parquet to records, batch by batch, in its own types; what we wrote as JSON text is parsed back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpus_tools.errors import InputError
from corpus_tools.io.events import Event, Row
from corpus_tools.io.json_text import parse_value
from corpus_tools.io.stream import Stream

JSON_FIELD = (b"corpus_tools", b"json")
"""The field metadata that marks a column as JSON text."""


def read_parquet(stream: Stream) -> Iterator[Event]:
    """Every row, numbered from 1; InputError where the file is damaged, since no row of it can be trusted then.

    Parquet is read from its end, so what comes compressed or through a pipe is laid down in a temporary file first.
    """
    with tempfile.TemporaryFile() as file:
        for block in stream.blocks():
            file.write(block)
        yield from _rows(stream, file)


def _rows(stream: Stream, file: BinaryIO) -> Iterator[Event]:
    import pyarrow as pa  # here, because it takes a third of a second that no other format needs
    import pyarrow.parquet as pq

    try:
        if stream.broken:
            raise pa.ArrowInvalid(stream.broken)
        parquet = pq.ParquetFile(file)
        schema = parquet.schema_arrow
        if len(set(schema.names)) < len(schema.names):
            twice = next(name for at, name in enumerate(schema.names) if name in schema.names[:at])
            raise InputError(f"{stream.path} has two columns named {twice!r}. Rename one of them.")
        marked = {field.name for field in schema if dict([JSON_FIELD]).items() <= (field.metadata or {}).items()}
        line = 0
        for batch in parquet.iter_batches(batch_size=256):
            size = batch.nbytes // max(batch.num_rows, 1)
            for record in _records(batch, marked):
                line += 1
                yield Row(line, record, size)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{stream.path} can't be read as Parquet: {error}") from error


def _records(batch: Any, marked: set[str]) -> Iterator[dict[str, Any]]:  # pyarrow ships no types
    for record in batch.to_pylist():
        for name in marked:
            if record[name] is not None:
                record[name] = parse_value(record[name])
        yield record
