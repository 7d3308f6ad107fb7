"""What can't become a record is set aside as it came, and nothing else is lost with it."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tools.errors import InputError
from corpus_tools.io.chunk import Quarantined
from corpus_tools.io.json_text import NotARecord, parse_record
from corpus_tools.io.read import Reader


def read(path: Path, data: bytes, **options: object) -> tuple[int, list[Quarantined]]:
    path.write_bytes(data)
    chunks = list(Reader([path], **options))  # type: ignore[arg-type]
    return sum(len(chunk.frame) for chunk in chunks), [row for chunk in chunks for row in chunk.quarantined]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": "A" "text": "B"}', "not JSON: a comma is missing at column 15"),
        (b'{"title": "A', "not JSON: a text that starts here never ends at column 11"),
        (b"{broken", "not JSON: a key in double quotes is missing at column 2"),
        (b'{"a": 1} {"b": 2}', "not JSON: something follows after the end of the value at column 10"),
        (b'{"a": NaN}', "not JSON: NaN is not JSON"),
        (b'{"a": -Infinity}', "not JSON: -Infinity is not JSON"),
        (b'{"a": 1e999}', "not read: a number is too large"),
        (b'["a"]', "JSON, but no object: a list"),
        (b'"a"', "JSON, but no object: a text"),
        (b"null", "JSON, but no object: null"),
        (b'{"a": 1, "a": 2}', "the key 'a' comes twice in one object"),
        (b'{"m": {"x y": 1, "x y": 2}}', "the key 'x y' comes twice in one object"),
        (b'{"a": "\xff"}', "not UTF-8: the byte 0xff at column 8"),
        (b'{"a": "\0"}', "a NUL byte at column 8"),
        (b'{"a": "\\ud83d"}', "half of a surrogate pair, \\ud83d, stands alone"),
        (b'{"a": "x\ty"}', "not JSON: a control character, such as a line break, stands inside a text at column 9"),
        (b'{"a": ' + b"[" * 3000 + b"]" * 3000 + b"}", "not read: objects or lists are nested more than 200 deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not read: a number has thousands of digits"),
    ],
)
def test_the_reason_is_a_sentence(line, reason):
    with pytest.raises(NotARecord) as said:
        parse_record(line)
    assert str(said.value) == reason


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": "he said \\"yes\\": no", "b" : 1}',
        b'{"key\\\\":1}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":"\\u0000"}',
        b" {}\r",
    ],
)
def test_odd_but_right_json_is_a_record(line):
    assert isinstance(parse_record(line), dict)


def test_integers_of_any_size_stay_integers():
    line = b'{"a": 123456789012345678901234, "b": [-9223372036854775809], "c": 1e300, "d": 18446744073709551615}'
    assert parse_record(line) == {
        "a": 123456789012345678901234, "b": [-9223372036854775809], "c": 1e300, "d": 18446744073709551615,
    }  # fmt: skip


def test_place_offset_and_bytes_are_those_of_the_line(tmp_path):
    good = '{"text":"Ça va"}\n'.encode()
    count, (first, second) = read(tmp_path / "a.jsonl", good + b"{bad\r\n\n" + good + b"\xff\xfe\n" + good)
    assert count == 3
    assert (first.source_line, first.offset, first.raw) == (2, len(good), b"{bad\r")
    assert (second.source_line, second.offset, second.raw) == (5, 2 * len(good) + 7, b"\xff\xfe")
    assert first.source_file.endswith("a.jsonl")


def test_a_line_over_the_limit_comes_in_parts_and_counts_once(tmp_path):
    long = b'{"text":"' + b"x" * 95 + b'"}'
    data = b'{"text":"a"}\n' + long + b'\n{"text":"b"}\n' + long
    count, parts = read(tmp_path / "a.jsonl", data, max_record_bytes=40, chunk_bytes=50)
    assert count == 2
    assert b"".join(part.raw for part in parts) == long + long
    assert [part.more for part in parts] == [True, True, False] * 2
    assert {part.source_line for part in parts} == {2, 4}
    assert all(len(part.raw) <= 40 for part in parts)
    assert [part.offset for part in parts[:3]] == [13, 53, 93]


def test_damage_between_two_lines_is_told_too(tmp_path, monkeypatch):
    packed = gzip.compress(b'{"text":"a"}\n')
    count, (row,) = read(tmp_path / "a.jsonl.gz", packed[:-4])
    assert (count, row.source_line, row.raw) == (1, 2, b"")
    assert "ends before it is complete" in row.reason


def test_a_binary_page_is_set_aside_whole(tmp_path):
    count, (row,) = read(tmp_path / "a.txt", b"\x89PNG\x00\x01", encoding="cp1252")
    assert (count, row.reason, row.raw) == (0, "a NUL byte", b"\x89PNG\x00\x01")
    count, parts = read(tmp_path / "b.txt", b"x" * 100, max_record_bytes=30)
    assert (count, b"".join(part.raw for part in parts)) == (0, b"x" * 100)
    assert [part.more for part in parts] == [True, True, True, False]


@given(data=st.binary(max_size=300), limit=st.sampled_from([5, 1 << 20]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_crash_the_reader_and_every_line_is_accounted_for(tmp_path, data, limit):
    """Records and quarantined rows together are the lines that are not blank."""
    count, aside = read(tmp_path / "a.jsonl", data, format="jsonl", encoding="utf-8", max_record_bytes=limit)
    if not data.startswith((b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"\xff\xfe", b"\xfe\xff", b"\0\0")):
        first, *rest = data.split(b"\n")
        blank = [not first.removeprefix(b"\xef\xbb\xbf").strip(), *(not line.strip() for line in rest)]
        lines = zip([first, *rest], blank, strict=True)
        expected = [line for line, is_blank in lines if not is_blank or len(line) > limit]
        assert count + sum(not row.more for row in aside) == len(expected)


@given(data=st.binary(max_size=200), form=st.sampled_from(["json", "csv", "tsv", "txt"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_crash_the_other_formats(tmp_path, data, form):
    # A header may name a column twice, or not decode.
    with contextlib.suppress(InputError) if form in ("csv", "tsv") else contextlib.nullcontext():
        read(tmp_path / "a.x", data, format=form)


@pytest.mark.parametrize("levels", [201, 400, 900, 990, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_how_deep_is_too_deep_depends_on_the_record_alone(levels, opening, closing):
    inner = opening * levels + ("1" if opening != "[" else "") + closing * levels
    with pytest.raises(NotARecord, match="nested more than 200 deep"):
        parse_record(f'{{"text": "a", "x": {inner}}}'.encode())
    inner = opening * 199 + "1" + closing * 199
    assert parse_record(f'{{"text": "a", "x": {inner}}}'.encode())["text"] == "a"
