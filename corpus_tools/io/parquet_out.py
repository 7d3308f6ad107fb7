"""Records to Parquet: our columns in fixed types, others in one that holds every value they have, else JSON text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from corpus_tools.contract import COLUMNS
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.parquet_in import JSON_FIELD

Record = Mapping[str, Any]
# Rows of a row group: small enough for memory, large enough for compression. Arbitrary between 1,000 and 100,000.
_GROUP_ROWS, _GROUP_BYTES = 5_000, 64 << 20
_TIME = pa.timestamp("us", tz="UTC")


def _objects(**fields: Any) -> Any:  # pyarrow's types
    return pa.list_(pa.struct([pa.field(name, kind) for name, kind in fields.items()]))


_TEXT, _WHOLE, _SHARE = pa.string(), pa.int64(), pa.float64()
_NESTED: dict[str, Any] = {
    "syndication_chain": _objects(
        role=_TEXT, name=_TEXT, id=_TEXT, url=_TEXT, slot=_TEXT, field=_TEXT, start=_WHOLE, end=_WHOLE, evidence=_TEXT,
        confidence=_SHARE,
    ),
    "notices": _objects(kind=_TEXT, text=_TEXT),
    "languages": _objects(language=_TEXT, share=_SHARE),
    "published_by": _objects(source=_TEXT, url=_TEXT, published_at=_TEXT),
    "flags": pa.list_(_TEXT),
}  # fmt: skip
# What is not named here (encoding_plan, offered) holds values of several types in one place: JSON text.

_KINDS: tuple[tuple[str, type, Any], ...] = (
    ("bool", bool, pa.bool_()),  # before int, which a bool is, too
    ("int", int, _WHOLE),
    ("float", float, _SHARE),
    ("text", str, _TEXT),
    ("time", datetime, _TIME),
)


def kinds_of(records: Iterable[Record]) -> dict[str, set[str]]:
    """The kinds of value that each column of these records has."""
    found: dict[str, set[str]] = {}
    for record in records:
        for name, value in record.items():
            kinds = found.setdefault(name, set())
            if value is not None:
                kinds.add(_kind(name, value))
    return found


def _field(name: str, kinds: set[str]) -> Any:
    """The field of a column with values of these kinds; marked in its metadata where it is JSON text."""
    kind = _contract_type(name, kinds)
    if kind is None and len(kinds) == 1:
        kind = next((fitting for known, _, fitting in _KINDS if known in kinds), None)
    if kind is None and not kinds:
        kind = _TEXT
    return pa.field(name, kind) if kind is not None else pa.field(name, _TEXT, metadata=dict([JSON_FIELD]))


def _contract_type(name: str, kinds: set[str]) -> Any:
    column = COLUMNS.get(name)
    if column is None:
        return None
    if column.kind == "names":
        return pa.list_(_TEXT) if kinds == {"names"} else None
    fixed = {"text": ("text", _TEXT), "time": ("moment", _TIME), "integer": ("int", _WHOLE)}.get(column.kind)
    if fixed:
        return fixed[1] if kinds <= {fixed[0]} else None
    if column.kind == "number":
        return _SHARE if kinds <= {"float"} else None  # somebody else's 1 would come back as 1.0
    return _NESTED.get(name) if kinds <= {"nested"} else None


def _kind(name: str, value: Any) -> str:
    """Which kind of value it is; `other` has no type of its own."""
    column = COLUMNS.get(name)
    if column is not None and column.kind == "time" and isinstance(value, str):
        return "moment" if _moment(value) else "text"
    if name in _NESTED and _fits(value, _NESTED[name]):
        return "nested"
    if column is not None and column.kind == "names" and _fits(value, pa.list_(_TEXT)):
        return "names"
    for kind, python, _ in _KINDS:
        if isinstance(value, python):
            return _checked(kind, value)
    return "other"


def _checked(kind: str, value: Any) -> str:
    if kind == "int" and not -(1 << 63) <= value < 1 << 63:
        return "other"
    if kind == "time" and (value.utcoffset() is None or value.utcoffset()):  # Parquet would lose the zone
        return "other"
    if kind == "text" and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "other"
    return kind


def _fits(value: Any, kind: Any) -> bool:
    """Whether the type holds all of the value: pyarrow drops keys it does not know without a word."""
    if value is None:
        return True
    if pa.types.is_list(kind):
        return isinstance(value, list) and all(item is not None and _fits(item, kind.value_type) for item in value)
    if pa.types.is_struct(kind):
        known = {field.name: field.type for field in kind}
        return (
            isinstance(value, dict)
            and value.keys() <= known.keys()
            and all(_fits(item, known[key]) for key, item in value.items())
        )
    if isinstance(value, bool):
        return False
    return isinstance(value, {_TEXT: str, _WHOLE: int}.get(kind, (int, float)))


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if value.endswith("Z") else None
    except ValueError:
        return None


def write_parquet(handle: BinaryIO, names: list[str], kinds: Mapping[str, set[str]], records: Iterator[Record]) -> None:
    """Write all records, of which each column has these kinds of value.

    Where the row groups are cut depends on the records alone.
    """
    schema = pa.schema([_field(name, kinds[name]) for name in names])
    with pq.ParquetWriter(handle, schema, compression="zstd") as writer:
        for group in _groups(records):
            columns = [_column([record.get(field.name) for record in group], field) for field in schema]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _groups(records: Iterator[Record]) -> Iterator[list[Record]]:
    group: list[Record] = []
    size = 0
    for record in records:
        group.append(record)
        size += sum(len(value) for value in record.values() if isinstance(value, str))
        if len(group) >= _GROUP_ROWS or size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _column(values: list[Any], field: Any) -> Any:
    if field.metadata:
        values = [None if value is None else dump_value(value).decode("utf-8") for value in values]
    elif field.type == _TIME:
        values = [_moment(value) if isinstance(value, str) else value for value in values]
    elif field.type == _SHARE:
        values = [None if value is None else float(value) for value in values]
    return pa.array(values, type=field.type)
