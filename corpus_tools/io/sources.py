"""From what the user typed to the list of files: folders and globs are opened up, everything in a fixed order."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NoReturn

from corpus_tools.errors import InputError, NotFetched, UsageError, why
from corpus_tools.io.formats import FORMATS, format_of
from corpus_tools.io.outputs import is_beside_records
from corpus_tools.io.parted import files_of, is_parted
from corpus_tools.io.pointers import DVC_ENDING, dvc_outs, fetch_with_dvc, pointer_of


def find_sources(
    paths: Sequence[str | Path],
    format: str | None = None,  # noqa: A002  # the user's word
    held: Collection[str] = (),
) -> list[str]:
    """The files to read, in reading order: as given, and sorted by name within a folder or glob.

    A folder means every file below it whose name tells a format (`format`, where given). What a run wrote beside its
    records (ledger, findings, quarantine, manifest) is left out of folders and globs, and of a run in parts its removed
    records, too. `-` is standard input, and the names in `held` are no files of their own. InputError where a file is
    not there, and with what fetches it where DVC keeps it.
    """
    found: list[str] = []
    for path in map(str, paths):
        if path == "-" or path in held:
            found.append(path)
        elif Path(path).is_dir():
            found += _below(path, format)
        elif Path(path).exists():
            found.append(path)
        else:
            found += _expanded(path)
    if format is None:
        for name in found:
            format_of(name)  # pages, archives and feeds are refused before anything is read
    return found


def _below(folder: str, wanted: str | None) -> list[str]:
    if is_parted(Path(folder)):
        return [str(path) for path in files_of(Path(folder))]
    there = _all_below(folder)
    files = [path for path in there if path.is_file()]
    named = [path for path in files if _tells_a_format(path) and not is_beside_records(path)]
    lost = [path for path in there if _leads_nowhere(path) and _tells_a_format(path)]
    if lost:
        raise _broken_link(str(lost[0]))
    for path in there:
        _refuse_unfetched(path)
    found = [str(path) for path in named if wanted is None or format_of(path) == wanted]
    if not found:
        has = ", ".join(sorted({path.suffix for path in files if path.suffix})) or "no files"
        if wanted is not None:
            raise InputError(f"{folder} holds no {wanted} ({has}). Leave --from away, or name the files themselves.")
        raise InputError(
            f"{folder} holds nothing that corpus-tools reads ({has}). It reads: {', '.join(FORMATS)}. "
            "Name the files themselves and say what they are with --from."
        )
    return found


def _all_below(folder: str) -> list[Path]:
    """What lies there that is no folder, sorted, without what is hidden. InputError where a folder is locked."""

    def refuse(error: OSError) -> NoReturn:
        raise InputError(f"{error.filename} can't be opened: {why(error)}. Or name what is to be read of {folder}.")

    found = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(found)


def _tells_a_format(path: Path) -> bool:
    try:
        return format_of(path) is not None
    except UsageError:  # a page or a feed among the records
        return False


def _expanded(pattern: str) -> list[str]:
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207  # Path.glob takes no absolute pattern
    found = sorted(name for name in names if Path(name).is_file() and not is_beside_records(name))
    if found:
        return found
    if _leads_nowhere(Path(pattern)):
        raise _broken_link(pattern)
    if "://" in pattern:
        raise InputError(
            f"{pattern} is an address, and files are read here. Fetch it first, e.g. curl -LO {pattern}; object "
            "storage can be read with --engine dask."
        )
    if pointer := pointer_of(pattern):
        raise NotFetched(f"There is no file {pattern}. {fetch_with_dvc(pointer)}")
    near = sorted(str(path) for path in Path(pattern).parent.glob(glob.escape(Path(pattern).stem[:3]) + "*"))[:3]
    hint = f"Did you mean {near[0]}?" if near else f"Look at what is there: ls {Path(pattern).parent}"
    raise InputError(f"There is no file {pattern}. {hint}")


def _refuse_unfetched(pointer: Path) -> None:
    """Raise NotFetched where DVC has taken files out of the tree that we would read."""
    if pointer.suffix != DVC_ENDING or not pointer.is_file():
        return
    for out in dvc_outs(pointer.read_text(encoding="utf-8", errors="replace")):
        file = pointer.parent / out.path
        if not file.exists() and (out.is_folder or _tells_a_format(file)):
            raise NotFetched(f"{file} is not there. {fetch_with_dvc(pointer)}")


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _broken_link(path: str) -> InputError:
    return InputError(f"{path} is a link to {Path(path).readlink()}, and nothing is there. Mend or remove the link.")
