"""The two sides of a comparison: a file, a folder, a glob, standard input, or any of them at a revision of git."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus_tools.errors import InputError, UsageError
from corpus_tools.git.repository import Repository
from corpus_tools.git.stored import Laid, Stored, stored_files
from corpus_tools.io.formats import format_of
from corpus_tools.io.outputs import is_beside_records
from corpus_tools.io.sources import find_sources
from corpus_tools.io.trees import held_stdin, leads_out


@dataclass(frozen=True, slots=True)
class Side:
    """The files of one state of a corpus, in reading order; `held` has the bytes of those that are names only."""

    name: str
    files: list[str]
    held: Mapping[str, Path] = field(default_factory=dict)


@contextlib.contextmanager
def opened_side(
    name: str,
    format: str | None = None,  # noqa: A002  # the user's word
    *,
    follow_links: bool = False,
) -> Iterator[Side]:
    """The files that a name stands for, for the length of the block: a path, a glob, `-`, or `REV:path`.

    A file or folder of that name comes first; `format` is that of files whose names tell none.
    Raises InputError where there is no such file, or a link leads out of the tree and is not to be followed;
    UsageError where there is no such revision.
    """
    if name == "-":
        with held_stdin([name]) as held:
            yield Side(name, [name], held)
    elif ":" in name and not Path(name).exists():
        with _old_side(name, format) as side:
            yield side
    else:
        files = find_sources([name], format)
        links = [] if follow_links else [path for path in files if leads_out(path)]
        if links:
            raise InputError(
                f"{links[0]} is a link that leads out of the tree, so it was not read. Put the file itself there, or "
                "pass --follow-links if you trust whoever made the link."
            )
        yield Side(name, files)


@contextlib.contextmanager
def _old_side(name: str, format: str | None) -> Iterator[Side]:  # noqa: A002
    revision, _, path = name.partition(":")
    if not revision or not path:
        raise UsageError(f"{name!r} is no file, and not of the form REV:path; write e.g. HEAD~1:data/may.jsonl")
    repository = Repository.around(_nearest_folder(path))
    commit, place = repository.commit(revision), repository.place(path)
    stored = {one.path: one for one in stored_files(repository, commit, [place])}
    if place not in stored:
        stored = _records(stored, format)
    if not stored:
        raise InputError(
            f"There were no records in {path} at {revision}. See what there was: git ls-tree -r {revision}"
        )
    files = {_name(revision, path, place, one): stored[one] for one in sorted(stored)}
    with contextlib.closing(Laid(commit, files)) as laid:
        yield Side(name, list(files), laid)


def _nearest_folder(path: str) -> Path:
    """A folder of today on the way to a path that may be gone."""
    return next((folder for folder in Path(path).parents if folder.is_dir()), Path())


def _records(stored: Mapping[str, Stored], format: str | None) -> dict[str, Stored]:  # noqa: A002
    """What a folder holds of records, by the rules of `find_sources`."""
    return {
        path: one
        for path, one in stored.items()
        if not any(part.startswith(".") for part in path.split("/"))
        and _tells(path, format)
        and not is_beside_records(path, lambda run: run.as_posix() in stored)
    }


def _tells(path: str, wanted: str | None) -> bool:
    try:
        found = format_of(path)
    except UsageError:  # a page or a feed among the records
        return False
    return found is not None and wanted in (None, found)


def _name(revision: str, path: str, place: str, found: str) -> str:
    """How a file at a revision is told: as the caller would name it."""
    below = found if place == "." else found.removeprefix(place).lstrip("/")
    return f"{revision}:{Path(path, below).as_posix()}"
