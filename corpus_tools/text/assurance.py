"""How likely the first answer is right, by what the letters and their groups say.

The profiles name the nearest language even for a text in a language that has none. How well the text agrees with its
profile and how far the next one is behind tell most; where they leave it in doubt, small profiles of languages that
can't be named are asked whether the text is nearer to one of them.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text import profiles

NEVER = -9.0
"""The logit of an answer that is not right."""
IDEOGRAPHIC = ("ja", "ko", "zh-cn", "zh-tw")
# Of 17,729 excerpts in languages with a profile 24 had more than 3 % letters that the answer's language lacks; of
# 17,318 in languages without one 43 %, from Belarusian to Tibetan.
_FOREIGN, _FOREIGN_LETTERS = 0.03, 3
# Fitted on half of 52,000 excerpts of 14 to 700 characters (repeated ones among them): the Universal Declaration of
# Human Rights in 57 languages with a profile and 421 without (weighed as one text in twenty), DSL training lines,
# lingua's sentences, English news and headlines. Rows: what the logit is made of, times 1, the logarithm of the
# length, and its square. On the other half, without DSL, before other profiles were asked, all looks together and close
# languages counted as one: of answers given 0.9 or more 99.0 % were right, 0.8 to 0.9 88 %, 0.5 to 0.7 69 %.
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
# Where the first look is surer than this, small profiles of other languages are not asked, unless they are kin of the
# answer: of 2,874 excerpts in languages with such a profile 7.5 % passed, most of them Philippine or Indonesian.
_ASSURED = 4.0
_KIN = ("id", "tl", "tr", "ur")
# Javanese or Cebuano news is hardly nearer to its small profile than to the large one of its kin; but their own texts
# are much nearer to the large one. From 60 letters on a lead above these is too much: of 1,820 Malay and Indonesian
# newspaper lines none has it, of their first 100 characters 3, of 107 Tagalog sentences 1.
_TOO_NEAR, _TOO_NEAR_LETTERS, _DOUBTED = {"id": -0.05, "tl": 0.04}, 60, -2.0
# Logistic regression on every other paragraph of the Declaration (the profiles were learned from the paragraphs
# between; languages in neither kind of profile among them), DSL training lines and English news: 1, the logit, and by
# how much a group of letters weighs more in the nearest of those languages. On these same texts, at one third: named
# are 99 to 100 % of what should be (before: the same), 18 % of excerpts in languages with such a profile (before:
# 66 %), and 41 % of those in languages without any (before: 53 %). One document is one subject: news will do worse.
_ASKED = (-0.866, 0.678, -4.142)
# Rather alike: the lead before one of the same row says nothing about the language being known.
_SISTERS = (("cs", "sk"), ("bg", "mk"), ("da", "no"), ("hr", "sl"))


@functools.cache
def sister(at: int) -> str:
    """The name of the first answer, or of the first of those rather alike it."""
    name = profiles.profiles().languages[at]
    return next((row[0] for row in (*_SISTERS, IDEOGRAPHIC) if name in row), name)


def known(scores: profiles.Scores) -> NDArray[np.float64]:
    """How likely each first answer is right, shape (texts,), as far as letters and their groups can tell."""
    return 1 / (1 + np.exp(-logits(scores)))


def logits(scores: profiles.Scores) -> NDArray[np.float64]:
    """The same as logits; `NEVER` where letters, or their groups, speak against the answer."""
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
    found = np.zeros(len(fit))
    for term, (once, times, squared) in zip((np.ones(len(fit)), fit, gap), _WEIGHTS, strict=True):
        found += term * (once + times * length + squared * length**2)
    # Each ideograph alone is rare, so the fit says nothing; their script does.
    ideographic = _is_ideographic(best)
    fit[ideographic], found[ideographic] = 1, 5.0
    found[_is_foreign(scores) | _is_unfit(fit, best, scores) | (top <= 0)] = NEVER
    return found


def _is_foreign(scores: profiles.Scores) -> NDArray[np.bool_]:
    # One "ü" in a headline is a name; three letters, or a tenth, are another language.
    few = scores.foreign * scores.letters < _FOREIGN_LETTERS
    return (scores.foreign > _FOREIGN) & ~few | (scores.foreign > 0.1)


def _is_unfit(fit: NDArray[np.float64], best: NDArray[np.int64], scores: profiles.Scores) -> NDArray[np.bool_]:
    least = np.array([_LEAST_FIT.get(name, 0.7) for name in profiles.profiles().languages])
    return (fit < least[best]) & (scores.letters >= 30)


def against(
    unprofiled: profiles.Profiles, samples: Sequence[str], scores: profiles.Scores, found: NDArray[np.float64]
) -> tuple[NDArray[np.float64], list[str]]:
    """The logits after the languages that can't be named were asked, and the nearest of them where they were.

    `found` are the logits before; a text whose answer was sure enough, or never right, is not asked about.
    """
    names = profiles.profiles().languages
    best = scores.sums.argmax(axis=1) if len(samples) else np.zeros(0, np.int64)
    kin = np.isin(best, [names.index(name) for name in _KIN])
    rows = np.flatnonzero((found > NEVER) & ((found < _ASSURED) | kin) & ~_is_ideographic(best))
    nearest = [""] * len(samples)
    if not len(rows):
        return found, nearest
    others = profiles.score([samples[row] for row in rows.tolist()], unprofiled).sums
    top = scores.sums[rows, best[rows]]
    lead = (others.max(axis=1) - top) / np.maximum(scores.groups[rows].sum(axis=1), 1)
    limit = np.array([_TOO_NEAR.get(name, np.inf) for name in names])[best[rows]]
    too_near = (lead > limit) & (scores.letters[rows] >= _TOO_NEAR_LETTERS)
    nearer = too_near | (lead > 0)
    for row, at in zip(rows[nearer].tolist(), others[nearer].argmax(axis=1).tolist(), strict=True):
        nearest[row] = unprofiled.languages[at]
    once, logit, apart = _ASKED
    after = found.copy()
    after[rows] = once + logit * np.clip(found[rows], -6, 6) + apart * np.clip(lead, -1, 0.6)
    after[rows[too_near]] = np.minimum(after[rows[too_near]], _DOUBTED)
    return after, nearest


def _is_ideographic(best: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.isin(best, [profiles.profiles().languages.index(name) for name in IDEOGRAPHIC])
