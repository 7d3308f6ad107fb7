"""What every contender does alike: read the texts, take the time, write the clusters. Needs nothing but Python."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any


def arguments() -> tuple[Path, Path, dict[str, Any]]:
    """The corpus, where the clusters go, and the settings."""
    return Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])


def texts_of(corpus: Path) -> tuple[list[str], list[str]]:
    """The ids and the texts."""
    with corpus.open(encoding="utf-8") as lines:
        records = [(record["id"], record["text"]) for record in map(json.loads, lines)]
    return [name for name, _ in records], [text for _, text in records]


class Clock:
    """Seconds since it was made, of this process, its threads and its children; `without` those that do not count."""

    def __init__(self, without: tuple[float, float] = (0.0, 0.0)) -> None:
        self._cpu, self._wall = self._now() + without[0], time.perf_counter() + without[1]

    @staticmethod
    def _now() -> float:
        took = os.times()
        return took.user + took.system + took.children_user + took.children_system

    def seconds(self) -> tuple[float, float]:
        """Processor and wall seconds so far."""
        return self._now() - self._cpu, time.perf_counter() - self._wall

    def report(self, clusters: Path, ids: Sequence[str], labels: Iterable[Hashable]) -> None:
        """Stop the clock, write one line a record that is in a cluster, and say on stdout what it cost."""
        cpu, wall = self.seconds()
        members: dict[Hashable, list[str]] = {}
        for name, label in zip(ids, labels, strict=True):
            members.setdefault(label, []).append(name)
        with clusters.open("w", encoding="utf-8") as out:
            for some in members.values():
                if len(some) > 1:
                    out.write(json.dumps(some) + "\n")
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        sys.stdout.write(json.dumps({"cpu": cpu, "wall": wall, "peak_mb": peak / unit, "records": len(ids)}) + "\n")


class Union:
    """Records that hang together, by their numbers."""

    def __init__(self, count: int) -> None:
        self._root = list(range(count))

    def find(self, one: int) -> int:
        """The number that stands for the part of this record."""
        while self._root[one] != one:
            self._root[one] = self._root[self._root[one]]
            one = self._root[one]
        return one

    def join(self, one: int, other: int) -> None:
        """Say that two records belong together."""
        a, b = self.find(one), self.find(other)
        self._root[max(a, b)] = min(a, b)

    def labels(self) -> list[int]:
        """The part of each record."""
        return [self.find(one) for one in range(len(self._root))]


def word_shingles(text: str, size: int) -> set[str]:
    """Runs of so many words, folded; the words themselves where `size` is 1."""
    words = text.lower().split()
    return {" ".join(words[at : at + size]) for at in range(max(1, len(words) - size + 1))}
