"""langdetect's language profiles, scored for many texts at once and without chance.

langdetect (Nakatani Shuyo's language-detection, ported by Michal Danilak) multiplies the probabilities of letter
groups drawn at random until one language wins. Here every group of one to three letters of a text counts once, so the
sums are those that the draws wander about: no seed, the same answer always. Texts are prepared as langdetect does it,
and the profiles are those of the installed package, read on first use (0.2 s).
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
import orjson
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from corpus_tools.text.letter_groups import SPACE, LetterGroups, grams_of
from corpus_tools.text.lookup import Lookup, Rows

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FLOOR = Detector.ALPHA_DEFAULT / Detector.BASE_FREQ
"""langdetect adds this to each probability: a group that a language lacks costs it much and not everything."""
# Weights are whole numbers, 512 to the natural logarithm: a float32 adds up to 2^24 of them exactly, in any order, on
# any processor. The largest weight is 4,486, so MAX_CHARS characters stay below that.
_SCALE = 512
MAX_CHARS = 1200

_BEYOND, _BEYOND_UPPER = 0xFFFF, 0xFFFE
_BLOCK_CHARS = 1 << 16
_BLOCK_ROWS = 1 << 11  # their weights stay in the processor's cache
# Chinese, kana, Hangul, Thai, Lao, Khmer, Burmese and Ethiopic: a dozen of theirs say what 30 Latin letters say.
_DENSE = ((0x0E00, 0x0F00), (0x1000, 0x1800), (0x3040, 0x110000))
# From Devanagari to Sinhala vowels are marks on the letter before them.
_INDIC = (0x0900, 0x0E00)
# The blocks in which langdetect folds characters, beside ideographs and Hangul; each that it is asked for takes 1 µs.
_FOLDED = ((0, 0x700), (0x1E00, 0x1F00), (0x2000, 0x2070), (0x3040, 0x3130), (0x31A0, 0x31C0))
_HANGUL = slice(0xAC00, 0xD7B0)
# A letter belongs to a language if at least one in 10,000 of its letters is this one.
_OWN_LETTER = 1e-4
_IDEOGRAPHIC = ("ja", "ko", "zh-cn", "zh-tw")
_VIETNAMESE_MARKS = NGram.DMARK_CLASS


@dataclass(frozen=True, slots=True)
class Profiles:
    """Weights of letter groups by language, and the slots by which they are found."""

    languages: tuple[str, ...]
    weights: Floats
    """Shape (groups, languages): `_SCALE` times log(1 + probability / `FLOOR`), summed over a group and the shorter
    ones that it ends with: all that end at one letter are found with the longest of them."""
    groups: LetterGroups
    """Which row of `weights` belongs to a group."""
    own_letters: NDArray[np.bool_]
    """Shape (65536, languages): whether a language writes a letter."""
    usual: Floats
    """Shape (languages, 3): what groups of one, two and three letters of a language's own texts weigh on average."""

    @classmethod
    def of(
        cls,
        languages: tuple[str, ...],
        codes: NDArray[np.uint64],
        weights: Floats,
        own: NDArray[np.bool_],
        usual: Floats,
    ) -> Profiles:
        """Profiles from the distinct `codes` of groups, and from the weight of each by itself, which is added to."""
        row_of = Lookup.of(codes)
        for bits in (32, 16):  # groups of two are fetched while they are still by themselves
            ending = codes & np.uint64((1 << bits) - 1)
            row = row_of.rows(ending * ((codes >> np.uint64(bits) > 0) & (ending != SPACE)))
            longer = np.flatnonzero(row >= 0)
            for at in range(0, len(longer), _BLOCK_ROWS):
                of_block = longer[at : at + _BLOCK_ROWS]
                weights[of_block] += weights.take(row[of_block], axis=0)
        return cls(languages, weights, LetterGroups.of(row_of, _folds().upper), own, usual)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the profiles say of texts; all arrays are by text."""

    sums: Floats
    """Shape (texts, languages): natural logarithms, 0 where nothing speaks for a language."""
    groups: Ints
    """Shape (texts, 3): how many groups of one, two and three letters there are, known to a profile or not."""
    letters: Ints
    """How many letters; one of a script that writes syllables or words counts for three."""
    foreign: Floats
    """The share of letters that the language with the largest sum does not use."""


def score(texts: Sequence[str], known: Profiles | None = None) -> Scores:
    """The sums of all texts, of each its first 1,200 characters; `known` are other profiles than langdetect's.

    >>> found = score(["The bridge will be closed.", "Le pont sera fermé.", "123"])
    >>> [profiles().languages[best] for best in found.sums[:2].argmax(axis=1)], found.sums[2].max()
    (['en', 'fr'], np.float32(0.0))
    """
    known = known or profiles()
    parts, block, chars = [], [], 0
    for text in texts:
        prepared = prepare(text)
        block.append(prepared)
        chars += len(prepared)
        if chars > _BLOCK_CHARS:
            parts.append(_score_block(block, known))
            block, chars = [], 0
    if block or not parts:
        parts.append(_score_block(block, known))
    return Scores(*(np.concatenate([getattr(part, name) for part in parts]) for name in Scores.__slots__))


def prepare(text: str) -> str:
    """A text as langdetect reads it: without addresses, Vietnamese marks joined to their letters."""
    text = text[:MAX_CHARS]
    if "http" in text:
        text = Detector.URL_RE.sub(" ", text)
    if "@" in text:
        text = Detector.MAIL_RE.sub(" ", text)
    return NGram.normalize_vi(text) if any(mark in text for mark in _VIETNAMESE_MARKS) else text


def _score_block(texts: Sequence[str], known: Profiles) -> Scores:
    folds = _folds()
    # langdetect starts each text with a space; here it also parts the texts.
    codes = np.frombuffer("".join([" " + text for text in texts]).encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    starts = np.cumsum(sizes) - sizes
    folded, letters = folds.fold.take(codes), folds.weight.take(codes)
    counted = np.add.reduceat(letters, starts, dtype=np.int64)
    first = np.zeros(len(codes), bool)
    first[starts] = True
    keep = _without_latin(codes, starts, sizes)
    if keep is not None:
        folded, letters, first = folded[keep], letters[keep], first[keep]
    space = folded == SPACE
    twice = space[1:] & space[:-1] & ~first[1:]
    if twice.any():
        keep = np.append(True, ~twice)
        folded, letters, first = folded[keep], letters[keep], first[keep]
    starts = np.flatnonzero(first)
    row, groups = known.groups.found(folded, first, starts)
    sums = _sums(known, row, starts)
    best = sums.argmax(axis=1)
    is_letter = letters > 0
    beyond = np.flatnonzero(is_letter & (folded > ord("z")))  # every language may have the others
    text_of = np.searchsorted(starts, beyond, side="right") - 1
    strange = text_of[~known.own_letters[folded[beyond], best[text_of]]]
    total = np.add.reduceat(is_letter, starts, dtype=np.int64)
    foreign = np.bincount(strange, minlength=len(texts)) / np.maximum(total, 1)
    return Scores(sums / np.float32(_SCALE), groups, counted, foreign.astype(np.float32))


def _without_latin(codes: NDArray[np.uint32], starts: Ints, sizes: Ints) -> NDArray[np.bool_] | None:
    """Which characters stay: in a text mostly of another script, Latin letters are names and addresses."""
    other = codes >= 0x300
    if not other.any():
        return None
    other &= ~((codes >= 0x1E00) & (codes <= 0x1EFF))
    latin = (codes >= ord("A")) & (codes <= ord("z"))
    few = 2 * np.add.reduceat(latin, starts, dtype=np.int64) < np.add.reduceat(other, starts, dtype=np.int64)
    return ~(latin & np.repeat(few, sizes)) if few.any() else None


def groups_of(text: str) -> list[str]:
    """The groups of letters that are counted, in the order of their ends and their lengths.

    >>> groups_of("Oba")
    ['O', ' O', 'b', 'Ob', ' Ob', 'a', 'ba', 'Oba']
    """
    folded = _folds().fold.take([ord(char) for char in f"  {prepare(text)}"])  # the first one stands before the text
    codes = grams_of(folded[:-2], folded[1:-1], folded[2:], _folds().upper).ravel(order="F").tolist()
    letters = [[code >> shift & 0xFFFF for shift in (32, 16, 0)] for code in codes if code]
    return ["".join(chr(letter) for letter in group if letter) for group in letters]


def _sums(known: Profiles, row: Rows, starts: Ints) -> Floats:
    found = row >= 0
    bounds = np.append(0, found.cumsum())[np.append(starts, len(row))].tolist()
    rows = row[found].astype(np.intp)
    sums = np.zeros((len(starts), len(known.languages)), np.float32)
    ones = np.ones(MAX_CHARS + 1, np.float32)
    taken = np.empty((MAX_CHARS + 1, len(known.languages)), np.float32)
    for text, (start, end) in enumerate(itertools.pairwise(bounds)):
        if end > start:  # a product with ones is the fastest sum there is: 8 µs for 800 groups
            of_text = taken[: end - start]
            # In any other mode NumPy takes them into memory of its own first.
            known.weights.take(rows[start:end], axis=0, out=of_text, mode="clip")
            np.dot(ones[: end - start], of_text, out=sums[text])
    return sums


def codes_of(groups: Sequence[str]) -> NDArray[np.uint64]:
    """The number of each group of one to three letters, shape (groups,).

    >>> codes_of(["a", "ab"]).tolist() == [97, ord("a") << 16 | ord("b")]
    True
    """
    lengths = np.fromiter(map(len, groups), np.int64, len(groups))
    letters = np.frombuffer("".join(groups).encode("utf-32-le"), np.uint32).astype(np.uint64)
    last = np.cumsum(lengths) - 1
    codes = letters[last]
    codes |= letters[last - 1] * (lengths > 1) << np.uint64(16)
    codes |= letters[last - 2] * (lengths > 2) << np.uint64(32)
    return codes


@functools.cache
def profiles() -> Profiles:
    """The profiles of the installed langdetect, languages in the order of their names."""
    folder = resources.files("langdetect").joinpath("profiles")
    files = sorted((file for file in folder.iterdir() if not file.name.startswith(".")), key=lambda file: file.name)
    read = [orjson.loads(file.read_bytes()) for file in files]
    codes, shares, lengths = [], [], []
    for profile in read:
        counts = {gram: count for gram, count in profile["freq"].items() if len(gram) <= 3}
        codes.append(codes_of(list(counts)))
        lengths.append(np.fromiter(map(len, counts), np.int64, len(counts)))
        count = np.fromiter(counts.values(), np.float64, len(counts))
        shares.append(count / np.array(profile["n_words"])[lengths[-1] - 1])
    every, row = np.unique(np.concatenate(codes), return_inverse=True)
    language = np.repeat(np.arange(len(read)), [len(of_one) for of_one in codes])
    share = np.concatenate(shares)
    weight = np.log1p(share / FLOOR)
    weights = np.zeros((len(every), len(read)), np.float32)
    weights[row, language] = np.rint(_SCALE * weight)
    usual = np.zeros((len(read), 3), np.float32)
    np.add.at(usual, (language, np.concatenate(lengths) - 1), share * weight)
    names = tuple(str(profile["name"]) for profile in read)
    own = np.zeros((0x10000, len(read)), bool)
    letter = every[row].astype(np.int64)
    usual_letter = (letter < 0x10000) & (share.astype(np.float32) >= np.float32(_OWN_LETTER))
    own[letter[usual_letter], language[usual_letter]] = True
    own[: ord("z") + 1] = True  # Latin letters stand in names everywhere
    own[[ord(letter) for letter in "ђћЂЋ"], names.index("mk")] = True  # Serbian, which the second look tells from it
    own[0x3400:0xA000, [names.index(name) for name in _IDEOGRAPHIC]] = True  # each of them alone is rare
    return Profiles.of(names, every, weights, own, usual)


@dataclass(frozen=True, slots=True)
class _Folds:
    fold: NDArray[np.uint16]
    weight: NDArray[np.uint8]
    upper: NDArray[np.bool_]


@functools.cache
def _folds() -> _Folds:
    """Every character as langdetect folds it, how many letters it counts for, and which folded ones are capitals."""
    fold = np.full(0x110000, _BEYOND, np.uint16)
    fold[:0x10000] = np.arange(0x10000)
    for start, end in _FOLDED:
        fold[start:end] = [ord(NGram.normalize(chr(code))) for code in range(start, end)]
    fold[list(map(ord, NGram.CJK_MAP))] = list(map(ord, NGram.CJK_MAP.values()))
    fold[_HANGUL] = _HANGUL.start
    chars = np.arange(0x32000, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    upper = np.fromiter(map(str.isupper, chars[:0x20000]), bool, 0x20000)
    fold[0x10000:0x20000][upper[0x10000:]] = _BEYOND_UPPER
    upper = upper[:0x10000].copy()
    upper[_BEYOND_UPPER] = True
    weight = np.zeros(0x110000, np.uint8)
    weight[: len(chars)] = np.fromiter(map(str.isalpha, chars), bool, len(chars))
    weight[[code for code in range(*_INDIC) if unicodedata.category(chr(code)) in ("Mc", "Mn")]] = 1
    for start, end in _DENSE:
        weight[start:end] *= 3
    return _Folds(fold, weight, upper)
