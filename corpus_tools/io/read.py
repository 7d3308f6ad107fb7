"""Files, folders, globs and pipes to chunks, in one order and whatever their format.

    for chunk in Reader(["may.jsonl.gz", "-"]):
        chunk.frame, chunk.quarantined

What can't become a record is set aside in the chunk that was being filled; nothing is dropped.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from corpus_tools.contract import COLUMNS
from corpus_tools.errors import InputError, UsageError
from corpus_tools.flags import Finding
from corpus_tools.io.charset import checked_encoding
from corpus_tools.io.chunk import Chunk, Quarantined, Stand
from corpus_tools.io.conform import STEP, Place, make_chunk, place_of
from corpus_tools.io.events import Aside, Row
from corpus_tools.io.fields import FieldMap, Record
from corpus_tools.io.formats import known_format
from corpus_tools.io.identity import Ids
from corpus_tools.io.opened import Opened
from corpus_tools.io.places import Places
from corpus_tools.io.sources import find_sources
from corpus_tools.io.stream import InputReport, Stream
from corpus_tools.text.dates import format_time

_NO_LIMIT = 1 << 40


class Reader:
    """Iterate over it, once, for the chunks.

    `paths` are the files in reading order, `inputs` says what was read from each, and `sources` which files the
    records name in `source_file`, in order. `chunk_rows` and `chunk_bytes` decide where chunks are cut and nothing
    else. `limit` counts records. `held` names the file that holds an input which is none itself, e.g. standard input
    that was laid down; its name is still the one that is shown. A single bad row is quarantined; InputError is raised
    for a file that is not there or can't be read at all, UsageError for a page, an archive or a feed.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        format: str | None = None,  # noqa: A002  # the user's word
        encoding: str | None = None,
        column_map: Mapping[str, str] | None = None,
        chunk_rows: int = 2000,
        chunk_bytes: int = 16 << 20,
        max_record_bytes: int = 64 << 20,
        limit: int | None = None,
        held: Mapping[str, Path] | None = None,
    ) -> None:
        self._format = known_format(format) if format else None
        self._encoding = checked_encoding(encoding) if encoding else None
        self._chunk_rows, self._chunk_bytes = chunk_rows, chunk_bytes
        self._max_record_bytes, self._limit = max_record_bytes, limit
        self._held = held or {}
        self.paths = find_sources(paths, self._format, self._held)
        self._fields, self._ids, self._places = FieldMap(column_map), Ids(), Places()
        self._streams: list[Stream] = []
        self.inputs: list[InputReport] = []

    @property
    def sources(self) -> list[str]:
        """The values of `source_file`, in the order of their first use."""
        return self._places.sources

    @property
    def names(self) -> list[str]:
        """The columns that the records so far brought, under our names; `text` is not among them if none had one."""
        return self._fields.names

    @property
    def bytes_read(self) -> int:
        """Raw bytes taken from all inputs so far."""
        return sum(stream.bytes_read for stream in self._streams)

    @property
    def bytes_total(self) -> int | None:
        """Raw bytes that there are; None where a pipe is among the inputs."""
        if any(not Path(path).is_file() for path in self.paths):
            return None
        return sum(Path(path).stat().st_size for path in self.paths)

    def __iter__(self) -> Iterator[Chunk]:
        """The chunks, in reading order."""
        if self.inputs:
            raise UsageError("A Reader can be read once. Make another one for the second time.")
        pending, left = _Pending(), _NO_LIMIT if self._limit is None else self._limit
        for path in self.paths:
            if left <= 0:
                break
            opened = Opened(path, self._format, self._encoding, self._held.get(path))
            self._streams.append(opened.stream)
            self.inputs.append(opened.report)
            self._places.enter(path)
            with closing(opened.events(self._max_record_bytes)) as events:
                for event in events:
                    if isinstance(event, Aside):
                        self._set_aside(event, pending, opened.report)
                    else:
                        self._add(event, pending, opened)
                        left -= 1
                    if len(pending.records) >= self._chunk_rows or pending.size >= self._chunk_bytes:
                        yield self._chunk(pending)
                        pending = _Pending()
                    if left <= 0:
                        break
        if pending.records or pending.quarantined:
            yield self._chunk(pending)

    def _add(self, row: Row, pending: _Pending, opened: Opened) -> None:
        if opened.guess and not opened.report.records:
            pending.findings.append(Finding(len(pending.records), "EN003", evidence=opened.guess, step=STEP))
        pending.records.append(row.record)
        pending.stands.append((len(self.inputs) - 1, row.line))
        pending.places.append(place_of(self._places, row.line, row.record))
        pending.size += row.size
        opened.report.records += 1

    def _set_aside(self, aside: Aside, pending: _Pending, report: InputReport) -> None:
        source, line = self._places.of_quarantined(aside.line)
        stand = len(self.inputs) - 1, aside.line
        pending.quarantined.append(Quarantined(source, line, aside.offset, aside.reason, aside.raw, aside.more, stand))
        pending.size += len(aside.raw)
        report.quarantined += not aside.more

    def _chunk(self, pending: _Pending) -> Chunk:
        chunk = make_chunk(pending.records, pending.places, self._fields, self._ids)
        chunk.findings = sorted([*pending.findings, *chunk.findings], key=lambda finding: finding.row)
        chunk.quarantined, chunk.stands = pending.quarantined, pending.stands
        return chunk


class _Pending:
    """A chunk that is being filled."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.places: list[Place] = []
        self.stands: list[Stand] = []
        self.findings: list[Finding] = []
        self.quarantined: list[Quarantined] = []
        self.size = 0


def read_chunks(paths: str | Path | Sequence[str | Path], **options: Any) -> Iterator[pd.DataFrame]:
    """The records as frames of up to `chunk_rows` rows, under the contract's names and types.

    Options: `format` (jsonl, json, csv, tsv, parquet, txt; else the file's name decides) · `encoding` (else the BOM's,
    UTF-8, or a guess) · `column_map` ({"body": "text"}) · `chunk_rows` (2000) · `max_record_bytes` (64 MiB; longer
    records are left out) · `limit` (records in all). What reading found (an unreadable date, an id given twice)
    stands in `flags`.

    Warns of rows that could not become records. Raises InputError for a file that is not there or can't be read at
    all, UsageError for an HTML page, an archive or a feed.
    """
    reader = Reader([paths] if isinstance(paths, (str, Path)) else paths, **options)
    first: Quarantined | None = None
    for chunk in reader:
        if chunk.quarantined and first is None:
            first = chunk.quarantined[0]
        if len(chunk.frame):
            yield chunk.flagged()
    if first is not None:
        count = sum(report.quarantined for report in reader.inputs)
        warnings.warn(
            f"{count} rows could not be read and are not in the frame; the first: "
            f"{first.source_file}:{first.source_line}: {first.reason}. "
            "`corpus-tools clean` sets such rows aside in a file of their own.",
            stacklevel=2,
        )


def read_frame(paths: str | Path | Sequence[str | Path], **options: Any) -> pd.DataFrame:
    """All records as one frame, shape (records, columns): text as `str`, times as datetime64[us, UTC].

    The columns are `id`, `text`, `source_file`, `source_line` and whatever the records have. Options, warnings and
    errors are those of `read_chunks`, which is for what does not fit into memory.
    """
    frames = list(read_chunks(paths, **options))
    if not frames:
        return make_chunk([], [], FieldMap(), Ids()).frame
    frame = pd.concat(frames, ignore_index=True)
    unknown = [name for name in frame.columns if name not in COLUMNS]
    return frame.assign(**{name: _inferred(frame[name]) for name in unknown})


def _inferred(column: pd.Series[Any]) -> pd.Series[Any]:
    """An unknown column in a fitting dtype. Integers stay integers: as floats they would lose digits."""
    if {type(value) for value in column if value is not None} == {int}:
        try:
            return column.astype("Int64")
        except OverflowError:  # over 64 bits
            return column
    return column.infer_objects()


def rows(path: str | Path, format: str | None = None) -> Iterator[dict[str, Any]]:  # noqa: A002  # the user's word
    """The plain records of a file that we wrote, in any format: lists as lists, times as text in the one form.

    Nothing is renamed and nothing set aside: InputError where a row is broken.
    """
    opened = Opened(str(path), known_format(format) if format else None, None)
    with closing(opened.events(_NO_LIMIT)) as events:
        for event in events:
            if isinstance(event, Aside):
                raise InputError(f"{path}:{event.line}: {event.reason}. The file was changed after it was written.")
            record = event.record
            if opened.format == "parquet":
                record = {name: _written(value) for name, value in record.items()}
            yield record


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_time(value) if value.tzinfo else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value
