"""However many processes work on a corpus, the bytes that come out are those of one."""

import bz2
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
import zstandard

from corpus_tools.errors import InputError, MissingColumn, UsageError, WorkerLost
from corpus_tools.run import Settings, run

from ..conftest import FIXTURES
from .corpora import lines

LIGHT = ("fix_encoding", "normalize_whitespace", "mark_duplicates", "decide")
KINDS = ("", ".removed", ".quarantine", ".ledger", ".findings")
HERE = {"seconds", "peak_memory_mb", "outputs"}
"""What a manifest says of the run and not of the data."""


def outputs(inputs: list[Path], folder: Path, suffix: str = ".jsonl", **settings: Any) -> dict[str, Any]:
    """Everything a run writes, by its name."""
    folder.mkdir()
    manifest = run([str(path) for path in inputs], Settings(output=str(folder / f"out{suffix}"), **settings)).manifest
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "out.run.json"}
    return found | {"manifest": {name: said for name, said in manifest.items() if name not in HERE}}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jobs") / "in.jsonl"
    path.write_bytes(b"\n".join(lines(600)) + b"\n")
    return path


def test_the_whole_chain_gives_the_same_bytes_in_two_processes(tmp_path: Path, source: Path) -> None:
    inputs = [source, FIXTURES / "corpora" / "raw_news.jsonl", FIXTURES / "corpora" / "pages", source]
    common = {"learned_furniture": "cut"}
    one = outputs(inputs, tmp_path / "one", common=common, jobs=1)
    assert outputs(inputs, tmp_path / "two", common=common, jobs=2, reading={"chunk_rows": 50}) == one


def write_parquet(path: Path, data: bytes) -> None:
    rows = [json.loads(line) for line in data.decode("utf-8", "replace").split("\n") if line.startswith('{"id"')]
    frame = pd.DataFrame([{name: row.get(name) for name in ("id", "text", "title", "url")} for row in rows])
    frame.astype("str").to_parquet(path, row_group_size=90)


def write_csv(path: Path, data: bytes) -> None:
    rows = [json.loads(line) for line in data.decode("utf-8", "replace").split("\n") if line.startswith('{"id"')]
    pd.DataFrame(rows).to_csv(path, index=False)


def write_array(path: Path, data: bytes) -> None:
    rows = [line for line in data.decode("utf-8", "replace").split("\n") if line.startswith('{"id"')]
    path.write_text("[" + ",\n".join(rows) + "]", encoding="utf-8")


MADE: dict[str, Callable[[Path, bytes], object]] = {
    "in.jsonl": lambda path, data: path.write_bytes(data),
    "no_end.jsonl": lambda path, data: path.write_bytes(data.rstrip(b"\n")),
    "bom.jsonl": lambda path, data: path.write_bytes(b"\xef\xbb\xbf" + data),
    "wide.jsonl": lambda path, data: path.write_bytes(data.decode("utf-8", "replace").encode("utf-16")),
    "in.jsonl.gz": lambda path, data: path.write_bytes(gzip.compress(data)),
    "cut.jsonl.gz": lambda path, data: path.write_bytes(gzip.compress(data)[:-900]),
    "in.jsonl.zst": lambda path, data: path.write_bytes(zstandard.compress(data)),
    "in.jsonl.bz2": lambda path, data: path.write_bytes(bz2.compress(data)),
    "in.parquet": write_parquet,
    "in.csv": write_csv,
    "in.json": write_array,
}


def test_every_kind_of_input_gives_the_same_bytes(tmp_path: Path, source: Path) -> None:
    paths = [tmp_path / name for name in MADE]
    for path in paths:
        MADE[path.name](path, source.read_bytes())
    assert pq.ParquetFile(tmp_path / "in.parquet").num_row_groups > 2
    one = outputs(paths, tmp_path / "one", steps=LIGHT, jobs=1)
    assert all(entry["records"] > 200 for entry in one["manifest"]["inputs"])
    assert outputs(paths, tmp_path / "two", steps=LIGHT, jobs=3, reading={"chunk_rows": 150}) == one


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json.gz"])
def test_every_kind_of_output_has_the_same_bytes(tmp_path: Path, source: Path, suffix: str) -> None:
    one = outputs([source], tmp_path / "one", suffix, steps=LIGHT, jobs=1)
    assert outputs([source], tmp_path / "two", suffix, steps=LIGHT, jobs=2, reading={"chunk_rows": 90}) == one


def test_lines_over_the_limit_and_a_limit_of_records_are_kept(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"text": "' + b"a" * 30_000 + b'"}\n' + source.read_bytes() + b'{"text": "' + b"b" * 90_000)
    for number, reading in enumerate(({"max_record_bytes": 20_000}, {"max_record_bytes": 20_000, "limit": 77})):
        one = outputs([path], tmp_path / f"one{number}", steps=LIGHT, jobs=1, reading=reading)
        more = {**reading, "chunk_rows": 30, "chunk_bytes": 9_000}
        two = outputs([path], tmp_path / f"two{number}", steps=LIGHT, jobs=2, reading=more)
        for manifest in (one["manifest"], two["manifest"]):
            del manifest["options"]
        assert two == one
        assert one["manifest"]["counts"]["quarantined"] > 0


def test_a_pipe_gives_the_same_bytes(tmp_path: Path, source: Path) -> None:
    command = [sys.executable, "-m", "corpus_tools", "clean", "--mark", "-q", "--steps", ",".join(LIGHT)]
    said = [
        subprocess.run([*command, "--jobs", jobs, "--chunk-rows", "100"], input=source.read_bytes(), check=True,
                       capture_output=True, cwd=tmp_path).stdout
        for jobs in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    assert said[0].count(b"\n") > 500


STEPS = """
import corpus_tools as ct

class TooLong(Exception):
    def __init__(self, *, words):
        self.words = words
        super().__init__(f"{words} words")

@ct.step(reads=["text"], adds=["words"])
def count_words(frame):
    return frame.assign(words=frame["text"].str.split().str.len())

@ct.step(reads=["text"])
def stumble(frame):
    if (frame["source_line"] > 100).any():
        raise TooLong(words=100)
    return frame

@ct.step(reads=["nothing"])
def ask_too_much(frame):
    return frame

@ct.step(reads=["text"])
def die(frame):
    import os, signal
    if (frame["source_line"] > 200).any():
        os.kill(os.getpid(), signal.SIGKILL)
    return frame

@ct.step(reads=["text"])
def sleep(frame):
    import os, pathlib, time
    pathlib.Path(__file__).with_suffix(f".{os.getpid()}").touch()
    time.sleep(60)
    return frame
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "my_steps.py"
    path.write_text(STEPS)
    return path


def test_a_private_step_works_in_other_processes_too(tmp_path: Path, source: Path, own: Path) -> None:
    steps = ("fix_encoding", f"{own}:count_words", "decide")
    one = outputs([source], tmp_path / "one", steps=steps, jobs=1)
    assert outputs([source], tmp_path / "two", steps=steps, jobs=2, reading={"chunk_rows": 100}) == one
    assert b'"words":' in one["out.jsonl"]


def test_what_a_step_raises_elsewhere_is_raised_here_and_nothing_is_written(
    tmp_path: Path, source: Path, own: Path
) -> None:
    out = tmp_path / "out" / "out.jsonl"
    for step, kind, said in (("stumble", Exception, "100 words"), ("ask_too_much", MissingColumn, "'nothing'")):
        settings = Settings(output=str(out), steps=(f"{own}:{step}",), jobs=2, reading={"chunk_rows": 50})
        with pytest.raises(kind, match=said) as raised:
            run([str(source)], settings)
        assert list(out.parent.iterdir()) == []
        if step == "stumble":
            assert raised.value.words == 100  # type: ignore[attr-defined]
            assert "raise TooLong" in raised.value.__notes__[0]


def test_input_that_can_not_be_read_is_told_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("<!DOCTYPE html><html>")
    with pytest.raises(UsageError, match="HTML page"):
        run([str(tmp_path / "pages")], Settings(output=str(tmp_path / "out.jsonl"), jobs=2))
    (tmp_path / "in.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="can't be read as Parquet"):
        run([str(tmp_path / "in.parquet")], Settings(output=str(tmp_path / "out.jsonl"), jobs=2))


def test_the_death_of_a_process_names_the_chunk_and_leaves_nothing(tmp_path: Path, source: Path, own: Path) -> None:
    out = tmp_path / "out" / "out.jsonl"
    settings = Settings(output=str(out), steps=(f"{own}:die",), jobs=2, reading={"chunk_rows": 100})
    with pytest.raises(
        WorkerLost, match=r"chunk [34] \(.*in\.jsonl, lines [23]01 to [34]00 \(bytes [\d,]+ to [\d,]+\)\)"
    ) as lost:
        run([str(source)], settings)
    assert lost.value.exit_code == 3
    assert lost.value.code == -signal.SIGKILL
    assert list(out.parent.iterdir()) == []


def children(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def is_alive(process: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_and_no_file_is_left_behind(tmp_path: Path, source: Path, own: Path, number: signal.Signals) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    out = tmp_path / "out" / "out.jsonl"
    command = [sys.executable, "-m", "corpus_tools", "clean", str(source), "-o", str(out), "--jobs", "2"]
    command += ["--chunk-rows", "50", "--steps"]
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen([*command, f"{own}:sleep"], stderr=subprocess.PIPE, env=environment) as process:
        while len(list(tmp_path.glob("my_steps.[0-9]*"))) < 2:
            time.sleep(0.05)
        helpers = children(process.pid)
        process.send_signal(number)
        _, said = process.communicate()
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    deadline = time.monotonic() + 20
    while any(map(is_alive, helpers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [helper for helper in helpers if is_alive(helper)]
    assert list(temporary.iterdir()) == []
    if number != signal.SIGKILL:
        assert b"stopped" in said
        assert b"Traceback" not in said
        assert list(out.parent.iterdir()) == []


_BLOCKED = """
from corpus_tools.engines.processes import Processes
from corpus_tools.settings import Settings
with Processes(Settings(steps=("decide",)), 2) as processes:
    for worker in processes._workers:
        with open(f"/proc/{worker.process.pid}/status", encoding="utf-8") as lines:
            print(next(line.split()[1] for line in lines if line.startswith("SigBlk")))
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_ctrl_c_does_not_reach_a_process_that_is_still_starting() -> None:
    done = subprocess.run([sys.executable, "-c", _BLOCKED], capture_output=True, text=True, check=True)
    masks = [int(mask, 16) for mask in done.stdout.split()]
    assert len(masks) == 2
    assert all(mask & 1 << signal.SIGINT - 1 for mask in masks)


def test_more_processes_than_a_machine_bears_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "The ferry is late."}\n')
    with pytest.raises(UsageError, match=r"--jobs 100000 is more .* Take --jobs \d+, one for each core"):
        run([str(source)], Settings(output=str(tmp_path / "out"), jobs=100_000))
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the memory of whoever started a process")
def test_the_memory_of_whoever_started_a_run_is_not_its_own() -> None:
    ballast = b"x" * (400 << 20)
    code = "from corpus_tools.engines.bench import peak_memory; print(peak_memory())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < len(ballast)
