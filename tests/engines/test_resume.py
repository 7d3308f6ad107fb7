"""A run that was stopped goes on from what it had finished, and ends with the bytes of a run never stopped."""

import os
import pickle
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from corpus_tools.engines.resume import folder_of
from corpus_tools.errors import InputError, OutputError, PromiseBroken, UsageError, WorkerLost
from corpus_tools.run import Settings, run

from .corpora import lines
from .test_jobs import HERE, LIGHT, outputs

STEPS = """
import corpus_tools as ct
import os, pathlib, signal, time

HERE = pathlib.Path(__file__).parent

@ct.step(reads=["text"], adds=["words"])
def count_words(frame):
    with open(HERE / "chunks.log", "a") as log:
        log.write(f"{frame['source_line'].iloc[0]}\\\\n")
    for name in ("kill", "stop"):
        if (HERE / name).exists() and (frame["source_line"] > int((HERE / name).read_text())).any():
            if name == "stop":
                raise KeyboardInterrupt
            os.kill(os.getpid(), signal.SIGKILL)
    return frame.assign(words=frame["text"].str.split().str.len())
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("resume") / "in.jsonl"
    path.write_bytes(b"\n".join(lines(600)) + b"\n")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "my_steps.py"
    path.write_text(STEPS.replace("\\\\n", "\\n"))
    return path


def settings(out: Path, own: Path, **more: Any) -> Settings:
    steps = ("fix_encoding", f"{own}:count_words", "mark_duplicates", "decide")
    usual = {"steps": steps, "reading": {"chunk_rows": 60}, "resume": True, "jobs": 1}
    return Settings(output=str(out), **(usual | more))


def never_stopped(source: Path, own: Path) -> dict[str, Any]:
    """What a run gives that was never stopped."""
    steps = settings(own, own).steps
    return outputs([source], own.parent / "never", steps=steps, jobs=1, reading={"chunk_rows": 60})


def stopped(source: Path, own: Path, out: Path, **more: Any) -> Path:
    """The work folder of a run that was stopped by Ctrl-C in the middle."""
    (own.parent / "stop").write_text("300")
    with pytest.raises(KeyboardInterrupt):
        run([str(source)], settings(out, own, **more))
    (own.parent / "stop").unlink()
    return folder_of(str(out))


def read(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "out.run.json"}
    return found | {"manifest": {name: said for name, said in manifest.items() if name not in HERE}}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path, source: Path, own: Path, jobs: int) -> None:
    never, out = never_stopped(source, own), tmp_path / "out" / "out.jsonl"
    folder = stopped(source, own, out)
    assert [path.name for path in out.parent.iterdir()] == [folder.name]
    finished = len(list(folder.glob("0-*.done")))
    assert finished > 2
    log = tmp_path / "chunks.log"
    log.unlink()
    manifest = run([str(source)], settings(out, own, jobs=jobs)).manifest
    assert read(out.parent, manifest) == never
    chunks = -(-source.read_bytes().count(b"\n") // 60)
    assert len(log.read_text().split()) == chunks - finished


def test_the_death_of_a_process_says_where_it_waits_and_how_to_go_on(tmp_path: Path, source: Path, own: Path) -> None:
    (tmp_path / "kill").write_text("300")
    out = tmp_path / "out" / "out.jsonl"
    with pytest.raises(WorkerLost) as lost:
        run([str(source)], settings(out, own, jobs=2))
    assert lost.value.__notes__ == [
        f"What was finished waits in {folder_of(str(out))}: the same command with --resume goes on."
    ]
    (tmp_path / "kill").unlink()
    assert read(out.parent, run([str(source)], settings(out, own)).manifest) == never_stopped(source, own)


def test_small_input_keeps_nothing_unless_it_is_asked_to(tmp_path: Path, source: Path, own: Path) -> None:
    folder = stopped(source, own, tmp_path / "out" / "out.jsonl", resume=False)
    assert list(folder.parent.iterdir()) == []


def test_large_input_keeps_what_is_finished_without_being_asked(
    tmp_path: Path, source: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus_tools.engines.resume.WORTH_BYTES", 1000)
    out = tmp_path / "out" / "out.jsonl"
    folder = stopped(source, own, out, resume=False)
    assert list(folder.glob("*.done"))
    # A run that does not go on starts from the beginning, and cleans up behind both.
    assert read(out.parent, run([str(source)], settings(out, own, resume=False)).manifest) == never_stopped(source, own)


def test_what_has_changed_since_is_named_and_nothing_goes_on(tmp_path: Path, source: Path, own: Path) -> None:
    copy, out = tmp_path / "in.jsonl", tmp_path / "out" / "out.jsonl"
    copy.write_bytes(source.read_bytes())
    stopped(copy, own, out)

    def refused(said: str, **given: Any) -> None:
        with pytest.raises(UsageError, match=f"can't go on: {said} has changed since. Start over without --resume"):
            run([str(copy)], settings(out, own, **given))
        assert [path.name for path in out.parent.iterdir()] == [".out.jsonl.work"]

    refused("the option now", common={"now": "2024-05-01"})
    refused("the option remove", remove=False)
    refused("the option chunk_rows", reading={"chunk_rows": 61})
    refused("the option detect_language", step_options={"detect_language": {"min_chars": 5}})
    own.write_text(own.read_text() + "# more\n")
    refused(r".*my_steps\.py")
    copy.write_bytes(copy.read_bytes() + b"\n")
    refused(r".*my_steps\.py")
    own.write_text(own.read_text().removesuffix("# more\n"))
    refused(r"the input .*in\.jsonl")


def test_another_version_of_the_program_is_refused(
    tmp_path: Path, source: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "out.jsonl"
    stopped(source, own, out)
    monkeypatch.setattr("corpus_tools.engines.resume._program", lambda: "another")
    with pytest.raises(UsageError, match="corpus-tools itself has changed"):
        run([str(source)], settings(out, own))


def test_a_part_that_was_damaged_is_made_again(tmp_path: Path, source: Path, own: Path) -> None:
    never = outputs(
        [source], tmp_path / "never", steps=settings(tmp_path, own).steps, jobs=1, reading={"chunk_rows": 60}
    )
    out = tmp_path / "out" / "out.jsonl"
    folder = stopped(source, own, out)
    part = folder / "0-1.done"
    data = bytearray(part.read_bytes())
    data[-9] ^= 1
    part.write_bytes(data)
    (folder / "0-2.done").write_bytes(b"")
    assert read(out.parent, run([str(source)], settings(out, own)).manifest) == never


def test_a_planted_part_runs_nothing(tmp_path: Path, source: Path, own: Path) -> None:
    class Planted:
        def __reduce__(self) -> Any:
            return os.system, (f"touch {tmp_path / 'planted'}",)

    from corpus_tools.engines.folder import digest

    out = tmp_path / "out" / "out.jsonl"
    folder = stopped(source, own, out)
    data = pickle.dumps(Planted())
    (folder / "0-0.done").write_bytes(digest(data) + data)
    with pytest.raises(PromiseBroken, match="never put there"):
        run([str(source)], settings(out, own))
    assert not (tmp_path / "planted").exists()


def test_a_full_disk_keeps_what_was_finished(
    tmp_path: Path, source: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "out.jsonl"
    real, left = os.fsync, [9]

    def full(number: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full") as raised:
        run([str(source)], settings(out, own))
    assert "--resume goes on" in raised.value.__notes__[0]
    monkeypatch.undo()
    never = outputs(
        [source], tmp_path / "never", steps=settings(tmp_path, own).steps, jobs=1, reading={"chunk_rows": 60}
    )
    assert read(out.parent, run([str(source)], settings(out, own)).manifest) == never


def test_two_runs_do_not_write_one_output(tmp_path: Path, source: Path, own: Path) -> None:
    from corpus_tools.index.lock import Lock

    out = tmp_path / "out.jsonl"
    folder_of(str(out)).mkdir()
    lock = Lock(folder_of(str(out)), "busy")
    with pytest.raises(InputError, match="Another run is writing"):
        run([str(source)], settings(out, own))
    lock.release()
    run([str(source)], settings(out, own))


def test_pipes_can_not_go_on(tmp_path: Path, cli: Any) -> None:
    said = cli("clean", "--resume", "--mark", stdin=b'{"text": "a"}')
    assert said.returncode == 2
    assert b"--resume needs input and output that are files" in said.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_that_was_killed_at_any_moment_goes_on(tmp_path: Path, source: Path, seed: int) -> None:
    dice = random.Random(seed)
    folder = tmp_path / "out"
    folder.mkdir()
    command = [sys.executable, "-m", "corpus_tools", "clean", str(source), "-o", str(folder / "out.jsonl"), "--resume"]
    command += ["--chunk-rows", "40", "--jobs", str(dice.choice((1, 2))), "-q", "--steps", ",".join(LIGHT)]
    with subprocess.Popen(command) as process:
        work = folder_of(str(folder / "out.jsonl"))
        while process.poll() is None and len(list(work.glob("*.done"))) < dice.randint(1, 20):
            time.sleep(0.01)
        process.kill()
    subprocess.run(command, check=True)
    never = outputs([source], tmp_path / "never", steps=LIGHT, jobs=1)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "out.run.json"} == {
        name: said for name, said in never.items() if name != "manifest"
    }
