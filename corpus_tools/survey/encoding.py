"""Damaged characters: how many, whose, and some of them before and after the repair."""

from __future__ import annotations

from typing import Any

from corpus_tools import audit
from corpus_tools.errors import PromiseBroken
from corpus_tools.ledger import Edit, undo_edits
from corpus_tools.survey.tally import Lot, Tally, as_rows, number_of
from corpus_tools.survey.visit import Row, Visit

_OUTLETS, _PAIRS, _AROUND = 15, 8, 60
STEP = "fix_encoding"
CODES = ("EN001", "EN002", "EN003", "EN004", "EN005")


class Encoding:
    """Counts encoding flags by outlet and repairs by what was replaced; keeps some repairs to look at."""

    def __init__(self) -> None:
        self._flags: Tally[tuple[str, str]] = Tally()
        self._repairs: Tally[tuple[str, str]] = Tally()
        self._pairs: Lot[Row] = Lot(_PAIRS)

    def take(self, visit: Visit) -> None:
        """Count one record."""
        for code in visit.flags:
            if code in CODES:
                self._flags.add((visit.outlet, code))
        for change in visit.changes:
            if change["step"] == STEP and "edits" in change:
                for edit in change["edits"]:
                    self._repairs.add((edit["old"][:12], edit["new"][:12]))
                number = number_of(visit.key + str(change["column"]).encode("utf-8", "replace"))
                if self._pairs.wants(number) and (pair := _pair(visit, change)):
                    self._pairs.offer(number, pair)

    def told(self) -> dict[str, Any]:
        """`outlets`: rows of outlet, flag and count, for the outlets with most · `repairs` · `pairs`."""
        damage: dict[str, int] = {}
        for (outlet, _), count in self._flags.most():
            damage[outlet] = damage.get(outlet, 0) + count
        worst = sorted(damage, key=lambda outlet: (-damage[outlet], outlet))[:_OUTLETS]
        rows = [pair for pair in self._flags.most() if pair[0][0] in worst]
        return {
            "outlets": as_rows(sorted(rows, key=lambda row: (worst.index(row[0][0]), row[0][1])), ("outlet", "flag")),
            "more_outlets": len(damage) - len(worst),
            "repairs": as_rows(self._repairs.most(20), ("old", "new")),
            "pairs": self._pairs.drawn(),
        }


def _pair(visit: Visit, change: Row) -> Row | None:
    """A stretch of the text as it came and as it was repaired; None where the outputs were changed after the run."""
    column = str(change["column"])
    now = visit.text(column)
    if now is None:
        return None
    try:
        for later in reversed(visit.changes[visit.changes.index(change) + 1 :]):
            if later["column"] == column:
                if "edits" not in later:
                    return None
                now = undo_edits(now, audit.edits_of(later))
        edits = audit.edits_of(change)
        undo_edits(now, edits)
    except PromiseBroken:
        return None
    file, line = visit.place
    return {"id": visit.record.get("id"), "source_file": file, "source_line": line, "outlet": visit.outlet,
            "column": column, "pieces": pieces(now, edits), "edits": len(edits)}  # fmt: skip


def pieces(now: str, edits: list[Edit], around: int = _AROUND) -> list[tuple[str, str]]:
    """The stretch around the first edit, in pieces of (before, after); equal where nothing was changed.

    >>> pieces("the café in Bruges", [Edit(7, "Ã©", "é")])
    [('the caf', 'the caf'), ('Ã©', 'é'), (' in Bruges', ' in Bruges')]
    """
    found: list[tuple[str, str]] = []
    shift, at, stop = 0, 0, 0
    for edit in edits:
        start = edit.start + shift
        if not found:
            at = max(0, start - around)
            stop = start + around
            found += [("…", "…")] if at else []
        if start > stop:
            break
        found += [(now[at:start], now[at:start]), (edit.old[: 2 * around], edit.new[: 2 * around])]
        at = start + len(edit.new)
        shift += len(edit.new) - len(edit.old)
    tail = now[at : max(stop, at + around // 2)]
    tail += "…" if max(stop, at + around // 2) < len(now) else ""
    return [pair for pair in [*found, (tail, tail)] if pair != ("", "")]
