"""Lines that one outlet repeats: what its pages print at their head or foot, learned from the corpus itself.

Remembered are eight bytes a line, for the lines near either end of each record, never the lines.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

HEAD, TAIL = 3, 8
"""Lines from either end that a look takes in; what is cut lets the next lines come near."""
MOST_HEAD, MOST_TAIL = 8, 24
"""Lines from either end that are remembered, so that a look after the last cut finds none."""
BARRIER = 0
"""Stands for a line that is never cut: a paragraph, a credit."""

Hashes = npt.NDArray[np.uint64]


def line_hash(key: str) -> int:
    """Eight bytes for the key of a line; never the barrier's."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1


@dataclass(slots=True)
class Repeats:
    """The ends of all records, by outlet; `learn` says which lines each outlet repeats."""

    _outlets: dict[str, int] = field(default_factory=dict)
    _outlet_of: array[int] = field(default_factory=lambda: array("q"))
    _hashes: array[int] = field(default_factory=lambda: array("Q"))
    _sizes: array[int] = field(default_factory=lambda: array("H"))

    def add(self, outlet: str | None, head: Sequence[int], tail: Sequence[int]) -> None:
        """Note one record's ends: hashes from the first line downwards, and from the last line upwards."""
        number = -1 if outlet is None else self._outlets.setdefault(outlet, len(self._outlets))
        self._outlet_of.append(number)
        self._hashes.extend([*head, *tail])
        self._sizes.extend([len(head), len(tail)])

    def outlets(self, start: int, stop: int) -> list[str]:
        """The outlets of the records from number `start` to before `stop`, sorted."""
        names = list(self._outlets)
        return sorted(names[number] for number in set(self._outlet_of[start:stop]) - {-1})

    def learn(self, least: int) -> Mapping[str, frozenset[int]]:
        """The lines that stand near an end of `least` records of one outlet, and at no end of another outlet's."""
        names = list(self._outlets)
        return {names[number]: lines for number, lines in self._outlets_with(least) if lines}

    def _outlets_with(self, least: int) -> Iterator[tuple[int, frozenset[int]]]:
        hashes = np.frombuffer(self._hashes, np.uint64)
        sizes = np.frombuffer(self._sizes, np.uint16).astype(np.int64)
        outlets = np.frombuffer(self._outlet_of, np.int64)
        of_line = np.repeat(outlets, sizes.reshape(-1, 2).sum(axis=1))
        likely = _likely(hashes, of_line, least)
        stops = np.cumsum(sizes)
        for outlet in sorted(likely):
            ends = [
                (
                    hashes[stops[2 * row] - sizes[2 * row] : stops[2 * row]].tolist(),
                    hashes[stops[2 * row] : stops[2 * row + 1]].tolist(),
                )
                for row in np.flatnonzero(outlets == outlet).tolist()
            ]
            yield outlet, _learn(ends, likely[outlet], least)


def _likely(hashes: Hashes, outlets: npt.NDArray[np.int64], least: int) -> dict[int, set[int]]:
    """By outlet, the lines that it has `least` times and no other outlet has: most lines of a corpus go here."""
    order = np.lexsort((outlets, hashes))
    lines, owners = hashes[order], outlets[order]
    starts = (
        np.flatnonzero(np.r_[True, (lines[1:] != lines[:-1]) | (owners[1:] != owners[:-1])]) if len(lines) else order
    )
    counts = np.diff(np.r_[starts, len(lines)])
    lines, owners = lines[starts], owners[starts]
    # A line that two outlets have may be a story's that both of them printed.
    alone = np.ones(len(lines), bool)
    if len(lines) > 1:
        same = lines[1:] == lines[:-1]
        alone[1:] &= ~same
        alone[:-1] &= ~same
    found: dict[int, set[int]] = {}
    for at in np.flatnonzero(alone & (counts >= least) & (owners >= 0) & (lines != BARRIER)).tolist():
        found.setdefault(int(owners[at]), set()).add(int(lines[at]))
    return found


def _learn(ends: Sequence[tuple[list[int], list[int]]], likely: set[int], least: int) -> frozenset[int]:
    """Of the likely lines of one outlet those that come near an end often enough, as others are cut before them."""
    learned: set[int] = set()
    while True:
        seen: Counter[int] = Counter()
        for sides in ends:
            seen.update(line for line in _near(sides) if line in likely)
        fresh = {line for line, count in seen.items() if count >= least}
        if not fresh:
            return frozenset(learned)
        learned |= fresh
        for head, tail in ends:
            _cut(head, HEAD, learned)
            _cut(tail, TAIL, learned)


def _near(sides: tuple[list[int], list[int]]) -> list[int]:
    """The lines near either end, each once, in their order; nothing beyond a barrier."""
    near = []
    for side, most in zip(sides, (HEAD, TAIL), strict=True):
        for line in side[:most]:
            if line == BARRIER:
                break
            near.append(line)
    return list(dict.fromkeys(near))


def _cut(side: list[int], near: int, gone: set[int]) -> None:
    """Take the learned lines out of one end, as cutting takes them out of the text."""
    for number in cut_lines(side, near, gone)[::-1]:
        del side[number]


def cut_lines(side: Sequence[int], near: int, gone: set[int] | frozenset[int]) -> list[int]:
    """The places of the lines that go from one end, when each cut lets the next line come near.

    >>> cut_lines([5, 7, 6, 7, 7], 2, {5, 7})
    [0, 1, 3, 4]
    """
    places, left = [], 0
    for number, line in enumerate(side):
        if line == BARRIER or left == near:
            break
        if line in gone:
            places.append(number)
        else:
            left += 1
    return places
