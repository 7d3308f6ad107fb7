"""Outputs appear whole or not at all; spools leave nothing behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from corpus_tools.errors import OutputError, UsageError
from corpus_tools.io.outputs import Outputs, is_beside_records, siblings
from corpus_tools.io.spool import Spool


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_and_raise(path: Path, error: BaseException) -> None:
    with Outputs() as outputs:
        outputs.open(path).write(b"new")
        raise error


def test_files_appear_together_and_the_records_last(tmp_path, monkeypatch):
    order = []
    replace = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda self, target: (order.append(Path(target).name), replace(self, target))[1]
    )
    with Outputs() as outputs:
        for name in ("out.jsonl", "out.ledger.jsonl"):
            outputs.open(tmp_path / name).write(name.encode())
        assert not (tmp_path / "out.jsonl").exists()
        outputs.commit(last=tmp_path / "out.jsonl")
    assert order == ["out.ledger.jsonl", "out.jsonl"]
    assert (tmp_path / "out.jsonl").read_bytes() == b"out.jsonl"
    assert names(tmp_path) == ["out.jsonl", "out.ledger.jsonl"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_or_ctrl_c_leaves_what_stood_there(tmp_path, error):
    (tmp_path / "out.jsonl").write_text("old")
    with pytest.raises(error):
        write_and_raise(tmp_path / "out.jsonl", error())
    assert names(tmp_path) == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "old"


def test_a_full_disk_is_told_in_words(tmp_path):
    (tmp_path / "out.jsonl").write_text("old")
    with pytest.raises(OutputError, match=r"the disk is full; .*\. What stood there before is untouched"):
        write_and_raise(tmp_path / "out.jsonl", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert (tmp_path / "out.jsonl").read_text() == "old"


def test_a_closed_pipe_is_passed_on():
    with pytest.raises(BrokenPipeError), Outputs():
        raise BrokenPipeError


def test_reading_and_writing_one_file_is_refused(tmp_path):
    (tmp_path / "a.jsonl").write_text("{}\n")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")
    with pytest.raises(UsageError, match="read and can't be written"), Outputs([tmp_path / "a.jsonl", "-"]) as outputs:
        outputs.open(tmp_path / "link.jsonl")


def test_a_link_stays_a_link_and_rights_stay_as_they_were(tmp_path):
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "real.jsonl").chmod(0o640)
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    with Outputs() as outputs:
        outputs.open(tmp_path / "link.jsonl").write(b"new")
        outputs.open(tmp_path / "sub" / "fresh.jsonl")
        outputs.commit()
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_text() == "new"
    assert (tmp_path / "real.jsonl").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "sub" / "fresh.jsonl").stat().st_mode & 0o444


def test_devices_and_stdout_are_written_straight(capfdbinary):
    with Outputs(["-"]) as outputs:
        outputs.open("/dev/null").write(b"x")
        outputs.open("-").write(b"y")
        outputs.commit(last="-")


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(OutputError, match="could not be written"), Outputs() as outputs:
        outputs.open(tmp_path / "a" / "out.jsonl")


def test_siblings_stand_beside_the_output_or_in_the_audit_folder():
    assert {kind: path.as_posix() for kind, path in siblings(Path("d/out.jsonl.gz")).items()} == {
        "removed": "d/out.removed.jsonl.gz", "quarantine": "d/out.quarantine.jsonl", "ledger": "d/out.ledger.jsonl",
        "findings": "d/out.findings.jsonl", "run": "d/out.run.json",
    }  # fmt: skip
    assert siblings(Path("out.parquet"), Path("audit"))["removed"].as_posix() == "audit/out.removed.parquet"
    assert siblings(None, Path("audit"), "csv")["removed"].as_posix() == "audit/clean.removed.csv"
    assert siblings(Path("a.b.jsonl"))["run"].as_posix() == "a.b.run.json"
    assert siblings(Path("out"))["removed"].as_posix() == "out.removed"


def test_a_spool_gives_back_what_it_got_also_while_it_grows():
    with Spool() as spool:
        spool.append([1])
        assert list(spool) == [[1]]
        spool.append("two" * 10_000)
        assert list(spool) == [[1], "two" * 10_000]
        assert list(spool) == [[1], "two" * 10_000]


def test_a_full_temporary_disk_names_the_folder_to_change(monkeypatch):
    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            pass

    spool = Spool()
    spool._file.close()
    monkeypatch.setattr(spool, "_file", Full())
    with pytest.raises(OutputError, match="TMPDIR"):
        spool.append(1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_an_error_names_the_file_that_could_not_be_written_and_no_other(tmp_path):
    def fill() -> None:
        with Outputs() as outputs:
            outputs.open(tmp_path / "out.jsonl").write(b"x")
            outputs.open("/dev/full").write(b"x" * (2 << 20))
            outputs.commit()

    with pytest.raises(OutputError, match=r"^/dev/full could not be written: the disk is full; [^.]*\.$"):
        fill()
    assert names(tmp_path) == []


def test_a_folder_is_no_output_file(tmp_path):
    with pytest.raises(OutputError, match=r"is a folder\. Name a file in it"), Outputs() as outputs:
        outputs.open(tmp_path)
    with pytest.raises(OutputError, match=r"is a folder\. Name a file in it"), Outputs() as outputs:
        outputs.open(f"{tmp_path}/new/")
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name")
def test_a_pipe_with_a_name_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with Outputs() as outputs:
        outputs.open(tmp_path / "pipe").write(b"x")
        outputs.commit()
    assert os.read(reader, 9) == b"x"
    os.close(reader)
    assert names(tmp_path) == ["pipe"]


def test_a_signal_between_two_renames_waits_until_all_are_done(tmp_path, monkeypatch):
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)

    def write_both() -> None:
        with Outputs() as outputs:
            for name in ("a.jsonl", "b.jsonl"):
                outputs.open(tmp_path / name).write(b"new")
            outputs.commit()

    with pytest.raises(KeyboardInterrupt):
        write_both()
    assert names(tmp_path) == ["a.jsonl", "b.jsonl"]


def test_what_stands_beside_records_is_known_by_its_manifest(tmp_path):
    for name in ("out.jsonl", "out.ledger.jsonl", "out.run.json", "my.findings.jsonl"):
        (tmp_path / name).write_text("")
    told = {path.name for path in tmp_path.iterdir() if is_beside_records(path)}
    assert told == {"out.ledger.jsonl", "out.run.json"}


@pytest.mark.skipif(os.name == "nt", reason="no such locks there")
def test_what_a_killed_run_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom corpus_tools.io.outputs import Outputs\n"
        "out = Outputs().open(sys.argv[1])\nout.write(b'half')\nout.flush()\n"
        "print('open', flush=True)\nsys.stdin.read()"
    )
    target = tmp_path / "out.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", code, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        (its,) = tmp_path.iterdir()
        with Outputs() as outputs:
            outputs.open(target).write(b"ours")
            assert its.exists()
            writer.kill()
            writer.wait()
            outputs.commit()
    with Outputs() as outputs:
        outputs.open(target).write(b"later")
        outputs.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert target.read_bytes() == b"later"


@pytest.mark.skipif(os.name == "nt", reason="no such locks there")
def test_two_runs_into_one_folder_put_their_files_into_place_one_after_the_other(tmp_path, monkeypatch):
    replace, other = Path.replace, []

    def commit(said: bytes) -> None:
        with Outputs() as outputs:
            for name in ("a.jsonl", "b.jsonl"):
                outputs.open(tmp_path / name).write(said)
            outputs.commit()

    def interrupted(self: Path, target: Path) -> Path:
        if not other:
            other.append(threading.Thread(target=commit, args=(b"other",)))
            other[0].start()
            other[0].join(0.5)
            assert other[0].is_alive()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    commit(b"ours")
    other[0].join()
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"other"}
