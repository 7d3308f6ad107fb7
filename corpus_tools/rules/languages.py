"""The second looks at languages that a detector takes for each other, from close_languages.toml."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from importlib import resources

import numpy as np

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import rows
from corpus_tools.text.close import CloseLanguages, keys_of
from corpus_tools.text.lookup import Lookup

_UNIT = 50  # weights are written in fiftieths of a natural logarithm


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
        sharpness=group["sharpness"],
        trust=group["trust"],
        countries=group["countries"],
        row_of=Lookup.of(keys_of(parts)),
        weights=np.array(weights, np.float32) / np.float32(_UNIT),
    )
