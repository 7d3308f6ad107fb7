"""What runs in each of several processes: wait for a task, do it, say what came of it."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from corpus_tools.engines.bench import Bench, OwnFile, Task, Waiting, peak_memory
from corpus_tools.engines.folder import WorkFolder
from corpus_tools.errors import CorpusToolsError
from corpus_tools.io.order import Facts, Numbers
from corpus_tools.settings import Settings


@dataclass(frozen=True, slots=True)
class Failed:
    """An exception on its way to another process, with the lines that say where it happened."""

    kind: type[BaseException]
    arguments: tuple[Any, ...]
    attributes: dict[str, Any]
    trace: str

    @classmethod
    def of(cls, error: Exception) -> Failed:
        """The exception as something that can be sent; one that can't be becomes a RuntimeError that names it."""
        failed = cls(type(error), error.args, vars(error), "".join(traceback.format_exception(error)))
        try:
            pickle.dumps(failed)
        except Exception:  # noqa: BLE001  # whatever a private step's exception holds
            return cls(RuntimeError, (f"{type(error).__name__}: {error}",), {}, failed.trace)
        return failed

    def error(self) -> BaseException:
        """The exception again, without a call of its class, which may take other arguments."""
        error = self.kind.__new__(self.kind, *self.arguments)
        error.args = self.arguments
        error.__dict__.update(self.attributes)
        if not isinstance(error, CorpusToolsError):
            error.add_note(f"It happened in another process:\n{self.trace}")
        return error


@dataclass(frozen=True, slots=True)
class Errand:
    """Something else to do than a task: `function(given, ask)`, who may ask the parent."""

    function: Callable[[Any, Callable[[Any], Any]], Any]
    given: Any


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody on an errand wants to know."""

    asked: Any


class _ParentGone(Exception):
    """Nobody is at the other end of the pipe."""


def serve(pipe: Connection, settings: Settings, folder: Path | None) -> None:
    """Do the tasks that come through the pipe until it closes."""
    for name in ("SIGINT", "SIGHUP"):  # the parent hears them too, and ends us
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    talk = _Talk(pipe)
    with contextlib.suppress(_ParentGone), contextlib.closing(WorkFolder(folder) if folder else OwnFile()) as waiting:
        bench = _bench(settings, waiting)
        while True:
            task: Task | Errand = talk.hear()
            if isinstance(task, Errand):
                talk.say(_told(functools.partial(task.function, task.given, talk.inquire)))
            else:
                talk.say(bench if isinstance(bench, Failed) else _told(functools.partial(bench.do, task, talk.ask)))


def _bench(settings: Settings, waiting: Waiting) -> Bench | Failed:
    try:
        return Bench(settings, waiting)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told where it can be shown
        return Failed.of(error)


def _told(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except _ParentGone:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told where it can be shown
        return Failed.of(error)


class _Talk:
    """The pipe to the parent. Pickled is only what these two processes made themselves."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def hear(self) -> Any:
        """The parent's next word."""
        try:
            return pickle.loads(self._pipe.recv_bytes())
        except (EOFError, ConnectionResetError) as error:
            raise _ParentGone from error

    def say(self, message: Any) -> None:
        """Tell the parent, and how much memory it took so far."""
        data = pickle.dumps((message, peak_memory() or 0), pickle.HIGHEST_PROTOCOL)
        try:
            self._pipe.send_bytes(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _ParentGone from error

    def ask(self, facts: Facts) -> Numbers:
        """The numbers of a chunk."""
        self.say(facts)
        numbers: Numbers = self.hear()
        return numbers

    def inquire(self, asked: Any) -> Any:
        """The answer to a question."""
        self.say(Question(asked))
        return self.hear()


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went, and do not finish a chunk for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
