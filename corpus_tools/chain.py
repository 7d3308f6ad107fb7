"""The chain: which steps there are and in which order they run. The order is a decision, so it stands here by hand.

validate             says what is wrong with the record as it came
fix_encoding         before anything reads letters
normalize_whitespace before anything looks for lines
trace_syndication    evidence first …
strip_furniture      … then it may be cut
detect_language      on the article alone
flag_provenance      the keeper rules count its errors
mark_duplicates      sees the whole corpus
decide               judges last
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from corpus_tools.errors import UnknownName, UsageError
from corpus_tools.own import module_from

if TYPE_CHECKING:
    from corpus_tools.protocol import Step

CHAIN: dict[str, str] = {
    "validate": "corpus_tools.validation",
    "fix_encoding": "corpus_tools.steps.fix_encoding",
    "normalize_whitespace": "corpus_tools.steps.normalize_whitespace",
    "trace_syndication": "corpus_tools.steps.trace_syndication",
    "strip_furniture": "corpus_tools.steps.strip_furniture",
    "detect_language": "corpus_tools.steps.detect_language",
    "flag_provenance": "corpus_tools.steps.flag_provenance",
    "mark_duplicates": "corpus_tools.steps.mark_duplicates",
    "decide": "corpus_tools.decision",
}

ASKED_FOR: dict[str, str] = {
    "learn_furniture": "corpus_tools.steps.learn_furniture",
    "compare_encoding": "corpus_tools.steps.compare_encoding",
}
"""Steps that run only when they are asked for: each costs one more pass over the corpus."""


def name_of(step: str) -> str:
    """The name of a step, from its place or as it was typed.

    >>> name_of("my_steps.py:count_words"), name_of(" fix-encoding")
    ('count_words', 'fix_encoding')
    """
    return step.rpartition(":")[2].strip().replace("-", "_")


def load_step(name: str) -> Step:
    """A step by its name, or a private one by its place: `my_steps.py:count_words` or `package.module:count_words`.

    A dash counts as an underscore. Raises UnknownName, or UsageError where the place holds no step.
    """
    from corpus_tools.protocol import Step

    if ":" not in name:
        known = name.strip().replace("-", "_")
        if known not in CHAIN and known not in ASKED_FOR:
            raise UnknownName("step", name.strip(), CHAIN)
        return getattr(importlib.import_module((CHAIN | ASKED_FOR)[known]), known)  # type: ignore[no-any-return]
    place, _, attribute = name.rpartition(":")
    found = getattr(_module(place), attribute, None)
    if isinstance(found, Step):
        return found
    raise UsageError(
        f"{place} has no step {attribute!r}. A step is a function from frame to frame under the decorator "
        "@corpus_tools.step(reads=[…], adds=[…])."
    )


def _module(place: str) -> ModuleType:
    if place.endswith(".py"):
        return module_from(Path(place), "a step")
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        raise UsageError(f"There is no module {place!r} to take a step from.") from error


def load_chain(
    names: Iterable[str] | None, options: Mapping[str, Mapping[str, Any]], common: Mapping[str, Any]
) -> list[tuple[Step, dict[str, Any]]]:
    """The steps with their options: own ones from `options[step]`, and those of `common` that a step takes.

    `options` may hold those of steps that don't run.

    >>> [step.name for step, _ in load_chain(["decide"], {}, {"rules": None, "now": None})]
    ['decide']
    """
    wanted = list(CHAIN if names is None else names)
    if common.get("learned_furniture") and "learn_furniture" not in wanted:
        # Behind the cuts by name: what they leave is what there is to learn.
        at = wanted.index("strip_furniture") + 1 if "strip_furniture" in wanted else len(wanted)
        wanted.insert(at, "learn_furniture")
    if common.get("outlet_encoding") and "compare_encoding" not in wanted:
        # Right behind the repairs, for they are evidence and nothing has been cut yet.
        wanted.insert(wanted.index("fix_encoding") + 1 if "fix_encoding" in wanted else 0, "compare_encoding")
    chain = []
    for name in wanted:
        step = load_step(name)
        takes = inspect.signature(step.function).parameters
        given = {option: value for option, value in common.items() if option in takes and value is not None}
        chain.append((step, {**given, **options.get(step.name, {})}))
    return chain


def check_names(options: Iterable[str], steps: Iterable[str], whose: str = "step") -> None:
    """Raise UnknownName where options are given to a step that is neither ours nor one of `steps`.

    >>> check_names(["detect_langage"], [])
    Traceback (most recent call last):
    corpus_tools.errors.UnknownName: Unknown step 'detect_langage'. Did you mean 'detect_language'? There are: ...
    """
    known = [*CHAIN, *ASKED_FOR, *(name_of(step) for step in steps if ":" in step)]
    for name in options:
        if name not in known:
            raise UnknownName(whose, name, known)
