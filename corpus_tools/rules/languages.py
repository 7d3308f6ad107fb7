"""The second looks at languages that a detector takes for each other, from close_languages.toml."""

from __future__ import annotations

import functools

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import rows
from corpus_tools.text.languages import CloseLanguages


@functools.cache
def close_languages() -> dict[str, CloseLanguages]:
    """By what langdetect answers: the languages it may be, and what each word says.

    >>> close_languages()["id"].languages, close_languages()["id"].weights["kerana"]
    (('id', 'ms'), (0, 8))
    """
    looks = {}
    for group in rows("close_languages", "group"):
        languages = tuple(group["languages"])
        weights: dict[str, list[int]] = {}
        for at, language in enumerate(languages):
            for weight, words in group["words"][language].items():
                for word in words.split():
                    of_word = weights.setdefault(word, [0] * len(languages))
                    if of_word[at]:
                        raise RuleError(f"close_languages.toml names the word {word!r} twice for {language}.")
                    of_word[at] = int(weight)
        frozen = {word: tuple(numbers) for word, numbers in weights.items()}
        looks[group["answer"]] = CloseLanguages(languages, group["margin"], frozen)
    return looks
