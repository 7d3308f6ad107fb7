"""Where every record went, and why: the branches of the flow from what was read to what was kept."""

from __future__ import annotations

from collections import Counter
from typing import Any

from corpus_tools.decision import PolicyRow
from corpus_tools.survey.tally import Lot, Tally, as_rows, number_of
from corpus_tools.survey.visit import Row, Visit

_REASONS = 8


class Flow:
    """Counts records by where they ended, verdict and the flag that decided."""

    def __init__(self, policy: dict[str, PolicyRow]) -> None:
        self._decides = {code: row.verdict for code, row in policy.items()}
        self._ends: Counter[tuple[str, str, str]] = Counter()
        self._broken: Tally[str] = Tally()
        self._examples: Lot[Row] = Lot(_REASONS)

    def take(self, visit: Visit) -> None:
        """Count one record."""
        verdict = visit.text("verdict") or "none"
        self._ends["kept" if visit.kept else "removed", verdict, self._reason(visit, verdict)] += 1

    def _reason(self, visit: Visit, verdict: str) -> str:
        if verdict in ("keep", "none"):
            return ""
        flags = visit.flags
        return next((code for code in flags if self._decides.get(code) == verdict), flags[0] if flags else "")

    def take_broken(self, row: Row) -> None:
        """Count one piece of broken input, a row of the quarantine."""
        if row.get("more"):
            return
        reason = str(row.get("reason", ""))
        self._broken.add(reason.split(":")[0][:80])
        if self._examples.wants(number := number_of(reason.encode("utf-8", "replace"))):
            self._examples.offer(number, {name: row.get(name) for name in ("source_file", "source_line", "reason")}
                                 | {"raw": str(row["raw"])[:400] if "raw" in row else None})  # fmt: skip

    def told(self) -> dict[str, Any]:
        """`ends`: rows of where, verdict, flag and count · `broken`: rows of reason and count · `examples`."""
        ends = sorted(self._ends.items(), key=lambda pair: (pair[0][0], -pair[1], pair[0]))
        return {
            "ends": as_rows(ends, ("where", "verdict", "flag")),
            "broken": as_rows(self._broken.most(_REASONS), ("reason",)),
            "examples": self._examples.drawn(),
        }
