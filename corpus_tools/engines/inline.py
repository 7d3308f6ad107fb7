"""The engine of one process: it does every task itself, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from corpus_tools.engines.bench import Ask, Bench, Done, OwnFile, Task, Waiting
from corpus_tools.engines.folder import WorkFolder
from corpus_tools.settings import Settings


class Inline:
    """Does the tasks here and now."""

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        self._waiting: Waiting = WorkFolder(folder) if folder else OwnFile()
        self._bench = Bench(settings, self._waiting)

    def each(self, tasks: Iterable[Task], ask: Ask) -> Iterator[Done]:
        """What came of each task, in their order."""
        for task in tasks:
            kept = self._waiting.kept(task.stage, task.number)
            if kept and kept.facts:
                ask(kept.facts)
            yield kept or self._bench.do(task, ask)

    @property
    def elsewhere(self) -> None:
        """There are no other processes."""

    def peak_memory(self) -> int:
        """Bytes that other processes took at most: none."""
        return 0

    def __enter__(self) -> Inline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.close()
