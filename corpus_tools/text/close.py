"""The second look: which of a few close languages a text is in, by the words and word parts in which they differ.

Detectors take Malay for Indonesian and Serbian for Croatian. Where the first answer falls into such a group, the parts
of a text (two to five characters, words, pairs of words) are weighed with a profile of that group alone; the weights
are learned (rules/close_languages.toml says from what and how).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.lookup import Lookup

# Arbitrary: more than twice the longest excerpt that the profiles were measured on.
SECOND_LOOK_CHARS = 1600
_WORDS = re.compile(r"[^\W\d_]+")
_LENGTHS = (2, 3, 4, 5)
_PRIME = 0x100000001B3
_INVERSE = pow(_PRIME, -1, 1 << 64)
_BLOCK_CHARS = 1 << 17
_SPACE = ord(" ")


@dataclass(frozen=True, slots=True)
class CloseLanguages:
    """Languages that are taken for each other, and what each part of a text says for one of them."""

    languages: tuple[str, ...]
    answers: tuple[str, ...]
    """The first answers that call for the second look."""
    known: tuple[str | None, ...]
    """The first answer that stands for each language, None where no profile does."""
    power: float
    """The sum of weights is divided by the number of parts to this power: what a text says grows slower than it."""
    sharpness: float
    """By how much the summed weights are multiplied so that the probabilities come out right on held-back texts."""
    bias: tuple[float, ...]
    """What is added to the sums of each language, so that none is favoured on held-back texts."""
    trust: float
    """What a natural logarithm of the first look is worth beside them, where it knows all the languages."""
    countries: Mapping[str, str]
    """Which language an outlet's country speaks for where the text leaves it open."""
    row_of: Lookup
    weights: NDArray[np.float32]
    """Shape (parts, languages)."""


def second_look(texts: Sequence[str], group: CloseLanguages) -> NDArray[np.float32]:
    """What the parts of each text say for each language of the group, shape (texts, languages): logarithms."""
    sums = np.zeros((len(texts), len(group.languages)), np.float32)
    at = 0
    while at < len(texts):
        block: list[str] = []
        chars = 0
        while at + len(block) < len(texts) and (not block or chars < _BLOCK_CHARS):
            block.append(in_words(texts[at + len(block)][:SECOND_LOOK_CHARS]))
            chars += len(block[-1])
        text_of, row = _found(block, group)
        of_each = np.split(row, np.searchsorted(text_of, np.arange(1, len(block))))
        for text, rows in enumerate(of_each, at):
            if len(rows):
                ones = np.ones(len(rows), np.float32)
                sums[text] = ones @ group.weights.take(rows, axis=0) / np.float32(len(rows) ** group.power)
        at += len(block)
    return sums


def in_words(text: str) -> str:
    """The words of a text in small letters, a space before, between and after them.

    >>> in_words("Kata beliau, 5 buah…")
    ' kata beliau buah '
    """
    return f" {' '.join(_WORDS.findall(text.lower()))} "


def parts_of(words: str) -> set[str]:
    """The distinct parts of a text that went through `in_words`.

    >>> sorted(parts_of(" ya "))
    [' y', ' ya', ' ya ', 'a ', 'ya', 'ya ']
    """
    parts = {words[at : at + size] for size in _LENGTHS for at in range(len(words) - size + 1)}
    each = words.split()
    parts.update(f" {word} " for word in each)
    parts.update(f" {word} {after} " for word, after in itertools.pairwise(each))
    return parts


def keys_of(parts: Sequence[str]) -> NDArray[np.uint64]:
    """The number by which a part is looked up, shape (parts,)."""
    return np.array([_key(part) for part in parts], np.uint64)


def _key(part: str) -> int:
    key = 0
    for char in reversed(part):
        key = (key * _PRIME + ord(char)) % (1 << 64)
    return key


def _found(block: Sequence[str], group: CloseLanguages) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The texts and the rows of the distinct parts that the group's profile knows, sorted."""
    codes = np.frombuffer("".join(block).encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = np.fromiter(map(len, block), np.int64, len(block))
    text_of = np.repeat(np.arange(len(block)), sizes)
    powers = np.full(len(codes), _PRIME, np.uint64)
    inverses = np.full(len(codes) + 1, _INVERSE, np.uint64)
    powers[0] = inverses[0] = 1
    np.cumprod(powers, out=powers)
    np.cumprod(inverses, out=inverses)
    # The key of characters a to b is the difference of two prefix sums, moved back to the first power.
    sums = np.append(np.uint64(0), np.cumsum(codes * powers))
    space = np.flatnonzero(codes == _SPACE)
    starts = [np.arange(len(codes) - size + 1) for size in _LENGTHS] + [space[:-1], space[:-2]]
    ends = [of_size + size for of_size, size in zip(starts, _LENGTHS, strict=False)] + [space[1:] + 1, space[2:] + 1]
    start, end = np.concatenate(starts), np.concatenate(ends)
    whole = text_of[start] == text_of[end - 1]
    start, end = start[whole], end[whole]
    row = group.row_of.rows((sums[end] - sums[start]) * inverses[start])
    hit = row >= 0
    both = np.unique(text_of[start[hit]] * len(group.weights) + row[hit])
    return np.divmod(both, max(1, len(group.weights)))
