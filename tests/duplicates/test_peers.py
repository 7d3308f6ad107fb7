"""The comparison with other tools: what was measured stays, whatever happens to the next tool."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.benchmarks.peers import __main__ as peers

_FINDS_NOTHING = """
import json, sys
open(sys.argv[2], "w").close()
print(json.dumps({"records": 40, "cpu": 0.5, "wall": 0.5, "peak_mb": 9.0}))
"""


@pytest.fixture
def contenders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(_FINDS_NOTHING, encoding="utf-8")
    bad.write_text("raise SystemExit('no room')", encoding="utf-8")
    made = [peers.Contender(name, (), str(script), {"as it comes": {}}) for name, script in
            (("broken", bad), ("silent", good), ("last", good))]  # fmt: skip
    monkeypatch.setattr(peers, "CONTENDERS", tuple(made))
    return tmp_path / "bench"


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *more: str) -> dict[str, dict[str, object]]:
    monkeypatch.setattr("sys.argv", ["peers", "--records", "40", "--folder", str(folder), *more])
    peers.main()
    return {row["tool"]: row for row in json.loads((folder / "peers-40.json").read_text(encoding="utf-8"))}


def test_a_tool_that_fails_gets_a_row_and_the_others_go_on(
    contenders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = run(monkeypatch, contenders)
    assert rows["broken"]["failed"] == "no room"
    assert rows["silent"]["per_second"] == rows["last"]["per_second"] == 80
    assert "| broken | as it comes | did not run |" in capsys.readouterr().out


def test_a_tool_that_does_not_install_is_one_that_does_not_run(
    contenders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interpreter(_folder: Path, name: str, _packages: object) -> str:
        if name == "silent":
            raise OSError("no network")
        return sys.executable

    monkeypatch.setattr(peers, "interpreter", interpreter)
    assert run(monkeypatch, contenders)["silent"]["failed"] == "no network"


def test_what_was_measured_is_written_before_the_next_tool_runs(
    contenders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = peers.interpreter

    def stopped(folder: Path, name: str, packages: tuple[str, ...]) -> Path:
        if name == "last":
            raise KeyboardInterrupt
        return interpreter(folder, name, packages)

    monkeypatch.setattr(peers, "interpreter", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, contenders)
    rows = json.loads((contenders / "peers-40.json").read_text(encoding="utf-8"))
    assert [row["tool"] for row in rows] == ["broken", "silent"]


def test_rows_of_tools_that_are_left_out_stay(contenders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, contenders, "--only", "silent")
    assert list(run(monkeypatch, contenders, "--only", "last,broken")) == ["broken", "silent", "last"]


def test_an_unknown_tool_is_told(
    contenders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, contenders, "--only", "silnet")
    assert "unknown: silnet. There are: broken, silent, last." in capsys.readouterr().err
