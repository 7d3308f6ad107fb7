"""A finding points at the value that is wrong: the text at its line and columns is that value."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corpus_tools.flags import Region
from corpus_tools.io.locate import Locator

from .corpus import check, found, record, text_at

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["/news", 'say "x"', "a\\b", "tab\there", "\u2028", "👩🏽‍🚀", "né\r\nez", "}]{[,:"]
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
NAMES = st.sampled_from(["id", "url", "title", "source", "author", "published_at", "language", "license", "x", 'k"\\'])
NESTED = st.fixed_dictionaries(
    {}, optional={"url": TEXTS, "title": TEXTS, "source": TEXTS, "author": st.lists(TEXTS, max_size=2)}
)
RECORDS = st.builds(
    lambda plain, nested, text: plain | nested | text,
    st.dictionaries(NAMES, VALUES, max_size=6),
    st.fixed_dictionaries({}, optional={"metadata": NESTED, "headline": TEXTS, "url_canonical": TEXTS}),
    st.fixed_dictionaries({}, optional={"text": TEXTS, "body": TEXTS, "content": VALUES}),
)
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a check takes too long to look for the smallest example
)


def behind(value: Any, key: tuple[str, ...]) -> Any:
    """The value that the keys lead to."""
    for name in key:
        value = value[name]
    return value


def holds(path: Path, text: str, records: dict[int, Any], parsed: Any = json.loads) -> int:
    """How many findings of the file there are; each must point at the value that its keys name."""
    count = 0
    with check(path) as report:
        for finding in report.findings:
            assert finding.region is not None
            written = text_at(text, finding.region)
            assert parsed(written, finding.key) == behind(records[finding.line], finding.key)
            if finding.key and len(written) <= 240:
                assert finding.value == written
            count += 1
    return count


def as_json(written: str, _key: tuple[str, ...]) -> Any:
    return json.loads(written)


@FEW
@given(st.lists(RECORDS, min_size=1, max_size=4), st.booleans(), st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_json_lines(tmp_path, records, ascii_only, end, marked):
    path = tmp_path / "a.jsonl"
    lines = [f"  {json.dumps(one, ensure_ascii=ascii_only)} " for one in records]
    text = end.join(lines) + end
    path.write_bytes(b"\xef\xbb\xbf" * marked + text.encode())
    step = 2 if end == "\n\n" else 1
    assert holds(path, text, {1 + step * at: one for at, one in enumerate(records)}, as_json)


@FEW
@given(st.lists(RECORDS, min_size=1, max_size=4), st.sampled_from([None, 0, 2]), st.booleans())
def test_an_array_that_spans_lines(tmp_path, records, indent, ascii_only):
    path = tmp_path / "a.json"
    text = "\n " + json.dumps(records, indent=indent, ensure_ascii=ascii_only) + "\n"
    path.write_bytes(text.encode())
    assert holds(path, text, dict(enumerate(records, 1)), as_json)


@FEW
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(("id", "headline", "text", "url", "x"), TEXTS)), min_size=1,
             max_size=4),
    st.sampled_from([",", ";", "\t"]), st.booleans(),
)  # fmt: skip
def test_tables(tmp_path, records, delimiter, all_quoted):
    path = tmp_path / "a.csv"
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    names = list(records[0])
    writer.writerow(names)
    lines = {}
    for one in records:
        lines[out.getvalue().count("\n") + 1] = one
        writer.writerow([one[name] for name in names])
    text = out.getvalue()
    path.write_bytes(text.encode())

    def cell(written: str, key: tuple[str, ...]) -> Any:
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)) or [[""]]
        return rows[0][0] if key else dict(zip(names, rows[0], strict=True))

    assert holds(path, text, lines, cell)


def test_the_key_is_the_one_the_file_has(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "body": "x", "metadata": {"url": "/news"}, "link": "/other"}) + "\n")
    keys = {(code, key) for code, _, key in found(path, steps=("validate",))}
    assert ("SC003", ("link",)) in keys
    path.write_text(json.dumps({"id": "a", "Where": "/news", "text": "x"}) + "\n")
    keys = {(code, key) for code, _, key in found(path, steps=("validate",), reading={"column_map": {"Where": "url"}})}
    assert ("SC003", ("Where",)) in keys


def test_a_value_that_is_not_there_is_shown_by_its_record(tmp_path):
    path = tmp_path / "a.jsonl"
    whole = json.dumps({name: value for name, value in record("a").items() if name != "license"})
    path.write_text(f"  {whole}\n")
    with check(path) as report:
        (finding,) = report.findings
    assert (finding.code, finding.key, finding.region) == ("PR005", (), Region(1, 3, 1, 3 + len(whole)))


def test_a_null_is_shown_where_it_stands(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(record("a", license=None)) + "\n")
    with check(path) as report:
        (finding,) = report.findings
        assert finding.value == "null"


def test_of_keys_that_differ_in_writing_only_the_right_one_is_shown(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x", "\\u0075rl": "/a", "x": {"url": "/b"}}\n')
    with check(path, steps=("validate",)) as report:
        assert [finding.value for finding in report.findings] == ['"/a"']


def test_a_broken_line_is_shown_whole(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "x"}\n{"text": \xe9}\r\n')
    with check(path, steps=("validate",)) as report:
        (finding,) = report.findings
    assert (finding.code, finding.region) == ("SC006", Region(2, 1, 2, 12))


def test_a_record_over_the_limit_has_its_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n' + json.dumps({"text": "y" * 200}) + "\n")
    with check(path, steps=("validate",), reading={"max_record_bytes": 60}) as report:
        (finding,) = report.findings
    assert (finding.code, finding.line) == ("SC006", 2)


def test_parquet_has_rows_and_no_regions(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["x", "y"], "url": ["https://a.example/1", "/news"]}), path)
    with check(path, steps=("validate",)) as report:
        (finding,) = report.findings
        assert not report.sources[finding.source].has_lines
    assert (finding.line, finding.column, finding.evidence, finding.region) == (2, "url", "/news", None)


def test_lines_of_compressed_files_are_those_of_what_is_in_them(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "x"}\n{"text": "y", "url": "/b"}\n'))
    with check(path, steps=("validate",)) as report:
        (finding,) = report.findings
    assert finding.region == Region(2, 22, 2, 26)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_columns_count_characters_of_any_encoding(tmp_path, encoding):
    path = tmp_path / "a.jsonl"
    text = '{"title": "né", "text": "x"}\n{"title": "é–é", "text": "y", "url": "/b"}\n'
    path.write_bytes(text.encode(encoding))
    reading = {"encoding": "cp1252"} if encoding == "cp1252" else {}
    with check(path, steps=("validate",), reading=reading) as report:
        (finding,) = report.findings
    assert text_at(text, finding.region) == '"/b"'


def test_a_record_points_at_the_file_that_is_read_and_not_at_the_one_it_came_from(tmp_path):
    path = tmp_path / "clean.jsonl"
    rows = [{"text": "x", "source_file": "raw.jsonl", "source_line": 7},
            {"text": "y", "url": "/b", "source_file": "raw.jsonl", "source_line": 9}]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with check(path, steps=("validate",)) as report:
        (finding,) = report.findings
        assert (report.sources[finding.source].path, finding.line) == (str(path), 2)


def test_a_locator_answers_for_one_record_as_often_as_it_is_asked(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n\n{"text": "y"}\n')
    locator = Locator(str(path))
    assert [locator.value(3, column).written for column in ("text", "text", None)] == ['"y"', '"y"', '{"text": "y"}']
    assert locator.value(4, "text") is None
    locator.close()


def test_the_place_does_not_depend_on_the_chunk_size(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": "x", "url": f"/{at}"}) + "\nbroken\n" for at in range(7)))
    told = []
    for rows in (1, 3, 100):
        with check(path, reading={"chunk_rows": rows}) as report:
            told.append(list(report.findings))
    assert told[0] == told[1] == told[2]
    assert [one.line for one in told[0]] == sorted(one.line for one in told[0])
