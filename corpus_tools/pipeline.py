"""The chain at work: chunks pass the steps, every change is noted, and a corpus step waits for the last chunk.

Row steps see a chunk at a time. A corpus step costs one pass over the spool: every chunk is shown to it and set
aside on disk, it judges, and the chunks go on in their order.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpus_tools import cells
from corpus_tools.contract import COLUMNS, IN_NAMES, OUT_NAMES
from corpus_tools.errors import PromiseBroken
from corpus_tools.io.chunk import Chunk, Layout
from corpus_tools.io.spool import Spool
from corpus_tools.ledger import Change, Edit, span_edits, undo_edits
from corpus_tools.progress import Progress, silent
from corpus_tools.protocol import CorpusState, CorpusStep, Log, Step

Chain = Sequence[tuple[Step, dict[str, Any]]]


@dataclass(slots=True)
class Timing:
    """What a run cost and did: seconds and changed cells by step, and what steps remarked on the whole of it."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    changed: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def add(self, other: Timing) -> None:
        """Add what another process, or another chunk, has cost."""
        for step, seconds in other.seconds.items():
            self.seconds[step] += seconds
        self.changed.update(other.changed)


def columns_added(chain: Chain) -> list[str]:
    """The columns that every record has after this chain, null or not: private ones first, then the contract's."""
    added: dict[str, None] = {}
    for step, _ in chain:
        added.update(dict.fromkeys(step.adds))
        if step.flags:
            added["flags"] = None
    private = [name for name in added if name not in COLUMNS]
    return [*private, *(name for name in OUT_NAMES if name in added)]


def dropped(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Which records have the verdict `drop`, shape (rows,); none where nobody decided."""
    return np.array([verdict == "drop" for verdict in cells.objects(frame, "verdict")], dtype=bool)


@dataclass(frozen=True, slots=True)
class Stage:
    """What happens to a chunk between two looks at the whole corpus.

    First the answer of the corpus step `before` is written, if there is one, then the row steps work, and last the
    chunk is prepared for the corpus step `after`.
    """

    before: tuple[CorpusStep, dict[str, Any]] | None
    steps: Chain
    after: tuple[CorpusStep, dict[str, Any]] | None


def stages_of(chain: Chain) -> list[Stage]:
    """The chain, cut at its corpus steps: one stage more than there are of them."""
    stages: list[Stage] = []
    before: tuple[CorpusStep, dict[str, Any]] | None = None
    steps: list[tuple[Step, dict[str, Any]]] = []
    for step, options in chain:
        if isinstance(step, CorpusStep):
            stages.append(Stage(before, steps, (step, options)))
            before, steps = (step, options), []
        else:
            steps.append((step, options))
    return [*stages, Stage(before, steps, None)]


def advance(chunk: Chunk, stage: Stage, answer: Any, timing: Timing) -> Any:
    """Take a chunk through one stage; returns what the corpus step behind it must know, None without records.

    `answer` is that of the corpus step before. Changes and findings are noted in the chunk, and its frame keeps its
    rows and their order. Raises what the steps raise.
    """
    if stage.before is None:
        _write_reading_flags(chunk)
    else:
        before, its_options = stage.before
        _take(chunk, before, lambda frame, log: before.mark(answer, frame, log, **its_options), timing)
    for step, options in stage.steps:
        _take(chunk, step, partial(step.run, **options), timing)
    if stage.after is None:
        _note_flag_changes(chunk)
        return None
    if not len(chunk.frame):
        return None
    after, its_options = stage.after
    started = time.perf_counter()
    prepared = after.prepare(chunk.frame, **its_options)
    timing.seconds[after.name] += time.perf_counter() - started
    return prepared


def phase_of(number: int, stages: int) -> str:
    """What people are told that a stage does, of so many stages.

    >>> [phase_of(number, 3) for number in range(3)], phase_of(0, 1)
    (['read', 'pass 2', 'write'], 'read and write')
    """
    if number and number == stages - 1:
        return "write"
    return f"pass {number + 1}" if number else "read" if stages > 1 else "read and write"


def run_chain(
    chunks: Iterable[Chunk],
    chain: Chain,
    timing: Timing | None = None,
    progress: Progress = silent,
    share_read: Callable[[], float | None] = lambda: None,
) -> Iterator[Chunk]:
    """Each chunk after all steps, in reading order, with the changes and findings of reading and of every step.

    `share_read` says how much of the input was read by now, for those who hear of the progress.
    """
    *collecting, last = stages = stages_of(chain)
    timing = timing or Timing()
    state: CorpusState | None = None
    records = 0

    def passing(number: int, through: Iterable[Chunk]) -> Iterator[Chunk]:
        nonlocal records
        doing, done = phase_of(number, len(stages)), 0
        progress(doing, 0, 0.0 if number else share_read())
        for chunk in through:
            yield chunk
            done += len(chunk.frame)
            progress(doing, len(chunk.frame), done / max(records, 1) if number else share_read())
        records = done

    with contextlib.ExitStack() as stack:
        for number, stage in enumerate(collecting):
            assert stage.after is not None
            after, options = stage.after
            next_state = stack.enter_context(contextlib.closing(after.start(**options)))
            spool = stack.enter_context(Spool())
            for chunk in passing(number, chunks):
                prepared = advance(chunk, stage, state and state.answer(len(chunk.frame)), timing)
                if prepared is not None:
                    next_state.add(prepared)
                spool.append(chunk)
            progress(after.name.replace("_", " "), 0)
            next_state.resolve()
            timing.remarks += getattr(next_state, "remarks", [])
            chunks, state = spool, next_state
        for chunk in passing(len(collecting), chunks):
            advance(chunk, last, state and state.answer(len(chunk.frame)), timing)
            yield chunk


def _take(chunk: Chunk, step: Step, work: Callable[[pd.DataFrame, Log], pd.DataFrame], timing: Timing) -> None:
    """Let one step work on a chunk, and note what it changed and found."""
    if not len(chunk.frame):
        return
    started = time.perf_counter()
    log, before = Log(), chunk.frame
    chunk.frame = work(before, log)
    changes = changes_between(before, chunk.frame, step, chunk, log)
    chunk.changes += changes
    chunk.findings += log.findings
    timing.seconds[step.name] += time.perf_counter() - started
    timing.changed[step.name] += len(changes)


def _write_reading_flags(chunk: Chunk) -> None:
    """Write what reading found into `flags`, for the rows it speaks of."""
    chunk.flags = cells.objects(chunk.frame, "flags")
    chunk.frame = chunk.flagged()


def _note_flag_changes(chunk: Chunk) -> None:
    """Note where flags that came with a record were replaced: once, however many steps had a hand in it."""
    brought = {id(layout) for layout in _distinct(chunk) if "flags" in layout.names}
    if not brought:
        return
    for row, (came, now) in enumerate(zip(chunk.flags, cells.objects(chunk.frame, "flags"), strict=True)):
        if id(chunk.layouts[row]) in brought and not cells.same(came, now):
            chunk.changes.append(Change(row, "chain", "flags", old=came, new=now))


def _distinct(chunk: Chunk) -> Iterable[Layout]:
    return {id(layout): layout for layout in chunk.layouts}.values()


def changes_between(before: pd.DataFrame, after: pd.DataFrame, step: Step, chunk: Chunk, log: Log) -> list[Change]:
    """What a step did to cells that came with the input, or that the contract lets it fill.

    Evidence that a step adds is no change; evidence of an earlier run that it replaces is one.
    """
    changes: list[Change] = []
    came = {name for layout in _distinct(chunk) for name in layout.names}
    for column in (*step.edits, *step.adds):
        fills = column in IN_NAMES
        if column not in after.columns or not (fills or column in came):
            continue
        for row, was, now in cells.differing(before, after, column):
            if fills or column in chunk.layouts[row].names:
                changes.append(_change(row, step.name, column, was, now, log))
    return changes


def _change(row: int, step: str, column: str, was: Any, now: Any, log: Log) -> Change:
    if not (isinstance(was, str) and isinstance(now, str)):
        return Change(row, step, column, old=was, new=now)
    edits, rules = log.edits.get((was, now)) or span_edits(was, now), log.rules.get((row, column))
    if rules:
        edits = tuple(_ruled(edit, rules) for edit in edits)
    if undo_edits(now, edits) != was:
        raise PromiseBroken(f"A change that {step} made to {column!r} can't be undone; please report this record.")
    return Change(row, step, column, edits)


def _ruled(edit: Edit, rules: list[tuple[int, int, str]]) -> Edit:
    behind = dict.fromkeys(rule for start, end, rule in rules if start < edit.end and edit.start < end)
    return Edit(edit.start, edit.old, edit.new, ", ".join(behind) or None)
