"""What can be said only in reading order: which ids are taken, and where each record stands.

A chunk says what it needs to know, a few bytes a record, and is told; so chunks may be read in any order, by anybody,
as long as they are numbered in reading order.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus_tools.io.identity import Ids, Wanted
from corpus_tools.io.places import Places

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A record on that line, with the place that it brings along from an earlier run."""

    line: int
    file: object
    source_line: object


@dataclass(slots=True)
class Facts:
    """What a chunk has to say before it is numbered.

    `moves`, in reading order: a file that is entered, the line of a record (or a `Record`), and of broken input the
    line, negative. `wanted` are the ids that its records ask for.
    """

    moves: list[str | int | Record] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The answer: a place for each record and each piece of broken input, and a number for each id."""

    places: Sequence[Place]
    ids: Sequence[int]


class Order:
    """The memory of all chunks numbered so far, and of ids that were taken before, by their sorted keys."""

    def __init__(self, taken: array[int] | None = None) -> None:
        self._ids, self._places = Ids(taken), Places()

    @property
    def sources(self) -> list[str]:
        """The values of `source_file`, in the order of their first use."""
        return self._places.sources

    def number(self, facts: Facts) -> Numbers:
        """Number the next chunk in reading order."""
        places: list[Place] = []
        for move in facts.moves:
            if isinstance(move, str):
                self._places.enter(move)
            elif isinstance(move, Record):
                places.append(self._places.of_record(move.line, move.file, move.source_line))
            elif move < 0:
                places.append(self._places.of_quarantined(-move))
            else:
                places.append(self._places.of_record(move))
        return Numbers(places, [self._ids.number(wanted) for wanted in facts.wanted])
