"""The manifest of an index: the one small file that says which bytes of the others count.

Whoever adds writes behind the bytes that count, or new files, and then puts a new manifest in the place of the old
one. So an index is always in the old state or in the new one, however a run ends.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import orjson

from corpus_tools.errors import DamagedIndex, InputError
from corpus_tools.index.sorted_file import Description

VERSION = 2
"""Of the files and of the fingerprints in them. Whoever changes either adds one."""
NAME = "manifest.json"
KINDS = ("records", "samples", "words", "notes")
"""The files that grow."""

_SORTED = re.compile(r"sorted\.\d{1,18}\.bin")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an index. `generation` is part of the names of the files that grow; `lengths` are their bytes.

    `of` says which state of which corpus this is, where it is just that; whoever adds other records unsays it.
    """

    records: int = 0
    batches: int = 0
    generation: int = 1
    lengths: dict[str, int] = field(default_factory=dict)
    sorted_files: tuple[Description, ...] = ()
    next_file: int = 1
    of: dict[str, str] | None = None

    def path(self, folder: Path, kind: str) -> Path:
        """Where a growing file stands."""
        return folder / f"{kind}.{self.generation}.bin"

    def names(self) -> set[str]:
        """The files that count."""
        return {
            NAME,
            *(f"{kind}.{self.generation}.bin" for kind in self.lengths),
            *(file.name for file in self.sorted_files),
        }


def is_index(folder: Path) -> bool:
    """Whether an index is there."""
    return (folder / NAME).is_file()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an index.

    InputError where there is none, or one of a version that this package can't read; DamagedIndex where it is broken.
    """
    path = folder / NAME
    try:
        outer = orjson.loads(path.read_bytes())
        version, inner = outer["corpus_tools_index"], outer["manifest"]
        told = orjson.dumps(inner, option=orjson.OPT_SORT_KEYS)
    except FileNotFoundError:
        raise InputError(f"There is no index in {folder}. Make one: corpus-tools index build {folder} FILES") from None
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise DamagedIndex(path, "is no manifest") from error
    if version != VERSION:
        raise InputError(
            f"The index in {folder} has version {version!r}, and this corpus_tools reads version {VERSION}. "
            f"{'Update corpus_tools' if _is_newer(version) else 'Make the index anew with corpus-tools index build'}."
        )
    if outer.get("sha256") != hashlib.sha256(told).hexdigest():
        raise DamagedIndex(path, "does not match its checksum")
    if not _is_whole(inner):
        raise DamagedIndex(path, "says what no index says of itself")
    files = tuple(Description(file["name"], tuple(file["counts"]), file["check"]) for file in inner["sorted_files"])
    return Manifest(**(inner | {"sorted_files": files}))


def _is_whole(inner: Any) -> bool:  # any JSON value
    """Whether a manifest has the shape of ours. A name in it never leads out of the folder: files are made from names.

    A checksum is no signature, so one that is right says nothing of who wrote it.
    """
    if not isinstance(inner, dict) or inner.keys() != {field.name for field in fields(Manifest)}:
        return False
    lengths, files, of = inner["lengths"], inner["sorted_files"], inner["of"]
    return (
        all(_is_count(inner[name]) for name in ("records", "batches", "generation", "next_file"))
        and isinstance(lengths, dict)
        and lengths.keys() == set(KINDS)
        and all(map(_is_count, lengths.values()))
        and isinstance(files, list)
        and all(map(_is_sorted_file, files))
        and (of is None or (isinstance(of, dict) and all(isinstance(value, str) for value in of.values())))
    )


def _is_sorted_file(told: Any) -> bool:  # any JSON value
    return (
        isinstance(told, dict)
        and told.keys() == {field.name for field in fields(Description)}
        and isinstance(told["name"], str)
        and _SORTED.fullmatch(told["name"]) is not None
        and isinstance(told["counts"], list)
        and all(map(_is_count, [*told["counts"], told["check"]]))
    )


def _is_count(value: Any) -> bool:  # any JSON value
    return type(value) is int and 0 <= value < 1 << 62


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in the place of the one before, at once."""
    inner: dict[str, Any] = {
        "records": manifest.records,
        "batches": manifest.batches,
        "generation": manifest.generation,
        "lengths": manifest.lengths,
        "sorted_files": [file.told() for file in manifest.sorted_files],
        "next_file": manifest.next_file,
        "of": manifest.of,
    }
    told = orjson.dumps(inner, option=orjson.OPT_SORT_KEYS)
    outer = {"corpus_tools_index": VERSION, "manifest": inner, "sha256": hashlib.sha256(told).hexdigest()}
    hidden = folder / f".{NAME}"
    with hidden.open("wb") as file:
        file.write(orjson.dumps(outer, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    hidden.replace(folder / NAME)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    if os.name == "nt":  # folders can't be opened there
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _is_newer(version: object) -> bool:
    return not isinstance(version, int) or version > VERSION
