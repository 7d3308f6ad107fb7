"""Texts as arrays of words: folded, hashed, in order, by whole blocks and without a Python object per word.

A word is a run of letters, marks and digits after folding case and width; in scripts without spaces every character
with its signs is a word. Method: polynomial prefix sums over the code points, so that the hash of a word is one
subtraction.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text import scripts
from corpus_tools.text.composed import composed

Tokens = NDArray[np.uint32]

NUMBER = 1
"""Bit of a token that holds a digit."""
NAME = 2
"""Bit of a token that was written with a capital."""
WORD = 0xFFFFFFFF ^ (NUMBER | NAME)
"""Mask of the word itself: what is compared."""

_BLOCK_CHARS = 1 << 17
_PRIME = 0x100000001B3
_INVERSE = pow(_PRIME, -1, 1 << 64)
_U64 = np.uint64


def tokens_of(texts: Sequence[str]) -> tuple[Tokens, NDArray[np.int64]]:
    """The tokens of all texts one after the other, shape (words,), and how many each text has, shape (texts,).

    >>> tokens, counts = tokens_of(["Rates ROSE, again!", "rates rose again"])
    >>> counts.tolist()
    [3, 3]
    >>> bool((tokens[:3] & WORD == tokens[3:] & WORD).all())
    True
    >>> tokens_of(["汉字 and ไทย"])[1].tolist()
    [6]
    """
    tokens: list[Tokens] = [np.empty(0, np.uint32)]
    counts: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    for block in blocks(texts):
        found, of_each = _tokens_of_block(block)
        tokens.append(found)
        counts.append(of_each)
    return np.concatenate(tokens), np.concatenate(counts)


def blocks(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in lists of some 130,000 characters: arrays of that size stay in the processor's cache."""
    block: list[str] = []
    chars = 0
    for text in texts:
        block.append(text)
        chars += len(text)
        if chars >= _BLOCK_CHARS:
            yield block
            block, chars = [], 0
    if block:
        yield block


def _tokens_of_block(texts: Sequence[str]) -> tuple[Tokens, NDArray[np.int64]]:
    texts = [composed(text) for text in texts]  # "é" may be one character or two; both are the same letter
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    # "clip" lets NumPy take without looking for wrong indices first; a code point is never out of range.
    folded = scripts.table().take(codes, mode="clip")
    dropped = folded == scripts.DROPPED
    if dropped.any():
        ends -= np.cumsum(dropped)[ends - 1]
        folded = folded[~dropped]
    starts = _word_starts(folded)
    counts = np.diff(np.searchsorted(starts, ends, "left"), prepend=0)
    if not len(starts):
        return np.empty(0, np.uint32), counts
    # What stands between words counts as 0, so up to the next start there is nothing but the word.
    powers, inverses = _powers(len(folded))
    sums = np.zeros(len(folded) + 1, _U64)
    np.cumsum((folded & scripts.CODE) * powers, out=sums[1:])
    bounds = sums[starts]
    hashes = _mixed(np.diff(bounds, append=sums[-1:]) * inverses[starts])
    tokens = (hashes >> _U64(32)).astype(np.uint32) & np.uint32(WORD)
    tokens |= (folded[starts] & scripts.UPPER != 0).astype(np.uint32) * np.uint32(NAME)
    digits = np.flatnonzero(folded & scripts.DIGIT)
    tokens[np.searchsorted(starts, digits, "right") - 1] |= np.uint32(NUMBER)
    return tokens, counts


def _word_starts(folded: NDArray[np.uint32]) -> NDArray[np.int64]:
    word = folded != 0
    begins = word.copy()
    begins[1:] &= ~word[:-1]
    solo = folded >= scripts.SOLO
    if solo.any():
        begins |= solo
        begins[1:] |= solo[:-1] & word[1:]
        # What joins goes with what stands before it; at the start of a word nothing does.
        joins = folded & scripts.JOINS != 0
        begins[1:] &= ~(joins[1:] & word[:-1])
    return np.flatnonzero(begins)


@functools.lru_cache(maxsize=1)
def _powers_up_to(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    powers, inverses = np.full(size, _PRIME, _U64), np.full(size, _INVERSE, _U64)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers), np.cumprod(inverses)


def _powers(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers of the prime and of its inverse; sizes are rounded up, so that few tables are made."""
    powers, inverses = _powers_up_to(1 << max(18, (size - 1).bit_length()))
    return powers[:size], inverses[:size]


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The finaliser of MurmurHash3 (A. Appleby, public domain): every bit of the input reaches every bit of the output.
    hashes = hashes ^ (hashes >> _U64(33))
    hashes = hashes * _U64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> _U64(33)
    hashes *= _U64(0xC4CEB9FE1A85EC53)
    return hashes ^ (hashes >> _U64(33))
