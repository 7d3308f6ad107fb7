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
    single = _seen_once(map(shingles_of, texts))
    return [
        _count_in(shingles_of(text), single) if times == 1 else 0 for text, times in zip(texts, records, strict=True)
    ]


def _seen_once(parts: Iterable[Shingles]) -> Shingles:
    """The shingles that only one of the parts has, sorted; memory holds the distinct ones, which copies share."""
    once, more = np.empty(0, np.uint64), np.empty(0, np.uint64)
    for block in _blocks(parts):
        found, counts = np.unique(block, return_counts=True)
        again = found[counts > 1], np.intersect1d(once, found, assume_unique=True)
        more = np.unique(np.concatenate([more, *again]))
        once = np.setdiff1d(np.concatenate([once, found]), more)
    return once


def _blocks(parts: Iterable[Shingles]) -> Iterator[Shingles]:
    """The parts, joined to arrays of some eight million: a story with thousands of copies has more than fit at once."""
    block: list[Shingles] = []
    size = 0
    for part in parts:
        block.append(part)
        size += len(part)
        if size >= _SHINGLES_AT_ONCE:
            yield np.concatenate(block)
            block, size = [], 0
    if block:
        yield np.concatenate(block)


def _count_in(values: Shingles, among: Shingles) -> int:
    """How many of some shingles are in a sorted array of them."""
    at = np.searchsorted(among, values)
    return int((among[at[at < len(among)]] == values[at < len(among)]).sum())
