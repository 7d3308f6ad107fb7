"""The chain at work: chunks pass the steps, every change is noted, and a corpus step waits for the last chunk.

Row steps see a chunk at a time. A corpus step costs one pass over the spool: every chunk is shown to it and set
aside on disk, it judges, and the chunks go on in their order.
"""

from __future__ import annotations

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
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.spool import Spool
from corpus_tools.ledger import Change, Edit, span_edits, undo_edits
from corpus_tools.protocol import CorpusStep, Log, Step

Chain = Sequence[tuple[Step, dict[str, Any]]]
Progress = Callable[[str, int], None]
"""Called with what is being done and how many records it was done to since the last call."""


@dataclass(slots=True)
class Timing:
    """What a run cost and did: seconds and changed cells by step, and what steps remarked on the whole of it."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    changed: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)


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


def run_chain(
    chunks: Iterable[Chunk], chain: Chain, timing: Timing | None = None, progress: Progress | None = None
) -> Iterator[Chunk]:
    """Each chunk after all steps, in reading order, with the changes and findings of reading and of every step.

    The frames keep their rows and their order. Raises what the steps raise.
    """
    timing = timing or Timing()
    tell = progress or (lambda _doing, _records: None)
    passing: Iterator[Chunk] = map(_with_reading_flags, chunks)
    for step, options in chain:
        if isinstance(step, CorpusStep):
            passing = _corpus_wide(passing, step, options, timing, tell)
        else:
            passing = _row_wise(passing, step, options, timing)
    return map(_with_flag_changes, passing)


def _row_wise(chunks: Iterator[Chunk], step: Step, options: dict[str, Any], timing: Timing) -> Iterator[Chunk]:
    for chunk in chunks:
        _take(chunk, step, lambda frame, log: step.run(frame, log, **options), timing)
        yield chunk


def _corpus_wide(
    chunks: Iterator[Chunk], step: CorpusStep, options: dict[str, Any], timing: Timing, tell: Progress
) -> Iterator[Chunk]:
    state = step.start(**options)
    try:
        with Spool() as spool:
            for chunk in chunks:
                started = time.perf_counter()
                if len(chunk.frame):
                    state.add(step.prepare(chunk.frame, **options))
                timing.seconds[step.name] += time.perf_counter() - started
                spool.append(chunk)
                tell("reading", len(chunk.frame))
            started = time.perf_counter()
            tell("comparing", 0)
            state.resolve()
            timing.remarks += getattr(state, "remarks", [])
            timing.seconds[step.name] += time.perf_counter() - started
            for chunk in spool:
                mark = partial(step.mark, state.answer(len(chunk.frame)), **options)
                _take(chunk, step, mark, timing)
                yield chunk
    finally:
        state.close()


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


def _with_reading_flags(chunk: Chunk) -> Chunk:
    """Write what reading found into `flags`, for the rows it speaks of."""
    chunk.flags = cells.objects(chunk.frame, "flags")
    chunk.frame = chunk.flagged()
    return chunk


def _with_flag_changes(chunk: Chunk) -> Chunk:
    """Note where flags that came with a record were replaced: once, however many steps had a hand in it."""
    for row, (came, now) in enumerate(zip(chunk.flags, cells.objects(chunk.frame, "flags"), strict=True)):
        if not cells.same(came, now) and "flags" in chunk.layouts[row].names:
            chunk.changes.append(Change(row, "chain", "flags", old=came, new=now))
    return chunk


def changes_between(before: pd.DataFrame, after: pd.DataFrame, step: Step, chunk: Chunk, log: Log) -> list[Change]:
    """What a step did to cells that came with the input, or that the contract lets it fill.

    Evidence that a step adds is no change; evidence of an earlier run that it replaces is one.
    """
    changes: list[Change] = []
    came = {name for layout in {id(layout): layout for layout in chunk.layouts}.values() for name in layout.names}
    for column in (*step.edits, *step.adds):
        fills = column in IN_NAMES
        if column not in after.columns or not (fills or column in came):
            continue
        old, new = cells.objects(before, column), cells.objects(after, column)
        for row, (was, now) in enumerate(zip(old, new, strict=True)):
            if cells.same(was, now) or not (fills or column in chunk.layouts[row].names):
                continue
            changes.append(_change(row, step.name, column, was, now, log.rules.get((row, column), [])))
    return changes


def _change(row: int, step: str, column: str, was: Any, now: Any, rules: list[tuple[int, int, str]]) -> Change:
    if not (isinstance(was, str) and isinstance(now, str)):
        return Change(row, step, column, old=was, new=now)
    edits = tuple(_ruled(edit, rules) for edit in span_edits(was, now)) if rules else span_edits(was, now)
    if undo_edits(now, edits) != was:
        raise PromiseBroken(f"A change that {step} made to {column!r} can't be undone; please report this record.")
    return Change(row, step, column, edits)


def _ruled(edit: Edit, rules: list[tuple[int, int, str]]) -> Edit:
    behind = dict.fromkeys(rule for start, end, rule in rules if start < edit.end and edit.start < end)
    return Edit(edit.start, edit.old, edit.new, ", ".join(behind) or None)
