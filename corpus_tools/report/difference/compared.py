"""What the writers of a comparison are given: what became of each record, and the counts behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["added", "removed", "changed"]
Move = Literal["joined", "left", "moved", "renamed"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file as the caller named it, and the line of it, or the row (`unit`)."""

    file: str
    line: int
    unit: str = "line"

    def __str__(self) -> str:
        return f"{self.file}:{'row ' if self.unit == 'row' else ''}{self.line}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key whose value is another one; None where there is no value, or null.

    `stretches` lay two texts side by side, as pairs that are equal where nothing was changed; empty for all else.
    """

    name: str
    old: Any  # any JSON value
    new: Any
    stretches: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """From which cluster to which, by the ids of their keepers, and how.

    `joined` and `left`: it was in none, or is in none now. `renamed`: it is the old cluster, with another keeper.
    `moved`: it is in another one.
    """

    how: Move
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one record, or of a piece of input that could not become one and why (`broken`).

    `id` and `title` are the new ones, where it has not gone.
    """

    kind: Kind
    id: str | None = None
    title: str | None = None
    old: Place | None = None
    new: Place | None = None
    fields: tuple[FieldChange, ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    cluster: ClusterChange | None = None
    broken: str | None = None


@dataclass(slots=True)
class Sums:
    """How many records there were and are, and what became of them; `fields`, `gained` and `lost` count records."""

    old: int = 0
    new: int = 0
    same: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)

    def add(self, difference: Difference) -> None:
        """Count what became of one record."""
        self.kinds[difference.kind] += 1
        self.fields.update(change.name for change in difference.fields)
        self.gained.update(difference.gained)
        self.lost.update(difference.lost)
        if difference.cluster:
            self.moves[difference.cluster.how] += 1

    def sentence(self) -> str:
        """The counts for people.

        >>> Sums(old=5, new=6, same=4, kinds=Counter(added=2, removed=1)).sentence()
        '5 records became 6: 2 added, 1 removed, 0 changed, 4 the same.'
        """
        counts = ", ".join(f"{self.kinds[kind]:,} {kind}" for kind in ("added", "removed", "changed"))
        return f"{self.old:,} records became {self.new:,}: {counts}, {self.same:,} the same."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a corpus. `differences` can be gone through as often as needed.

    First come the records that have gone, as they stood in the old state; then those that were added or changed, as
    they stand in the new one. `old` and `new` are the states as the caller named them.
    """

    old: str
    new: str
    differences: Iterable[Difference]
    sums: Sums

    @property
    def differs(self) -> bool:
        """Whether anything became of any record."""
        return bool(self.sums.kinds.total())
