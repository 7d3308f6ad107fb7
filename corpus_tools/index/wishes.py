"""What people said of pairs, as it concerns one corpus: texts that always belong together, and texts that never do.

Their word goes before ours. "Always" hangs together: with a–b and b–c, a and c belong together as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import RuleError
from corpus_tools.index.notes import key_of
from corpus_tools.rules.overrule import Wish
from corpus_tools.text.urls import is_absolute, page_key


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes of one corpus, by the numbers of its texts.

    `group` gives texts that belong together one number, `enemies` has the texts that each must be kept apart from,
    `says` the words for a record, `unknown` the names that no record has.
    """

    group: dict[int, int] = field(default_factory=dict)
    enemies: dict[int, frozenset[int]] = field(default_factory=dict)
    says: dict[int, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

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


Named = Mapping[str, Sequence[int]]
"""The records of each name, by their numbers."""


def places_of(wishes: Sequence[Wish], ids: NDArray[np.uint64], urls: NDArray[np.uint64]) -> dict[str, list[int]]:
    """The places of the records that wishes name, given the keys of all ids and addresses; ids go first."""
    found: dict[str, list[int]] = {}
    for name in sorted({name for wish in wishes for name in (wish.a, wish.b)}):
        found[name] = np.flatnonzero(ids == key_of(name)).tolist()
        if not found[name] and is_absolute(name):
            found[name] = np.flatnonzero(urls == key_of(page_key(name))).tolist()
    return found


def split_texts(
    wishes: Sequence[Wish], named: Named, texts: NDArray[np.uint64], ids: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """The hashes of all texts, other ones for records that must be kept apart though they have one text."""
    split = texts.copy()
    for wish in wishes:
        for place in [] if wish.always else named[wish.b]:
            if any(split[place] == split[other] for other in named[wish.a]):
                split[place] ^= ids[place] | np.uint64(1)
    return split


def applied(wishes: Sequence[Wish], named: Named, text_of: Callable[[int], int]) -> Wishes:
    """The wishes as they concern one corpus.

    Raises RuleError where two names turn out to be one text, and one line keeps them apart.
    """
    root: dict[int, int] = {}

    def find(text: int) -> int:
        while root.setdefault(text, text) != text:
            root[text] = root[root[text]]
            text = root[text]
        return text

    apart: list[tuple[int, int, Wish]] = []
    says: dict[int, list[str]] = {}
    for wish in wishes:
        mine, yours = (sorted({text_of(row) for row in named[name]} - {-1}) for name in (wish.a, wish.b))
        if not (mine and yours):
            continue
        for name, other in ((wish.a, wish.b), (wish.b, wish.a)):
            said = f"{'always' if wish.always else 'never'} with {other}"
            for row in named[name]:
                says.setdefault(row, []).append(f"{said} ({wish.reason})" if wish.reason else said)
        if not wish.always:
            apart += [(a, b, wish) for a in mine for b in yours]
            continue
        for text in [*mine, *yours]:
            a, b = find(mine[0]), find(text)
            root[max(a, b)] = min(a, b)
    group = {text: find(text) for text in list(root)}
    words = {row: "; ".join(dict.fromkeys(said)) for row, said in says.items()}
    return Wishes(group, _enemies(apart, group), words, tuple(name for name, rows in named.items() if not rows))


def _enemies(apart: Sequence[tuple[int, int, Wish]], group: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Who must be kept apart: what is said of one text of a group holds for all of it."""
    mates: dict[int, list[int]] = {}
    for text, number in group.items():
        mates.setdefault(number, []).append(text)
    found: dict[int, set[int]] = {}
    for one, other, wish in apart:
        mine, yours = (mates[group[text]] if text in group else [text] for text in (one, other))
        if one in yours:
            raise RuleError(
                f"{wish.place} keeps {wish.a!r} and {wish.b!r} apart, and other lines put them, or records with their "
                "texts, together. Take one out."
            )
        for some, others in ((mine, yours), (yours, mine)):
            for text in some:
                found.setdefault(text, set()).update(others)
    return {text: frozenset(others) for text, others in found.items()}
