"""The older state of the files that are checked: which files there were, and how their records are read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from corpus_tools.errors import UsageError
from corpus_tools.git.repository import Changed, Repository
from corpus_tools.git.stored import Laid, Stored, stored_files
from corpus_tools.io.formats import format_of
from corpus_tools.io.outputs import is_beside_records
from corpus_tools.io.read import Reader


@dataclass(frozen=True, slots=True)
class OldState:
    """A commit, by the name that the caller gave it and by its hash, and the files of records it had.

    `files` go by their paths from the root. `same` are files that are now as they were then, to the byte, each with
    its path now. `files_of` gives those of another commit. `broken` says of files that can't be read why; they are not
    among the others.
    """

    repository: Repository
    revision: str
    commit: str
    files: Mapping[str, Stored]
    same: Mapping[str, str]
    files_of: Callable[[str], dict[str, Stored]]
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it."""
        short = self.commit[:12]
        return short if self.revision.startswith(short) else f"{self.revision} ({short})"

    def files_at(self, revision: str) -> dict[str, Stored]:
        """The same files at another revision. Raises what `Repository.commit` raises."""
        return self.files_of(self.repository.commit(revision))

    def digest(self) -> str:
        """The same for the same bytes under the same paths."""
        told = "\0".join(f"{path}\0{stored.key}" for path, stored in sorted(self.files.items()))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    @contextmanager
    def reader(self, paths: Sequence[str], reading: Mapping[str, Any]) -> Iterator[Reader]:
        """A reader of some of its files, in this order."""
        names = {f"{self.commit[:12]}:{path}": self.files[path] for path in paths}
        laid = Laid(self.commit, names)
        try:
            yield Reader(list(names), held=laid, **reading)
        finally:
            laid.close()


def old_state(
    revision: str,
    given: Sequence[str],
    reads: Sequence[str],
    format: str | None = None,  # noqa: A002  # the user's word
) -> OldState:
    """The state at a revision of what the caller gave; `reads` are the files that this means now.

    Of a folder it is all that lay below it. Of a file it is that file, the one that it was renamed from, and what was
    since removed from its folder, for its records may have gone over.
    Raises what `Repository` raises, and UsageError where the files lie in several repositories.
    """
    alone = [path for path in reads if not any(_is_in(path, folder) for folder in given)]
    repository = _only_one([Path(path) for path in (*given, *alone) if Path(path).exists()])
    commit = repository.commit(revision)
    changed = repository.changed(commit)
    now = {repository.place(path): path for path in reads}
    folders = [repository.place(path) for path in given if Path(path).is_dir()]
    named = [repository.place(path) for path in alone]
    under = sorted({*folders, *named, *_gone_over(named, changed)})

    def files_of(commit: str) -> dict[str, Stored]:
        found = stored_files(repository, commit, under) if under else []
        return {one.path: one for one in found if one.path in named or _is_read(one.path, folders, format)}

    files, same = files_of(commit), {}
    renamed = {old: new for new, old in changed.renamed.items() if new in now}
    for path, stored in files.items():
        at = renamed.get(path, path)
        if at in now and stored.is_plain(repository) and (at != path or path not in changed.paths):
            same[path] = now[at]
    return OldState(repository, revision, commit, files, same, files_of)


def _only_one(paths: Sequence[Path]) -> Repository:
    found = {Repository.around(path) for path in {path if path.is_dir() else path.parent for path in paths}}
    # A submodule is part of the tree around it where both were given.
    outer = [one for one in found if not any(one.root.is_relative_to(other.root) for other in found - {one})]
    if len(outer) > 1:
        first, second, *_ = sorted(str(one.root) for one in outer)
        raise UsageError(
            f"The files lie in several repositories, {first} and {second}. With --since, check one at a time."
        )
    return outer[0]


def _gone_over(named: Sequence[str], changed: Changed) -> Iterator[str]:
    beside = {str(PurePosixPath(place).parent) for place in named}
    for path in sorted(changed.gone):
        if str(PurePosixPath(path).parent) in beside:
            yield path
    for place in named:
        if place in changed.renamed:
            yield changed.renamed[place]


def _is_in(path: str, folder: str) -> bool:
    return Path(folder).is_dir() and Path(path).is_relative_to(folder)


def _is_read(path: str, folders: Sequence[str], wanted: str | None) -> bool:
    """Whether it is what is read of a folder: no hidden file, and one whose name tells a format."""
    below = [PurePosixPath(path).relative_to(folder) for folder in folders
             if folder == "." or PurePosixPath(path).is_relative_to(folder)]  # fmt: skip
    if below and all(any(part.startswith(".") for part in one.parts) for one in below):
        return False
    try:
        told = format_of(path)
    except UsageError:  # a page or a feed among the records
        return False
    return not is_beside_records(path) and told is not None and wanted in (None, told)
