"""The fingerprints of older records, which new ones are judged against: of an index that lasts, or of one check."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import corpus_tools
from corpus_tools.checking.old_state import OldState
from corpus_tools.checking.settings import DUPLICATES, Settings
from corpus_tools.errors import InputError, UsageError
from corpus_tools.index.lasting import Index
from corpus_tools.index.manifest import VERSION, is_index, read_manifest
from corpus_tools.index.view import View
from corpus_tools.pipeline import Chain, run_chain
from corpus_tools.progress import Progress
from corpus_tools.rules import load

_NO_PART = ("validate", "detect_language")

ChainWith = Callable[[Index | None], Chain]
"""Gives the chain of a check, with the index that its step for duplicates asks, or fills."""


@contextmanager
def index_of(
    old: OldState, view: View, settings: Settings, chain: ChainWith, notes: list[str], progress: Progress
) -> Iterator[Index]:
    """The index of an older state, open for reading: the one that is kept, where it is of that state, else a new one.

    An index that names no state was made by somebody who knows why, and is taken as it is.
    """
    kept = settings.index
    if kept is not None and settings.update_index:
        _update(kept, old, settings, chain, notes, progress)
    if kept is not None and not is_index(kept):
        raise InputError(f"There is no index in {kept}. Add --update-index, and it is made of what was there before.")
    if kept is not None:
        state = read_manifest(kept).of
        if state is None:
            notes.append(f"The index in {kept} names no commit; new records were compared with what it holds.")
        if state is None or state["files"] == _files(old, settings, chain(None)):
            with Index.open(kept, view=None if state is None else view) as index:
                yield index
            return
        notes.append(
            f"The index in {kept} is of the commit {state['commit'][:12]}, so the fingerprints of {old.name} were made "
            "once more. --update-index keeps them."
        )
    with tempfile.TemporaryDirectory(prefix="corpus_tools.") as folder:
        made = Path(folder) / "index"
        _add(made, old, list(old.files), settings, chain, progress)
        with Index.open(made, view=view) as index:
            yield index


def _update(
    kept: Path, old: OldState, settings: Settings, chain: ChainWith, notes: list[str], progress: Progress
) -> None:
    """Bring an index up to an older state: make it, or add the files that were changed since the state it is of.

    What was removed stays in it and does no harm: nothing is a copy of a record that is not there.
    """
    state = read_manifest(kept).of if is_index(kept) else {}
    if state is None:
        raise UsageError(
            f"The index in {kept} names no commit, so it was not made by check --since. Name a folder of its own for "
            "--update-index, or leave that out."
        )
    if state and state["recipe"] != _recipe(settings, chain(None)):
        raise UsageError(
            f"The index in {kept} was made with other options or by another version of corpus-tools. Delete the "
            "folder, and it is made anew."
        )
    if state and state["files"] == _files(old, settings, chain(None)):
        return
    had = {}
    if state:
        # Where that commit was rewritten or not fetched, all is read, and what is known is not added twice.
        with suppress(InputError, UsageError):
            had = old.files_at(state["commit"])
    wanted = [path for path, stored in old.files.items() if path not in had or had[path].key != stored.key]
    _add(kept, old, wanted, settings, chain, progress)
    notes.append(f"The index in {kept} is now of {old.name}.")


def _add(
    folder: Path, old: OldState, paths: Sequence[str], settings: Settings, chain: ChainWith, progress: Progress
) -> None:
    of = {"commit": old.commit, "files": _files(old, settings, chain(None)), "recipe": _recipe(settings, chain(None))}
    with Index.open(folder, writing=True, create_missing=True) as index:
        with old.reader(paths, settings.reading) as reader:
            for chunk in run_chain(reader, _up_to_duplicates(chain(index))):
                progress("remembering", len(chunk.frame))
        index.commit(of)


def _up_to_duplicates(chain: Chain) -> Chain:
    """The steps that fingerprints are made by: whether a record is valid, and in which language, is no part of one."""
    names = [step.name for step, _ in chain]
    return [pair for pair in chain[: names.index(DUPLICATES) + 1] if pair[0].name not in _NO_PART]


def _files(old: OldState, settings: Settings, chain: Chain) -> str:
    return f"{old.digest()}-{_recipe(settings, chain)}"


def _recipe(settings: Settings, chain: Chain) -> str:
    """A hash of all that fingerprints depend on beside the records."""
    steps = [
        (step.name, {name: value for name, value in options.items() if name not in ("index", "now")})
        for step, options in _up_to_duplicates(chain)
    ]
    rules = load.fingerprint(settings.common.get("rules"))
    reading = {name: settings.reading.get(name) for name in ("format", "encoding", "column_map", "max_record_bytes")}
    told = [corpus_tools.__version__, VERSION, steps, rules, reading]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]
