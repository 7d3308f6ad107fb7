"""Outputs in parts: a folder of records, with folders beside them for what else a run writes, and one manifest.

`clean/part-00000.jsonl`, `clean/removed/part-00000.jsonl`, `clean/ledger/…` and so on, and `clean/run.json`.
"""

from __future__ import annotations

from pathlib import Path

MANIFEST = "run.json"
BESIDE = ("removed", "ledger", "findings", "quarantine")
"""The folders beside the records."""


def is_parted(folder: Path) -> bool:
    """Whether a folder is the output of a run that wrote parts."""
    return (folder / MANIFEST).is_file() and all((folder / kind).is_dir() for kind in BESIDE)


def names_in(folder: Path) -> dict[str, Path]:
    """Where the files beside the records stand, as `io.outputs.siblings` has them for one file."""
    return {kind: folder / kind for kind in BESIDE} | {"run": folder / MANIFEST}


def files_of(path: Path) -> list[Path]:
    """The file, or the parts in a folder, in reading order; none where there is neither."""
    if path.is_dir():
        return sorted(path.glob("part-*"))
    return [path] if path.is_file() else []
