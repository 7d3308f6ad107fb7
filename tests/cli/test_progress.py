"""What a terminal shows while work goes on, and that it is clean afterwards."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from corpus_tools.io.read import Reader

from ..conftest import RAW

pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
COMMAND = [sys.executable, "-m", "corpus_tools"]


def on_terminal(arguments: list[str], folder: Path, **environment: str) -> tuple[int, str]:
    """Run a command with a terminal behind stderr; its exit code, and all that went to the terminal."""
    ours, theirs = pty.openpty()
    told = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"} | environment
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, env=told, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    return process.wait(), b"".join(parts).decode()


def test_every_phase_is_shown_and_the_cursor_comes_back(tmp_path: Path) -> None:
    code, shown = on_terminal(["clean", str(RAW), "-o", "out.jsonl"], tmp_path)
    assert code == 0
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    for phase in ("read ", "mark duplicates", "write "):
        assert phase in lines
    assert re.search(r"write .* 100 % +24 records +[\d,]+/s", lines)
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert max(len(line) for line in lines.splitlines()) <= 80


def test_an_error_leaves_a_clean_terminal(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "import corpus_tools as ct\n\n\n"
        '@ct.step(reads=["text"])\n'
        "def fail(frame):\n"
        '    """Fail."""\n'
        "    raise ct.protocol.StepBroke('fail', 'fails.')\n"
    )
    code, shown = on_terminal(["clean", str(RAW), "-o", "out.jsonl", "--steps", "own.py:fail"], tmp_path)
    assert code == 4
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert shown.rstrip().endswith("corpus-tools: The step fail fails.")


@pytest.mark.parametrize(
    ("arguments", "environment"), [(["--quiet"], {}), ([], {"TERM": "dumb"})], ids=["quiet", "dumb terminal"]
)
def test_nothing_moves_where_nobody_wants_it(tmp_path: Path, arguments: list[str], environment: dict[str, str]) -> None:
    code, shown = on_terminal(["clean", str(RAW), "-o", "out.jsonl", *arguments], tmp_path, **environment)
    assert code == 0
    assert "\x1b[?25l" not in shown


def test_a_pipe_behind_stderr_gets_no_progress(cli) -> None:
    assert b"\x1b" not in cli("clean", RAW, "-o", "out.jsonl").stderr


RECORDS = [{"text": f"The ferry sails at {hour} from the old pier."} for hour in range(200)]


def written(folder: Path, name: str) -> Path:
    """The records in the format that the name tells."""
    path = folder / name
    frame = pd.DataFrame(RECORDS)
    if name.endswith(".parquet"):
        frame.to_parquet(path, row_group_size=50)
    elif name.endswith(".csv"):
        frame.to_csv(path, index=False)
    elif name.endswith(".json"):
        path.write_text(json.dumps(RECORDS))
    else:
        lines = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()
        path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.json", "a.parquet"])
def test_the_share_of_the_input_grows_to_the_whole_in_every_format(tmp_path: Path, name: str) -> None:
    reader = Reader([written(tmp_path, name), written(tmp_path, f"b{name}")], chunk_rows=50)
    shares = [reader.share for _ in reader]
    assert shares == sorted(shares)
    assert shares[0] < 1
    assert shares[-1] == 1


def test_a_limit_tells_how_much_there_is_where_the_input_does_not(tmp_path: Path) -> None:
    long = tmp_path / "long.jsonl"
    long.write_text((json.dumps(RECORDS[0]) + "\n") * 100_000)  # much more than is read ahead
    reader = Reader([long], chunk_rows=10, limit=20)
    assert [reader.share for _ in reader] == [0.5, 1.0]
