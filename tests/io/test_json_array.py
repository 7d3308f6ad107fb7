"""JSON files: an array, one object, objects in a row, or JSON lines under the wrong name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tools import cells
from corpus_tools.io import stream
from corpus_tools.io.chunk import Quarantined
from corpus_tools.io.read import Reader, rows


def read(path: Path, data: bytes, **options: object) -> tuple[list[object], list[object], list[Quarantined]]:
    path.write_bytes(data)
    chunks = list(Reader([path], **options))  # type: ignore[arg-type]
    return (
        [value for chunk in chunks for value in cells.objects(chunk.frame, "text")],
        [value for chunk in chunks for value in cells.objects(chunk.frame, "source_line")],
        [row for chunk in chunks for row in chunk.quarantined],
    )


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_one_record_an_element(tmp_path, indent):
    records = [{"text": 'a "quoted" [x] {y}, \\', "tags": [{"k": [1]}]}, {"text": "b"}]
    assert read(tmp_path / "a.json", json.dumps(records, indent=indent).encode())[:2] == (
        ['a "quoted" [x] {y}, \\', "b"],
        [1, 2],
    )


@pytest.mark.parametrize(
    "data", [b'{"text":\n "a"}', b' [ {"text":"a"} ] \n', b'[{"text":"a"},]', b'\xef\xbb\xbf[{"text":"a"}]']
)
def test_one_object_is_one_record(tmp_path, data):
    assert read(tmp_path / "a.json", data) == (["a"], [1], [])


def test_objects_in_a_row_are_read_one_after_the_other(tmp_path):
    assert read(tmp_path / "a.json", b'{"text":\n"a"}\n{"text":\n"b"} {"text":"c"}')[0] == ["a", "b", "c"]
    assert read(tmp_path / "a.json", b'[{"text":"a"}]\n[{"text":"b"}]')[:2] == (["a", "b"], [1, 2])


def test_json_lines_called_json_are_read_as_lines(tmp_path):
    texts, lines, (bad,) = read(tmp_path / "a.json", b'{"text":"a"}\n{bad\n{"text":"b"}\n')
    assert (texts, lines) == (["a", "b"], [1, 3])
    assert bad.source_line == 2


def test_a_broken_element_does_not_take_the_others_with_it(tmp_path):
    data = b'[{"text":"a"}, {"text": nope}, 5, {"text":"b"} {"text":"c"}, {"text":"d"}]'
    texts, numbers, aside = read(tmp_path / "a.json", data)
    assert (texts, numbers) == (["a", "d"], [1, 5])
    assert [(row.source_line, row.raw) for row in aside] == [
        (2, b'{"text": nope}'), (3, b"5"), (4, b'{"text":"b"} {"text":"c"}'),
    ]  # fmt: skip
    assert all(data[row.offset :].startswith(row.raw) for row in aside)


def test_an_array_that_ends_early_says_so(tmp_path):
    texts, _, (row,) = read(tmp_path / "a.json", b'[{"text":"a"}, {"text":"b')
    assert texts == ["a"]
    assert (row.raw, row.reason) == (b'{"text":"b', "not JSON: the file ends inside this element")


def test_an_element_over_the_limit_comes_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "BLOCK_BYTES", 16)
    long = b'{"text":"' + b"x]" * 60 + b'"}'
    texts, numbers, parts = read(tmp_path / "a.json", b'[{"text":"a"},' + long + b',{"text":"b"}]', max_record_bytes=40)
    assert (texts, numbers) == (["a", "b"], [1, 3])
    assert b"".join(part.raw for part in parts) == long
    assert [part.more for part in parts] == [True] * (len(parts) - 1) + [False]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_read(tmp_path, encoding):
    assert read(tmp_path / "a.json", '[{"text":"Ça"},\n{"text":"市"}]'.encode(encoding))[0] == ["Ça", "市"]
    broken = (
        "[".encode("utf-16") + '{"text":"a"},{"text":"'.encode("utf-16-le") + b"\x00\xd8" + '"}]'.encode("utf-16-le")
    )
    texts, _, aside = read(tmp_path / "a.json", broken)
    assert (texts, len(aside)) == (["a"], 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("abc\"\\:{}[],é ", max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(records=st.lists(st.dictionaries(st.text('ab"\\:{}[],é ', max_size=4), JSON, max_size=4), max_size=5))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_array_is_taken_apart_into_its_elements(tmp_path, records):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(records))
    assert list(rows(path)) == records
