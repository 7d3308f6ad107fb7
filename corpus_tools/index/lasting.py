"""An index that lasts: the fingerprints of everything a growing corpus ever held, in a folder.

    with Index.open("seen", writing=True, create=True) as index:
        index.add(frame)

A run compares its records with those of the index and adds them when it has ended well.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pandas as pd

from corpus_tools.errors import InputError, OutputError, UsageError, why
from corpus_tools.index.batch import Added
from corpus_tools.index.collection import Collection
from corpus_tools.index.lock import Lock
from corpus_tools.index.manifest import is_index, write_manifest
from corpus_tools.index.marks import Marks
from corpus_tools.index.prepare import prepare
from corpus_tools.index.resolve import resolve
from corpus_tools.index.store import Store, clear_away, create
from corpus_tools.rules.parties import parties


class Index:
    """The index in a folder, open. Made by `Index.open`; close it, or use it in a `with` block."""

    def __init__(self, folder: Path, lock: Lock | None) -> None:
        self.folder, self._lock = folder, lock
        self._held: tuple[Collection, Marks] | None = None
        self._left_out: set[int] = set()
        try:
            self.store = Store(folder)
        except BaseException:
            self._unlock()
            raise

    @classmethod
    def open(cls, folder: str | Path, *, writing: bool = False, create_missing: bool = False) -> Index:
        """Open the index in a folder, for reading or as its only writer; `create_missing` makes an empty one.

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
        return cls(folder, Lock(folder) if writing else None)

    def __len__(self) -> int:
        return len(self.store)

    @property
    def writing(self) -> bool:
        """Whether what is found is added."""
        return self._lock is not None

    def hold(self, collection: Collection, marks: Marks) -> None:
        """Take over what a run found; `commit` adds it."""
        if self._held is not None:
            raise UsageError("An index takes in one run at a time: commit it, then open the index for the next.")
        self._held = (collection, marks)

    def leave_out(self, places: list[int]) -> None:
        """Say that records of the run, by their places in reading order, were dropped for what they are."""
        self._left_out.update(places)

    def add(self, frame: pd.DataFrame, *, rules: str | None = None) -> Added:
        """Compare the records of a frame with the index and add them."""
        collection = Collection(self.store)
        collection.add(prepare(frame))
        collection.freeze()
        self.hold(collection, resolve(collection, parties(rules)))
        return self.commit()

    def commit(self) -> Added:
        """Add what was found, all of it or nothing."""
        if self._held is None:
            return Added()
        if not self.writing:
            raise UsageError(f"The index in {self.folder} is open for reading only: Index.open(…, writing=True).")
        collection, marks = self._held
        try:
            parts, added = collection.parts(marks, frozenset(self._left_out))
            if added.records:
                manifest = self.store.added(parts)
                write_manifest(self.folder, manifest)
                clear_away(self.folder, manifest)
        except OSError as error:
            raise OutputError(
                f"The index in {self.folder} could not be written: {why(error)}. It is as before."
            ) from error
        self._let_go()
        self.store.close()
        self.store = Store(self.folder)
        return added

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
