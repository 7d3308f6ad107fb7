"""Learn the profiles of close languages: `python -m tests.benchmarks.learn_close_languages TRAIN.jsonl [id ms …]`.

TRAIN.jsonl has one object a line with `text` and `lang`; corpus_tools/rules/close_languages.toml names the set that
was used. What is printed was measured on every seventh line, by a profile learned from the others; the profile that is
written was learned from all. Each part of a text starts with its naive-Bayes weight; a logistic regression on top (Wang
and Manning 2012, "Baselines and bigrams") then decides how far to believe it. Parts that stand mostly in names speak
for nothing and are left out: a place is no language. Words of close_words.tsv, written by hand for what newspaper
lines happen to lack, are learned from as well, ten to a text.
"""

from __future__ import annotations

import collections
import json
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus_tools.text.close import in_words, parts_of


@dataclass(frozen=True)
class Setting:
    """How a group is learned."""

    size: int
    """The most parts that are kept."""
    power: float = 0.5
    """The sum is divided by the number of parts to this power, which the rules name as well."""
    smoothing: float = 0.3
    """Added to each count."""
    ridge: float = 0.3
    """What weights cost."""


FOLDER = Path(__file__).parents[2] / "corpus_tools" / "rules" / "close_languages"
# Malay and Indonesian: chosen by ten-fold cross-validation on the lines alone, four times over. Wrong were 1.7 % of
# whole lines and 11.1 % of their first 60 characters; with the plain setting 2.1 % and 12.1 %. The plain setting was
# the better one for Bosnian, Croatian and Serbian.
GROUPS = {
    ("id", "ms"): Setting(size=20000, power=0.25, smoothing=0.1, ridge=2.0),
    ("bs", "hr", "sr-Latn"): Setting(size=15000),
    ("cs", "sk"): Setting(size=3000),
    ("bg", "mk", "sr-Cyrl"): Setting(size=3000),
}
WORDS = Path(__file__).with_name("close_words.tsv")
HELD_BACK = 7
_STRIDES, _WORDS_A_TEXT = (1, 7, 11, 13), 10  # each word stands in four texts, among others each time (arbitrary)
_FEWEST, _LEAST, _ROUNDS, _UNIT = 2, math.log(1.5), 300, 50
_NAME = re.compile(r"(?<![.!?:\"“”»«-]\s)(?<=\s)[^\W\d_]+")
_CYRILLIC = [
    ("dž", "џ"),
    ("lj", "љ"),
    ("nj", "њ"),
    *zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True),
]


def main(arguments: list[str]) -> None:
    """Learn all groups, or those that hold a language named."""
    lines: dict[str, list[str]] = collections.defaultdict(list)
    for line in Path(arguments[0]).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["lang"]:
            lines[record["lang"]].append(record["text"])
    lines["sr-Latn"] = lines["sr"]
    lines["sr-Cyrl"] = [in_cyrillic(text) for text in lines["sr"]]
    FOLDER.mkdir(exist_ok=True)
    for group, setting in GROUPS.items():
        if not arguments[1:] or set(group) & set(arguments[1:]):
            learn(group, setting, lines)


def in_cyrillic(text: str) -> str:
    """Serbian in its other script; each letter has one counterpart."""
    for latin, cyrillic in _CYRILLIC:
        text = text.replace(latin, cyrillic).replace(latin.capitalize(), cyrillic.upper())
        text = text.replace(latin.upper(), cyrillic.upper())
    return text


def learn(group: tuple[str, ...], setting: Setting, lines: dict[str, list[str]]) -> None:
    """Measure on the lines held back, then write the profile of all lines."""
    texts = [
        (text, label, at % HELD_BACK > 0) for label, name in enumerate(group) for at, text in enumerate(lines[name])
    ]
    held = [(text, label) for text, label, kept in texts if not kept]
    words = word_texts(group)
    trial = profile([(text, label) for text, label, kept in texts if kept] + words, len(group), setting)
    for chars in (10_000, 60):
        sums = np.array([look(text[:chars], trial, len(group), setting.power) for text, _ in held])
        figures = [f"{name} {value:.3f}" for name, value in measured(sums, [label for _, label in held])]
        sys.stdout.write(f"{' '.join(group)}, first {chars} characters: {', '.join(figures)}\n")
    parts = profile([(text, label) for text, label, _ in texts] + words, len(group), setting)
    with (FOLDER / f"{'-'.join(group).lower()}.tsv").open("w", encoding="utf-8") as out:
        for part, numbers in sorted(parts.items()):
            print(part.replace(" ", "_"), *numbers, sep="\t", file=out)


def word_texts(group: tuple[str, ...]) -> list[tuple[str, int]]:
    """Texts of words that one language of the group has and the other has not."""
    names, *rows = [line.split("\t") for line in WORDS.read_text(encoding="utf-8").splitlines()]
    out = []
    for column, name in enumerate(names):
        words = sorted({row[column] for row in rows} - {""}) if name in group else []
        for stride in _STRIDES:
            order = [words[at * stride % len(words)] for at in range(len(words))]
            starts = range(0, len(order), _WORDS_A_TEXT)
            out += [(" ".join(order[at : at + _WORDS_A_TEXT]), group.index(name)) for at in starts]
    return out


def look(text: str, parts: dict[str, list[int]], kinds: int, power: float) -> np.ndarray:
    """What `second_look` would say, part by part."""
    found = [parts[part] for part in sorted(parts_of(in_words(text))) if part in parts]
    return np.sum(found, axis=0) / _UNIT / len(found) ** power if found else np.zeros(kinds)


def measured(sums: np.ndarray, labels: list[int]) -> list[tuple[str, float]]:
    """The share that is right, and the sharpness that makes the probabilities come out best."""
    right = float((sums.argmax(axis=1) == labels).mean())
    losses = {}
    for sharpness in np.arange(0.25, 6, 0.25):
        odds = sharpness * sums
        odds = odds - np.log(np.exp(odds - odds.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
        odds -= sums.max(axis=1, keepdims=True) * sharpness
        losses[float(sharpness)] = -float(odds[np.arange(len(labels)), labels].mean())
    return [("right", right), ("sharpness", min(losses, key=lambda one: losses[one]))]


def profile(texts: list[tuple[str, int]], kinds: int, setting: Setting) -> dict[str, list[int]]:
    """The weights of the parts that tell most."""
    parts = [parts_of(in_words(text)) for text, _ in texts]
    labels = np.array([label for _, label in texts])
    seen = collections.Counter(part for of_one in parts for part in of_one)
    named = collections.Counter(part for text, _ in texts for part in in_names(text))
    chosen = sorted(part for part, times in seen.items() if times >= _FEWEST and 2 * named[part] <= times)
    counts = np.full((len(chosen), kinds), setting.smoothing)
    at = {part: row for row, part in enumerate(chosen)}
    rows = [np.array(sorted(at[part] for part in of_one if part in at), np.int64) for of_one in parts]
    for of_one, label in zip(rows, labels, strict=True):
        counts[of_one, label] += 1
    bayes = np.log(counts / np.bincount(labels))
    strength = np.abs(bayes - bayes.mean(axis=1, keepdims=True)).max(axis=1)
    strength[strength < _LEAST] = 0
    weights = regression(rows, labels, strength, kinds, setting) * strength[:, None]
    best = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[: setting.size]
    whole = np.rint(weights * _UNIT).astype(int).tolist()
    return {chosen[row]: whole[row] for row in best.tolist() if any(whole[row])}


def in_names(text: str) -> set[str]:
    """The parts of words that are written with a capital inside a sentence."""
    names = [word for word in _NAME.findall(text) if word[0].isupper()]
    return {part for name in names for part in parts_of(in_words(name))}


def regression(
    rows: list[np.ndarray], labels: np.ndarray, strength: np.ndarray, kinds: int, setting: Setting
) -> np.ndarray:
    """Softmax regression with a ridge, by accelerated gradient descent from zero: the same every time."""
    sizes = np.array([len(of_one) for of_one in rows])
    starts = np.append(0, sizes.cumsum()[:-1])
    column = np.concatenate(rows)
    value = strength[column] / np.repeat(sizes, sizes) ** setting.power
    owner = np.repeat(np.arange(len(rows)), sizes)
    order = np.argsort(column, kind="stable")
    used, column_starts = np.unique(column[order], return_index=True)
    wanted = np.eye(kinds)[labels]
    weights = np.zeros((len(strength), kinds))
    ahead, momentum = weights.copy(), 1.0
    step = 1 / (setting.ridge + 0.5 * float(np.bincount(owner, value**2).max()) * len(rows) / 4)
    for _ in range(_ROUNDS):
        sums = np.add.reduceat(ahead[column] * value[:, None], starts, axis=0)
        odds = np.exp(sums - sums.max(axis=1, keepdims=True))
        missed = odds / odds.sum(axis=1, keepdims=True) - wanted
        slope = np.zeros_like(weights)
        slope[used] = np.add.reduceat((missed[owner] * value[:, None])[order], column_starts, axis=0)
        new = ahead - step * (slope + setting.ridge * ahead)
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / following * (new - weights)
        weights, momentum = new, following
    return weights


if __name__ == "__main__":
    main(sys.argv[1:])
