"""The bytes of a file at a revision, laid down outside of the working tree: out of git, Git LFS or DVC."""

from __future__ import annotations

import os
import posixpath
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from corpus_tools.errors import NoRoom, NotFetched
from corpus_tools.git.command import ask, ask_into
from corpus_tools.git.repository import Blob, Repository, folders_above, lies_under
from corpus_tools.io.pointers import DVC_ENDING, LONGEST, DvcOut, dvc_outs, lfs_object

_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it was at a commit: `path` from the root, and where its bytes are.

    `pointer` is the `.dvc` file that stands for it, if one does, and `md5` the hash of its bytes then.
    """

    path: str
    blob: Blob
    md5: str | None = None

    @property
    def key(self) -> str:
        """The same for the same bytes."""
        return self.md5 or self.blob.blob

    def is_plain(self, repository: Repository) -> bool:
        """Whether git itself keeps it in this repository, so that it can tell whether it was changed."""
        return self.md5 is None and self.blob.home == repository.root and not self.blob.linked

    def lay_down(self, file: Path, commit: str) -> Path:
        """Write its bytes into a file, unless they lie somewhere already; returns where they are.

        NotFetched where they were not fetched, and with what to fetch them.
        """
        if self.md5 is not None:
            return _dvc_file(self.blob, self.md5, commit)
        try:
            with file.open("w+b") as out:
                ask_into(out, self.blob.home, ["cat-file", "blob", self.blob.blob])
                out.seek(0)
                pointed = lfs_object(out.read(LONGEST))
        except OSError as error:
            raise NoRoom(error) from error
        return _lfs_file(self.blob, pointed, commit) if pointed else file


def stored_files(repository: Repository, commit: str, under: Sequence[str] = (".",)) -> Iterator[Stored]:
    """The files of a commit at or below these paths from the root, those among them that DVC holds.

    Raises what `Repository.files` raises, and NotFetched where DVC has not fetched the list of a folder.
    """
    pointers = [f"{path}{DVC_ENDING}" for path in under if path != "."]
    above = [f"{folder}{DVC_ENDING}" for path in under for folder in folders_above(path)]
    for blob in repository.files(commit, [*under, *pointers, *above]):
        if not blob.path.endswith(DVC_ENDING):
            if lies_under(blob.path, under):
                yield Stored(blob.path, blob)
            continue
        text = ask(blob.home, ["cat-file", "blob", blob.blob]).decode("utf-8", "replace")
        for out in dvc_outs(text):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(blob.path), out.path))
            if out.is_folder:
                found = [Stored(f"{place}/{one.path}", blob, one.md5) for one in _listed(blob, out.md5, commit)]
            else:
                found = [Stored(place, blob, out.md5)]
            yield from (one for one in found if lies_under(one.path, under) and not one.path.startswith(".."))


class Laid(Mapping[str, Path]):
    """Files of a commit by the names that readers are given, each laid down when it is asked for.

    Only the latest lies there: they are read one after the other. Close it, and all is gone.
    """

    def __init__(self, commit: str, files: Mapping[str, Stored]) -> None:
        self._commit, self._files = commit, files
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="corpus_tools.")
        except OSError as error:
            raise NoRoom(error) from error
        self._latest: tuple[str, Path] | None = None

    def __getitem__(self, name: str) -> Path:
        if self._latest is None or self._latest[0] != name:
            stored, self._latest = self._files[name], None
            self._latest = name, stored.lay_down(Path(self._folder.name) / "file", self._commit)
        return self._latest[1]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def close(self) -> None:
        """Give the disk back."""
        self._folder.cleanup()


def _lfs_file(blob: Blob, digest: str, commit: str) -> Path:
    common = os.fsdecode(ask(blob.home, ["rev-parse", "--git-common-dir"]).removesuffix(b"\n"))
    file = blob.home / common / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    if file.is_file():
        return file
    raise NotFetched(
        f"{blob.path} at {commit[:12]} is a pointer of Git LFS, and its records were not fetched. Fetch them: git lfs "
        f"fetch origin {commit} --include '{blob.path}'"
    )


def _listed(blob: Blob, md5: str, commit: str) -> list[DvcOut]:
    """The files of a folder that DVC holds."""
    listed = orjson.loads(_dvc_file(blob, md5, commit).read_bytes())
    return [DvcOut(one["relpath"], one["md5"]) for one in listed if _MD5.fullmatch(one["md5"])]


def _dvc_file(blob: Blob, md5: str, commit: str) -> Path:
    folder = (blob.home / blob.path).parent
    for above in (folder, *folder.parents):
        for cache in (above / ".dvc" / "cache" / "files" / "md5", above / ".dvc" / "cache"):
            file = cache / md5[:2] / md5[2:]
            # A repository may bring a link in its place.
            if file.is_file() and file.resolve().is_relative_to(blob.home.resolve()):
                return file
        if above == blob.home:
            break
    raise NotFetched(
        f"{blob.path.removesuffix(DVC_ENDING)} at {commit[:12]} is kept by DVC, and was not fetched. Fetch it: dvc "
        f"fetch --all-commits '{blob.path}'"
    )
