"""Records of a run drawn for reading by eye: some that carry a flag, got a verdict, or were changed by a rule."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from corpus_tools.progress import Progress, silent
from corpus_tools.restore import Outputs
from corpus_tools.story import surrounded
from corpus_tools.survey.tally import Lot
from corpus_tools.survey.visit import Visit, place_of, sidecar_rows, walk

Row = dict[str, Any]
_STEP = 1_000
_BEGINNING = 400
_SAID = ("title", "source", "url", "published_at", "verdict", "relation", "duplicate_of", "similarity", "containment")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a record must have to be drawn; None asks for nothing.

    `flag` is a code, `verdict` keep, review or drop, `step` a step that changed the record, `rule` a part of the rule
    that did, in any case.
    """

    flag: str | None = None
    verdict: str | None = None
    step: str | None = None
    rule: str | None = None

    def are_in(self, visit: Visit) -> bool:
        """Whether a record has all of it."""
        return (
            (self.flag is None or self.flag in visit.flags)
            and (self.verdict is None or visit.text("verdict") == self.verdict)
            and (not self.of_changes or any(map(self.is_change, visit.changes)))
        )

    @property
    def of_changes(self) -> bool:
        """Whether a step or a rule is asked for."""
        return self.step is not None or self.rule is not None

    def of_edits(self, change: Row) -> Row:
        """A change with those of its edits that the rule made, where a rule is asked for and edits name theirs."""
        own = [edit for edit in change.get("edits", ()) if self._is_rule(edit)]
        return change | {"edits": own} if own else change

    def is_change(self, change: Row) -> bool:
        """Whether a row of the ledger is by the step and the rule."""
        return (self.step is None or change["step"] == self.step) and any(
            self._is_rule(row) for row in (change, *change.get("edits", ()))
        )

    def _is_rule(self, row: Row) -> bool:
        return self.rule is None or self.rule.casefold() in str(row.get("rule") or "").casefold()


def sampled(outputs: Outputs, wanted: Wanted, size: int, seed: int, progress: Progress = silent) -> Row:
    """Up to `size` records that have what is wanted, each as likely as the other, as JSON: `matching` and `records`.

    `matching` counts all that have it. A record has `id`, `source_file`, `source_line`, `where` (kept or removed), what
    it says of itself, the `beginning` of its text, and its `findings` (those of the flag, where one is wanted); where a
    step or a rule is wanted, its `changes` instead, each edit with the text `before` and `after` it. The draw depends
    on the seed and the records' places alone; memory holds the drawn ones.
    """
    lot: Lot[Visit] = Lot(size)
    key = seed.to_bytes(8, "big", signed=True)
    matching, there = 0, sum(outputs.manifest["counts"][kind] for kind in ("kept", "removed"))
    for number, visit in enumerate(walk(outputs), 1):
        if wanted.are_in(visit):
            matching += 1
            drawn = int.from_bytes(hashlib.blake2b(visit.key, digest_size=8, key=key).digest(), "big")
            lot.offer(drawn, visit)
        if number % _STEP == 0:
            progress("read records", _STEP, number / max(there, 1))
    chosen = lot.drawn()
    places = {visit.place for visit in chosen} if wanted.flag or not wanted.of_changes else set()
    findings = [row for row in sidecar_rows(outputs, "findings") if place_of(row) in places]
    return {"matching": matching, "records": [_told(visit, findings, wanted) for visit in chosen]}


def _told(visit: Visit, findings: list[Row], wanted: Wanted) -> Row:
    text = visit.text("text") or ""
    file, line = visit.place
    return {
        "id": visit.record.get("id"),
        "source_file": file,
        "source_line": line,
        "where": "kept" if visit.kept else "removed",
        **{name: visit.record.get(name) for name in _SAID},
        "beginning": text if len(text) <= _BEGINNING else text[: _BEGINNING - 1] + "…",
        "characters": len(text),
        "findings": [row for row in findings if place_of(row) == visit.place and wanted.flag in (None, row["code"])],
        "changes": [
            wanted.of_edits(surrounded(row, visit.record, visit.changes))
            for row in visit.changes
            if wanted.of_changes and wanted.is_change(row)
        ],
    }
