"""Parquet in: native types, pipes, and what is not Parquet."""

from __future__ import annotations

import gzip
import io
import sys
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus_tools import cells
from corpus_tools.errors import InputError
from corpus_tools.io.read import Reader, rows


def packed(table: pa.Table) -> bytes:
    handle = io.BytesIO()
    pq.write_table(table, handle)
    return handle.getvalue()


TABLE = pa.table(
    {
        "id": pa.array([7, None], pa.int64()),
        "text": pa.array(["a", "b"], pa.large_string()).dictionary_encode(),
        "published": pa.array([datetime(2023, 5, 14, 10), None], pa.timestamp("ms")),
        "modified": pa.array([1684058400123456789, None], pa.timestamp("ns", "Asia/Kuala_Lumpur")),
        "day": pa.array([date(2023, 5, 14), None]),
        "n": pa.array([1, None], pa.int32()),
        "tags": pa.array([["x"], None]),
        "meta": pa.array([{"url": "https://example.com/a"}, None]),
        "odd": pa.chunked_array([['{"a":[1]}', None]]),
    }
).cast(
    pa.schema(
        [
            pa.field("id", pa.int64()),
            pa.field("text", pa.dictionary(pa.int32(), pa.large_string())),
            pa.field("published", pa.timestamp("ms")),
            pa.field("modified", pa.timestamp("ns", "Asia/Kuala_Lumpur")),
            pa.field("day", pa.date32()),
            pa.field("n", pa.int32()),
            pa.field("tags", pa.list_(pa.string())),
            pa.field("meta", pa.struct([("url", pa.string())])),
            pa.field("odd", pa.string(), metadata={"corpus_tools": "json"}),
        ]
    )
)


def test_types_are_kept_and_rows_are_numbered(tmp_path):
    (tmp_path / "a.parquet").write_bytes(packed(TABLE))
    (chunk,) = Reader([tmp_path / "a.parquet"])
    assert cells.objects(chunk.frame, "id")[0] == "7"
    assert cells.objects(chunk.frame, "n") == [1, None]
    assert cells.objects(chunk.frame, "tags") == [["x"], None]
    assert cells.objects(chunk.frame, "odd") == [{"a": [1]}, None]
    assert cells.objects(chunk.frame, "url") == ["https://example.com/a", None]
    assert cells.objects(chunk.frame, "day") == [date(2023, 5, 14), None]
    assert cells.objects(chunk.frame, "published_at")[0] == datetime(2023, 5, 14, 10, tzinfo=UTC)
    assert cells.objects(chunk.frame, "source_line") == [1, 2]
    assert [(change.row, change.column) for change in chunk.changes] == [
        (0, "url"),
        (0, "id"),
        (0, "modified_at"),
        (1, "id"),
    ]


def test_it_comes_through_pipes_and_archives_too(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed(TABLE))))
    reader = Reader(["-"])
    assert sum(len(chunk.frame) for chunk in reader) == 2
    assert reader.inputs[0].format == "parquet"
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(packed(TABLE)))
    assert len(list(rows(tmp_path / "a.parquet.gz"))) == 2


@pytest.mark.parametrize("data", [b"", b"PAR1 but not really", packed(TABLE)[:-40]])
def test_what_is_no_parquet_is_an_input_error(tmp_path, data):
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.parquet can't be read as Parquet"):
        list(Reader([tmp_path / "a.parquet"]))


def test_a_time_outside_of_the_years_1_to_9999_does_not_take_the_file_along(tmp_path):
    times = pa.array([10**18, -(10**18), 0], pa.timestamp("us", "UTC"))
    (tmp_path / "a.parquet").write_bytes(packed(pa.table({"text": ["a", "b", "c"], "published_at": times})))
    (chunk,) = Reader([tmp_path / "a.parquet"])
    assert cells.objects(chunk.frame, "published_at") == [None, None, datetime(1970, 1, 1, tzinfo=UTC)]
    assert [finding.code for finding in chunk.findings] == ["PR020", "PR020"]
    assert [row["published_at"] for row in rows(tmp_path / "a.parquet")] == [
        10**18, "-29719-04-05 22:13:20.000000Z", "1970-01-01T00:00:00Z"]  # fmt: skip


def test_a_text_that_is_not_utf8_is_set_aside_alone(tmp_path):
    raw = pa.array([b"fine", b"caf\xe9"])
    text = pa.StringArray.from_buffers(2, raw.buffers()[1], raw.buffers()[2])
    (tmp_path / "a.parquet").write_bytes(packed(pa.table({"text": text})))
    (chunk,) = Reader([tmp_path / "a.parquet"])
    assert cells.objects(chunk.frame, "text") == ["fine"]
    assert [(piece.source_line, piece.reason) for piece in chunk.quarantined] == [(2, "not UTF-8: the text in 'text'")]


@pytest.mark.parametrize("value", ["{broken", 5])
def test_a_column_that_somebody_else_marked_as_json_stays_as_it_is(tmp_path, value):
    field = pa.field("meta", pa.array([value]).type, metadata={b"corpus_tools": b"json"})
    schema = pa.schema([pa.field("text", pa.string()), field])
    (tmp_path / "a.parquet").write_bytes(packed(pa.table([["a"], [value]], schema=schema)))
    assert next(rows(tmp_path / "a.parquet"))["meta"] == value
