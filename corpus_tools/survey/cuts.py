"""What was cut from the texts as furniture: by which rule, and from whom."""

from __future__ import annotations

import re
from typing import Any

from corpus_tools.survey.tally import Lot, Tally, as_rows, number_of
from corpus_tools.survey.visit import Row, Visit

_RULES, _OUTLETS, _EXAMPLES, _SHOWN = 20, 15, 10, 300
_BETWEEN = re.compile(r", (?=(?:furniture|footer|learned): |headline under |the headline|the outlet|copyright line)")
"""A cut of several lines names several rules, and the wording of a furniture line may hold a comma itself."""


class Cuts:
    """Counts cuts by rule and characters by outlet, from the ledger of strip_furniture."""

    def __init__(self) -> None:
        self._rules: Tally[str] = Tally()
        self._characters: Tally[str] = Tally()
        self._records = self._cuts = self._left = 0
        self._examples: Lot[Row] = Lot(_EXAMPLES)

    def take(self, visit: Visit) -> None:
        """Count the cuts of one record."""
        edits = [edit for change in visit.changes if change["step"] == "strip_furniture" and change["column"] == "text"
                 for edit in change.get("edits", ())]  # fmt: skip
        if not edits:
            return
        self._records += 1
        self._left += len(visit.text("text") or "")
        self._characters.add(visit.outlet, sum(len(edit["old"]) for edit in edits))
        for edit in edits:
            self._cuts += 1
            for rule in rules_of(edit):
                self._rules.add(rule)
        if self._examples.wants(number := number_of(visit.key)):
            longest = max(edits, key=lambda edit: len(edit["old"]))
            cut = longest["old"]
            file, line = visit.place
            self._examples.offer(number, {"id": visit.record.get("id"), "source_file": file, "source_line": line,
                                          "outlet": visit.outlet, "rule": longest.get("rule"),
                                          "cut": cut[:_SHOWN], "characters": len(cut)})  # fmt: skip

    def told(self) -> dict[str, Any]:
        """`records`, `cuts`, `characters`, `share` of those texts · `rules` and `outlets`: rows · `examples`."""
        cut = self._characters.total()
        return {
            "records": self._records,
            "cuts": self._cuts,
            "characters": cut,
            "share": round(cut / (cut + self._left), 4) if cut else 0.0,
            "rules": as_rows(self._rules.most(_RULES), ("rule",)),
            "outlets": as_rows(self._characters.most(_OUTLETS), ("outlet",)),
            "more_rules": max(0, len(self._rules) - _RULES),
            "examples": self._examples.drawn(),
        }


def rules_of(edit: Row) -> list[str]:
    """The rules that a cut names.

    >>> rules_of({"rule": "footer: yoast-en, furniture: Share, print or save"})
    ['footer: yoast-en', 'furniture: Share, print or save']
    """
    return _BETWEEN.split(edit.get("rule") or "(no rule named)")
