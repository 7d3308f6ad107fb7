"""Clusters: which texts are one story, and which record of them is kept.

Likeness is no chain: where A is like B and B like C, A and C may be two stories. So every member must be confirmed
against the keeper itself; who is not leaves, and is clustered again among those that left. Nor is B kept because both
are like it: the text in the middle may be a round-up of the two, and then both stories would be dropped for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.index.keeper import Facts
from corpus_tools.text.fingerprints import Shingles

_SHINGLES_AT_ONCE = 1 << 20
_FEW_TEXTS = 16
_PAIRS_AWAY = 3
_MANY_TEXTS = 256  # of a larger part no more than so many clusters are found by looking at all of it each time
_ROUNDS = 8
_PAIR = 2  # texts, of which a tie says all

Tie = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A keeper, as a record, with the texts it stands for, its own among them, and the facts that decided.

    `left` are texts that were held against the keeper's and do not belong to it.
    """

    keeper: int
    text: int
    texts: tuple[int, ...]
    facts: Facts
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judges:
    """Whom `settle` asks.

    `choose` names the record to keep among those of some texts, its text, and the facts. `is_same` confirms a text
    against another. Texts that share a bond (`bonds_of`) stay together, as versions of one page do, though the first
    and the last may have little in common; `enemies_of` a text never come into its cluster.
    """

    choose: Callable[[Sequence[int]], tuple[int, int, Facts]]
    is_same: Callable[[int, int], bool]
    bonds_of: Callable[[int], frozenset[int]] = lambda _text: frozenset()
    enemies_of: Callable[[int], frozenset[int]] = lambda _text: frozenset()


class Neighbours:
    """Which texts each text makes a pair with, in arrays: a release with thousands of copies makes millions of pairs.

    >>> near = Neighbours(np.array([[4, 2], [7, 9], [2, 5]]))
    >>> sorted(near.of(2)), near.of(3)
    ([4, 5], set())
    """

    def __init__(self, pairs: NDArray[np.int64]) -> None:
        ends = pairs.ravel()
        order = np.argsort(ends, kind="stable")
        self._texts, self._others = ends[order], ends[order ^ 1]

    def of(self, text: int) -> set[int]:
        """The texts that a text makes a pair with."""
        begin, end = self._texts.searchsorted((text, text + 1))
        return set(self._others[begin:end].tolist())


def components(pairs: Sequence[Tie] | NDArray[np.int64]) -> list[list[int]]:
    """What hangs together, each part sorted, the parts in the order of their first members.

    >>> components([(4, 2), (7, 9), (2, 5)])
    [[2, 4, 5], [7, 9]]
    """
    ends = np.asarray(pairs, np.int64).reshape(-1, 2)
    texts, places = np.unique(ends, return_inverse=True)
    root = list(range(len(texts)))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for one, other in places.reshape(-1, 2).tolist():
        a, b = find(one), find(other)
        root[max(a, b)] = min(a, b)
    parts: dict[int, list[int]] = {}
    for place, text in enumerate(texts.tolist()):
        parts.setdefault(find(place), []).append(text)
    return list(parts.values())


def settle(
    texts: Sequence[int], ties: Iterable[Sequence[int]], untried: Neighbours, judges: Judges
) -> Iterator[Cluster]:
    """Cluster one component.

    `ties` are pairs that are the same; `untried` are those that were not compared, in this component and in others, as
    both are the same as a third: where that third is gone, they are asked for. Only texts at most three pairs away are
    held against a keeper.
    """
    near = _neighbours(ties)
    waiting = [list(texts)]
    rounds = 0
    while waiting:
        part = waiting.pop()
        rounds += 1
        if len(part) > _MANY_TEXTS and rounds > _ROUNDS:
            stars = list(_stars(part, near, untried, judges.is_same))
            if len(stars) > 1:
                waiting += stars
                continue
        cluster = _around_keeper(part, near, judges)
        yield cluster
        left = set(part).difference(cluster.texts)
        among = [(one, other) for one in sorted(left) for other in near.get(one, set()) & left if one < other]
        for one in sorted(left):
            for other in sorted(untried.of(one) & left):
                if one < other and judges.is_same(one, other):
                    among.append((one, other))
                    near.setdefault(one, set()).add(other)
                    near.setdefault(other, set()).add(one)
        tied = components(among) if among else []
        waiting += [*tied, *([text] for text in sorted(left.difference(*tied)))]


def asked_first(texts: Sequence[int], ties: Iterable[Sequence[int]], judges: Judges) -> list[Tie]:
    """The pairs that `settle` asks for first and that are no ties, the smaller text first; none of a large component.

    Who can compare many pairs at once has them ready then.
    """
    if not _PAIR < len(texts) <= _MANY_TEXTS:
        return []
    near = _neighbours(ties)
    _, kept, _ = judges.choose(texts)
    others = set(_reached(kept, near, set(texts))) - near.get(kept, set()) - {kept}
    return [(min(kept, text), max(kept, text)) for text in sorted(others)]


def _neighbours(pairs: Iterable[Sequence[int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _around_keeper(part: Sequence[int], near: Mapping[int, set[int]], judges: Judges) -> Cluster:
    """The best record of a part, and the texts that hold up against it."""
    inside = set(part)
    keeper, kept, facts = judges.choose(part)
    asked = [text for text in _reached(kept, near, inside) if text != kept]
    members = {kept, *(text for text in asked if judges.is_same(kept, text))}
    bonds = frozenset[int]().union(*map(judges.bonds_of, members))
    if bonds:
        members |= {text for text in part if bonds & judges.bonds_of(text)}
    chosen = {kept}
    for text in sorted(members - {kept}):
        if judges.enemies_of(text).isdisjoint(chosen):
            chosen.add(text)
    return Cluster(keeper, kept, tuple(sorted(chosen)), facts, tuple(text for text in asked if text not in chosen))


def _reached(start: int, near: Mapping[int, set[int]], inside: set[int]) -> list[int]:
    """The texts at most three pairs away: in a long chain of likenesses the far ends are not even compared."""
    reached, edge = {start}, {start}
    for _ in range(_PAIRS_AWAY):
        edge = {text for one in edge for text in near.get(one, set()) & inside} - reached
        reached |= edge
    return sorted(reached)


def _stars(
    part: Sequence[int],
    near: Mapping[int, set[int]],
    untried: Neighbours,
    is_same: Callable[[int, int], bool],
) -> Iterator[list[int]]:
    """A large part cut into texts and what is the same as each: one pass, where looking for keepers takes many."""
    free = set(part)
    for text in part:
        if text not in free:
            continue
        open_ = {other for other in untried.of(text) & free if is_same(text, other)}
        star = {text} | (near.get(text, set()) & free) | open_
        free -= star
        yield sorted(star)


def own_shingles(
    texts: Sequence[int], records: Sequence[int], shingles_of: Callable[[Sequence[int]], Iterable[Shingles]]
) -> list[int]:
    """How many distinct shingles of each text no other record has; `records` is how many records each text has.

    `shingles_of` gives the distinct shingles of some texts, one after the other.

    >>> own_shingles([0, 1], [1, 1], lambda texts: [np.arange(text, 3 * text + 4, dtype=np.uint64) for text in texts])
    [1, 3]
    """
    if len(texts) <= _FEW_TEXTS:
        return _own_of_few(list(shingles_of(texts)), records)
    single = _seen_once(shingles_of(texts))
    return [
        _count_in(shingles, single) if times == 1 else 0
        for shingles, times in zip(shingles_of(texts), records, strict=True)
    ]


def _own_of_few(parts: Sequence[Shingles], records: Sequence[int]) -> list[int]:
    """The same for texts that fit into memory together, at one look; most stories have two or three."""
    _, first, counts = np.unique(np.concatenate(parts), return_index=True, return_counts=True)
    owners = np.searchsorted(np.cumsum([len(part) for part in parts]), first[counts == 1], "right")
    own = np.bincount(owners, minlength=len(parts)).tolist()
    return [count if times == 1 else 0 for count, times in zip(own, records, strict=True)]


def _seen_once(parts: Iterable[Shingles]) -> Shingles:
    """The shingles that only one of the parts has, sorted; memory holds the distinct ones, which copies share."""
    once, more = np.empty(0, np.uint64), np.empty(0, np.uint64)
    parts = iter(parts)
    while block := _some(parts, max(len(once) + len(more), _SHINGLES_AT_ONCE)):
        found, counts = np.unique(np.concatenate(block), return_counts=True)
        again = found[counts > 1], np.intersect1d(once, found, assume_unique=True)
        more = np.unique(np.concatenate([more, *again]))
        once = np.setdiff1d(np.concatenate([once, found]), more)
    return once


def _some(parts: Iterator[Shingles], most: int) -> list[Shingles]:
    """The next parts, of about so many shingles: a story with thousands of copies has more than fit at once."""
    block: list[Shingles] = []
    for part in parts:
        block.append(part)
        most -= len(part)
        if most <= 0:
            break
    return block


def _count_in(values: Shingles, among: Shingles) -> int:
    """How many of some shingles are in a sorted array of them."""
    if not len(among):
        return 0
    at = among.searchsorted(values)
    at[at == len(among)] = 0
    return int(np.count_nonzero(among[at] == values))
