"""What people said of pairs: that they always belong together, or never. Their word goes before ours.

A wish names records by id or by address. "Always" hangs together: with a–b and b–c, a and c belong together as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from corpus_tools.errors import UsageError

Side = tuple[Literal["id", "url"], str]
"""How a record is named: by its id or by its address."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of a file of pairs."""

    one: Side
    other: Side
    always: bool
    reason: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes of one corpus, by the numbers of its texts.

    `group` gives texts that belong together one number, `enemies` has the texts that each must be kept apart from,
    `says` the words for a record, `unknown` the names that no record has, with the place that names them.
    """

    group: dict[int, int] = field(default_factory=dict)
    enemies: dict[int, frozenset[int]] = field(default_factory=dict)
    says: dict[int, str] = field(default_factory=dict)
    unknown: tuple[tuple[Side, str], ...] = ()

    def of_pair(self, one: int, other: int) -> Literal["always", "never"] | None:
        """What was said of two texts."""
        if other in self.enemies_of(one):
            return "never"
        mine = self.group.get(one)
        return "always" if mine is not None and mine == self.group.get(other) else None

    def enemies_of(self, text: int) -> frozenset[int]:
        """The texts that never come into one cluster with this one."""
        return self.enemies.get(text, frozenset())

    def pairs(self) -> list[tuple[int, int]]:
        """Pairs of texts by which each group hangs together."""
        first: dict[int, int] = {}
        ties = [(first.setdefault(group, text), text) for text, group in sorted(self.group.items())]
        return [tie for tie in ties if tie[0] != tie[1]]


def check_wishes(wishes: Sequence[Wish]) -> None:
    """Raise UsageError where two lines contradict each other, also by way of others.

    >>> pairs = [("a", "b", True), ("b", "c", True), ("c", "a", False)]
    >>> check_wishes([Wish(("id", a), ("id", b), c, place=f"line {n}") for n, (a, b, c) in enumerate(pairs, 1)])
    Traceback (most recent call last):
    corpus_tools.errors.UsageError: line 3 keeps 'c' and 'a' apart, and line 1, line 2 put them together. Take one out.
    """
    ties: dict[Side, list[tuple[Side, Wish]]] = {}
    for wish in wishes:
        if wish.one == wish.other:
            raise UsageError(f"{wish.place} pairs {wish.one[1]!r} with itself. Name two records.")
        if wish.always:
            ties.setdefault(wish.one, []).append((wish.other, wish))
            ties.setdefault(wish.other, []).append((wish.one, wish))
    for wish in wishes:
        if not wish.always and (way := _way(wish.one, wish.other, ties)):
            places = ", ".join(sorted({step.place for step in way}, key=lambda place: (len(place), place)))
            verb = "puts" if len(way) == 1 else "put"
            raise UsageError(
                f"{wish.place} keeps {wish.one[1]!r} and {wish.other[1]!r} apart, and {places} {verb} them together. "
                "Take one out."
            )


def _way(start: Side, goal: Side, ties: dict[Side, list[tuple[Side, Wish]]]) -> list[Wish]:
    """The shortest row of wishes that ties two records together; empty where there is none."""
    came: dict[Side, tuple[Side, Wish] | None] = {start: None}
    edge = [start]
    while edge and goal not in came:
        fresh = []
        for side in edge:
            for other, wish in ties.get(side, []):
                if other not in came:
                    came[other] = (side, wish)
                    fresh.append(other)
        edge = fresh
    way, at = [], came.get(goal)
    while at is not None:
        way.append(at[1])
        at = came[at[0]]
    return way


def applied(wishes: Sequence[Wish], rows_of: Callable[[Side], Sequence[int]], text_of: Callable[[int], int]) -> Wishes:
    """The wishes as they concern one corpus: `rows_of` finds the records of a name, `text_of` the text of a record.

    Raises UsageError where two names turn out to be one text, and one line keeps them apart.
    """
    root: dict[int, int] = {}

    def find(text: int) -> int:
        while root.setdefault(text, text) != text:
            root[text] = root[root[text]]
            text = root[text]
        return text

    apart: list[tuple[int, int, Wish]] = []
    says: dict[int, list[str]] = {}
    unknown: dict[Side, str] = {}
    for wish in wishes:
        sides = [rows_of(side) for side in (wish.one, wish.other)]
        for side, rows in zip((wish.one, wish.other), sides, strict=True):
            if not rows:
                unknown.setdefault(side, wish.place)
        mine, yours = ({text_of(row) for row in rows} - {-1} for rows in sides)
        if not (mine and yours):
            continue
        if not wish.always:
            apart += [(a, b, wish) for a in sorted(mine) for b in sorted(yours)]
            continue
        every = sorted(mine | yours)
        for text in every:
            a, b = find(every[0]), find(text)
            root[max(a, b)] = min(a, b)
        for rows, other in zip(sides, (wish.other, wish.one), strict=True):
            for row in rows:
                why = f" ({wish.reason})" if wish.reason else ""
                says.setdefault(row, []).append(f"always with {other[1]}{why}")
    group = {text: find(text) for text in list(root)}
    return Wishes(
        group, _enemies(apart, group), {row: "; ".join(said) for row, said in says.items()}, tuple(unknown.items())
    )


def _enemies(apart: Sequence[tuple[int, int, Wish]], group: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Who must be kept apart: what is said of one text of a group holds for all of it."""
    mates: dict[int, list[int]] = {}
    for text, number in group.items():
        mates.setdefault(number, []).append(text)
    found: dict[int, set[int]] = {}
    for one, other, wish in apart:
        mine, yours = (mates.get(group.get(text, -1), [text]) for text in (one, other))
        if one == other or one in yours:
            raise UsageError(
                f"{wish.place} keeps {wish.one[1]!r} and {wish.other[1]!r} apart, and other lines put them, or records "
                "with their texts, together. Take one out."
            )
        for text in mine:
            found.setdefault(text, set()).update(yours)
        for text in yours:
            found.setdefault(text, set()).update(mine)
    return {text: frozenset(others) for text, others in found.items()}


def split_rows(wishes: Iterable[Wish], rows_of: Callable[[Side], Sequence[int]]) -> set[int]:
    """The records that must not share a text with others: one side of each pair that stays apart."""
    return {row for wish in wishes if not wish.always for row in rows_of(wish.other)}
