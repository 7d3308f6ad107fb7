"""The tree that files lie in: their paths from its root, and links that lead out of it."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus_tools.errors import InputError, NoRoom, why


def root_of(path: Path) -> Path:
    """The root of the tree that a file or folder lies in: the nearest folder with a `.git`, else the working folder.

    Links on the way are not followed. Outside of the working folder it is the folder that the file is in.
    """
    here = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow the links
    for folder in here.parents:
        if (folder / ".git").exists():
            return folder
    return Path.cwd() if here.is_relative_to(Path.cwd()) else here.parent


def path_in_tree(path: str) -> str:
    """The path from the root of its tree, with `/`, as CI systems want it; a file elsewhere keeps its name."""
    here = Path(os.path.abspath(path))  # noqa: PTH100
    root = root_of(here)
    if here.is_relative_to(Path.cwd()) or here.is_relative_to(root_of(Path.cwd() / "_")):
        return here.relative_to(root).as_posix()
    return path


def lies_in_tree(path: str) -> bool:
    """Whether there is a file with this path from the root of the working folder's tree."""
    return (root_of(Path.cwd() / "_") / path).exists()


def utf8_name(path: str) -> str:
    """The name of a file as JSON and XML can have it: what is no UTF-8 in it is shown as U+FFFD."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def leads_out(path: str) -> bool:
    """Whether following the links of this path ends outside of the tree that it lies in."""
    here = Path(os.path.abspath(path))  # noqa: PTH100
    return not Path(os.path.realpath(here)).is_relative_to(os.path.realpath(root_of(here)))


@contextlib.contextmanager
def held_stdin(paths: Sequence[str]) -> Iterator[dict[str, Path]]:
    """Standard input, if it is to be read, laid down in a file for the length of the block: the `held` of `Reader`."""
    if "-" not in paths:
        yield {}
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.NamedTemporaryFile(prefix="corpus_tools."))
            for block in _blocks_of_stdin():
                file.write(block)
            file.flush()
        except OSError as error:
            raise NoRoom(error) from error
        yield {"-": Path(file.name)}


def _blocks_of_stdin() -> Iterator[bytes]:
    try:
        while block := sys.stdin.buffer.read(1 << 20):
            yield block
    except OSError as error:
        raise InputError(f"Standard input can't be read: {why(error)}.") from error
