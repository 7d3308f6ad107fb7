"""Changes: what one step did to one cell, small enough to keep and complete enough to undo.

A long text with three repaired letters costs three short edits, not two copies of the text.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tools.errors import PromiseBroken

_PIECES = re.compile(r"\s+|\S+")
_LINES = re.compile(r"\n|[^\n]+")
_ALIGNABLE = 4_000_000  # cells of the table that aligning costs; beyond it a change is kept as one edit


@dataclass(frozen=True, slots=True)
class Edit:
    """A slice of the old text and what stands there now. `start` counts characters of the old text.

    `rule` names the rule behind it, e.g. the furniture line that was cut.
    """

    start: int
    old: str
    new: str
    rule: str | None = None

    @property
    def end(self) -> int:
        """Where the slice ended in the old text."""
        return self.start + len(self.old)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell changed by one step.

    Text that was edited has `edits`, and `old` and `new` are None; a cell that was replaced or filled
    as a whole has `old` and `new`. `row` is the position in the frame, counted from 0.
    """

    row: int
    step: str
    column: str
    edits: tuple[Edit, ...] = ()
    old: Any = None  # any JSON value or timestamp
    new: Any = None
    rule: str | None = None


def span_edits(old: str, new: str) -> tuple[Edit, ...]:
    r"""The edits that turn one text into the other.

    Words are compared in place where both texts have as many, else lines are aligned: a repair of letters keeps
    the number of words, a cut of lines does not.

    >>> span_edits("the cafÃ© in Bruges", "the café in Bruges")
    (Edit(start=7, old='Ã©', new='é', rule=None),)
    >>> span_edits("Read also\nThe tide came in.\nShare", "The tide came in.")
    (Edit(start=0, old='Read also\n', new='', rule=None), Edit(start=27, old='\nShare', new='', rule=None))
    >>> span_edits("one", "one")
    ()
    """
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if len(before) == len(after):
        return _piecewise(before, after)
    return _linewise(_LINES.findall(old), _LINES.findall(new))


def _piecewise(before: Sequence[str], after: Sequence[str]) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    start = 0
    for was, now in zip(before, after, strict=True):
        edits.extend(_trimmed(was, now, start))
        start += len(was)
    return tuple(edits)


def _linewise(before: Sequence[str], after: Sequence[str]) -> tuple[Edit, ...]:
    head, tail = _common_ends(before, after)
    was, now = before[head : len(before) - tail], after[head : len(after) - tail]
    start = sum(map(len, before[:head]))
    if len(was) * len(now) > _ALIGNABLE:
        return _trimmed("".join(was), "".join(now), start)
    edits: list[Edit] = []
    at = [start, *(start + size for size in itertools.accumulate(map(len, was)))]
    for kind, a, b, c, d in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            edits.extend(_trimmed("".join(was[a:b]), "".join(now[c:d]), at[a]))
    return tuple(edits)


def _common_ends(was: Sequence[str], now: Sequence[str]) -> tuple[int, int]:
    """How many pieces or letters two sequences share at their start, and how many more at their end."""
    head, limit = 0, min(len(was), len(now))
    while head < limit and was[head] == now[head]:
        head += 1
    tail, limit = 0, limit - head
    while tail < limit and was[-1 - tail] == now[-1 - tail]:
        tail += 1
    return head, tail


def _trimmed(was: str, now: str, start: int) -> tuple[Edit, ...]:
    if was == now:
        return ()
    head, tail = _common_ends(was, now)
    return (Edit(start + head, was[head : len(was) - tail], now[head : len(now) - tail]),)


def undo_edits(text: str, edits: Sequence[Edit]) -> str:
    """The old text, from the new one.

    >>> undo_edits("the café", [Edit(7, "Ã©", "é")])
    'the cafÃ©'
    """
    moved, shift = [], 0
    for edit in edits:
        moved.append((edit.start + shift, edit.new, edit.old))
        shift += len(edit.new) - len(edit.old)
    return _replace(text, moved)


def _replace(text: str, slices: Sequence[tuple[int, str, str]]) -> str:
    parts, at = [], 0
    for start, out, into in slices:
        if start < at or text[start : start + len(out)] != out:
            raise PromiseBroken(
                f"The ledger says {out!r} stood at character {start}, and {text[start : start + len(out)]!r} "
                "stands there. The text was changed after the run; restore it from the run's own outputs."
            )
        parts += [text[at:start], into]
        at = start + len(out)
    return "".join([*parts, text[at:]])
