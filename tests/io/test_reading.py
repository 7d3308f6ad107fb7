"""Reading: paths, formats, compression, chunks, and what the manifest learns."""

from __future__ import annotations

import bz2
import errno
import gzip
import hashlib
import io
import json
import lzma
import os
import sys
from pathlib import Path

import pytest
import zstandard

from corpus_tools import cells
from corpus_tools.errors import InputError, UnknownName, UsageError
from corpus_tools.io.read import Reader, read_chunks, read_frame, rows
from corpus_tools.io.sources import find_sources

LINES = b'{"id":"0012","text":"The ferry sails.","views":7}\n\n{"id":"b","text":"It rains.","views":null}\n'
PACK = {
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def ids(reader: Reader) -> list[str]:
    return [value for chunk in reader for value in cells.objects(chunk.frame, "id")]


@pytest.fixture
def stdin(monkeypatch):
    def feed(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return feed


def test_values_keep_their_type_and_the_place_is_the_line(tmp_path):
    """An id with zeros stays text, an integer stays an integer, and a blank line is counted but not read."""
    (chunk,) = Reader([write(tmp_path / "a.jsonl", LINES)])
    assert cells.objects(chunk.frame, "id") == ["0012", "b"]
    assert cells.objects(chunk.frame, "views") == [7, None]
    assert cells.objects(chunk.frame, "source_line") == [1, 3]
    assert chunk.changes == []
    assert chunk.layouts[0] is chunk.layouts[1]
    assert {name: str(dtype) for name, dtype in chunk.frame.dtypes.items()} == {
        "id": "str", "text": "str", "views": "object", "source_file": "str", "source_line": "int64",
    }  # fmt: skip


@pytest.mark.parametrize("ending", PACK)
def test_compression_is_told_by_the_bytes_not_by_the_name(tmp_path, ending):
    path = write(tmp_path / "a.jsonl", PACK[ending](LINES) + PACK[ending](LINES.replace(b'"b"', b'"c"')))
    reader = Reader([path])
    assert ids(reader) == ["0012", "b", "0012", "c"]
    assert reader.inputs[0].compression == {"gz": "gzip", "zst": "zstd", "bz2": "bzip2", "xz": "xz"}[ending]


@pytest.mark.parametrize("ending", PACK)
def test_what_comes_before_the_damage_is_kept(tmp_path, ending):
    """A truncated archive gives its whole lines, and the loss is one quarantined row with the reason."""
    lines = [json.dumps({"id": str(n), "text": hashlib.sha256(str(n).encode()).hexdigest() * 9}) for n in range(4000)]
    packed = PACK[ending]("\n".join(lines).encode() + b"\n")
    reader = Reader([write(tmp_path / f"a.jsonl.{ending}", packed[: len(packed) * 2 // 3])])
    chunks = list(reader)
    found = [value for chunk in chunks for value in cells.objects(chunk.frame, "id")]
    assert found == [str(n) for n in range(len(found))]
    (broken,) = [row for chunk in chunks for row in chunk.quarantined]
    assert "ends before it is complete" in broken.reason
    assert broken.source_line == len(found) + 1
    assert len(found) > 1000


def test_a_corrupt_archive_gives_the_lines_before_the_damage(tmp_path):
    lines = b"".join(
        b'{"id":"%d","text":"%s"}\n' % (n, hashlib.sha256(b"%d" % n).hexdigest().encode()) for n in range(9999)
    )
    packed = bytearray(gzip.compress(lines))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = b"\xff" * 64
    reader = Reader([write(tmp_path / "a.jsonl.gz", bytes(packed))])
    assert len(ids(reader)) > 3000
    assert reader.inputs[0].quarantined >= 1
    assert reader.inputs[0].sha256 == hashlib.sha256(packed).hexdigest()


def test_the_manifest_learns_hash_size_and_counts(tmp_path):
    packed = gzip.compress(LINES + b"{broken\n")
    reader = Reader([write(tmp_path / "a.jsonl.gz", packed)])
    list(reader)
    (report,) = reader.inputs
    assert (report.format, report.encoding, report.records, report.quarantined) == ("jsonl", "utf-8", 2, 1)
    assert (report.bytes, report.sha256) == (len(packed), hashlib.sha256(packed).hexdigest())
    assert reader.bytes_read == reader.bytes_total == len(packed)


def test_every_chunk_has_a_text_column_and_the_reader_knows_what_came(tmp_path):
    """Whether a step can run must not depend on where chunks are cut."""
    reader = Reader([write(tmp_path / "a.jsonl", b'{"headline":"x"}\n{"headline":"y","lang":"en"}\n')], chunk_rows=1)
    assert [cells.objects(chunk.frame, "text") for chunk in reader] == [[None], [None]]
    assert reader.names == ["title", "language"]


def test_limit_counts_records_and_leaves_the_hash_open(tmp_path):
    path = write(tmp_path / "a.jsonl", LINES * 100_000)
    reader = Reader([path, path], limit=1)
    assert ids(reader) == ["0012"]
    assert len(reader.inputs) == 1
    assert reader.inputs[0].sha256 is None


@pytest.mark.parametrize("chunk_rows", [1, 2, 7, 1000])
def test_the_chunk_size_changes_nothing_but_the_cuts(tmp_path, chunk_rows):
    data = LINES * 4 + b'{"title":"x"}\n{bad\n' + LINES + b"\xff\n" + b'{"text":"x","date":"13/02/2023"}\n' * 3
    path = write(tmp_path / "a.jsonl", data)

    def flat(size: int) -> list[object]:
        out: list[object] = []
        at = 0
        for chunk in Reader([path, path], chunk_rows=size):
            for row, record in enumerate(chunk.frame.astype(object).to_dict("records")):
                values = {k: v for k, v in record.items() if v is not None and v == v}
                out.append((at + row, values, chunk.layouts[row]))
                out += [("change", at + c.row, c.column, c.old, c.new, c.rule) for c in chunk.changes if c.row == row]
                out += [("finding", at + f.row, f.code, f.evidence) for f in chunk.findings if f.row == row]
            at += len(chunk.frame)
        return out

    assert flat(chunk_rows) == flat(10_000)


def test_big_records_cut_a_chunk_early(tmp_path):
    path = write(tmp_path / "a.jsonl", b'{"text":"' + b"x" * 500 + b'"}\n' + LINES)
    assert [len(chunk.frame) for chunk in Reader([path], chunk_bytes=400)] == [1, 2]


def test_a_pipe_is_json_lines_unless_its_bytes_say_otherwise(stdin):
    stdin(LINES)
    assert ids(Reader(["-"])) == ["0012", "b"]
    stdin(gzip.compress(LINES))
    assert ids(Reader(["-"])) == ["0012", "b"]
    stdin(b'[{"id":"a","text":"x"},\n {"id":"b","text":"y"}]')
    reader = Reader(["-"])
    assert ids(reader) == ["a", "b"]
    assert reader.bytes_total is None
    assert reader.sources == ["-"]
    stdin(b'[1]\n{"id":"a"}\n')
    reader = Reader(["-"])
    assert ids(reader) == ["a"]
    assert reader.inputs[0].quarantined == 1


def test_a_folder_means_every_file_below_it_that_we_read(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "b.jsonl", b'{"id":"b"}\n')
    write(tmp_path / "a.csv", b"id,text\na,x\n")
    write(tmp_path / "page.html", b"<html>")
    write(tmp_path / ".hidden.jsonl", b'{"id":"no"}\n')
    assert ids(Reader([tmp_path])) == ["a", "b"]
    assert ids(Reader([tmp_path], format="jsonl")) == ["b"]


def test_a_glob_that_the_shell_left_is_expanded_in_order(tmp_path):
    for name in ("b", "a"):
        write(tmp_path / f"{name}.jsonl", b'{"id":"%s"}\n' % name.encode())
    assert ids(Reader([str(tmp_path / "*.jsonl")])) == ["a", "b"]


def test_a_missing_file_is_named_with_what_to_type(tmp_path):
    write(tmp_path / "corpus.jsonl", LINES)
    with pytest.raises(InputError, match=r"Did you mean .*corpus\.jsonl"):
        Reader([tmp_path / "corps.jsonl"])
    with pytest.raises(InputError, match=r"is an address, .* e\.g\. curl -LO https://feed\.example/may\.jsonl;"):
        Reader(["https://feed.example/may.jsonl"])
    with pytest.raises(InputError, match="holds nothing"):
        Reader([write_folder(tmp_path / "empty")])


def write_folder(path: Path) -> str:
    path.mkdir()
    return str(path)


@pytest.mark.parametrize(
    ("name", "data", "tool"),
    [
        ("a.html", b"<p>", "trafilatura"),
        ("a.warc.gz", b"WARC/1.0", "fastwarc"),
        ("a.rss", b"<rss>", "feedparser"),
        ("a.txt", b"\n<!DOCTYPE html><html>", "trafilatura"),
        ("a.jsonl", b'<?xml version="1.0"?><feed>', "feedparser"),
    ],
)
def test_pages_archives_and_feeds_are_refused_with_the_tool_to_use(tmp_path, name, data, tool):
    path = write(tmp_path / name, data)
    with pytest.raises(UsageError, match=tool):
        list(Reader([path]))


def test_unknown_formats_and_encodings_are_wrong_usage(tmp_path):
    path = write(tmp_path / "a.jsonl", LINES)
    with pytest.raises(UnknownName, match="jsonl"):
        Reader([path], format="jsnl")
    with pytest.raises(UsageError, match="utf-9"):
        Reader([path], encoding="utf-9")


def test_a_reader_is_read_once(tmp_path):
    reader = Reader([write(tmp_path / "a.jsonl", LINES)])
    list(reader)
    with pytest.raises(UsageError, match="once"):
        list(reader)


def test_a_text_file_is_one_record(tmp_path):
    page = "Arah Baru\r\n\r\nThe ferry sails again.\r\n"
    (chunk,) = Reader([write(tmp_path / "p.txt", page.encode()), write(tmp_path / "q.txt", b"")])
    assert cells.objects(chunk.frame, "text") == [page, ""]
    assert cells.objects(chunk.frame, "source_line") == [1, 1]
    assert chunk.layouts[0].keys == ("text",)


def test_read_frame_gives_one_frame_and_says_what_it_left_out(tmp_path):
    path = write(tmp_path / "a.jsonl", LINES + b"{broken\n" + b'{"id":"c","text":"x","date":"soon","views":1}\n')
    with pytest.warns(UserWarning, match=r"1 rows could not be read.*a.jsonl:4"):
        frame = read_frame(path, chunk_rows=1)
    assert frame["id"].to_list() == ["0012", "b", "c"]
    assert cells.objects(frame, "flags") == [None, None, ["PR020"]]
    assert [len(part) for part in read_chunks(write(tmp_path / "b.jsonl", LINES), chunk_rows=1)] == [1, 1]
    assert list(read_frame(write(tmp_path / "c.jsonl", b"")).columns) == ["id", "source_file", "source_line", "text"]


def test_rows_gives_our_own_files_back_as_they_are(tmp_path):
    path = write(tmp_path / "a.jsonl", b'{"published":"x","flags":["PR001"]}\n')
    assert list(rows(path)) == [{"published": "x", "flags": ["PR001"]}]
    with pytest.raises(InputError, match=r"b\.jsonl:1: not JSON"):
        list(rows(write(tmp_path / "b.jsonl", b"{\n")))


def test_a_folder_or_glob_leaves_out_what_a_run_wrote_beside_its_records(tmp_path):
    for name in ("raw.jsonl", "out.jsonl", "out.ledger.jsonl", "out.findings.jsonl", "out.run.json"):
        write(tmp_path / name, LINES)
    names = ["out.jsonl", "raw.jsonl"]
    assert [Path(path).name for path in Reader([tmp_path]).paths] == names
    assert [Path(path).name for path in Reader([tmp_path / "*.jsonl"]).paths] == names


def test_a_locked_folder_among_others_is_told_and_not_passed_over(tmp_path, monkeypatch):
    write_folder(tmp_path / "open")
    (tmp_path / "open" / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    write_folder(tmp_path / "locked")
    write_folder(tmp_path / ".hidden")
    scan = os.scandir

    def locked(path):
        if Path(path).name in ("locked", ".hidden"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", locked)
    with pytest.raises(InputError, match="locked can't be opened: permission denied"):
        find_sources([tmp_path])
    (tmp_path / "locked").rmdir()
    assert find_sources([tmp_path]) == [str(tmp_path / "open" / "a.jsonl")]


def test_a_link_that_leads_nowhere_is_told_by_name_and_in_a_folder(tmp_path):
    write(tmp_path / "a.jsonl", LINES)
    (tmp_path / "b.jsonl").symlink_to("gone.jsonl")
    for path in (tmp_path / "b.jsonl", tmp_path):
        with pytest.raises(InputError, match=r"b\.jsonl is a link to gone\.jsonl, and nothing is there"):
            Reader([path])


@pytest.mark.parametrize(
    ("name", "head"), [("a.zip", b""), ("a.jsonl", b"PK\x03\x04"), ("a.pdf", b""), ("b", b"%PDF-1.7")]
)
def test_archives_and_documents_are_refused_with_the_tool_that_opens_them(tmp_path, name, head):
    with pytest.raises(UsageError, match=r"is an archive.*unzip|is a document.*pdftotext"):
        list(Reader([write(tmp_path / name, head)]))


def test_a_line_of_utf16_without_a_mark_is_told_which_option_to_use(tmp_path):
    (chunk,) = Reader([write(tmp_path / "a.jsonl", LINES.decode().encode("utf-16-le"))])
    assert "--encoding utf-16-le" in chunk.quarantined[0].reason
