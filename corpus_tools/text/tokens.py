"""Texts as arrays of words: folded, hashed, in order, by whole blocks and without a Python object per word.

A word is a run of letters, marks and digits after folding case and width; in scripts without spaces every character
with its signs is a word. Method: a letter is a byte, and a word is read eight bytes at a time; letters beyond ASCII
leave seven bits there, and their whole code point with its place in the word is added to the hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

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

_BLOCK_CHARS = 1 << 18
_COPIED_CHARS = 1 << 20  # a block that holds a giant is larger, and eight times its size is memory
_U64 = np.uint64
_PRIME = _U64(0x9E3779B97F4A7C15)
_FIRST_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], _U64)
_BEYOND_ASCII = 0x80


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
    """The texts in lists of some 260,000 characters: arrays of that size stay in the processor's cache."""
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


class _Letters(NamedTuple):
    """Characters of some texts, one byte each: folded, and 0 where no word is.

    `written` are the characters as they were, with an "A" for each capital beyond ASCII. `beyond` are the places of
    those whose folded code point is not ASCII, and `codes` what the table of scripts has for them. `ends` is where each
    text ends.
    """

    bytes_: NDArray[np.uint8]
    written: NDArray[np.uint8]
    beyond: NDArray[np.int64]
    codes: NDArray[np.uint32]
    ends: NDArray[np.int64]


def _tokens_of_block(texts: Sequence[str]) -> tuple[Tokens, NDArray[np.int64]]:
    letters = _letters_of(texts)
    starts, sizes = _words_of(letters)
    counts = np.diff(np.searchsorted(starts, letters.ends, "left"), prepend=0)
    if not len(starts):
        return np.empty(0, np.uint32), counts
    tokens = (_hashes_of(letters, starts, sizes) >> _U64(32)).astype(np.uint32)
    tokens &= np.uint32(WORD)
    tokens |= _within(letters.written[starts], "A", "Z") * np.uint32(NAME)
    digits = _within(letters.bytes_, "0", "9")
    digits[1:] &= ~digits[:-1]  # of digits in a row the first will do
    numbers = np.concatenate([digits.nonzero()[0], letters.beyond[letters.codes & scripts.DIGIT != 0]])
    tokens[np.searchsorted(starts, numbers, "right") - 1] |= np.uint32(NUMBER)
    return tokens, counts


def _letters_of(texts: Sequence[str]) -> _Letters:
    joined = "\n".join([*texts, ""])
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    if joined.isascii():
        written = np.frombuffer(joined.encode(), np.uint8)
        none = np.empty(0, np.int64)
        return _Letters(_folded(written), written, none, none.astype(np.uint32), ends)
    codes = _codes_of(joined)
    beyond = np.flatnonzero(codes >= _BEYOND_ASCII)
    if scripts.may_compose(codes[beyond]):
        # "é" may be one character or two; both are the same letter.
        whole = [composed(text) for text in texts]
        if whole != list(texts):
            return _letters_of(whole)
    found = scripts.table()[codes[beyond]]
    dropped = beyond[found == scripts.DROPPED]
    if len(dropped):
        ends -= np.searchsorted(dropped, ends)
        codes = np.delete(codes, dropped)
        beyond, found = np.flatnonzero(codes >= _BEYOND_ASCII), found[found != scripts.DROPPED]
    written = codes.astype(np.uint8)
    written[beyond] = np.where(found & scripts.UPPER, np.uint8(ord("A")), np.uint8(0))
    bytes_, code = _folded(written), found & np.uint32(scripts.CODE)
    # Wide letters fold to ASCII, and are those letters then.
    bytes_[beyond] = np.where(code < _BEYOND_ASCII, code, code | np.uint32(_BEYOND_ASCII))
    others = code >= _BEYOND_ASCII
    return _Letters(bytes_, written, beyond[others], found[others], ends)


def _codes_of(text: str) -> NDArray[Any]:
    """The code points, two bytes each where that is enough: Python itself holds most texts so."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    if len(codes) == len(text):
        return codes
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _folded(written: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """ASCII letters as small ones, digits as they are, 0 for all else."""
    # One bit tells "a" from "A", and digits have it. Arithmetic on bytes takes an eighth of the time of a table.
    folded = written | np.uint8(0x20)
    in_word = _within(folded, "a", "z") | _within(written, "0", "9")
    folded &= np.negative(in_word.view(np.uint8))
    return folded


def _within(chars: NDArray[np.uint8], first: str, last: str) -> NDArray[np.bool_]:
    """Which characters stand between two of ASCII."""
    within: NDArray[np.bool_] = chars - np.uint8(ord(first)) <= np.uint8(ord(last) - ord(first))
    return within


def _words_of(letters: _Letters) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each word starts, and how many characters it has."""
    word = letters.bytes_ != 0
    solo = letters.beyond[letters.codes >= scripts.SOLO]
    if not len(solo):
        edges = (word[1:] != word[:-1]).nonzero()[0] + 1
        edges = edges if not len(word) or not word[0] else np.concatenate([[0], edges])
        return edges[::2], edges[1::2] - edges[::2]  # a line end follows every text
    begins = word.copy()
    begins[1:] &= ~word[:-1]
    begins[solo] = True
    begins[solo + 1] |= word[solo + 1]
    # What joins goes with what stands before it; at the start of a word nothing does.
    joins = letters.beyond[(letters.codes & scripts.JOINS != 0) & (letters.beyond > 0)]
    begins[joins] &= ~word[joins - 1]
    word[:-1] &= ~word[1:] | begins[1:]  # the last characters are left
    starts = np.flatnonzero(begins)
    return starts, np.flatnonzero(word) + 1 - starts


def _hashes_of(letters: _Letters, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    padded = np.concatenate([letters.bytes_, np.zeros(8, np.uint8)])
    eights: NDArray[np.uint64] = np.lib.stride_tricks.as_strided(padded[:8].view("<u8"), (len(letters.bytes_),), (1,))
    if len(eights) <= _COPIED_CHARS:
        eights = eights.copy()  # to look numbers up where none stands at an address of its own takes thrice the time
    hashes = eights[starts] & _FIRST_BYTES.take(sizes, mode="clip")
    long, at = np.flatnonzero(sizes > 8), 8
    while len(long):
        rest = eights[starts[long] + at] & _FIRST_BYTES.take(sizes[long] - at, mode="clip")
        hashes[long] = _mixed(hashes[long]) + rest
        at += 8
        long = long[sizes[long] > at]
    if len(letters.beyond):
        words = np.searchsorted(starts, letters.beyond, "right") - 1
        place = (letters.beyond - starts[words]).astype(_U64)
        code = (letters.codes & scripts.CODE).astype(_U64)
        np.add.at(hashes, words, (code + (place << _U64(21)) + _U64(1)) * _PRIME)
    return _mixed(hashes)


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # As MurmurHash3 ends (A. Appleby, public domain), but for its last shift: the upper half is what is used.
    hashes = hashes ^ (hashes >> _U64(33))
    hashes *= _U64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> _U64(33)
    hashes *= _U64(0xC4CEB9FE1A85EC53)
    return hashes
