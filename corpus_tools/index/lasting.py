"""An index that lasts: the fingerprints of everything a growing corpus ever held, in a folder.

    with Index.open("seen", writing=True, create=True) as index:
        index.add(frame)

A run compares its records with those of the index and adds them when it has ended well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpus_tools.errors import InputError, OutputError, UsageError, why
from corpus_tools.index.batch import Added
from corpus_tools.index.collection import Collection
from corpus_tools.index.keeper import order_of
from corpus_tools.index.lock import Lock
from corpus_tools.index.manifest import VERSION, Manifest, is_index, write_manifest
from corpus_tools.index.marks import Marks
from corpus_tools.index.prepare import prepare
from corpus_tools.index.query import Match, matches_in
from corpus_tools.index.removal import Removed, chosen, without
from corpus_tools.index.resolve import resolve
from corpus_tools.index.store import Store, clear_away, create
from corpus_tools.index.view import View
from corpus_tools.rules.parties import parties


class Index:
    """The index in a folder, open. Made by `Index.open`; close it, or use it in a `with` block."""

    def __init__(self, folder: Path, lock: Lock | None, view: View | None = None) -> None:
        self.folder, self._lock, self.view = folder, lock, view
        self._held: tuple[Collection, Marks] | None = None
        self._left_out: set[int] = set()
        try:
            self.store = Store(folder)
        except BaseException:
            self._unlock()
            raise

    @classmethod
    def open(
        cls, folder: str | Path, *, writing: bool = False, create_missing: bool = False, view: View | None = None
    ) -> Index:
        """Open the index in a folder, for reading or as its only writer; `create_missing` makes an empty one.

        `view` says which of its records count.

        InputError where there is none, where its version is another, or where another process writes to it;
        DamagedIndex where a file is not what it was.
        """
        folder = Path(folder)
        if create_missing and writing and not is_index(folder):
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise InputError(f"{folder} is no index and not empty. Name a new folder.")
            try:
                create(folder)
            except OSError as error:
                raise OutputError(f"No index could be made in {folder}: {why(error)}.") from error
        if not is_index(folder):
            raise InputError(f"There is no index in {folder}. Make one: corpus-tools index build {folder} FILES")
        return cls(folder, Lock(folder, _busy(folder)) if writing else None, view)

    def __len__(self) -> int:
        return len(self.store)

    def __str__(self) -> str:
        return str(self.folder)

    @property
    def writing(self) -> bool:
        """Whether what is found is added."""
        return self._lock is not None

    def hold(self, collection: Collection, marks: Marks) -> None:
        """Take over what a run found; `commit` adds it."""
        if self._held is not None:
            raise UsageError("An index takes in one run at a time: commit it, then open the index for the next.")
        self._held = (collection, marks)

    def named(self, id: str) -> str:  # noqa: A002  # the column's own name
        """A record of the index as evidence names it: its id, and where it is."""
        return f"{id} in {(self.view and self.view.place(id)) or self.folder}"

    def leave_out(self, places: NDArray[np.int64]) -> None:
        """Say that records of the run, by their places in reading order, were dropped for what they are."""
        self._left_out.update(places.tolist())

    def add(self, frame: pd.DataFrame, *, rules: str | None = None) -> Added:
        """Compare the records of a frame with the index and add them."""
        collection = Collection(self.store)
        try:
            collection.add(prepare(frame))
            collection.freeze()
            self.hold(collection, resolve(collection, parties(rules), order_of(rules)))
        except BaseException:
            collection.close()
            raise
        return self.commit()

    def commit(self, of: dict[str, str] | None = None) -> Added:
        """Add what was found, all of it or nothing; `of` says which state of a corpus the index is then."""
        if self._held is None:
            return Added()
        self._check_writing()
        collection, marks = self._held
        parts, added = collection.parts(marks, frozenset(self._left_out))
        if added.records:
            self._write(lambda: self.store.added(parts, of))
        elif of is not None:
            self._write(lambda: replace(self.store.manifest, of=of))
        self._let_go()
        return added

    def query(self, frame: pd.DataFrame) -> list[list[Match]]:
        """For each record of a frame, the kept records it is a copy of or has much in common with, the likest first."""
        return matches_in(self.store, prepare(frame))

    def remove(self, *, ids: Sequence[str] = (), urls: Sequence[str] = (), outlets: Sequence[str] = ()) -> Removed:
        """Take out the records of these ids, pages and outlets, and the copies of those that were kept.

        All files are written anew, so nothing of them stays on disk.
        """
        self._check_writing()
        gone = chosen(self.store, ids, urls, outlets)
        if not gone.any():
            return Removed([], [])
        parts, removed = without(self.store, gone)
        self._write(lambda: self.store.written_anew(parts))
        return removed

    def facts(self) -> dict[str, Any]:
        """What is in the index, in figures."""
        kept, outlets = 0, np.empty(0, np.uint64)
        for start, records in self.store.every_record():
            kept += int((records["keeper"] == np.arange(start, start + len(records))).sum())
            outlets = np.unique(np.concatenate([outlets, records["outlet"]]))
        return {
            "folder": str(self.folder),
            "version": VERSION,
            "records": len(self),
            "kept": kept,
            "copies": len(self) - kept,
            "outlets": int((outlets != 0).sum()),
            "batches": self.store.manifest.batches,
            "sorted_files": len(self.store.manifest.sorted_files),
            "bytes": self.store.size(),
            **{f"of_{name}": value for name, value in (self.store.manifest.of or {}).items()},
        }

    def verify(self) -> None:
        """Read all of it. DamagedIndex where something is not as it was written."""
        self.store.verify()

    def close(self) -> None:
        """Let go of the files; what was not committed is forgotten."""
        self._let_go()
        self.store.close()
        self._unlock()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, write: Callable[[], Manifest]) -> None:
        """Let files be written, then let them count."""
        try:
            manifest = write()
            write_manifest(self.folder, manifest)
            clear_away(self.folder, manifest)
        except OSError as error:
            raise OutputError(
                f"The index in {self.folder} could not be written: {why(error)}. It is as before."
            ) from error
        self.store.close()
        self.store = Store(self.folder)

    def _check_writing(self) -> None:
        if not self.writing:
            raise UsageError(f"The index in {self.folder} is open for reading only: Index.open(…, writing=True).")

    def _let_go(self) -> None:
        if self._held is not None:
            for part in self._held:
                part.close()
        self._held = None
        self._left_out.clear()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()
        self._lock = None


def _busy(folder: Path) -> str:
    return (
        f"The index in {folder} is being changed by another run. Wait until that has ended, then try again; "
        "`corpus-tools index query` works meanwhile."
    )
