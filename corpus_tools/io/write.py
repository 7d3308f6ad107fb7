"""Chunks to files and pipes, in the format that the name asks for.

JSON lines and JSON are written as they come. CSV, TSV and Parquet need every column before the first row, so their
rows wait in a spool on disk until the end; memory stays bounded, and chunks leave no trace.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pandas as pd

from corpus_tools.contract import OUT_NAMES
from corpus_tools.errors import UnknownName, UsageError
from corpus_tools.io import plain
from corpus_tools.io.chunk import Layout
from corpus_tools.io.compression import pack
from corpus_tools.io.formats import WRITTEN, compression_of_name, format_of, known_format
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.outputs import Outputs
from corpus_tools.io.records import written_records
from corpus_tools.io.spool import Spool
from corpus_tools.io.spreadsheets import is_formula
from corpus_tools.io.tables import cell_of

Record = Mapping[str, Any]


def json_line(record: Record) -> bytes:
    r"""A record as one line of JSON, UTF-8.

    >>> json_line({"title": "Café", "flags": []}).decode()
    '{"title":"Café","flags":[]}\n'
    """
    return dump_value(record) + b"\n"


def write_frame(df: pd.DataFrame, path: str | Path, format: str | None = None) -> None:  # noqa: A002  # the user's word
    """Write any frame, ours or not, to a file or to `-`; the format follows the name. The index is not written.

    Times of our columns are written in one form, lists and objects as such (in CSV as JSON). The file appears whole
    or not at all.
    """
    names = [str(name) for name in df.columns]
    if len(set(names)) < len(names):
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise UsageError(f"The frame has two columns named {twice!r}. Rename one.")
    frame = df.set_axis(names, axis=1).reset_index(drop=True)
    with Outputs() as outputs:
        writer = Writer(outputs.open(path), path, format)
        layout = Layout(tuple(names))
        for start in range(0, len(frame), 2000):
            part = frame.iloc[start : start + 2000]
            writer.write(part, [layout] * len(part))
        writer.close()
        outputs.commit()


@dataclass(frozen=True, slots=True)
class Packed:
    """Records that only have to be put behind each other: `data`, and what some formats must know of all of them.

    Made from the records alone, in any process.
    """

    data: bytes
    names: tuple[str, ...] = ()
    kinds: dict[str, set[str]] = field(default_factory=dict)


def packed_frame(frame: pd.DataFrame, layouts: Sequence[Layout], added: Sequence[str], kind: str) -> Packed:
    """The rows of a chunk, for a `Writer` of the format `kind`; `layouts[row]` is the layout of the record."""
    return _SINKS[kind].pack(written_records(frame, layouts, added))


class Writer:
    """Writes chunks to an open file. The format is `format`, else what `path` names, else JSON lines; the
    compression is what `path` names.

    `added` are the columns that the steps of this run declare. With `is_safe` no spreadsheet runs a cell of a table.
    `close` writes what is left and leaves the file open.
    """  # noqa: D205  # one sentence

    def __init__(
        self,
        handle: BinaryIO,
        path: str | Path = "-",
        format: str | None = None,  # noqa: A002  # the user's word
        added: Sequence[str] = (),
        *,
        is_safe: bool = False,
    ) -> None:
        self._added = tuple(added)
        self._kind = written_format(path, format)
        compression = compression_of_name(path)
        self._packed = pack(handle, compression) if compression else None
        self._handle = handle
        self._sink = (_SAFE_SINKS if is_safe else _SINKS)[self._kind](self._packed or handle)

    def write(self, frame: pd.DataFrame, layouts: Sequence[Layout]) -> None:
        """Write the rows of one chunk; `layouts[row]` is the layout of the record."""
        self.take(packed_frame(frame, layouts, self._added, self._kind))

    def write_record(self, record: Record) -> None:
        """Write one record as it is."""
        self.take(self._sink.pack([record]))

    def take(self, packed: Packed) -> None:
        """Write records that were packed for this format."""
        if packed.data:
            self._sink.add(packed)

    def close(self) -> None:
        """Finish the file's content. The file itself belongs to the caller."""
        self._sink.finish()
        if self._packed:
            self._packed.close()
        self._handle.flush()


def written_format(path: str | Path, format: str | None = None) -> str:  # noqa: A002  # the user's word
    """The format to write to that path; UnknownName for one that is only read.

    >>> written_format("out.csv.gz"), written_format("-")
    ('csv', 'jsonl')
    """
    kind = known_format(format) if format else format_of(path) or "jsonl"
    if kind not in WRITTEN:
        raise UnknownName("output format", kind, WRITTEN)
    return kind


class _Sink(Protocol):
    def __init__(self, handle: BinaryIO) -> None: ...
    @classmethod
    def pack(cls, records: Iterable[Record]) -> Packed: ...
    def add(self, packed: Packed) -> None: ...
    def finish(self) -> None: ...


class _Lines:
    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    @classmethod
    def pack(cls, records: Iterable[Record]) -> Packed:
        return Packed(b"".join(map(json_line, records)))

    def add(self, packed: Packed) -> None:
        self._handle.write(packed.data)

    def finish(self) -> None:
        pass


class _Array:
    def __init__(self, handle: BinaryIO) -> None:
        self._handle, self._before = handle, b"[\n"

    @classmethod
    def pack(cls, records: Iterable[Record]) -> Packed:
        return Packed(b",\n".join(map(dump_value, records)))

    def add(self, packed: Packed) -> None:
        self._handle.write(self._before)
        self._handle.write(packed.data)
        self._before = b",\n"

    def finish(self) -> None:
        self._handle.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")


class _Spooled:
    """Rows that wait until all columns are known: those that came in the order of their first use, then evidence."""

    def __init__(self, handle: BinaryIO) -> None:
        self.handle = handle
        self._names: dict[str, None] = {}
        self._kinds: dict[str, set[str]] = {}
        self._spool = Spool()

    @classmethod
    def pack(cls, records: Iterable[Record]) -> Packed:
        rows = list(records)
        names: dict[str, None] = {}
        for record in rows:
            if not record.keys() <= names.keys():
                names |= dict.fromkeys(record)
        return Packed(plain.dump(rows), tuple(names), cls.kinds(rows)) if rows else Packed(b"")

    @staticmethod
    def kinds(rows: Iterable[Record]) -> dict[str, set[str]]:  # noqa: ARG004  # CSV needs none
        """What is needed to know of the values in all rows before the first is written."""
        return {}

    def add(self, packed: Packed) -> None:
        self._names |= dict.fromkeys(packed.names)
        for name, kinds in packed.kinds.items():
            self._kinds.setdefault(name, set()).update(kinds)
        self._spool.append(packed.data)

    def finish(self) -> None:
        names = [name for name in self._names if name not in OUT_NAMES]
        names += [name for name in OUT_NAMES if name in self._names]
        with self._spool as spool:
            self.write_all(names, (record for data in spool for record in plain.load(data)))

    def write_all(self, names: list[str], records: Iterator[Record]) -> None:
        raise NotImplementedError


class _Table(_Spooled):
    delimiter = ","
    is_safe = False

    def write_all(self, names: list[str], records: Iterator[Record]) -> None:
        text = io.StringIO(newline="")
        rows = csv.writer(text, delimiter=self.delimiter, lineterminator="\n")
        if self.is_safe and (formula := next(filter(is_formula, names), None)):
            raise UsageError(
                f"A spreadsheet would run the column name {formula!r}. Rename the column in the input, or write JSON "
                "lines: --to jsonl."
            )
        rows.writerow(names)
        for record in records:
            rows.writerow([cell_of(name, record.get(name), is_safe=self.is_safe) for name in names])
            if text.tell() > 1 << 18:
                self._pass_on(text)
        self._pass_on(text)

    def _pass_on(self, text: io.StringIO) -> None:
        self.handle.write(text.getvalue().encode("utf-8", "backslashreplace"))
        text.seek(0)
        text.truncate()


class _Tabbed(_Table):
    delimiter = "\t"


class _SafeTable(_Table):
    is_safe = True


class _SafeTabbed(_Tabbed):
    is_safe = True


class _Parquet(_Spooled):
    @staticmethod
    def kinds(rows: Iterable[Record]) -> dict[str, set[str]]:
        from corpus_tools.io.parquet_out import kinds_of  # pyarrow's Parquet takes time to import

        return kinds_of(rows)

    def write_all(self, names: list[str], records: Iterator[Record]) -> None:
        from corpus_tools.io.parquet_out import write_parquet

        write_parquet(self.handle, names, self._kinds, records)


_SINKS: dict[str, type[_Sink]] = {
    "jsonl": _Lines,
    "json": _Array,
    "csv": _Table,
    "tsv": _Tabbed,
    "parquet": _Parquet,
}
_SAFE_SINKS: dict[str, type[_Sink]] = _SINKS | {"csv": _SafeTable, "tsv": _SafeTabbed}
