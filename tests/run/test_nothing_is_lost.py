"""Promise 1: every row ends in exactly one place, and the input can be rebuilt."""

import gzip
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tools.contract import COLUMNS
from corpus_tools.errors import InputError, PromiseBroken, UsageError
from corpus_tools.restore import find_outputs, restored_records
from corpus_tools.run import Settings, run

from ..conftest import FIXTURES, jsonl

CORPORA = [
    ["raw_news.jsonl"],
    ["dolma.jsonl"],
    ["briefs.csv"],
    ["pages"],
    ["raw_news.jsonl", "dolma.jsonl", "briefs.csv", "pages"],
]


def lines_of(path: Path) -> list[object]:
    """What a JSONL file says, line by line: values where a line is JSON, else its bytes."""
    said: list[object] = []
    for line in path.read_bytes().split(b"\n"):
        if line.strip():
            try:
                said.append(json.loads(line))
            except ValueError:
                said.append(line)
    return said


def put_back(out: Path, audit: Path | None = None) -> list[object]:
    """The restored input, in the same form."""
    said: list[object] = []
    for record in restored_records(find_outputs(out, audit)):
        if isinstance(record, dict):
            said.append(record)
            continue
        try:
            said.append(json.loads(record))
        except ValueError:
            said.append(record.rstrip(b"\n"))
    return said


@pytest.mark.parametrize("corpora", CORPORA, ids=" + ".join)
def test_every_row_ends_in_one_place(tmp_path: Path, corpora: list[str]) -> None:
    out = tmp_path / "out.jsonl"
    manifest = run([str(FIXTURES / "corpora" / name) for name in corpora], Settings(output=str(out))).manifest
    counts = manifest["counts"]
    assert counts["read"] == counts["kept"] + counts["removed"] + counts["quarantined"]
    assert len(jsonl(out)) == counts["kept"]
    assert len(jsonl(tmp_path / "out.removed.jsonl")) == counts["removed"]
    assert len(jsonl(tmp_path / "out.quarantine.jsonl")) == counts["quarantined"]


def test_every_removed_copy_names_a_kept_record(tmp_path: Path, raw: Path) -> None:
    out = tmp_path / "out.jsonl"
    run([str(raw)], Settings(output=str(out)))
    kept = {record["id"] for record in jsonl(out)}
    removed = jsonl(tmp_path / "out.removed.jsonl")
    assert removed
    assert {record["duplicate_of"] for record in removed} <= kept


@pytest.mark.parametrize("name", ["raw_news.jsonl", "dolma.jsonl"])
@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv", ".jsonl.gz"])
def test_restore_rebuilds_the_input_from_any_format(tmp_path: Path, name: str, suffix: str) -> None:
    source, out = FIXTURES / "corpora" / name, tmp_path / f"out{suffix}"
    run([str(source)], Settings(output=str(out)))
    came = lines_of(source)
    back = put_back(out)
    assert back == came
    assert [list(record) for record in back if isinstance(record, dict)] == [
        list(record) for record in came if isinstance(record, dict)
    ]


def test_restore_rebuilds_pages_and_tables(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run([str(FIXTURES / "corpora" / "pages"), str(FIXTURES / "corpora" / "briefs.csv")], Settings(output=str(out)))
    first, second, *table = put_back(out)
    assert first == {"text": (FIXTURES / "corpora/pages/arah_tin.txt").read_text(encoding="utf-8")}
    assert second == {"text": (FIXTURES / "corpora/pages/talica.txt").read_text(encoding="cp1251")}
    assert list(table[0]) == ["id", "link", "headline", "body", "lang", "pubDate", "desk"]
    assert table[0]["pubDate"] == "Thu, 11 Jan 2024 07:00:00 +0100"


def test_restore_works_after_marking_and_after_single_steps(tmp_path: Path, raw: Path) -> None:
    for settings in (
        Settings(output=str(tmp_path / "marked.jsonl"), remove=False),
        Settings(output=str(tmp_path / "one.jsonl"), steps=("fix_encoding", "strip_furniture"), remove=False),
    ):
        run([str(raw)], settings)
        assert put_back(Path(settings.output)) == lines_of(raw)


def test_cleaning_the_clean_changes_nothing(tmp_path: Path, raw: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    run([str(raw)], Settings(output=str(first)))
    run([str(first)], Settings(output=str(second)))
    assert second.read_bytes() == first.read_bytes()


def test_marking_the_marked_changes_nothing(tmp_path: Path, raw: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    run([str(raw)], Settings(output=str(first), remove=False))
    run([str(first)], Settings(output=str(second), remove=False))
    assert jsonl(second) == jsonl(first)


def test_a_second_run_can_be_restored_too(tmp_path: Path, raw: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    run([str(raw)], Settings(output=str(first), steps=("validate", "detect_language"), remove=False))
    run([str(first)], Settings(output=str(second)))
    assert put_back(second) == lines_of(first)


@pytest.mark.parametrize("chunk_rows", [1, 7])
def test_all_outputs_are_the_same_bytes_for_any_chunk_size(tmp_path: Path, raw: Path, chunk_rows: int) -> None:
    inputs = [str(raw), str(FIXTURES / "corpora" / "dolma.jsonl"), str(FIXTURES / "corpora" / "pages")]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    run(inputs, Settings(output=str(tmp_path / "a" / "out.jsonl")))
    run(inputs, Settings(output=str(tmp_path / "b" / "out.jsonl"), reading={"chunk_rows": chunk_rows}))
    for kind in ("", ".removed", ".quarantine", ".ledger", ".findings"):
        assert (tmp_path / "a" / f"out{kind}.jsonl").read_bytes() == (tmp_path / "b" / f"out{kind}.jsonl").read_bytes()


def test_compressed_input_gives_the_same_records(tmp_path: Path, raw: Path) -> None:
    packed = tmp_path / "raw.jsonl.gz"
    packed.write_bytes(gzip.compress(raw.read_bytes()))
    for source, name in ((raw, "plain"), (packed, "packed")):
        run([str(source)], Settings(output=str(tmp_path / f"{name}.jsonl")))
    plain, unpacked = jsonl(tmp_path / "plain.jsonl"), jsonl(tmp_path / "packed.jsonl")
    for record in plain + unpacked:
        del record["source_file"]
    assert plain == unpacked


ALIENS = [
    {"a": 1},
    [1, "x", None],
    "x",
    "[1]",
    7,
    -5,
    1.0,
    True,
    "",
    [],
    None,
    [{"role": 3, "start": "a"}],
    2**70,
    "x\0y",
]


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv"])
def test_columns_of_our_names_with_anything_in_them_come_back(tmp_path: Path, suffix: str) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / f"out{suffix}"
    text = "KUALA LUMPUR, May 14 (Bernama) -- The ferry sails again on Thursday.\nYou may also like\nNumber"
    records = [
        {"text": f"{text} {number}", name: value}
        for number, (name, value) in enumerate(itertools.product(COLUMNS, ALIENS))
    ]
    records += [dict.fromkeys(COLUMNS, value) for value in ALIENS]
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    run([str(source)], Settings(output=str(out)))
    # As texts, for 1 == 1.0 == True.
    assert [json.dumps(record) for record in put_back(out)] == [json.dumps(json.loads(json.dumps(r))) for r in records]


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_whole_numbers_in_a_column_of_shares_stay_whole(tmp_path: Path, suffix: str) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / f"out{suffix}"
    source.write_text('{"text":"a","similarity":1}\n{"text":"b","similarity":9007199254740993}\n')
    run([str(source)], Settings(output=str(out), steps=("decide",)))
    assert [type(record["similarity"]) for record in put_back(out)] == [int, int]
    assert put_back(out) == lines_of(source)


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_a_piped_run_in_any_format_comes_back_from_its_audit(tmp_path: Path, raw: Path, suffix: str) -> None:
    format, audit = suffix.removeprefix("."), tmp_path / "audit"  # noqa: A001  # the user's word
    with (tmp_path / f"out{suffix}").open("wb") as out:
        command = [sys.executable, "-m", "corpus_tools", "clean", raw, "--audit", audit, "--to", format, "--quiet"]
        subprocess.run([str(part) for part in command], stdout=out, check=True)
    assert put_back(tmp_path / f"out{suffix}", audit) == lines_of(raw)


def test_the_format_that_to_named_is_remembered(tmp_path: Path, raw: Path) -> None:
    run([str(raw)], Settings(output=str(tmp_path / "out.data"), output_format="csv"))
    assert put_back(tmp_path / "out.data") == lines_of(raw)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:-2], "rows, and the run wrote"),
        (lambda lines: lines[1:], "rows, and the run wrote"),
        (lambda lines: lines[::-1], "not in the order"),
        (lambda lines: [*lines, lines[-1]], "not in the order"),
        (lambda lines: [line.replace('"text"', '"body"') for line in lines], "lost the text"),
        (lambda lines: [line.replace('"source_line"', '"line"') for line in lines], "lost its 'source_line'"),
    ],
)
def test_outputs_that_were_changed_after_the_run_are_not_passed_off_as_the_input(
    tmp_path: Path, raw: Path, change: Callable[[list[str]], list[str]], said: str
) -> None:
    out = tmp_path / "out.jsonl"
    run([str(raw)], Settings(output=str(out)))
    out.write_text("\n".join(change(out.read_text(encoding="utf-8").splitlines())), encoding="utf-8")
    with pytest.raises(PromiseBroken, match=said):
        put_back(out)


@pytest.mark.parametrize("kind", ["ledger", "removed", "quarantine"])
def test_a_run_without_all_of_its_files_is_not_restored(tmp_path: Path, raw: Path, kind: str) -> None:
    run([str(raw)], Settings(output=str(tmp_path / "out.jsonl")))
    (tmp_path / f"out.{kind}.jsonl").unlink()
    with pytest.raises(InputError, match="is gone"):
        put_back(tmp_path / "out.jsonl")


def test_the_audit_of_another_format_is_not_taken_for_ones_own(tmp_path: Path, raw: Path) -> None:
    for suffix in (".csv", ".parquet"):
        run([str(raw)], Settings(output=str(tmp_path / f"out{suffix}"), steps=("decide",)))
    with pytest.raises(InputError, match=r"is of the run that wrote .*out\.parquet"):
        put_back(tmp_path / "out.csv")


def test_the_files_of_an_earlier_run_are_no_input(tmp_path: Path, raw: Path) -> None:
    run([str(raw)], Settings(output=str(tmp_path / "out.jsonl"), steps=("decide",)))
    with pytest.raises(UsageError, match=r"out\.ledger\.jsonl belongs to an earlier run"):
        run([str(tmp_path / "out.ledger.jsonl")], Settings(output=str(tmp_path / "second.jsonl")))


def test_files_whose_names_are_no_utf8_are_cleaned_and_come_back_in_order(tmp_path: Path) -> None:
    records = []
    for number, name in enumerate((b"a\xe9.jsonl", b"a\xea.jsonl")):
        records.append({"id": f"a{number}", "text": f"The {number + 2} o'clock ferry is late."})
        try:
            (tmp_path / name.decode("utf-8", "surrogateescape")).write_text(json.dumps(records[-1]) + "\n")
        except OSError:
            pytest.skip("this file system has only names in UTF-8")
    for ending in (".jsonl", ".csv", ".parquet"):
        out = tmp_path / "out" / f"out{ending}"
        run([str(path) for path in sorted(tmp_path.glob("a*"))], Settings(output=str(out), resume=ending == ".csv"))
        assert put_back(out) == records
    told = json.loads((tmp_path / "out" / "out.run.json").read_bytes())
    assert [Path(name).name for name in told["sources"]] == ["a\ufffd.jsonl", "a\ufffd.jsonl#2"]
