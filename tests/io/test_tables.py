"""CSV and TSV: rows over several lines, short and long rows, broken quotes, other encodings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus_tools import cells
from corpus_tools.errors import InputError
from corpus_tools.io.chunk import Quarantined
from corpus_tools.io.read import Reader
from corpus_tools.io.tables import cell_of, is_json_cell, value_of


def read(path: Path, data: bytes, **options: object) -> tuple[list[dict[str, object]], list[Quarantined]]:
    path.write_bytes(data)
    records, aside = [], []
    for chunk in Reader([path], **options):  # type: ignore[arg-type]
        columns = {name: cells.objects(chunk.frame, name) for name in chunk.frame.columns}
        records += [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        aside += chunk.quarantined
    return records, aside


def texts(records: list[dict[str, object]]) -> list[object]:
    return [record["text"] for record in records]


def test_a_row_may_span_lines_and_is_placed_where_it_starts(tmp_path):
    records, _ = read(tmp_path / "a.csv", b'id,text\n1,"one\r\ntwo ""2"""\n\n2,three\n')
    assert texts(records) == ['one\r\ntwo "2"', "three"]
    assert [record["source_line"] for record in records] == [2, 5]
    assert [record["id"] for record in records] == ["1", "2"]


def test_an_empty_cell_is_null_and_a_short_row_lacks_its_last_cells(tmp_path):
    records, aside = read(tmp_path / "a.csv", b"id,text,title\n1,,x\n2,y\n")
    assert [(record["text"], record["title"]) for record in records] == [(None, "x"), ("y", None)]
    assert aside == []


def test_a_row_with_too_many_cells_is_set_aside_whole(tmp_path):
    records, (row,) = read(tmp_path / "a.csv", b'id,text\n1,a\n2,"b\nc",d\n3,e\n')
    assert texts(records) == ["a", "e"]
    assert (row.source_line, row.raw, row.reason) == (3, b'2,"b\nc",d', "3 cells under 2 column names")
    assert row.offset == 12


def test_a_quote_that_never_closes_costs_one_line(tmp_path):
    records, (row,) = read(tmp_path / "a.csv", b'id,text\n1,a\n2,"b\n3,c\n4,d\n')
    assert texts(records) == ["a", "c", "d"]
    assert (row.source_line, row.raw, row.reason) == (3, b'2,"b', "a quote is opened and never closed")


def test_an_open_quote_is_given_up_at_the_limit(tmp_path):
    rows = b"".join(b"%d,x\n" % number for number in range(3, 40))
    records, (row,) = read(tmp_path / "a.csv", b'id,text\n2,"b\n' + rows, max_record_bytes=60)
    assert len(records) == 37
    assert row.reason == "a quote is opened and does not close within 60 bytes"


def test_a_long_cell_is_no_trap(tmp_path):
    records, _ = read(tmp_path / "a.csv", b"id,text\n1," + b"x" * 500_000 + b"\n")
    assert len(str(records[0]["text"])) == 500_000
    records, parts = read(tmp_path / "a.csv", b"id,text\n1," + b"x" * 500 + b"\n2,y\n", max_record_bytes=100)
    assert texts(records) == ["y"]
    assert [part.more for part in parts] == [True] * 5 + [False]


def test_our_own_columns_get_their_values_back(tmp_path):
    data = b'id,text,flags,copies,similarity,author,score,offered\n1,a,"[""PR002""]",3,0.5,"[""A. Lim""]",7,not json\n'
    (record,), _ = read(tmp_path / "a.csv", data)
    assert (record["flags"], record["copies"], record["similarity"]) == (["PR002"], 3, 0.5)
    assert (record["author"], record["score"], record["offered"]) == (["A. Lim"], "7", "not json")


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ";"), ("a.csv", "|"), ("a.csv", "\t"), ("a.tsv", "\t")])
def test_the_delimiter_is_the_headers(tmp_path, name, mark):
    records, _ = read(tmp_path / name, f'id{mark}text\n1{mark}"a, b{mark} c"\n'.encode())
    assert texts(records) == [f"a, b{mark} c"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_other_encodings_are_read(tmp_path, encoding):
    text = "市政府宣布新的桥梁将于明年开放"
    records, _ = read(tmp_path / "a.csv", f'id,text\n1,"{text}\n{text}"\n2,ok\n'.encode(encoding))
    assert texts(records) == [f"{text}\n{text}", "ok"]


def test_a_row_that_does_not_decode_is_set_aside(tmp_path):
    records, (row,) = read(tmp_path / "a.csv", "id,text\n1,a\n2,é\n".encode() + b"3,\xff\n4,b\n", encoding="utf-8")
    assert texts(records) == ["a", "é", "b"]
    assert (row.source_line, row.raw, row.reason) == (4, b"3,\xff", "not utf-8: byte 3 of line 4")


def test_a_header_that_names_a_column_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="two columns named 'text'"):
        read(tmp_path / "a.csv", b"text,text\na,b\n")
    assert read(tmp_path / "b.csv", b"\n") == ([], [])


def test_a_truncated_table_loses_only_its_last_row(tmp_path):
    import gzip

    rows = b"".join(b"%d,%d\n" % (number, number * 7919) for number in range(20_000))
    data = gzip.compress(b"id,text\n" + rows)
    records, (row,) = read(tmp_path / "a.csv.gz", data[: len(data) // 2])
    assert len(records) > 5000
    assert row.source_line == len(records) + 2
    assert "ends before" in row.reason


@pytest.mark.parametrize("data", [b'id,"text\n1,a\n2,b\n', b"id,text\r1,a\r", b"id," + b"x" * 200 + b"\n1,a\n"])
def test_a_table_whose_names_cannot_be_read_is_refused_and_its_first_row_is_no_header(tmp_path, data):
    with pytest.raises(InputError, match="column names"):
        read(tmp_path / "a.csv", data, max_record_bytes=100)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("flags", ["PR002"]), ("flags", "[3]"), ("flags", {"a": 1}), ("copies", 3), ("copies", "3"), ("copies", True),
        ("similarity", 1), ("similarity", -0.0), ("author", {"name": "A"}), ("author", '["A"]'), ("mood", 0),
        ("mood", "0"), ("title", "x\0y"), ("title", ["x"]),
    ],
)  # fmt: skip
def test_a_cell_says_all_it_held_if_one_knows_whether_it_is_json(name, value):
    cell = cell_of(name, value)
    back = json.loads(cell) if is_json_cell(name, value) else value_of(name, cell)
    assert cells.same(back, value)
