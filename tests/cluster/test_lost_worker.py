"""A worker that dies costs a retry, and not the run."""

import contextlib
import os
import signal
import socket
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..engines.corpora import lines
from .test_dask import on_dask, on_one_machine

pytest.importorskip("distributed")


@contextlib.contextmanager
def another_cluster() -> Iterator[None]:
    """Somebody has the port that Dask's schedulers take by habit."""
    with socket.socket() as taken:
        with contextlib.suppress(OSError):  # so somebody has it
            taken.bind(("127.0.0.1", 8787))
            taken.listen()
        yield


def test_a_worker_that_is_killed_changes_nothing(tmp_path: Path) -> None:
    source, once = tmp_path / "in.jsonl", tmp_path / "once"
    source.write_bytes(b"\n".join(lines(90)) + b"\n")
    (tmp_path / "fatal.py").write_text(
        textwrap.dedent(
            f"""
            import os, pathlib, signal
            import corpus_tools

            @corpus_tools.step(reads=["text"])
            def die_once(df):
                try:
                    pathlib.Path({str(once)!r}).touch(exist_ok=False)
                except FileExistsError:
                    return df
                if os.getpid() != {os.getpid()}:
                    os.kill(os.getpid(), signal.{signal.SIGKILL.name})
                return df
            """
        ),
        encoding="utf-8",
    )
    steps = ("fix_encoding", f"{tmp_path / 'fatal.py'}:die_once", "mark_duplicates", "decide")
    with another_cluster():
        parted = on_dask([source], tmp_path / "parted", steps=steps, part_bytes=40_000, scheduler=None, jobs=2)
    assert once.exists()
    assert parted == on_one_machine([source], tmp_path / "out.jsonl", steps=steps)
