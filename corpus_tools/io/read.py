"""Files, folders, globs and pipes to chunks, in one order and whatever their format.

    for chunk in Reader(["may.jsonl.gz", "-"]):
        chunk.frame, chunk.quarantined

What can't become a record is set aside in the chunk that was being filled; nothing is dropped.
"""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from corpus_tools.contract import COLUMNS
from corpus_tools.errors import InputError, UsageError
from corpus_tools.io.charset import checked_encoding
from corpus_tools.io.chunk import Chunk, Quarantined
from corpus_tools.io.compression import compression_of
from corpus_tools.io.conform import make_chunk
from corpus_tools.io.draft import Draft, Tally
from corpus_tools.io.events import Aside, Event, Row
from corpus_tools.io.extent import Extent
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.formats import format_of, known_format
from corpus_tools.io.identity import Ids
from corpus_tools.io.jsonl import Spliced, read_jsonl
from corpus_tools.io.lines import cut_at_lines
from corpus_tools.io.opened import Opened
from corpus_tools.io.order import Order
from corpus_tools.io.parquet_in import as_written, group_sizes
from corpus_tools.io.pieces import Groups, Lines, Page, Part, Piece, Rows, packed
from corpus_tools.io.sources import find_sources
from corpus_tools.io.stream import InputReport, Stream
from corpus_tools.io.units import Numbers, selected

_NO_LIMIT = 1 << 40
_SMALL_BYTES = 1 << 18
"""Pages up to this size are opened where their chunk is made."""
_NOTHING = np.empty(0, np.int64)
_GROUP_ROWS, _GROUP_BYTES = 20_000, 64 << 20
"""Row groups over this size are taken apart row by row, for memory's sake."""


class Reader:
    """Iterate over it, once, for the chunks.

    `paths` are the files in reading order, `inputs` says what was read from each, and `sources` which files the
    records name in `source_file`, in order. `chunk_rows` and `chunk_bytes` decide where chunks are cut and nothing
    else. `limit` counts records. `held` names the file that holds an input which is none itself, e.g. standard input
    that was laid down; its name is still the one that is shown. Where that is only a span of a file of JSON lines,
    `begins` has the number of its first line and the byte where it starts. `select` names the lines or rows of each
    file that are wanted, sorted, and `taken` the keys of ids that records elsewhere have, sorted. A single bad row is
    quarantined; InputError is raised for a file that is not there or can't be read at all, UsageError for a page, an
    archive or a feed.

    Who reads in several processes takes `pieces` instead, makes a `Draft` of each wherever he likes, numbers them by
    `order` in reading order, and tells `account` what each one held.
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
        select: Mapping[str, Numbers] | None = None,
        taken: array[int] | None = None,
        begins: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self._format = known_format(format) if format else None
        self._encoding = checked_encoding(encoding) if encoding else None
        self._chunk_rows, self._chunk_bytes = chunk_rows, chunk_bytes
        self._max_record_bytes, self._limit = max_record_bytes, limit
        self._held = held if held is not None else {}
        self._begins_at = begins or {}
        self._select = select
        self.paths = find_sources(paths, self._format, self._held)
        self.column_map = column_map
        self.order = Order(taken)
        self.inputs: list[InputReport] = []
        self._streams: dict[int, Stream] = {}
        self._names: dict[str, None] = {}
        self._begun = False
        self._extent = Extent(self.paths, self._held, limit)

    @property
    def sources(self) -> list[str]:
        """The values of `source_file`, in the order of their first use."""
        return self.order.sources

    @property
    def names(self) -> list[str]:
        """The columns that the records so far brought, under our names; `text` is not among them if none had one."""
        return list(self._names)

    @property
    def bytes_read(self) -> int:
        """Raw bytes taken from all inputs so far."""
        streams = self._streams
        return sum(
            streams[number].bytes_read if number in streams else entry.bytes for number, entry in enumerate(self.inputs)
        )

    @property
    def share(self) -> float | None:
        """How much of the input was taken by now, 0 to 1; None where nobody knows how much there is."""
        return self._extent.share

    @property
    def bytes_total(self) -> int | None:
        """Raw bytes that there are; None where a pipe is among the inputs."""
        if any(not Path(path).is_file() for path in self.paths):
            return None
        return sum(Path(path).stat().st_size for path in self.paths)

    def __iter__(self) -> Iterator[Chunk]:
        """The chunks, in reading order."""
        fields = FieldMap(self.column_map)
        for piece in self.pieces():
            draft = Draft(piece, fields)
            self.account(draft.tally)
            chunk = draft.chunk(self.order.number(draft.facts))
            if chunk.layouts or chunk.quarantined:
                yield chunk

    def pieces(self) -> Generator[Piece]:
        """The input of each chunk, in reading order."""
        if self._begun:
            raise UsageError("A Reader can be read once. Make another one for the second time.")
        self._begun = True
        return packed(self.parts(), self._chunk_rows, self._chunk_bytes)

    def parts(self) -> Iterator[Part]:
        """The input in the pieces that it is read in, each from one file."""
        for part in self._parts():
            if self._select is None:
                yield part
                continue
            wanted = self._select.get(self.paths[part.file], _NOTHING)
            for at, content in enumerate(selected(part.content, wanted)):
                yield Part(part.file, part.begins and not at, content)

    def _parts(self) -> Iterator[Part]:
        left = _NO_LIMIT if self._limit is None else self._limit
        for file, path in enumerate(self.paths):
            if left <= 0:
                break
            self._extent.enter(file)
            if self._limit is None and (page := self._page(path)):
                self.inputs.append(InputReport(path, "txt"))  # until somebody has read it
                yield Part(file, True, page)
                continue
            opened = Opened(path, self._format, self._encoding, self._held.get(path))
            self.inputs.append(opened.report)
            self._streams[file] = opened.stream
            self._extent.follow(opened)
            begins = True
            with opened.closing(), closing(self._contents(opened, left)) as contents:
                for content in contents:
                    self._extent.take(content)
                    yield Part(file, begins, content)
                    begins = False
                    left -= content.records if isinstance(content, Rows) else 0

    def account(self, tally: Tally) -> None:
        """Note what a piece held."""
        for file, report in tally.reports.items():
            self.inputs[file] = report
        for file, (records, quarantined) in tally.counts.items():
            self.inputs[file].records += records
            self.inputs[file].quarantined += quarantined
        self._names |= dict.fromkeys(tally.names)

    def _page(self, path: str) -> Page | None:
        """A page that is small, once it is unpacked; None for all else."""
        if path in self._held or (self._format or (format_of(path) if path != "-" else None)) != "txt":
            return None
        file = Path(path)
        try:
            if not file.is_file() or file.stat().st_size > _SMALL_BYTES:
                return None
            with file.open("rb") as opened:
                packed_up = compression_of(opened.read(6)) is not None
        except OSError:  # it is told when the file is read
            return None
        return (
            None if packed_up else Page(path, file.stat().st_size, self._format, self._encoding, self._max_record_bytes)
        )

    def _contents(self, opened: Opened, left: int) -> Generator[Lines | Rows | Groups, None, None]:
        if opened.cuts_at_lines and self._limit is None:
            yield from self._lines(opened)
        elif opened.format == "parquet" and self._limit is None and (groups := self._groups(opened)):
            for _ in opened.stream.blocks():  # for its hash
                pass
            yield from groups
        else:
            yield from self._rows(opened.path, opened.events(self._max_record_bytes), left)

    def _lines(self, opened: Opened) -> Iterator[Lines | Rows]:
        stream, charset, longest = opened.stream, opened.charset, self._max_record_bytes
        number, offset = self._begins_at.get(opened.path, (1, 0))
        blocks = stream.blocks()
        for data, lines in cut_at_lines(blocks, self._chunk_rows, self._chunk_bytes, longest):
            if lines == 0 and len(data) > longest:
                rest = Spliced(data, blocks, stream)
                yield from self._rows(opened.path, read_jsonl(rest, charset, longest, number, offset), _NO_LIMIT)
                break
            yield Lines(opened.path, number, lines, offset, data, charset, longest, stream.broken)
            number, offset = number + lines, offset + len(data)
        else:
            if stream.broken and not offset:
                yield Lines(opened.path, 1, 0, 0, b"", charset, longest, stream.broken)
        stream.finish()

    def _rows(self, path: str, events: Iterator[Event], left: int) -> Iterator[Rows]:
        rows: list[Event] = []
        size = records = 0
        with closing(cast("Generator[Event, None, None]", events)):
            for event in events:
                rows.append(event)
                size += event.size if isinstance(event, Row) else len(event.raw)
                records += isinstance(event, Row)
                if len(rows) >= self._chunk_rows or size >= self._chunk_bytes or records >= left:
                    yield Rows(path, rows)
                    rows, size = [], 0
                if records >= left:
                    break
        if rows:
            yield Rows(path, rows)

    def _groups(self, opened: Opened) -> list[Groups]:
        """Row groups for one chunk each; none where the file is packed, comes through a pipe, or has huge ones."""
        path = opened.path
        if opened.stream.compression or path in self._held or not Path(path).is_file():
            return []
        sizes = group_sizes(path)
        if any(rows > _GROUP_ROWS or size > _GROUP_BYTES for rows, size in sizes):
            return []
        found: list[Groups] = []
        first = 1
        for group, (rows, size) in enumerate(sizes):
            if rows:
                found.append(Groups(path, first, rows, size, (group,)))
            first += rows
        return found


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
                record = {name: as_written(value) for name, value in record.items()}
            yield record
