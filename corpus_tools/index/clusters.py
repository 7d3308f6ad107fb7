"""Clusters: which texts are one story, and which record of them is kept.

Likeness is no chain: where A is like B and B like C, A and C may be two stories. So every member must be confirmed
against the keeper itself; who is not leaves, and is clustered again among those that left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus_tools.index.keeper import Facts
from corpus_tools.text.fingerprints import Shingles

_SHINGLES_AT_ONCE = 1 << 23
_PAIRS_AWAY = 3


@dataclass(frozen=True, slots=True)
class Cluster:
    """A keeper, as a record, with the texts it stands for, its own among them, and the facts that decided."""

    keeper: int
    texts: tuple[int, ...]
    facts: Facts


def components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """What hangs together, each part sorted, the parts in the order of their first members.

    >>> components([(4, 2), (7, 9), (2, 5)])
    [[2, 4, 5], [7, 9]]
    """
    root: dict[int, int] = {}

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for one, other in pairs:
        a, b = find(root.setdefault(one, one)), find(root.setdefault(other, other))
        root[max(a, b)] = min(a, b)
    parts: dict[int, list[int]] = {}
    for one in sorted(root):
        parts.setdefault(find(one), []).append(one)
    return list(parts.values())


def settle(
    texts: Sequence[int],
    pairs: Sequence[tuple[int, int]],
    choose: Callable[[Sequence[int]], tuple[int, int, Facts]],
    is_same: Callable[[int, int], bool],
    pages_of: Callable[[int], frozenset[int]],
) -> Iterator[Cluster]:
    """Cluster one component.

    `choose` names the record to keep among those of some texts, its text, and the facts; `is_same` confirms a text
    against the keeper's, and is asked for texts at most three pairs away; versions of one page (`pages_of`) stay
    together, though the first and the last may have little in common.
    """
    neighbours: dict[int, set[int]] = {text: set() for text in texts}
    for one, other in pairs:
        neighbours[one].add(other)
        neighbours[other].add(one)
    waiting = [list(texts)]
    while waiting:
        part = waiting.pop()
        inside = set(part)
        keeper, kept, facts = choose(part)
        members = {text for text in _near(kept, neighbours, inside) if text == kept or is_same(kept, text)}
        pages = frozenset[int]().union(*map(pages_of, members))
        members |= {text for text in part if pages & pages_of(text)}
        yield Cluster(keeper, tuple(sorted(members)), facts)
        left = inside - members
        among = [(one, other) for one in sorted(left) for other in neighbours[one] & left if one < other]
        tied = components(among)
        waiting += [*tied, *([text] for text in sorted(left.difference(*tied)))]


def _near(start: int, neighbours: Mapping[int, set[int]], inside: set[int]) -> list[int]:
    """The texts at most three pairs away: in a long chain of likenesses the far ends are not even compared."""
    reached, edge = {start}, {start}
    for _ in range(_PAIRS_AWAY):
        edge = {text for one in edge for text in neighbours[one] & inside} - reached
        reached |= edge
    return sorted(reached)


def own_shingles(texts: Sequence[int], records: Sequence[int], shingles_of: Callable[[int], Shingles]) -> list[int]:
    """How many distinct shingles of each text no other record has; `records` is how many records each text has.

    >>> own_shingles([0, 1], [1, 1], lambda text: np.arange(text, 3 * text + 4, dtype=np.uint64))
    [1, 3]
    """
    sizes = [len(shingles_of(text)) for text in texts]
    turns = 1 + sum(sizes) // _SHINGLES_AT_ONCE
    own = [0] * len(texts)
    for turn in range(turns):
        # A share of all shingles at a time, so that a story with thousands of copies fits into memory.
        parts = [found[found % np.uint64(turns) == turn] for found in map(shingles_of, texts)]
        found, counts = np.unique(np.concatenate(parts), return_counts=True)
        single = found[counts == 1]
        for number, part in enumerate(parts):
            if records[number] == 1:
                own[number] += int(np.isin(part, single, assume_unique=True).sum())
    return own
