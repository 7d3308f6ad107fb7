"""Files that stand for others: the pointers that Git LFS and DVC leave in a repository in place of large files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from corpus_tools.errors import NotFetched

LONGEST = 4096
"""Bytes that a pointer has at most."""
DVC_ENDING = ".dvc"

_FOLDER = ".dir"
_LFS = re.compile(rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/v1\r?\n")
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})\r?$", re.MULTILINE)
_DVC_ITEM = re.compile(r"^(\s*)- ", re.MULTILINE)
_DVC_HASH = re.compile(r"^[\s-]*md5: *['\"]?([0-9a-f]{32}(?:\.dir)?)['\"]?\s*$", re.MULTILINE)
_DVC_PATH = re.compile(r"^[\s-]*path: *(.+?)\s*$", re.MULTILINE)
_DVC_FOLDER = re.compile(r"^wdir: *(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DvcOut:
    """What one `.dvc` file stands for: a path from the folder it lies in, and the MD5 of what stood there.

    The hash of a folder ends in `.dir`; it is that of its list of files.
    """

    path: str
    md5: str

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder."""
        return self.md5.endswith(_FOLDER)


def lfs_object(head: bytes) -> str | None:
    r"""The SHA-256 of the file that a pointer of Git LFS stands for; None where the bytes are no pointer.

    >>> lfs_object(b'{"id": "a", "text": "Rain."}\n') is None
    True
    """
    if not _LFS.match(head):
        return None
    found = _OID.search(head[:LONGEST])
    return found[1].decode() if found else None


def dvc_outs(text: str) -> list[DvcOut]:
    r"""What a `.dvc` file stands for; nothing where it is none that we understand.

    >>> dvc_outs("outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 9\n  path: may.jsonl\n")
    [DvcOut(path='may.jsonl', md5='0123456789abcdef0123456789abcdef')]
    """
    before, _, outs = text.partition("outs:")
    folder = _DVC_FOLDER.search(before) or _DVC_FOLDER.search(outs)
    base = "" if folder is None else _plain(folder[1]).strip("/") + "/"
    found = []
    for item in _DVC_ITEM.split(outs):
        digest, path = _DVC_HASH.search(item), _DVC_PATH.search(item)
        if digest and path:
            found.append(DvcOut(base.removeprefix("./") + _plain(path[1]), digest[1]))
    return found


def refuse_pointer(path: str, head: bytes) -> None:
    """Raise NotFetched where the first bytes of a file are those of a pointer, and say what fetches the file."""
    if lfs_object(head):
        raise NotFetched(
            f"{path} is a pointer of Git LFS, and the records are elsewhere. Fetch them: git lfs pull --include "
            f"{_typed(path)}"
        )


def fetch_with_dvc(pointer: str | Path) -> str:
    """What to say of a file that DVC has taken out of the tree."""
    return f"DVC keeps it elsewhere. Fetch it: dvc pull {_typed(str(pointer))}"


def pointer_of(path: str | Path) -> Path | None:
    """The `.dvc` file that stands for a file which is not there; None where there is none."""
    there = Path(f"{path}{DVC_ENDING}")
    return there if there.is_file() else None


def _plain(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1].replace("''", "'") if quoted else value


def _typed(path: str) -> str:
    return path if re.fullmatch(r"[\w./@%+,:-]+", path) else "'" + path.replace("'", "'\\''") + "'"
