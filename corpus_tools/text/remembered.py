"""Answers about lines and names that are remembered: a corpus has few of them, and has them often.

Only short ones are. A text without line breaks is one line, and thousands of those would be a corpus in memory.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LONGEST = 500  # characters; arbitrary: what outlets repeat is shorter


def remembered(most: int) -> Callable[[_Function], _Function]:
    """Let a function of a table and a text (and more) remember its answers about the latest `most` short texts.

    >>> asked = []
    >>> @remembered(10)
    ... def size(_table, text):
    ...     asked.append(text[:4])
    ...     return len(text)
    >>> [size(None, text) for text in ("rain", "rain", "hail" * 500, "hail" * 500)], asked
    ([4, 4, 2000, 2000], ['rain', 'hail', 'hail'])
    """

    def remembering(function: _Function) -> _Function:
        known = functools.lru_cache(maxsize=most)(function)

        @functools.wraps(function)
        def answer(table: Any, text: str, *more: Any) -> Any:
            return (known if len(text) <= _LONGEST else function)(table, text, *more)

        return cast("_Function", answer)

    return remembering
