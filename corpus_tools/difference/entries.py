"""The records of one side, one after the other, each as plain values with the digests that it is known by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from corpus_tools.difference.sides import Side
from corpus_tools.io.events import Aside
from corpus_tools.io.fields import FieldMap, Record
from corpus_tools.io.identity import id_key
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.opened import Opened
from corpus_tools.io.parquet_in import as_written

PLACES = ("source_file", "source_line")
"""Columns that say where a record stood; they change with every line that comes before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, or a piece of input that is none and the reason why.

    `id`, `url` and `text` are where the contract finds them. `line` is a row in Parquet.
    """

    file: str
    line: int
    unit: str
    record: Record
    id: str | None
    url: str | None
    text: str | None
    digest: bytes
    rest: bytes
    broken: str | None = None


class Entries:
    """Iterate over it as often as needed for the entries of a side.

    `ignore` are keys that make no difference, `column_map` our names for keys that nobody knows.
    """

    def __init__(
        self,
        side: Side,
        *,
        format: str | None = None,  # noqa: A002  # the user's word
        encoding: str | None = None,
        column_map: Mapping[str, str] | None = None,
        max_record_bytes: int = 64 << 20,
        ignore: Sequence[str] = (),
    ) -> None:
        self.side = side
        self._format, self._encoding, self._longest = format, encoding, max_record_bytes
        self._fields = FieldMap(column_map)
        self.ignored = frozenset({*PLACES, *ignore})

    def __iter__(self) -> Iterator[Entry]:
        for file in self.side.files:
            opened = Opened(file, self._format, self._encoding, self.side.held.get(file))
            unit = "row" if opened.format == "parquet" else "line"
            parts = hashlib.blake2b(digest_size=16)
            with closing(opened.events(self._longest)) as events:
                for event in events:
                    if not isinstance(event, Aside):
                        yield self._entry(file, event.line, unit, event.record)
                        continue
                    parts.update(event.raw)
                    if not event.more:
                        digest, parts = parts.digest(), hashlib.blake2b(digest_size=16)
                        yield Entry(file, event.line, unit, {}, None, None, None, digest, digest, event.reason)

    def _entry(self, file: str, line: int, unit: str, record: Record) -> Entry:
        paths = {name: self._fields.path(record, name) for name in ("id", "url", "text")}
        record = {key: as_written(value) for key, value in record.items() if value is not None}
        values = {name: _text(record, path) for name, path in paths.items()}
        key = paths["id"][0] if paths["id"] and len(paths["id"]) == 1 else None
        compared = {name: value for name, value in record.items() if name not in self.ignored}
        digest = hashlib.blake2b(
            dump_value({name: value for name, value in compared.items() if name != key}, sort_keys=True), digest_size=16
        )
        rest = digest.digest()
        if key in compared:
            digest.update(dump_value({key: compared[key]}, sort_keys=True))
        return Entry(file, line, unit, record, values["id"], values["url"], values["text"], digest.digest(), rest)


def _text(record: Record, path: Sequence[str] | None) -> str | None:
    """What stands behind the keys, as text; None where nothing does."""
    value: Any = record
    for key in path or ("",):
        value = value.get(key) if isinstance(value, dict) else None
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else dump_value(value, sort_keys=True).decode("utf-8")


def key_of(text: str | None) -> int:
    """A text as a 64-bit number; 0 for none."""
    return 0 if text is None else id_key(text)
