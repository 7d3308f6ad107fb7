"""The second looks at languages that a detector takes for each other, from close_languages.toml."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources

import numpy as np

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import rows
from corpus_tools.text.close import CloseLanguages, keys_of
from corpus_tools.text.languages import Looks
from corpus_tools.text.lookup import Lookup
from corpus_tools.text.profiles import Profiles, codes_of

UNIT = 4
"""In how many parts of a natural logarithm the weights of unprofiled.tsv are written."""
_UNIT = 50  # weights of close languages are written in fiftieths of a natural logarithm


class _ByAnswer(Mapping[str, CloseLanguages]):
    """The second looks by first answer; a profile is read when it is first asked for."""

    def __init__(self) -> None:
        self._profiles = {
            answer: group["profile"] for group in rows("close_languages", "group") for answer in group["answers"]
        }

    def __getitem__(self, answer: str) -> CloseLanguages:
        return _group(self._profiles[answer])

    def __contains__(self, answer: object) -> bool:
        return answer in self._profiles

    def __iter__(self) -> Iterator[str]:
        return iter(self._profiles)

    def __len__(self) -> int:
        return len(self._profiles)


def all_looks(min_letters: int = 10) -> Looks:
    """All that a language is told by; below `min_letters` letters nothing is named."""
    return Looks(min_letters, close_languages(), unprofiled)


@functools.cache
def close_languages() -> Mapping[str, CloseLanguages]:
    """By what langdetect answers: the languages it may be, and what parts of a text say for each.

    >>> close_languages()["id"].languages, close_languages()["no"].countries["DK"]
    (('id', 'ms'), 'da')
    """
    return _ByAnswer()


@functools.cache
def _group(name: str) -> CloseLanguages:
    (group,) = (row for row in rows("close_languages", "group") if row["profile"] == name)
    languages = tuple(group["languages"])
    text = resources.files(__package__).joinpath("close_languages", f"{name}.tsv").read_text(encoding="utf-8")
    parts, weights = [], []
    for at, line in enumerate(text.splitlines(), 1):
        part, *numbers = line.split("\t")
        if len(numbers) != len(languages):
            raise RuleError(f"close_languages/{name}.tsv:{at}: {len(languages)} weights are expected: {line!r}.")
        parts.append(part.replace("_", " "))
        weights.append([int(number) for number in numbers])
    return CloseLanguages(
        languages=languages,
        answers=tuple(group["answers"]),
        known=tuple(known or None for known in group["known"]),
        power=group["power"],
        sharpness=group["sharpness"],
        bias=tuple(group.get("bias", [0.0] * len(languages))),
        trust=group["trust"],
        countries=group["countries"],
        row_of=Lookup.of(keys_of(parts)),
        weights=np.array(weights, np.float32) / np.float32(_UNIT),
    )


@functools.cache
def unprofiled() -> Profiles:
    """Small profiles of languages that langdetect has none of: to know them by, never to name them.

    Learned from the Universal Declaration of Human Rights by tests/benchmarks/learn_unprofiled_languages.py; about
    10,000 letters a language are enough to say that a text is nearer to it than to any language we can name.

    >>> "ha" in unprofiled().languages, "en" in unprofiled().languages
    (True, False)
    """
    return unprofiled_of(
        resources.files(__package__).joinpath("unprofiled.tsv").read_text(encoding="utf-8").splitlines()
    )


def unprofiled_of(lines: Iterable[str]) -> Profiles:
    """The profiles that lines of `tag TAB weight TAB groups of letters` hold ("_" is a space)."""
    cells = [line.split("\t") for line in lines]
    names = sorted({tag for tag, _, _ in cells})
    at = {name: column for column, name in enumerate(names)}
    groups = [of_it.split(" ") for _, _, of_it in cells]
    sizes = list(map(len, groups))
    codes = codes_of([group.replace("_", " ") for of_it in groups for group in of_it])
    every, row = np.unique(codes, return_inverse=True)
    weights = np.zeros((len(every), len(names)), np.float32)
    columns = np.repeat([at[tag] for tag, _, _ in cells], sizes)
    weights[row, columns] = np.repeat([512 // UNIT * int(weight) for _, weight, _ in cells], sizes)
    everywhere = np.broadcast_to(True, (0x10000, len(names)))
    return Profiles.of(tuple(names), every, weights, everywhere, np.zeros((len(names), 3), np.float32))
