"""The git executable, asked for one thing at a time: no shell, no pager, no driver of a repository, no lock taken."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from corpus_tools.errors import InputError, NoRoom, NotFetched

_QUIET = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.bigFileThreshold=16m")
# Where git calls us from a hook, these name its own repository and index; we go by the folder that files lie in.
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")
_OF_DRIVERS = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS")
_SET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",  # a file may be called *.jsonl
    "LC_ALL": "C",
}
NO_REPOSITORY = "not a git repository"
_NOT_YOURS = "dubious ownership"


def ask(folder: Path, arguments: Sequence[str], *, stdin: bytes = b"", may_fail: bool = False) -> bytes:
    """What git answers in a folder; with `may_fail` nothing where it answers no.

    Raises InputError where git is not there or fails.
    """
    done = _run(folder, arguments, subprocess.PIPE, stdin)
    if done.returncode and not may_fail:
        raise _failed(folder, arguments, done.stderr)
    return b"" if done.returncode else done.stdout


def ask_into(file: IO[bytes], folder: Path, arguments: Sequence[str]) -> None:
    """Let git write the bytes of an object into a file, whatever their number. NotFetched where it has none."""
    try:
        file.flush()
        done = _run(folder, arguments, file, b"")
    except OSError as error:
        raise NoRoom(error) from error
    if done.returncode:
        raise NotFetched(str(_failed(folder, arguments, done.stderr)))


def _run(
    folder: Path, arguments: Sequence[str], stdout: int | IO[bytes], stdin: bytes
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in (*_OF_HOOKS, *_OF_DRIVERS)}
    command = ["git", "-C", str(folder), *_QUIET, *arguments]
    try:
        return subprocess.run(
            command, input=stdin, stdout=stdout, stderr=subprocess.PIPE, env=environment | _SET, check=False
        )
    except FileNotFoundError:
        raise InputError("There is no git on the path. Install it (e.g. apt install git) to read revisions.") from None


def _failed(folder: Path, arguments: Sequence[str], stderr: bytes) -> InputError:
    said = stderr.decode("utf-8", "replace").strip()
    if NO_REPOSITORY in said:
        return InputError(f"{folder} lies in no git repository, so git knows no older state of it. Name files in one.")
    if _NOT_YOURS in said:
        return InputError(
            f"git does not trust the repository of {folder}, because somebody else owns it. If you do: "
            f"git config --global --add safe.directory {folder.resolve()}"
        )
    first = next((line for line in said.splitlines() if line.startswith(("fatal:", "error:"))), said[:200])
    return InputError(f"git {arguments[0]} failed in {folder}: {first or 'it said nothing'}.")
