"""How good clusters are, judged by pairs: precision, recall and F1, over all copies and by how they were edited."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path


@dataclass(slots=True)
class Counts:
    """Pairs that were found, rightly or not, and pairs that were missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def figures(self) -> dict[str, float]:
        """Precision, recall and F1; 1 where there was nothing to find."""
        found, there = self.right + self.wrong, self.right + self.missed
        precision = self.right / found if found else 1.0
        recall = self.right / there if there else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


@dataclass(slots=True)
class Score:
    """The whole, by edit, and the first pairs that are wrong or missed."""

    every: Counts = field(default_factory=Counts)
    by_edit: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    wrong: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)


def score(truth: Path, clusters: Path) -> Score:
    """Hold clusters (a list of ids a line) against the truth file of the generator."""
    story_of, made = {}, {}
    with truth.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            story_of[row["id"]], made[row["id"]] = row["story"], row["made"]
    members = defaultdict(set)
    for name, story in story_of.items():
        members[story] |= {name, story}
    found = set()
    with clusters.open(encoding="utf-8") as lines:
        for some in map(json.loads, lines):
            found.update(combinations(sorted(some), 2))
    there = {pair for some in members.values() for pair in combinations(sorted(some), 2)}
    total = Score(wrong=sorted(found - there), missed=sorted(there - found))
    for pairs, name in ((found & there, "right"), (total.wrong, "wrong"), (total.missed, "missed")):
        for pair in pairs:
            for counts in (total.every, *(total.by_edit[kind] for kind in _kinds(pair, made))):
                setattr(counts, name, getattr(counts, name) + 1)
    return total


def _kinds(pair: tuple[str, str], made: Mapping[str, str]) -> set[str]:
    """The edits that a pair speaks of: those of the copies or traps in it, each once."""
    return {made[name] for name in pair if name in made} or {"original"}
