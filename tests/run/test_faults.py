"""What a run survives: garbage, a full disk, Ctrl-C, a step that breaks its word."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.__main__ import main
from corpus_tools.errors import OutputError, PromiseBroken, StepBroke
from corpus_tools.protocol import step
from corpus_tools.restore import find_outputs, restored_records
from corpus_tools.run import Settings, run

from ..conftest import RAW, jsonl

LIGHT = ("fix_encoding", "normalize_whitespace", "strip_furniture", "mark_duplicates", "decide")
"""The steps that edit or remove; language detection and tracing only add."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
names = st.sampled_from(
    [
        "id",
        "text",
        "title",
        "url",
        "source",
        "published",
        "published_at",
        "lang",
        "body",
        "meta",
        "flags",
        "x",
        "author",
    ]
)
texts = st.sampled_from(["Share this article", "cafÃ©", "The ferry\u00a0sails.", "", "You may also like"]) | st.text(
    max_size=60
)
records = st.dictionaries(names, json_values | texts, max_size=6)
lines = st.one_of(records.map(lambda row: json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")),
                  st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b" ").replace(b"\r", b" ")))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(lines, max_size=12))
def test_arbitrary_garbage_is_conserved_and_comes_back(tmp_path_factory: pytest.TempPathFactory, said: list) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    said = [b'{"text": "A corpus in which no record has a text is refused as a whole."}', *said]
    source.write_bytes(b"\n".join(said) + b"\n")
    counts = run([str(source)], Settings(output=str(out), steps=LIGHT, reading={"chunk_rows": 5})).manifest["counts"]
    came = [line for line in said if line.strip()]
    assert counts["read"] == len(came)
    back = list(restored_records(find_outputs(out)))
    assert len(back) == len(came)
    for line, record in zip(came, back, strict=True):
        if isinstance(record, dict):
            assert record == json.loads(line)
            assert list(record) == list(json.loads(line))
        else:
            assert record == line + b"\n"


def test_a_full_disk_leaves_the_old_output_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full"):
        run([str(RAW)], Settings(output=str(out), steps=("decide",)))
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_kill_leave_the_old_output_untouched(tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    command = [sys.executable, "-m", "corpus_tools", "clean", "-", "-o", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdin
        for _ in range(5000):
            process.stdin.write(b'{"text": "The ferry to Saint Orrin sails again on Thursday."}\n')
        process.stdin.flush()
        time.sleep(2)
        process.send_signal(number)
        _, said = process.communicate()
    assert process.returncode == 128 + number
    assert b"stopped" in said
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_sum_that_does_not_add_up_exits_4_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import corpus_tools.engines.bench as module

    real = module.advance

    def losing(chunk, *rest):
        prepared = real(chunk, *rest)
        chunk.frame, chunk.layouts = chunk.frame.iloc[1:].reset_index(drop=True), chunk.layouts[1:]
        chunk.changes, chunk.findings = [], []
        return prepared

    monkeypatch.setattr(module, "advance", losing)
    with pytest.raises(PromiseBroken, match="are accounted for") as broken:
        run([str(RAW)], Settings(output=str(tmp_path / "out.jsonl"), steps=("decide",)))
    assert broken.value.exit_code == 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 2])
def test_a_step_that_loses_or_adds_rows_is_stopped(size: int) -> None:
    @step(reads=["text"])
    def careless(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame] * size) if size else frame.iloc[:0]

    with pytest.raises(StepBroke, match="a step keeps every row"):
        careless(pd.DataFrame({"text": ["a"]}))


def test_a_step_that_writes_what_it_did_not_declare_is_stopped_or_ignored() -> None:
    @step(reads=["text"])
    def chatty(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(mood="fine")

    with pytest.raises(StepBroke, match="without declaring it"):
        chatty(pd.DataFrame({"text": ["a"]}))

    @step(reads=["text"], adds=["size"])
    def sly(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(size=1, text="overwritten")

    assert sly(pd.DataFrame({"text": ["a"]})).to_dict("list") == {"text": ["a"], "size": [1]}


def test_a_line_over_the_limit_is_set_aside_whole(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    long = b'{"text": "' + b"a" * 300_000 + b'"}'
    source.write_bytes(b'{"text": "ok"}\n' + long + b"\n" + b'{"text": "ok too"}\n')
    counts = run(
        [str(source)], Settings(output=str(out), steps=("decide",), reading={"max_record_bytes": 100_000})
    ).manifest
    assert counts["counts"] == {"read": 3, "kept": 2, "removed": 0, "quarantined": 1}
    back = list(restored_records(find_outputs(out)))
    assert b"".join(piece for piece in back if isinstance(piece, bytes)) == long + b"\n"
    assert len(jsonl(out)) == 2


def test_a_step_that_sorts_its_rows_gives_no_value_to_another_record() -> None:
    @step(reads=["text"], adds=["size"])
    def sorting(frame: pd.DataFrame) -> pd.DataFrame:
        by_size = frame.sort_values("text", key=lambda texts: texts.str.len())
        return by_size.assign(size=by_size["text"].str.len())

    assert sorting(pd.DataFrame({"text": ["aaa", "a", "aa"]}))["size"].to_list() == [3, 1, 2]

    @step(reads=["text"])
    def relabelling(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.set_axis(["x"] * len(frame), axis=0)

    with pytest.raises(StepBroke, match="another index"):
        relabelling(pd.DataFrame({"text": ["a", "b"]}))

    @step(reads=["text"])
    def forgetful(frame: pd.DataFrame) -> None:
        frame["text"].str.len()

    with pytest.raises(StepBroke, match="return frame"):
        forgetful(pd.DataFrame({"text": ["a"]}))


def test_too_little_memory_is_named_and_is_no_error_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def starved(*_given: object) -> object:
        raise MemoryError

    monkeypatch.setattr("corpus_tools.pipeline.cells.objects", starved)
    assert main(["clean", "-q", str(RAW), "-o", str(tmp_path / "out.jsonl")]) == 3
    assert "not enough memory" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nothing says which files are open")
def test_a_run_that_fails_holds_no_input_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise OutputError("no more")

    monkeypatch.setattr("corpus_tools.engines.bench.advance", refuse)
    raw = tmp_path / "raw.jsonl"
    raw.write_bytes(RAW.read_bytes() * 500)
    settings = Settings(output=str(tmp_path / "out.jsonl"), steps=("decide",), jobs=1, reading={"chunk_rows": 100})
    with pytest.raises(OutputError) as held:
        run([str(raw)], settings)
    assert str(raw) not in [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    assert held.value.__traceback__  # it still holds all that was going on
