"""What many tests need: the fixtures, a corpus as a frame, and the command line as a function."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

FIXTURES = Path(__file__).parent.parent / "fixtures"
RAW = FIXTURES / "corpora" / "raw_news.jsonl"

# Speed is measured in benchmarks; a busy machine must not fail a promise.
settings.register_profile("promises", deadline=None)
settings.load_profile("promises")


# A shell in the background ignores Ctrl-C, `nohup` a hang-up, and what they start inherits it; some tests send both.
for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if (number := getattr(signal, name, None)) and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, handler)


def jsonl(path: Path) -> list[dict]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


@pytest.fixture
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def raw() -> Path:
    """A small corpus with everything in it: three copies of one story, damage, broken lines."""
    return RAW


@pytest.fixture
def news() -> pd.DataFrame:
    """The same corpus as a frame of records as collected, without the broken lines."""
    rows = []
    for line in RAW.read_bytes().split(b"\n"):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return pd.DataFrame(rows)


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run `corpus-tools` as a process in an empty folder."""

    def call(*arguments: object, stdin: bytes | None = b"", **more: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "corpus_tools", *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, cwd=tmp_path, check=False, **more)

    return call
