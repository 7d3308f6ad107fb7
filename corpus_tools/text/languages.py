"""Which language a text is written in, by langdetect's profiles, and an honest "undecided" where they can't tell.

Three looks. The first scores langdetect's 55 profiles (text/profiles.py). It names the nearest language even for one
that has no profile, so a logistic function of what was measured on 57 languages with a profile and 99 without one says
how likely the answer is right; below one half nothing is named. A second look (text/close.py) tells close languages
apart. A third (text/mixed.py) reads paragraph by paragraph, where the start, middle and end of a text disagree.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text import mixed, profiles
from corpus_tools.text.close import CloseLanguages, second_look

# Close languages: below the first lead of one probability over the next it is a toss-up, and nothing is named; below
# the second the outlet's country decides, where it speaks for one of them: between them 15 of 26 held-back answers to
# Malay or Indonesian were right. The first is low because an answer with 0.52 says itself that it is a guess
# (arbitrary).
_TOSS_UP, _OPEN = 0.04, 0.2
# Of 17,729 excerpts in languages with a profile 24 had more than 3 % letters that the answer's language lacks; of
# 17,318 in languages without one 43 %, from Belarusian to Tibetan.
_FOREIGN, _FOREIGN_LETTERS = 0.03, 3
# Fitted on half of 52,000 excerpts of 14 to 700 characters (repeated ones among them): the Universal Declaration of
# Human Rights in 57 languages with a profile and 421 without (weighed as one text in twenty), DSL training lines,
# lingua's sentences, English news and headlines. Rows: what the logit is made of, times 1, the logarithm of the
# length, and its square. On the other half, without DSL, all looks together and close languages counted as one: of
# answers given 0.9 or more 99.0 % were right, 0.8 to 0.9 88 %, 0.5 to 0.7 69 %.
_WEIGHTS = (
    (-55.585, 35.964, -6.096),
    (52.234, -32.544, 5.91),  # fit: how well the text agrees with its language's profile; 1 is usual
    (0.583, 0.353, 0.0),  # gap: the logarithm of the lead before the next language, per group of letters
)
# What these languages' own texts reach on average, by the Declaration; why they fall short was not looked into.
_OWN_FIT = {"fa": 0.92, "gu": 0.75, "kn": 0.94, "ko": 0.93, "ne": 0.94, "pa": 0.89, "te": 0.95, "th": 0.92}
# A language alone in its script leads by far whatever is written in it, so the fit alone must tell: of 65 Hebrew
# excerpts the worst had 0.92, of 71 Yiddish ones the best 0.74; a sentence without vowel marks had 0.82.
_LEAST_FIT = {"he": 0.85, "vi": 0.74}
# Named is what is likelier than one in three, where a twentieth of all texts is in languages that no profile covers;
# set by looking at what is lost of short sentences.
_LEAST = -0.7
# Rather alike: the lead before one of the same row says nothing about the language being known.
_SISTERS = (("cs", "sk"), ("bg", "mk"), ("da", "no"), ("hr", "sl"))
_CHINESE, _IDEOGRAPHIC = ("zh-cn", "zh-tw"), ("ja", "ko", "zh-cn", "zh-tw")
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_SAME = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "fil": "tl", "bs": "hr", "sr": "hr", "sh": "hr", "me": "hr"}
_MOST, _NEVER = 0.99, -9.0  # a confidence, and a logit


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


def detect(text: str, min_letters: int, close: Mapping[str, CloseLanguages]) -> Detection:
    """The language of one text; `close` holds the second looks by first answer.

    >>> detect("The minister said on Tuesday that the bridge will be closed for repairs.", 25, {}).language
    'en'
    >>> detect("Ringgit up", 25, {}).reason
    'short'
    """
    return detect_all([text], min_letters, close)[0]


def detect_all(
    texts: Sequence[str],
    min_letters: int,
    close: Mapping[str, CloseLanguages],
    countries: Sequence[str | None] = (),
    *,
    paragraphs: bool = False,
) -> list[Detection]:
    """The language of each text, judged on its start, middle and end; `countries` are those of the outlets.

    With `paragraphs` every text is read paragraph by paragraph, not only those whose parts disagree.
    """
    texts = [text.lower() if text[:600].isupper() else text for text in texts]
    samples, scores, uneven = _first_look(texts, min_letters)
    found = _judge(samples, scores, min_letters, close, countries or [None] * len(texts))
    for row in np.flatnonzero(uneven | paragraphs).tolist():
        found[row] = _third_look(texts[row], found[row], min_letters, close)
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
        uneven[row] = len({_sister(at) for at in of_text.tolist() if at >= 0}) > 1
    letters = np.maximum(scores.letters, 1)
    added = profiles.Scores(
        np.add.reduceat(scores.sums, starts),
        np.add.reduceat(scores.groups, starts),
        np.add.reduceat(scores.letters, starts),
        (np.add.reduceat(scores.foreign * letters, starts) / np.add.reduceat(letters, starts)).astype(np.float32),
    )
    return samples, added, uneven


@functools.cache
def _sister(at: int) -> str:
    name = profiles.profiles().languages[at]
    return next((row[0] for row in (*_SISTERS, _IDEOGRAPHIC) if name in row), name)


def known(scores: profiles.Scores) -> NDArray[np.float64]:
    """How likely each first answer is right, shape (texts,), as far as letters and their groups can tell."""
    return 1 / (1 + np.exp(-_logits(scores)))


def _logits(scores: profiles.Scores) -> NDArray[np.float64]:
    names = profiles.profiles().languages
    rows = np.arange(len(scores.sums))
    best = scores.sums.argmax(axis=1) if len(rows) else rows
    top = scores.sums[rows, best]
    others = scores.sums.copy()
    others[rows, best] = -1
    for row in _SISTERS:
        at = [names.index(name) for name in row]
        others[np.ix_(np.flatnonzero(np.isin(best, at)), np.array(at))] = -1
    own = np.array([_OWN_FIT.get(name, 1.0) for name in names])
    usual = (scores.groups * profiles.profiles().usual[best]).sum(axis=1) * own[best]
    fit = np.clip(top / np.maximum(usual, 1), 0.4, 1.05)
    gap = np.log(
        np.clip((top - others.max(axis=1, initial=0)) / np.maximum(scores.groups.sum(axis=1), 1), 0, 1.5) + 0.02
    )
    length = np.log(np.clip(scores.letters, 10, 400))
    logits = np.zeros(len(fit))
    for term, (once, times, squared) in zip((np.ones(len(fit)), fit, gap), _WEIGHTS, strict=True):
        logits += term * (once + times * length + squared * length**2)
    # Each ideograph alone is rare, so the fit says nothing; their script does.
    ideographic = np.isin(best, [names.index(name) for name in _IDEOGRAPHIC])
    fit[ideographic], logits[ideographic] = 1, 5.0
    logits[_is_foreign(scores) | _is_unfit(fit, best, scores) | (top <= 0)] = _NEVER
    return logits


def _is_foreign(scores: profiles.Scores) -> NDArray[np.bool_]:
    # One "ü" in a headline is a name; three letters, or a tenth, are another language.
    few = scores.foreign * scores.letters < _FOREIGN_LETTERS
    return (scores.foreign > _FOREIGN) & ~few | (scores.foreign > 0.1)


def _is_unfit(fit: NDArray[np.float64], best: NDArray[np.int64], scores: profiles.Scores) -> NDArray[np.bool_]:
    least = np.array([_LEAST_FIT.get(name, 0.7) for name in profiles.profiles().languages])
    return (fit < least[best]) & (scores.letters >= 30)


def _judge(
    samples: Sequence[str],
    scores: profiles.Scores,
    min_letters: int,
    close: Mapping[str, CloseLanguages],
    countries: Sequence[str | None],
) -> list[Detection]:
    names = profiles.profiles().languages
    logits = _logits(scores)
    best = scores.sums.argmax(axis=1).tolist() if len(samples) else []
    found: list[Detection] = [Detection(None, reason="undecided")] * len(samples)
    groups: dict[str, list[int]] = {}
    for row, at in enumerate(best):
        name = names[at]
        if scores.letters[row] < min_letters:
            found[row] = Detection(None, reason="short")
        elif name in close and logits[row] > _NEVER:
            groups.setdefault(close[name].languages[0], []).append(row)
        elif name in _IDEOGRAPHIC and _is_chinese(samples[row]):
            found[row] = Detection(_chinese(scores.sums[row]), _MOST)
        elif logits[row] >= _LEAST:
            found[row] = Detection(_TAGS.get(name, name), _confidence(logits[row]))
        elif logits[row] > _NEVER:
            second = int(np.argsort(-scores.sums[row], kind="stable")[1])
            found[row] = Detection(None, reason="undecided", candidates=tuple(sorted((name, names[second]))))
    for rows in groups.values():
        group = close[names[best[rows[0]]]]
        odds = second_look([samples[row] for row in rows], group)
        first = [[names.index(name) for name in group.known if name]] * bool(all(group.known))
        sums = group.sharpness * odds + (group.trust * scores.sums[np.ix_(rows, first[0])] if first else 0)
        for at, row in enumerate(rows):
            # A sister's profile fits loosely; parts that only this group uses make up for it.
            extra = 0 if first else 3 * max(0.0, float(np.abs(odds[at]).max()) - 0.5)
            found[row] = _of_group(sums[at], group, float(logits[row]) + extra, countries[row])
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


def _third_look(text: str, whole: Detection, min_letters: int, close: Mapping[str, CloseLanguages]) -> Detection:
    """The same text, paragraph by paragraph: the language of most of it, and the shares where there are several."""
    units = mixed.paragraphs(text)
    scores = profiles.score(units)
    sure = (known(scores) > 0.7) & (scores.letters >= min_letters)  # arbitrary, as above
    answers = [_sister(at) if ok else None for at, ok in zip(scores.sums.argmax(axis=1).tolist(), sure, strict=True)]
    parts = mixed.gathered(units, answers, scores.letters.tolist())
    if len(parts) < 2:
        return whole
    total = sum(letters for _, letters in parts)
    told = [(detect(joined, min_letters, close), letters / total) for joined, letters in parts]
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
