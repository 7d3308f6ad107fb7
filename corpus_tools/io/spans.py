"""Where in a JSON text the value of a key stands: characters from the first to behind the last one.

A small scanner, because parsers give values and no places. It reads text that was parsed before, so it does not judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

Span = tuple[int, int]

_SPACE = re.compile(r"[ \t\r\n]*+")
_TEXT = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_PLAIN = re.compile(r"[^\s,\]}]*+")
_SIGN = re.compile(r'["\[\]{}]')


def value_span(text: str, path: Sequence[str]) -> tuple[tuple[str, ...], Span]:
    """The span of the value behind the keys of `path`, one inside the other, and the keys that lead there.

    Fewer keys than asked for lead to a list, since what is below belongs to several values, and to where a key is
    missing. Without keys it is the whole value.

    >>> text = '{"id": "a", "metadata": {"url": "/news"}}'
    >>> keys, (start, end) = value_span(text, ["metadata", "url"])
    >>> keys, text[start:end]
    (('metadata', 'url'), '"/news"')
    """
    start = _after_space(text, 0)
    span = start, _end_of_value(text, start)
    for depth, key in enumerate(path):
        if text[span[0]] != "{":
            return tuple(path[:depth]), span
        # Of keys that come twice the last one counts, as it does for parsers.
        found = [(start, end) for name, start, end in _members(text, span[0]) if name == key]
        if not found:
            return tuple(path[:depth]), span
        span = found[-1]
    return tuple(path), span


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The keys of the object that opens at `start`, each with the span of its value."""
    at = _after_space(text, start + 1)
    while text[at] == '"':
        end = _end_of_text(text, at)
        name = json.loads(text[at:end])
        value = _after_space(text, _after_space(text, end) + 1)
        after = _end_of_value(text, value)
        yield name, value, after
        at = _after_space(text, after)
        if text[at] != ",":
            return
        at = _after_space(text, at + 1)


def _end_of_value(text: str, at: int) -> int:
    if text[at] == '"':
        return _end_of_text(text, at)
    if text[at] not in "[{":
        return _PLAIN.match(text, at).end()  # type: ignore[union-attr]  # it matches anything
    depth = 0
    while found := _SIGN.search(text, at):
        if found[0] == '"':
            at = _end_of_text(text, found.start())
            continue
        depth += 1 if found[0] in "[{" else -1
        at = found.end()
        if depth == 0:
            return at
    return len(text)


def _end_of_text(text: str, at: int) -> int:
    found = _TEXT.match(text, at)
    return found.end() if found else len(text)


def _after_space(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches anything
