"""How stories travelled: who handed a text to whom, how often, and where to read it."""

from __future__ import annotations

import itertools
from typing import Any

from corpus_tools.survey.tally import Lot, Tally, as_rows, number_of
from corpus_tools.survey.visit import Row, Visit

_EDGES, _EXAMPLES, _KNOWN = 40, 3, 5_000
Edge = tuple[str, str, str, str]


class Chains:
    """Counts the hand-overs between neighbours in the syndication chains, with examples of each."""

    def __init__(self) -> None:
        self._edges: Tally[Edge] = Tally(_KNOWN)
        self._status: Tally[str] = Tally(50)
        self._origins: Tally[str] = Tally()
        self._examples: dict[Edge, Lot[Row]] = {}

    def take(self, visit: Visit) -> None:
        """Count the hops of one record."""
        self._status.add(visit.text("syndication_status") or "not traced")
        hops = visit.objects("syndication_chain")
        if len(hops) < 2:
            return
        self._origins.add(_name(hops[0]))
        for one, other in itertools.pairwise(hops):
            edge = (_role(one), _name(one), _role(other), _name(other))
            self._edges.add(edge)
            self._show(edge, visit, one)

    def _show(self, edge: Edge, visit: Visit, hop: Row) -> None:
        lot = self._examples.get(edge)
        if lot is None:
            if len(self._examples) >= 2 * _KNOWN:
                self._examples = {known: lot for known, lot in self._examples.items() if known in self._edges}
                if len(self._examples) >= 2 * _KNOWN:
                    return
            lot = self._examples[edge] = Lot(_EXAMPLES)
        if lot.wants(number := number_of(visit.key)):
            file, line = visit.place
            lot.offer(number, {"id": visit.record.get("id"), "source_file": file, "source_line": line,
                               "title": (visit.text("title") or "")[:200], "slot": hop.get("slot"),
                               "evidence": str(hop.get("evidence") or "")[:200]})  # fmt: skip

    def told(self) -> dict[str, Any]:
        """`status` and `origins`: rows · `edges`: rows of role, name, to_role, to_name, count and examples."""
        edges = as_rows(self._edges.most(_EDGES), ("role", "name", "to_role", "to_name"))
        for edge in edges:
            lot = self._examples.get((edge["role"], edge["name"], edge["to_role"], edge["to_name"]))
            edge["examples"] = lot.drawn() if lot else []
        return {
            "status": as_rows(self._status.most(), ("status",)),
            "origins": as_rows(self._origins.most(10), ("name",)),
            "hops": self._edges.total(),
            "edges": edges,
            "more": max(0, len(self._edges) - _EDGES),
        }


def _role(hop: Row) -> str:
    return str(hop.get("role") or "origin")[:20]


def _name(hop: Row) -> str:
    return str(hop.get("name") or hop.get("id") or "(unknown)")[:120]
