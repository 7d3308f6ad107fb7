"""A repository: its commits by any name, the files of a commit, and which of them differ from those that lie there now.

repository = Repository.around(Path("data"))
commit = repository.commit("origin/main...")
for stored in repository.files(commit, ["data"]): ...
"""

from __future__ import annotations

import difflib
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus_tools.errors import InputError, UsageError
from corpus_tools.git.command import ask

_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LINK, _SUBMODULE = "120000", "160000"
_NAMED = 64  # paths that git is given; of more, all files are listed and looked through
MERGE_BASE = "..."
"""Behind a revision: the commit that it and HEAD have in common, as in `git diff REV...`."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: its path from the root, with `/`, and the object with its bytes, in the repository of `home`.

    `home` is another one than the repository it was found by where the file lies in a submodule. `linked` says that
    a link was followed.
    """

    path: str
    blob: str
    home: Path
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """Files that are not as a commit has them, by their paths from the root.

    `renamed` maps where a file stands now to where it stood, if not a byte of it was changed.
    """

    paths: frozenset[str]
    gone: frozenset[str]
    renamed: dict[str, str]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree, by the root of that tree. Made by `Repository.around`."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> Repository:
        """The innermost repository that a file or folder lies in. InputError where it lies in none."""
        here = path
        while not here.is_dir():
            here = here.absolute().parent
        said = ask(here, ["rev-parse", "--show-toplevel"])
        return cls(Path(os.fsdecode(said.removesuffix(b"\n"))))

    def place(self, path: str | Path) -> str:
        """The path from the root of a file or folder, with `/` and `.` for the root; links to folders are followed.

        InputError where it lies outside.
        """
        given = Path(path).absolute()
        real = given.parent.resolve() / given.name if given.name != ".." else given.resolve()
        if real.is_dir():
            real = real.resolve()
        root = self.root.resolve()
        if not real.is_relative_to(root):
            raise InputError(f"{path} lies outside of the repository in {self.root}, which has no older state of it.")
        return real.relative_to(root).as_posix()

    def commit(self, revision: str) -> str:
        """The commit that a revision names: a branch, a tag, a hash, `HEAD~1`, or with `...` behind it the merge base.

        UsageError where there is none, InputError where this clone is too shallow to have it.
        """
        name = revision.strip()
        if name.endswith(MERGE_BASE):
            return self._merge_base(name.removesuffix(MERGE_BASE) or "HEAD")
        if not name or name.startswith("-"):
            raise UsageError(f"{revision!r} names no revision; write e.g. origin/main, v1.2 or HEAD~1.")
        said = ask(self.root, ["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"], may_fail=True).strip()
        if _COMMIT.fullmatch(said):
            return said.decode()
        if self._is_shallow():
            remote, _, branch = name.partition("/")
            one = f"git fetch --depth=1000 {remote} {branch}" if branch else f"git fetch --depth=1000 origin {name}"
            raise InputError(
                f"This clone is shallow and has no revision {name!r}. Fetch more of it: git fetch --unshallow, or "
                f"{one}. With actions/checkout: fetch-depth: 0."
            )
        raise UsageError(f"There is no revision {name!r} in {self.root}. {self._hint(name)}")

    def files(self, commit: str, under: Sequence[str] = (".",)) -> Iterator[Blob]:
        """The files of a commit at or below these paths from the root, by path; those of submodules, too.

        A link counts as the file that it leads to within the commit; one that leads nowhere or out of it is left out.
        Raises InputError where a submodule that is checked out has no such commit.
        """
        wanted = [] if "." in under or len(under) > _NAMED else [*under]
        said = self._listed(commit, wanted, "-r")
        if above := {folder for path in wanted for folder in folders_above(path)}:  # one may be a submodule
            lines = self._listed(commit, sorted(above)).split(b"\0")
            said += b"".join(line + b"\0" for line in lines if line.startswith(_SUBMODULE.encode()))
        for line in said.split(b"\0")[:-1]:
            about, _, raw = line.partition(b"\t")
            mode, _, blob = about.decode().split(" ")
            path = os.fsdecode(raw)
            if mode == _SUBMODULE:
                yield from self._of_submodule(path, blob, under)
            elif not lies_under(path, under):
                continue
            elif mode != _LINK:
                yield Blob(path, blob, self.root)
            elif target := self._followed(commit, path):
                yield Blob(path, target, self.root, linked=True)
        # git follows no links to folders on the way; a path that was named may have some.
        for path in under:
            if "/" in path and (target := self._followed(commit, path)) and not _is_listed(said, path):
                yield Blob(path, target, self.root, linked=True)

    def changed(self, commit: str) -> Changed:
        """Which files of a commit lie there otherwise now, or not at all; submodules are not looked into."""
        told = ["--name-status", "-z", "-M100%", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"]
        words = iter(ask(self.root, ["diff", *told, commit, "--"]).split(b"\0")[:-1])
        paths, gone, renamed = set(), set(), {}
        for status in words:
            path = os.fsdecode(next(words))
            if status.startswith((b"R", b"C")):
                now = os.fsdecode(next(words))
                renamed[now] = path
                paths.add(now)
            if status.startswith((b"R", b"D")):
                gone.add(path)
            if not status.startswith(b"C"):
                paths.add(path)
        return Changed(frozenset(paths), frozenset(gone), renamed)

    def _merge_base(self, name: str) -> str:
        commit, head = self.commit(name), self.commit("HEAD")
        said = ask(self.root, ["merge-base", commit, head], may_fail=True).split(b"\n")[0]
        if _COMMIT.fullmatch(said):
            return said.decode()
        if self._is_shallow():
            raise InputError(
                f"This clone is too shallow to know what {name!r} and HEAD have in common. Fetch more of it: git fetch "
                "--unshallow. With actions/checkout: fetch-depth: 0."
            )
        raise UsageError(f"{name!r} and HEAD have no commit in common. Compare with {name!r} itself: leave ... out.")

    def _is_shallow(self) -> bool:
        return ask(self.root, ["rev-parse", "--is-shallow-repository"], may_fail=True).strip() == b"true"

    def _hint(self, name: str) -> str:
        said = ask(self.root, ["for-each-ref", "--format=%(refname:short)"], may_fail=True)
        known = said.decode("utf-8", "replace").split("\n")
        like = difflib.get_close_matches(name, [one for one in known if one], 1, 0.6)
        if like:
            return f"Did you mean {like[0]!r}?"
        remote, slash, branch = name.partition("/")
        return f"Fetch it: git fetch {remote} {branch}" if slash else "See what there is: git branch --all, git tag"

    def _of_submodule(self, path: str, commit: str, under: Sequence[str]) -> Iterator[Blob]:
        inside = [_below(wanted, path) for wanted in under]
        home = self.root / path
        if not any(inside) or not (home / ".git").exists():
            return
        module = Repository(home)
        if not ask(home, ["cat-file", "-t", commit], may_fail=True):
            raise InputError(
                f"The submodule {path} does not have the commit {commit[:12]}. Fetch it: git -C {path} fetch origin "
                f"{commit}"
            )
        for blob in module.files(commit, [one for one in inside if one]):
            yield Blob(f"{path}/{blob.path}", blob.blob, blob.home, blob.linked)

    def _listed(self, commit: str, paths: Sequence[str], *options: str) -> bytes:
        return ask(self.root, ["ls-tree", "-z", "--full-tree", *options, commit, *(["--", *paths] if paths else [])])

    def _followed(self, commit: str, path: str) -> str | None:
        """The object at the end of a link within a commit; None where it ends nowhere, outside, or at a folder."""
        if "\n" in path:  # git takes one name a line here
            return None
        name = os.fsencode(f"{commit}:{posixpath.normpath(path)}\n")
        said = ask(self.root, ["cat-file", "--batch-check", "--follow-symlinks"], stdin=name).split(b"\n")[0]
        about = said.split(b" ")
        return about[0].decode() if len(about) == 3 and about[1] == b"blob" else None


def lies_under(path: str, under: Sequence[str]) -> bool:
    """Whether a path is one of these or below one.

    >>> lies_under("data/may.jsonl", ["data"]), lies_under("database.jsonl", ["data"])
    (True, False)
    """
    return any(one in (".", path) or path.startswith(f"{one}/") for one in under)


def folders_above(path: str) -> list[str]:
    """The folders that a path lies in, from the root on.

    >>> folders_above("data/2024/may.jsonl")
    ['data', 'data/2024']
    """
    parts = path.split("/")[:-1]
    return ["/".join(parts[: at + 1]) for at in range(len(parts))]


def _below(wanted: str, module: str) -> str | None:
    """What of a submodule is wanted, as a path from its own root."""
    if wanted == "." or module == wanted or module.startswith(f"{wanted}/"):
        return "."
    return wanted.removeprefix(f"{module}/") if wanted.startswith(f"{module}/") else None


def _is_listed(said: bytes, path: str) -> bool:
    name = os.fsencode(path)
    return b"\t" + name + b"\0" in said or b"\t" + name + b"/" in said
