"""Which language a text is written in, by langdetect's profiles, and an honest "undecided" where they can't tell.

Three looks. The first scores langdetect's 55 profiles (text/profiles.py) and says how likely its answer is right
(text/assurance.py); below one third nothing is named. A second (text/close.py) tells close languages apart. A third
(text/mixed.py) reads paragraph by paragraph, where the start, middle and end of a text disagree.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text import mixed, profiles
from corpus_tools.text.assurance import IDEOGRAPHIC, NEVER, against, known, logits, sister
from corpus_tools.text.close import CloseLanguages, second_look

# Close languages: below the first lead of one probability over the next it is a toss-up, and nothing is named; below
# the second the outlet's country decides, where it speaks for one of them: between them 55 of 106 held-back answers to
# 60 characters of Malay or Indonesian were right. The first is low because an answer with 0.52 says itself that it is
# a guess (arbitrary).
_TOSS_UP, _OPEN = 0.04, 0.2
_FULL_BIAS = 200  # letters: the length of the excerpts on which the bias was set
# Named is what is likelier than one in three, where a twentieth of all texts is in languages that no profile covers;
# set by looking at what is lost of short sentences.
_LEAST = -0.7
_CHINESE = ("zh-cn", "zh-tw")
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_SAME = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "fil": "tl", "bs": "hr", "sr": "hr", "sh": "hr", "me": "hr"}
_MOST = 0.99


@dataclass(frozen=True, slots=True)
class Detection:
    """A language (BCP 47) and how far to trust it, or the reason why there is none."""

    language: str | None
    confidence: float | None = None
    reason: Literal["short", "undecided"] | None = None
    candidates: tuple[str, ...] = ()
    by_country: bool = False
    """The text left it open between close languages, and the outlet's country decided."""
    shares: tuple[tuple[str, float], ...] = ()
    """Languages and their shares, the largest first, where a text mixes them."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What an answer is judged by."""

    min_letters: int = 10
    close: Mapping[str, CloseLanguages] = field(default_factory=dict)
    """The second looks, by first answer."""
    unprofiled: Callable[[], profiles.Profiles] | None = None
    """The profiles of languages that are known and never named; without them the 55 are taken to be all there are."""


def detect(text: str, looks: Looks) -> Detection:
    """The language of one text.

    >>> detect("The minister said on Tuesday that the bridge will be closed for repairs.", Looks()).language
    'en'
    >>> detect("Ringgit up", Looks()).reason
    'short'
    """
    return detect_all([text], looks)[0]


def detect_all(
    texts: Sequence[str], looks: Looks, countries: Sequence[str | None] = (), *, paragraphs: bool = False
) -> list[Detection]:
    """The language of each text, judged on its start, middle and end; `countries` are those of the outlets.

    With `paragraphs` every text is read paragraph by paragraph, not only those whose parts disagree.
    """
    texts = [text.lower() if text[:600].isupper() else text for text in texts]
    samples, scores, uneven = _first_look(texts, looks.min_letters)
    found = _judge(samples, scores, looks, countries or [None] * len(texts))
    for row in np.flatnonzero(uneven | paragraphs).tolist():
        found[row] = _third_look(texts[row], found[row], looks)
    return found


def first_answers(texts: Sequence[str]) -> list[str]:
    """What the profiles alone answer, in langdetect's own names; "" where there is nothing to judge.

    >>> first_answers(["Kerajaan akan membayar bantuan itu pada bulan hadapan.", "..."])
    ['id', '']
    """
    _, scores, _ = _first_look(texts, 1)
    names = profiles.profiles().languages
    return [names[row.argmax()] if row.max() > 0 else "" for row in scores.sums]


def disagree(declared: str, detected: str) -> bool:
    """Whether a declared language contradicts the one that was found.

    Only the language counts, not script or region, and only where the declared one could have been found at all.

    >>> disagree("en-GB", "en"), disagree("en", "ms"), disagree("nb", "no"), disagree("eu", "es")
    (False, True, False, False)
    """
    first, second = _base(declared), _base(detected)
    return first in detectable() and first != second


@functools.cache
def detectable() -> frozenset[str]:
    """The languages that `detect` can answer, without script or region; bs, hr and sr count as one."""
    return frozenset(_base(name) for name in profiles.profiles().languages) | {"ms"}


@functools.lru_cache(maxsize=1024)  # arbitrary: more tags than a corpus declares
def _base(tag: str) -> str:
    language = tag.strip().lower().replace("_", "-").split("-")[0]
    return _SAME.get(language, language)


def _first_look(texts: Sequence[str], min_letters: int) -> tuple[list[str], profiles.Scores, NDArray[np.bool_]]:
    """What was judged of each text, its scores, and whether its start, middle and end disagree."""
    pieces = [mixed.pieces(text) for text in texts]
    starts = np.cumsum([0, *map(len, pieces)])[:-1]
    scores = profiles.score([piece for of_text in pieces for piece in of_text])
    samples = [" ".join(of_text) for of_text in pieces]
    uneven = np.zeros(len(texts), bool)
    if not texts:
        return samples, scores, uneven
    sure = (known(scores) > 0.8) & (scores.letters >= min_letters)  # arbitrary: a piece that would be named by itself
    answer = np.where(sure, scores.sums.argmax(axis=1), -1)
    for row in np.flatnonzero(np.diff(np.append(starts, len(answer))) > 1).tolist():
        of_text = answer[starts[row] : starts[row] + len(pieces[row])]
        uneven[row] = len({sister(at) for at in of_text.tolist() if at >= 0}) > 1
    letters = np.maximum(scores.letters, 1)
    added = profiles.Scores(
        np.add.reduceat(scores.sums, starts),
        np.add.reduceat(scores.groups, starts),
        np.add.reduceat(scores.letters, starts),
        (np.add.reduceat(scores.foreign * letters, starts) / np.add.reduceat(letters, starts)).astype(np.float32),
    )
    return samples, added, uneven


def _judge(
    samples: Sequence[str], scores: profiles.Scores, looks: Looks, countries: Sequence[str | None]
) -> list[Detection]:
    names, close = profiles.profiles().languages, looks.close
    odds_of, nearest = logits(scores), [""] * len(samples)
    if looks.unprofiled:
        odds_of, nearest = against(looks.unprofiled(), samples, scores, odds_of)
    best = scores.sums.argmax(axis=1).tolist() if len(samples) else []
    found: list[Detection] = [Detection(None, reason="undecided")] * len(samples)
    groups: dict[str, list[int]] = {}
    for row, at in enumerate(best):
        name = names[at]
        if scores.letters[row] < looks.min_letters:
            found[row] = Detection(None, reason="short")
        elif name in close and odds_of[row] > NEVER:
            groups.setdefault(close[name].languages[0], []).append(row)
        elif name in IDEOGRAPHIC and _is_chinese(samples[row]):
            found[row] = Detection(_chinese(scores.sums[row]), _MOST)
        elif odds_of[row] >= _LEAST:
            found[row] = Detection(_TAGS.get(name, name), _confidence(odds_of[row]))
        elif odds_of[row] > NEVER:
            second = nearest[row] or names[int(np.argsort(-scores.sums[row], kind="stable")[1])]
            found[row] = Detection(None, reason="undecided", candidates=tuple(sorted((name, second))))
    for rows in groups.values():
        group = close[names[best[rows[0]]]]
        odds = second_look([samples[row] for row in rows], group)
        # In a short text the bias would outweigh what little the text says.
        shares = np.minimum(1, scores.letters[rows] / _FULL_BIAS).astype(np.float32)
        odds += np.outer(shares, np.array(group.bias, np.float32))
        first = [[names.index(name) for name in group.known if name]] * bool(all(group.known))
        sums = group.sharpness * odds + (group.trust * scores.sums[np.ix_(rows, first[0])] if first else 0)
        for at, row in enumerate(rows):
            # A sister's profile fits loosely; parts that only this group uses make up for it.
            extra = 0 if first else 3 * max(0.0, float(np.abs(odds[at]).max()) - 0.5)
            found[row] = _of_group(sums[at], group, float(odds_of[row]) + extra, countries[row])
    return found


def _of_group(sums: NDArray[np.float32], group: CloseLanguages, logit: float, country: str | None) -> Detection:
    if logit < _LEAST:
        return Detection(None, reason="undecided", candidates=group.languages)
    odds = np.exp(sums - sums.max(), dtype=np.float64)
    odds /= odds.sum()
    first, second = np.argsort(-odds, kind="stable")[:2].tolist()
    lead = odds[first] - odds[second]
    local = group.countries.get(country or "")
    if local is not None and lead < _OPEN:
        return Detection(local, _confidence(logit, float(odds[first])), by_country=True)
    if lead < _TOSS_UP:
        return Detection(None, reason="undecided", candidates=group.languages)
    return Detection(group.languages[first], _confidence(logit, float(odds[first])))


def _third_look(text: str, whole: Detection, looks: Looks) -> Detection:
    """The same text, paragraph by paragraph: the language of most of it, and the shares where there are several."""
    units = mixed.paragraphs(text)
    scores = profiles.score(units)
    sure = (known(scores) > 0.7) & (scores.letters >= looks.min_letters)  # arbitrary, as above
    answers = [sister(at) if ok else None for at, ok in zip(scores.sums.argmax(axis=1).tolist(), sure, strict=True)]
    parts = mixed.gathered(units, answers, scores.letters.tolist())
    if len(parts) < 2:
        return whole
    total = sum(letters for _, letters in parts)
    told = [(detect(joined, looks), letters / total) for joined, letters in parts]
    shares: dict[str, float] = {}
    for part, share in told:
        if part.language:
            shares[part.language] = shares.get(part.language, 0) + share
    if len(shares) < 2:
        return whole
    ranked = tuple(
        sorted(((name, round(share, 3)) for name, share in shares.items()), key=lambda one: (-one[1], one[0]))
    )
    language, share = ranked[0]
    confidence = max(part.confidence or 0 for part, _ in told if part.language == language)
    return replace(
        whole,
        language=language,
        confidence=round(confidence * share, 3),
        reason=None,
        candidates=(),
        by_country=False,
        shares=ranked,
    )


def _confidence(logit: float, within: float = 1.0) -> float:
    return round(min(_MOST, within / (1 + float(np.exp(-logit)))), 3)


def _is_chinese(text: str) -> bool:
    """Whether most letters are Chinese characters, and none is kana or Hangul: Japanese or Korean can't do without."""
    letters = [c for c in text if c.isalpha()]
    ideographs = sum("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in letters)
    others = any("\u3040" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7af" for c in letters)
    return 2 * ideographs > len(letters) and not others


def _chinese(sums: NDArray[np.float32]) -> str:
    simplified, traditional = (float(sums[profiles.profiles().languages.index(name)]) for name in _CHINESE)
    if abs(simplified - traditional) < 1:  # what little there is stands in both scripts
        return "zh"
    return _TAGS["zh-cn" if simplified > traditional else "zh-tw"]


def tag_of(name: str) -> str:
    """The BCP 47 tag of a name that langdetect uses.

    >>> tag_of("zh-tw"), tag_of("en")
    ('zh-Hant', 'en')
    """
    return _TAGS.get(name, name)
