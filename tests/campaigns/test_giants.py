"""The campaign of giants, each of them small enough for every run of the tests."""

import json
from pathlib import Path

import pytest

from corpus_tools.__main__ import main

from .giants import GIANTS, made


@pytest.mark.parametrize("name", GIANTS)
def test_what_is_far_too_much_is_set_aside_or_refused_and_takes_nothing_along(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    giant, _, size = GIANTS[name]
    out = tmp_path / "out.jsonl"
    command = ["clean", "-q", str(made(name, tmp_path, size)), "-o", str(out), "--max-record-bytes", "500000"]
    code = main(command)
    if giant.kept is None:
        assert code in (0, 3)
        assert out.exists() == (code == 0)
        assert "Traceback" not in capsys.readouterr().err
        return
    counts = json.loads((tmp_path / "out.run.json").read_text())["counts"]
    assert (counts["kept"] + counts["removed"], counts["quarantined"]) == (giant.kept, giant.quarantined)
