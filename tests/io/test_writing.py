"""Writing: key order, nulls and absence, types of every format, and the same bytes for every chunk size."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tools import cells
from corpus_tools.errors import UnknownName, UsageError
from corpus_tools.io.chunk import Layout
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.read import Reader, read_frame, rows
from corpus_tools.io.write import Writer, write_frame

ADDED = ["flags", "words", "verdict", "source_file", "source_line"]
RECORDS: list[dict[str, Any]] = [
    {"id": "0012", "headline": "Ça, va\n\"ici\"", "text": "x", "views": 7, "tags": ["a", {"b": None}], "ok": True},
    {"id": "2", "headline": "", "text": None, "views": None, "tags": None, "ok": False, "size": 1 << 70},
    {"text": "y", "date": "14 May 2023", "author": ["A. Lim"], "flags": ["PR001"], "score": 0.5, "a,b": "c;d"},
    {"id": "4", "author": "B. Tan", "text": "z", "score": 2.0,
     "syndication_chain": [{"role": "origin", "name": "Bernama", "start": 1, "confidence": 0.5}]},
]  # fmt: skip


def source(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def copied(path: Path, target: Path, added: list[str] | None = None, chunk_rows: int = 2000) -> Path:
    with target.open("wb") as handle:
        writer = Writer(handle, target, added=added or [])
        for chunk in Reader([path], chunk_rows=chunk_rows):
            writer.write(chunk.frame, chunk.layouts)
        writer.close()
    return target


def test_keys_come_first_then_what_was_filled_then_evidence(tmp_path):
    record = {
        "flags": ["PR001"],
        "b": 1,
        "text": "x",
        "meta": {"url": "https://example.com/a"},
        "verdict": None,
        "a": None,
    }
    path = copied(source(tmp_path / "a.jsonl", [record]), tmp_path / "out.jsonl", ADDED)
    (line,) = rows(path)
    assert list(line) == [
        "b",
        "text",
        "meta",
        "a",
        "id",
        "url",
        "words",
        "flags",
        "verdict",
        "source_file",
        "source_line",
    ]
    assert (line["flags"], line["words"], line["source_line"]) == (["PR001"], None, 1)


def test_an_absent_key_stays_absent_and_a_null_stays_null(tmp_path):
    path = copied(
        source(tmp_path / "a.jsonl", [{"id": "1", "title": None}, {"id": "2", "text": ""}]), tmp_path / "o.jsonl"
    )
    assert path.read_text() == '{"id":"1","title":null}\n{"id":"2","text":""}\n'


@pytest.mark.parametrize("name", ["o.jsonl", "o.json", "o.csv", "o.tsv", "o.parquet", "o.jsonl.gz", "o.csv.zst"])
def test_the_same_bytes_for_every_chunk_size(tmp_path, name):
    path = source(tmp_path / "a.jsonl", RECORDS * 5)
    sizes = [copied(path, tmp_path / f"{size}{name}", ADDED, size).read_bytes() for size in (1, 7, 1000)]
    assert sizes[0] == sizes[1] == sizes[2]


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "json.bz2", "jsonl.xz", "ndjson.zst", "parquet", "csv", "tsv"])
def test_a_second_reading_changes_nothing(tmp_path, ending):
    """What was read from a file, written and read again is the same frame, places included."""
    first = copied(source(tmp_path / "a.jsonl", RECORDS), tmp_path / f"1.{ending}", ADDED)
    second = copied(first, tmp_path / f"2.{ending}", ADDED)
    assert list(rows(first)) == list(rows(second))
    (chunk,) = Reader([first])
    assert chunk.changes == []
    assert cells.objects(chunk.frame, "source_file") == [str(tmp_path / "a.jsonl")] * 4


def test_values_come_back_from_parquet_as_they_were(tmp_path):
    first = list(rows(copied(source(tmp_path / "a.jsonl", RECORDS), tmp_path / "o.jsonl", ADDED)))
    back = list(rows(copied(source(tmp_path / "a.jsonl", RECORDS), tmp_path / "o.parquet", ADDED)))
    for record, other in zip(first, back, strict=True):
        for name, value in record.items():
            if name == "syndication_chain":  # a struct has all of its fields
                value = [{**other[name][0], **value[0]}]
            assert other[name] == value, name
    schema = pq.read_schema(tmp_path / "o.parquet")
    types = {name: str(schema.field(name).type) for name in schema.names}
    assert types["published_at"] == "timestamp[us, tz=UTC]"
    assert types["flags"].startswith("list<")
    assert (types["views"], types["ok"], types["score"], types["source_line"]) == ("int64", "bool", "double", "int64")
    assert (
        types["syndication_chain"].startswith("list<element: struct<role: string")
        or "struct<role" in types["syndication_chain"]
    )
    for name in ("tags", "author", "size"):
        assert schema.field(name).metadata == {b"corpus_tools": b"json"}, name


def test_a_list_of_authors_alone_is_a_list_in_parquet(tmp_path):
    copied(source(tmp_path / "a.jsonl", [{"author": ["A"]}, {"author": None}]), tmp_path / "o.parquet")
    assert str(pq.read_schema(tmp_path / "o.parquet").field("author").type).startswith("list<")


def test_evidence_with_a_key_that_its_type_lacks_is_not_cut(tmp_path):
    """Arrow drops unknown keys of a struct in silence; such a column becomes JSON text instead."""
    record = {"id": "1", "notices": [{"kind": "copyright", "text": "©", "extra": 1}], "text": 5, "published_at": None}
    copied(source(tmp_path / "a.jsonl", [record]), tmp_path / "o.parquet")
    (back,) = rows(tmp_path / "o.parquet")
    assert back == record


def test_a_frame_of_any_make_is_written(tmp_path):
    df = pd.DataFrame({
        "text": ["a", None],
        "published_at": pd.to_datetime(["2023-05-14T18:00:00.5+08:00", None]),
        "seen": pd.to_datetime(["2023-05-14", None]),
        "n": pd.array([1, None], dtype="Int64"),
        "share": np.array([0.5, np.nan]),
        3: [Decimal(2), Decimal("2.5")],
    }, index=["x", "x"])  # fmt: skip
    write_frame(df, tmp_path / "o.jsonl")
    assert [json.loads(line) for line in (tmp_path / "o.jsonl").read_bytes().splitlines()] == [
        {
            "text": "a",
            "published_at": "2023-05-14T10:00:00.500000Z",
            "seen": "2023-05-14T00:00:00",
            "n": 1,
            "share": 0.5,
            "3": 2,
        },
        {"text": None, "published_at": None, "seen": None, "n": None, "share": None, "3": "2.5"},
    ]
    write_frame(df, tmp_path / "o.parquet")
    assert read_frame(tmp_path / "o.parquet")["text"].to_list()[0] == "a"
    write_frame(df, tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_text().splitlines()[
        1
    ] == "a,2023-05-14T10:00:00.500000Z,2023-05-14T00:00:00,1,0.5,2"
    with pytest.raises(UsageError, match="two columns"):
        write_frame(pd.DataFrame([[1, 2]], columns=["a", "a"]), tmp_path / "no.csv")
    with pytest.raises(UnknownName, match="output format 'txt'"):
        write_frame(df, tmp_path / "o.txt")


def test_odd_values_have_one_json_form():
    odd = {
        "at": datetime(2023, 5, 14, tzinfo=UTC),
        "stamp": pd.Timestamp("2023-05-14", tz="UTC"),
        "nat": pd.NaT,
        "na": pd.NA,
        "raw": b"\xff",
        "utf": b"ok",
        "set": {"b", "a"},
        "np": np.float32(0.5),
        "big": 1 << 70,
        5: (1, 2),
    }
    assert json.loads(dump_value(odd)) == {
        "at": "2023-05-14T00:00:00Z",
        "stamp": "2023-05-14T00:00:00Z",
        "nat": None,
        "na": None,
        "raw": "/w==",
        "utf": "ok",
        "set": ["a", "b"],
        "np": 0.5,
        "big": 1 << 70,
        "5": [1, 2],
    }
    assert dump_value("\ud83d") == b'"\\ud83d"'


def test_compressed_output_has_no_clock_in_it():
    packed = []
    for _ in range(2):
        handle = io.BytesIO()
        writer = Writer(handle, "o.jsonl.gz")
        writer.write_record({"a": 1})
        writer.close()
        packed.append(handle.getvalue())
    assert packed[0] == packed[1]
    assert gzip.decompress(packed[0]) == b'{"a":1}\n'


def test_an_empty_output_is_still_a_file_of_its_format(tmp_path):
    for name in ("o.jsonl", "o.json", "o.csv", "o.parquet"):
        write_frame(pd.DataFrame({"text": []}), tmp_path / name)
        assert list(rows(tmp_path / name)) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab\"\\:é", max_size=3), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
KEYS = st.sampled_from(["text", "body", "published", "author", "date", "metadata", "url", "flags"]) | st.text(
    "xyz ", max_size=3
)


@given(
    records=st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=6), form=st.sampled_from(["jsonl", "parquet"])
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_comes_back_once_reading_is_undone(tmp_path, records, form):
    """Read, written, read back, changes undone, names restored: value for value, key for key."""
    path = source(tmp_path / "a.jsonl", records)
    chunks = list(Reader([path]))
    target = copied(path, tmp_path / f"o.{form}")
    back = list(rows(target))
    if not records:
        return
    (chunk,) = chunks
    for change in reversed(chunk.changes):
        back[change.row][change.column] = change.old
    for record, other, layout in zip(records, back, chunk.layouts, strict=True):
        restored = restored_record(other, layout)
        assert restored == record
        assert [type(value) for value in restored.values()] == [type(value) for value in record.values()]
        assert list(restored) == list(record)


def restored_record(record: dict[str, Any], layout: Layout) -> dict[str, Any]:
    return {key: record.get(name) for key, name in zip(layout.keys, layout.names, strict=True)}
