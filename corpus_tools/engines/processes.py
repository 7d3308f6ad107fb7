"""The engine of several processes on one machine.

Each process has a bench and does one task at a time. Tasks go out in order, and what came of them is given on in
order. A chunk waits between two stages with the process that made it, so texts never pass through this one.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any

from corpus_tools.engines.bench import Ask, Done, Task
from corpus_tools.engines.folder import WorkFolder
from corpus_tools.engines.worker import Errand, Failed, Question, serve
from corpus_tools.errors import WorkerLost
from corpus_tools.io.order import Facts
from corpus_tools.settings import Settings

_AHEAD = 3
"""Chunks, for each process, that may be finished before one that is still worked on."""


class Processes:
    """Does tasks in `jobs` processes. Leaving the `with` block ends them all."""

    def __init__(self, settings: Settings, jobs: int, folder: Path | None = None) -> None:
        context = multiprocessing.get_context("spawn")  # the one way that every system has
        self._workers: list[_Worker] = []
        self._folder = WorkFolder(folder) if folder else None
        self._maker: dict[int, _Worker] = {}  # which process has the chunk of that number
        self._names: dict[int, str] = {}  # where in the input it stood
        with _signals_held():
            for _ in range(jobs):
                ours, theirs = context.Pipe()
                process = context.Process(target=serve, args=(theirs, settings, folder), daemon=True)
                process.start()
                theirs.close()
                self._workers.append(_Worker(process, ours))

    def each(self, tasks: Iterable[Task], ask: Ask) -> Iterator[Done]:
        """What came of each task, in their order. WorkerLost where a process died over one of them."""
        this = _Round(self._workers, self._maker, self._folder, self._named(tasks), ask)
        try:
            yield from this.results()
        except _Lost as lost:
            task = next(worker.task for worker in self._workers if worker.lost and worker.task)
            raise WorkerLost(task.number + 1, self._names[task.number], lost.code) from lost

    def elsewhere(
        self,
        function: Callable[[Any, Callable[[Any], Any]], Any],
        things: Iterable[Any],
        answer: Callable[[Any], Any],
    ) -> Iterator[Any]:
        """What a function makes of each thing, as it comes. WorkerLost where a process died over one of them."""
        left, busy = iter(things), dict[Any, _Worker]()

        def send(worker: _Worker) -> None:
            for thing in itertools.islice(left, 1):
                worker.send(Errand(function, thing))
                busy[worker.pipe] = worker

        for worker in self._workers:
            send(worker)
        while busy:
            for pipe in wait(list(busy)):
                worker = busy[pipe]
                try:
                    news = worker.news()
                except _Lost as lost:
                    raise WorkerLost(None, "compare records", lost.code) from lost
                if isinstance(news, Question):
                    worker.send(answer(news.asked))
                    continue
                del busy[pipe]
                if isinstance(news, Failed):
                    raise news.error()
                send(worker)
                yield news

    def _named(self, tasks: Iterable[Task]) -> Iterator[Task]:
        for task in tasks:
            if task.piece is not None:
                self._names[task.number] = str(task.piece)
            yield task

    def peak_memory(self) -> int:
        """Bytes that the processes took at most."""
        return sum(worker.peak for worker in self._workers)

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.process.close()
            worker.pipe.close()


class _Worker:
    """One process, and the task it is at."""

    def __init__(self, process: Any, pipe: Connection) -> None:
        self.process, self.pipe = process, pipe
        self.task: Task | None = None
        self.lost = False
        self.peak = 0

    def send(self, message: Any) -> None:
        """Send it something; where it has died, that is told when it is asked for news."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def news(self) -> Any:
        """What it has to say. _Lost where it has died."""
        try:
            message, self.peak = pickle.loads(self.pipe.recv_bytes())
        except (EOFError, ConnectionResetError) as error:
            self.process.join()
            self.lost = True
            raise _Lost(self.process.exitcode) from error
        return message


class _Lost(Exception):
    """A process has died, with that exit code."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(code)


class _Round:
    """All tasks of one stage."""

    def __init__(
        self,
        workers: list[_Worker],
        maker: dict[int, _Worker],
        folder: WorkFolder | None,
        tasks: Iterator[Task],
        ask: Ask,
    ) -> None:
        self._workers, self._maker, self._folder, self._tasks, self._ask = workers, maker, folder, tasks, ask
        self._planned: deque[Task] = deque()
        self._more = True
        self._out = 0  # tasks whose results were given on
        self._taken = 0  # tasks that were taken from the iterator
        self._asked = 0  # chunks that were numbered
        self._facts: dict[int, tuple[Facts, _Worker | None]] = {}
        self._ready: dict[int, Done | Failed] = {}

    def results(self) -> Iterator[Done]:
        """What came of the tasks, in their order."""
        while True:
            self._hand_out()
            if self._out in self._ready:
                result = self._ready.pop(self._out)
                if isinstance(result, Failed):
                    raise result.error()
                self._out += 1
                yield result
                continue
            busy = {worker.pipe: worker for worker in self._workers if worker.task}
            if not busy and not self._ready:
                return
            self._plan()
            for pipe in wait(list(busy)):
                self._hear(busy[pipe])  # type: ignore[index]  # wait() gives back what it was given

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.task is None and (task := self._next_for(worker)):
                worker.task = task
                self._maker[task.number] = worker
                worker.send(task)

    def _next_for(self, worker: _Worker) -> Task | None:
        while True:
            for at, task in enumerate(self._planned):
                if self._folder or task.piece is not None or self._maker[task.number] is worker:
                    del self._planned[at]
                    return task
            if not self._plan():
                return None

    def _plan(self) -> bool:
        """Take one more task from the iterator; False where there is none, or enough is under way."""
        full = self._taken - self._out >= _AHEAD * len(self._workers)
        if not self._more or full or any(task.piece is not None for task in self._planned):
            return False
        task = next(self._tasks, None)
        if task is None:
            self._more = False
            return False
        self._taken += 1
        if self._folder and (kept := self._folder.kept(task.stage, task.number)):
            self._ready[task.number] = kept
            if kept.facts:
                self._facts[task.number] = kept.facts, None
                self._number()
        else:
            self._planned.append(task)
        return True

    def _hear(self, worker: _Worker) -> None:
        news = worker.news()
        if isinstance(news, Facts):
            assert worker.task is not None
            self._facts[worker.task.number] = news, worker
            self._number()
            return
        assert worker.task is not None
        self._ready[worker.task.number] = news
        worker.task = None

    def _number(self) -> None:
        while self._asked in self._facts:
            facts, worker = self._facts.pop(self._asked)
            numbers = self._ask(facts)
            if worker:
                worker.send(numbers)
            self._asked += 1


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Keep Ctrl-C, and the end of a terminal, from the processes that are started here: this one ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # the first process would start it, and that lets the signals in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
