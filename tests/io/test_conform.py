"""The contract on reading: names, ids, times, and a ledger of all that was touched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from corpus_tools import cells
from corpus_tools.errors import UsageError
from corpus_tools.io import identity
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.conform import make_chunk
from corpus_tools.io.draft import frame_chunk
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.identity import Ids, id_key
from corpus_tools.rules import load


def chunk_of(*records: dict[str, Any], column_map: dict[str, str] | None = None) -> Chunk:
    places = [("a", line) for line, _ in enumerate(records, 1)]
    return make_chunk(records, places, FieldMap(column_map), Ids())


def cell(chunk: Chunk, column: str, row: int = 0) -> Any:
    value = cells.objects(chunk.frame, column)[row]
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, pd.Timestamp) else value


def changes(chunk: Chunk, *columns: str) -> list[tuple[Any, ...]]:
    return [(c.row, c.column, c.old, c.new, c.rule) for c in chunk.changes if c.column in columns]


EXAMPLES = [
    pytest.param(row["column"], example["given"], example.get("expected"), id=f"{row['column']}-{number}")
    for row in load.rows("fields", "field")
    for number, example in enumerate(row["examples"])
]


@pytest.mark.parametrize(("column", "record", "expected"), EXAMPLES)
def test_every_row_of_the_table_holds_on_its_own_examples(column, record, expected):
    assert cell(chunk_of(record), column) == expected


def test_no_name_of_the_table_is_a_name_of_ours():
    """A key under one of our names is ours, and never another column."""
    for row in load.rows("fields", "field"):
        names = [*row.get("names", []), *row.get("last", [])]
        assert len(set(names)) == len(names)
        assert not set(names) & {other["column"] for other in load.rows("fields", "field")}


def test_a_known_name_is_renamed_and_that_is_no_change():
    chunk = chunk_of({"id": "1", "headline": "A", "maintext": "B", "date_publish": "2023-05-14T10:00:00Z"})
    assert list(chunk.frame.columns) == ["id", "title", "text", "published_at", "source_file", "source_line"]
    assert chunk.layouts[0].renamed == (("headline", "title"), ("maintext", "text"), ("date_publish", "published_at"))
    assert chunk.layouts[0].names == ("id", "title", "text", "published_at")
    assert chunk.changes == []


def test_our_own_name_wins_and_another_fills_only_what_is_null():
    chunk = chunk_of(
        {"id": "1", "title": "A", "headline": "B", "text": "x"},
        {"id": "2", "title": None, "headline": "B", "text": "x"},
    )
    assert cells.objects(chunk.frame, "title") == ["A", "B"]
    assert cells.objects(chunk.frame, "headline") == ["B", "B"]
    assert changes(chunk, "title") == [(1, "title", None, "B", "headline")]


def test_nested_values_are_copied_and_never_moved():
    meta = {"url": "https://example.com/a", "lang": "ms", "deep": {"x": 1}}
    chunk = chunk_of({"id": "1", "text": "x", "metadata": meta})
    assert (cell(chunk, "url"), cell(chunk, "language"), cell(chunk, "metadata")) == (
        "https://example.com/a",
        "ms",
        meta,
    )
    assert [change[1:] for change in changes(chunk, "url", "language")] == [
        ("url", None, "https://example.com/a", "metadata.url"),
        ("language", None, "ms", "metadata.lang"),
    ]
    assert chunk.layouts[0].keys == ("id", "text", "metadata")


def test_an_object_is_no_text():
    chunk = chunk_of({"id": "1", "text": "x", "publisher": {"name": "Example News"}}, {"id": "2", "body": {"p": 1}})
    assert cells.objects(chunk.frame, "source") == ["Example News", None]
    assert chunk.layouts[1].renamed == ()
    chunk = chunk_of({"id": "1", "author": [{"name": "A. Lim"}, {"name": "B. Tan"}]})
    assert cell(chunk, "author") == ["A. Lim", "B. Tan"]
    assert changes(chunk, "author") == [
        (0, "author", [{"name": "A. Lim"}, {"name": "B. Tan"}], ["A. Lim", "B. Tan"], "name")
    ]


def test_the_layout_of_one_record_does_not_depend_on_its_neighbours():
    records = [{"id": "1", "body": "x"}, {"id": "2", "text": None, "body": "y"}, {"id": "3", "text": "z"}]
    together = chunk_of(*records)
    assert cells.objects(together.frame, "text") == ["x", "y", "z"]
    assert cells.objects(together.frame, "body") == [None, "y", None]
    assert together.layouts == [chunk_of(record).layouts[0] for record in records]


def test_a_map_of_the_caller_goes_before_the_table():
    record = {"id": "1", "body": "x", "story_html": "y", "when": "2023-05-14"}
    chunk = chunk_of(record, column_map={"story_html": "text", "when": "published_at", "body": "teaser"})
    assert (cell(chunk, "text"), cell(chunk, "teaser")) == ("y", "x")
    assert dict(chunk.layouts[0].renamed) == {"story_html": "text", "when": "published_at", "body": "teaser"}


def test_times_get_one_form_and_the_ledger_keeps_the_other():
    chunk = chunk_of(
        {"id": "1", "published": "Sun, 14 May 2023 18:00:00 +0800"},
        {"id": "2", "published": "2023-05-14T10:00:00Z"},
        {"id": "3", "published": "01/02/2023"},
        {"id": "4", "published": 1684058400},
        {"id": "5", "published": ""},
    )
    assert str(chunk.frame["published_at"].dtype) == "datetime64[us, UTC]"
    form = "2023-05-14T10:00:00Z"
    assert [cell(chunk, "published_at", row) for row in range(5)] == [form, form, None, form, None]
    assert [change[:4] for change in changes(chunk, "published_at")] == [
        (0, "published_at", "Sun, 14 May 2023 18:00:00 +0800", form),
        (2, "published_at", "01/02/2023", None),
        (3, "published_at", 1684058400, form),
        (4, "published_at", "", None),
    ]
    assert [(f.row, f.code, f.column, f.evidence) for f in chunk.findings] == [
        (2, "PR020", "published_at", "01/02/2023")
    ]


def test_ids_are_made_from_the_content_and_numbered_where_it_repeats():
    chunk = chunk_of(
        {"text": "x"}, {"text": "x", "verdict": "keep"}, {"text": "y"}, {"text": "x"}, {"text": "x", "id": None}
    )
    ids = cells.objects(chunk.frame, "id")
    assert ids[1] == f"{ids[0]}-2"
    assert ids[3] == f"{ids[0]}-3"
    assert len(ids[0]) == 16
    assert len(set(ids)) == 5
    assert [change[2] for change in changes(chunk, "id")] == [None] * 5
    assert cells.objects(chunk_of({"text": "x"}).frame, "id") == ids[:1]


def test_a_number_as_id_becomes_text():
    chunk = chunk_of({"id": 12, "text": "x"}, {"id": "0012", "text": "x"})
    assert cells.objects(chunk.frame, "id") == ["12", "0012"]
    assert changes(chunk, "id") == [(0, "id", 12, "12", "written as text")]


def test_an_id_given_twice_is_kept_and_flagged():
    chunk = chunk_of({"id": "a", "text": "x"}, {"id": "b", "text": "y"}, {"id": "a", "text": "z"})
    assert cells.objects(chunk.frame, "id") == ["a", "b", "a"]
    assert [(f.row, f.code, f.evidence) for f in chunk.findings] == [(2, "SC004", "a")]


def test_a_brought_place_that_does_not_hold_stays_in_the_ledger():
    records = [{"id": "1", "source_file": "raw", "source_line": 3}, {"id": "2", "source_file": "raw"}]
    chunk = make_chunk(records, [("raw", 3), ("out", 2)], FieldMap(), Ids())
    assert changes(chunk, "source_file", "source_line") == [
        (1, "source_file", "raw", "out", "the place it was read from")
    ]


def test_wrong_types_are_left_for_validation():
    chunk = chunk_of({"id": "1", "title": 5, "text": ["a"]}, {"id": "2", "title": "x", "text": "y"})
    assert cells.objects(chunk.frame, "title") == [5, "x"]
    assert cells.objects(chunk.frame, "text") == [["a"], "y"]


def test_a_frame_of_any_make_becomes_a_chunk_and_stays_as_it_is():
    df = pd.DataFrame(
        {
            "body": pd.array(["a", None, "c"], dtype="string"),
            "published": pd.to_datetime(["2023-05-14", None, "2023-05-15"]),
            "views": [1.0, np.nan, 3.0],
            "section": pd.Categorical(["x", "y", "x"]),
            "tags": [["a"], None, np.array(["b"])],
            7: [1, 2, 3],
        },
        index=[5, 5, 9],
    )
    before = df.copy(deep=True)
    chunk = frame_chunk(df, {"body": "text"})
    pd.testing.assert_frame_equal(df, before)
    assert list(chunk.frame.columns) == [
        "text",
        "published_at",
        "views",
        "section",
        "tags",
        "7",
        "id",
        "source_file",
        "source_line",
    ]
    assert cells.objects(chunk.frame, "tags") == [["a"], None, ["b"]]
    assert cells.objects(chunk.frame, "views") == [1.0, None, 3.0]
    assert cells.objects(chunk.frame, "source_file") == ["frame"] * 3
    assert list(chunk.frame.index) == [0, 1, 2]
    assert changes(chunk, "published_at") == []


def test_a_zone_of_its_own_is_a_change():
    df = pd.DataFrame({"id": ["1"], "text": ["x"], "published_at": pd.to_datetime(["2023-05-14T18:00:00+08:00"])})
    assert changes(frame_chunk(df), "published_at") == [
        (0, "published_at", "2023-05-14T18:00:00+08:00", "2023-05-14T10:00:00Z", "written in one form")
    ]


@pytest.mark.parametrize("df", [pd.DataFrame(), pd.DataFrame({"text": []}), pd.DataFrame(index=[1, 2])])
def test_frames_without_rows_or_columns_work(df):
    chunk = frame_chunk(df)
    assert len(chunk.frame) == len(df) == len(chunk.layouts)
    assert {"id", "source_file", "source_line"} <= set(chunk.frame.columns)
    assert "text" not in chunk.frame.columns or "text" in df.columns  # so that a step can say what is missing


def test_two_columns_of_one_name_are_wrong_usage():
    with pytest.raises(UsageError, match="two columns named 'a'"):
        frame_chunk(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_half_a_surrogate_pair_in_a_frame_is_survived():
    chunk = frame_chunk(pd.DataFrame({"text": pd.Series(["\ud83d", "x"], dtype=object)}))
    assert cells.objects(chunk.frame, "text") == ["\ud83d", "x"]


def test_ids_are_remembered_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_RECENT", 7)
    ids = Ids()
    names = [f"r{number * number % 1009}" for number in range(2000)]
    first = [name not in names[:number] for number, name in enumerate(names)]
    assert [ids.number((id_key(name), None)) == 1 for name in names] == first
    assert [ids.number((id_key("made"), "made")) for _ in range(40)] == list(range(1, 41))
