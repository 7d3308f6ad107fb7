"""The bench at which chunks are worked on: one in each process. It knows one chunk at a time and no other."""

from __future__ import annotations

import contextlib
import pickle
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from corpus_tools.chain import load_chain
from corpus_tools.engines.rendered import Rendered, Renderer
from corpus_tools.errors import NoRoom
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.draft import Draft, FrameDraft, Tally
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.order import Facts, Numbers
from corpus_tools.io.pieces import Piece
from corpus_tools.pipeline import Timing, advance, stages_of
from corpus_tools.protocol import uncollected
from corpus_tools.settings import Settings

Ask = Callable[[Facts], Numbers]
"""Gives the answer of `Order.number`, when the chunks before have been numbered."""


@dataclass(frozen=True, slots=True)
class Task:
    """One chunk and one stage of the chain: the first reads `piece`, later ones write `answer` first."""

    stage: int
    number: int
    piece: Piece | pd.DataFrame | None = None
    answer: Any = None


@dataclass(slots=True)
class Done:
    """What came of a task. `facts` and `tally` come of reading, `rendered` of the last stage, `prepared` of others."""

    stage: int
    number: int
    records: int
    facts: Facts | None = None
    tally: Tally | None = None
    prepared: Any = None
    rendered: Rendered | None = None
    timing: Timing = field(default_factory=Timing)


class Waiting(Protocol):
    """Where chunks wait between two stages."""

    def put(self, stage: int, number: int, chunk: Chunk) -> None:
        """Put a chunk aside after a stage."""

    def take(self, stage: int, number: int) -> Chunk:
        """The chunk as it was after that stage."""

    def keep(self, done: Done) -> None:
        """Keep what came of a task."""

    def kept(self, stage: int, number: int) -> Done | None:
        """What came of that task in an earlier run, if it was kept."""

    def close(self) -> None:
        """Close what is open."""


class Bench:
    """Does tasks, with the chain that the settings name."""

    def __init__(self, settings: Settings, waiting: Waiting) -> None:
        self.chain = load_chain(settings.steps, settings.step_options, settings.common)
        self.stages = stages_of(self.chain)
        self._fields = FieldMap(settings.reading.get("column_map"))
        self._renderer = Renderer(settings, self.chain)
        self._waiting = waiting

    def do(self, task: Task, ask: Ask) -> Done:
        """Do one task; raises what reading and the steps raise."""
        with uncollected():
            done, chunk = self.advanced(task, ask)
            if self.stages[task.stage].after is None:
                done.rendered = self._renderer.render(chunk)
            else:
                self._waiting.put(task.stage, task.number, chunk)
            self._waiting.keep(done)
        return done

    def advanced(self, task: Task, ask: Ask) -> tuple[Done, Chunk]:
        """What came of a task, and the chunk itself, which is kept nowhere."""
        done = Done(task.stage, task.number, 0)
        if task.piece is not None:
            piece, fields = task.piece, self._fields
            draft = FrameDraft(piece, fields) if isinstance(piece, pd.DataFrame) else Draft(piece, fields)
            done.facts, done.tally = draft.facts, draft.tally
            chunk = draft.chunk(ask(draft.facts))
        else:
            chunk = self._waiting.take(task.stage - 1, task.number)
        done.prepared = advance(chunk, self.stages[task.stage], task.answer, done.timing)
        done.records = len(chunk.frame)
        return done, chunk


def peak_memory() -> int | None:
    """Bytes of memory that this process took at most; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    # What Linux tells of a process begins before this program, with a copy of whoever started it, as large as that is.
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1 << 10)


class OwnFile:
    """A file of one process, in which its chunks wait; it has no name, so it is gone however the process ends."""

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="corpus_tools.", buffering=0)  # noqa: SIM115  # see close
        except OSError as error:
            raise NoRoom(error) from error
        self._places: dict[tuple[int, int], tuple[int, int]] = {}
        self._end = 0

    def put(self, stage: int, number: int, chunk: Chunk) -> None:
        """Put a chunk aside after a stage. NoRoom where the disk is full."""
        data = pickle.dumps(chunk, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self._file.seek(self._end)
            self._file.write(data)
        except OSError as error:
            raise NoRoom(error) from error
        self._places[stage, number] = self._end, len(data)
        self._end += len(data)

    def take(self, stage: int, number: int) -> Chunk:
        """The chunk as it was after that stage."""
        start, size = self._places.pop((stage, number))
        self._file.seek(start)
        chunk: Chunk = pickle.loads(self._file.read(size))
        return chunk

    def keep(self, done: Done) -> None:
        """Nothing outlives the process."""

    def kept(self, _stage: int, _number: int) -> None:
        """Nothing outlives the process."""

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()
