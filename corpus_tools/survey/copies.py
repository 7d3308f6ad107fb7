"""Copies of one story: how they relate, how large the clusters are, and pairs to read side by side."""

from __future__ import annotations

from collections import Counter
from typing import Any

from corpus_tools.survey.samples import Samples, number_of_id
from corpus_tools.survey.tally import Lot, Tally, as_rows, number_of
from corpus_tools.survey.visit import Row, Visit

_COPIES, _TEXT = 3, 6_000
_SHOWN = ("relation", "similarity", "containment", "duplicate_reason", "copies", "verdict", "published_at", "url")


class Copies:
    """Counts relations, and holds on to the texts of the sampled pairs and of the largest clusters."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._relations: Tally[str] = Tally(100)
        self._rules: Tally[str] = Tally(100)
        self._likeness: Counter[int] = Counter()
        self._places = {pair.place for pair in samples.pairs}
        self._ids = {pair.other for pair in samples.pairs}
        self._by_place: dict[tuple[str, int], Row] = {}
        self._by_id: dict[str, Row] = {}
        self._keepers: dict[int, Row] = {}
        self._lots: dict[int, Lot[Row]] = {number: Lot(_COPIES) for number in samples.largest}

    def take(self, visit: Visit) -> None:
        """Count one record, and keep its text where it is to be shown."""
        own = visit.record.get("id")
        if relation := visit.text("relation"):
            self._relations.add(relation)
            self._rules.add(visit.text("duplicate_reason") or "(no rule named)")
            similarity = as_number(visit.record.get("similarity"))
            if similarity is not None:
                self._likeness[min(9, max(0, int(similarity * 10)))] += 1
        if visit.place in self._places:
            self._by_place.setdefault(visit.place, _copy(visit))
        if own in self._ids:
            self._by_id.setdefault(str(own), _copy(visit))
        if cluster := visit.text("cluster_id"):
            self._take_member(visit, number_of_id(cluster), is_keeper=own == cluster)

    def _take_member(self, visit: Visit, cluster: int, *, is_keeper: bool) -> None:
        if cluster not in self._lots:
            return
        if is_keeper:
            self._keepers.setdefault(cluster, _copy(visit))
        elif self._lots[cluster].wants(number := number_of(visit.key)):
            self._lots[cluster].offer(number, _copy(visit))

    def told(self) -> dict[str, Any]:
        """`relations`, `rules`, `sizes` and `likeness`: rows · `pairs` of copy and keeper · `largest` clusters."""
        pairs = [
            {
                "code": pair.code,
                "likeness": pair.likeness,
                "record": self._by_place[pair.place],
                "other": self._by_id[pair.other],
            }
            for pair in self._samples.pairs
            if pair.place in self._by_place and pair.other in self._by_id
        ]
        return {
            "relations": as_rows(self._relations.most(), ("relation",)),
            "rules": as_rows(self._rules.most(), ("rule",)),
            "sizes": [{"size": size, "clusters": count} for size, count in sorted(self._samples.sizes.items())],
            "likeness": [{"from": tenth / 10, "copies": self._likeness[tenth]} for tenth in range(10)],
            "pairs": _once(pairs),
            "largest": [
                {"size": size, "keeper": self._keepers[number], "copies": self._lots[number].drawn()}
                for number, size in self._samples.largest.items()
                if number in self._keepers
            ],
        }


def _copy(visit: Visit) -> Row:
    file, line = visit.place
    text = visit.text("text") or ""
    return {
        "id": visit.record.get("id"), "source_file": file, "source_line": line, "kept": visit.kept,
        "outlet": visit.outlet, "title": (visit.text("title") or "")[:400], "text": text[:_TEXT],
        "characters": len(text), **{name: visit.record.get(name) for name in _SHOWN},
    }  # fmt: skip


def _once(pairs: list[Row]) -> list[Row]:
    """Without the second of two pairs that name each other, as borderline ones do."""
    seen: set[frozenset[str]] = set()
    told = []
    for pair in pairs:
        both = frozenset((str(pair["record"]["id"]), str(pair["other"]["id"])))
        if both not in seen:
            told.append(pair)
        seen.add(both)
    return told


def as_number(value: object) -> float | None:
    """A number as it stands in JSON or, as text, in a table; None for anything else."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
