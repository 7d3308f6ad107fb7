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
_LINE_END = re.compile(r"(?<=\S)\n")
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
    start, same = _common_lines(old, new)
    was, now = old[start : len(old) - same], new[start : len(new) - same]
    if _count_pieces(was) == _count_pieces(now):
        return _piecewise(_PIECES.findall(was), _PIECES.findall(now), start)
    return _linewise(_LINES.findall(was), _LINES.findall(now), start)


def _common_lines(old: str, new: str) -> tuple[int, int]:
    """How many characters of whole lines two texts share at their start, and how many more at their end.

    One shared character more stands on the inner side of each seam, so that the seam parts both texts alike.
    """
    head, tail = _common_ends(old, new)
    seam = _LINE_END.search(old, len(old) - tail + 1)
    return old.rfind("\n", 0, max(0, head - 1)) + 1, len(old) - seam.start() if seam else 0


def _count_pieces(text: str) -> int:
    """How many pieces there are, of words and of white space."""
    words = len(text.split())
    return 2 * words - 1 + text[0].isspace() + text[-1].isspace() if words else bool(text)


def _piecewise(before: Sequence[str], after: Sequence[str], start: int) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    for was, now in zip(before, after, strict=True):
        if was != now:
            edits.append(_trimmed(was, now, start))
        start += len(was)
    return tuple(edits)


def _linewise(before: Sequence[str], after: Sequence[str], start: int) -> tuple[Edit, ...]:
    head, tail = _common_ends(before, after)
    was, now = before[head : len(before) - tail], after[head : len(after) - tail]
    start += sum(map(len, before[:head]))
    if not 0 < len(was) * len(now) <= _ALIGNABLE:
        return (_trimmed("".join(was), "".join(now), start),)
    edits: list[Edit] = []
    at = [start, *(start + size for size in itertools.accumulate(map(len, was)))]
    for kind, a, b, c, d in _Aligner(was, now).get_opcodes():
        if kind != "equal":
            edits.append(_trimmed("".join(was[a:b]), "".join(now[c:d]), at[a]))
    return tuple(edits)


class _Aligner(difflib.SequenceMatcher[str]):
    """difflib's own answers, sooner: it compares every line end with every other, and half of a text is line ends."""

    def __init__(self, was: Sequence[str], now: Sequence[str]) -> None:
        super().__init__(None, was, now, autojunk=False)
        self._was, self._now = was, now
        self._places: dict[str, list[int]] = {}
        for at, line in enumerate(now):
            self._places.setdefault(line, []).append(at)

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> difflib.Match:
        was, now = self._was, self._now
        ahi, bhi = len(was) if ahi is None else ahi, len(now) if bhi is None else bhi
        longest = (0, 0, 0)  # size, and where it starts in both, negative: of the longest the first
        ends: dict[int, int] = {}  # where the last run of each shift ends
        blank = most_blank = 0
        for at in range(alo, ahi):
            if was[at] == "\n":
                blank += 1
                most_blank = max(most_blank, blank)
                continue
            blank = 0
            for there in self._places.get(was[at], ()):
                shift = there - at
                if not blo <= there < bhi or ends.get(shift, 0) > at:
                    continue
                start, end = at, at + 1
                while start > alo and start + shift > blo and was[start - 1] == now[start + shift - 1]:
                    start -= 1
                while end < ahi and end + shift < bhi and was[end] == now[end + shift]:
                    end += 1
                ends[shift] = end
                longest = max(longest, (end - start, -start, -start - shift))
        size, start, there = longest
        if size <= most_blank:  # a run of nothing but line ends may be as long
            return super().find_longest_match(alo, ahi, blo, bhi)
        return difflib.Match(-start, -there, size)


def _common_ends(was: Sequence[str], now: Sequence[str]) -> tuple[int, int]:
    """How many pieces or letters two sequences share at their start, and how many more at their end."""
    head, limit = 0, min(len(was), len(now))
    while head < limit:
        middle = (head + limit + 1) // 2
        head, limit = (middle, limit) if was[head:middle] == now[head:middle] else (head, middle - 1)
    tail, limit = 0, min(len(was), len(now)) - head
    while tail < limit:
        middle = (tail + limit + 1) // 2
        is_same = was[len(was) - middle : len(was) - tail] == now[len(now) - middle : len(now) - tail]
        tail, limit = (middle, limit) if is_same else (tail, middle - 1)
    return head, tail


def _trimmed(was: str, now: str, start: int) -> Edit:
    head, tail = _common_ends(was, now)
    return Edit(start + head, was[head : len(was) - tail], now[head : len(now) - tail])


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
