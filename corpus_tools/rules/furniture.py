"""Furniture: lines that stand on a page and are not its article, found by a look into a dictionary."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import frozen, rows
from corpus_tools.text.columns import quoted
from corpus_tools.text.remembered import remembered

FurnitureClass = Literal[
    "related", "ad", "share", "follow", "media", "comments", "tags", "legal", "support", "desk", "nav", "more", "cookie"
]  # fmt: skip

_LEADING = re.compile(r"^[\W_]+")
_OUTER = re.compile(r"^[\W_]+|[\W_]+$")
_MARKS = (
    " \t\u00a0\u200b\ufeff!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»“”„‘’‚–—―…·•●○■□▪►▶→←↓▼★☆※¶§©®™【】「」『』《》〈〉（）"
)
_STEPS = re.compile(r"(?:(?<!\s)\s+)?[>»›→]\s*|(?<!\s)\s+[/|]\s+")
_BREADCRUMB = 120  # characters; arbitrary: the last step may be the headline
_LONG_STEM = 7  # characters that tell most rows from most sentences
_STEM = 3  # characters of a start by which its rows are found


@dataclass(frozen=True, slots=True)
class FurnitureLine:
    """One row. `text` is the line, or how it starts; `risk` medium means that an article could hold it too."""

    text: str
    kind: FurnitureClass
    match: Literal["line", "start"] = "line"
    risk: Literal["low", "medium"] = "low"
    languages: tuple[str, ...] = ()
    example: str | None = None
    near_misses: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """What the ledger calls it."""
        return f"furniture: {self.text}"


@dataclass(frozen=True, eq=False)
class Furniture:
    """All rows, by the key of their line, and by the first characters of their start."""

    lines: Mapping[str, FurnitureLine]
    starts: Mapping[str, tuple[tuple[str, FurnitureLine], ...]]
    share_words: frozenset[str]
    fillers: frozenset[str]
    home_words: frozenset[str]

    @functools.cached_property
    def _share_vocabulary(self) -> frozenset[str]:
        return self.share_words | self.fillers

    @functools.cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(self.lines) | {start for some in self.starts.values() for start, _ in some}

    @functools.cached_property
    def _long_stems(self) -> frozenset[str]:
        return frozenset(key[:_LONG_STEM] for key in self._keys if len(key) >= _LONG_STEM)

    @functools.cached_property
    def _short_keys(self) -> frozenset[str]:
        return frozenset(key for key in self._keys if len(key) < _LONG_STEM)

    @functools.cached_property
    def pattern(self) -> str:
        """A pattern (RE2) that every line holds which is furniture, and few others."""
        long, short = (sorted(map(quoted, some)) for some in (self._long_stems, self._short_keys))
        share, home = (sorted(map(quoted, some)) for some in (self._share_vocabulary, self.home_words))
        marks = "[" + "".join("\\" + char if char in "\\]^-[" else char for char in _MARKS) + r"\s]*"
        return (
            rf"(?i)\A{marks}(?:{'|'.join(long)}|(?:{'|'.join(short)})(?:[^\pL]|$)|(?:{'|'.join(home)})\s*[>»›→/|]|"
            rf"(?:{'|'.join(share)})[\s|]+(?:{'|'.join(share)})(?:[\s|]|$))"
        )

    def find(self, line: str) -> tuple[FurnitureLine, str] | None:
        """The row of a line, and what follows its start in the line; None if it is no furniture.

        >>> row, rest = furniture().find("BACA JUGA: Hujan lebat")
        >>> row.kind, rest
        ('related', ': hujan lebat')
        """
        return _find(self, line)

    def knows(self, line: str) -> bool:
        """Whether a line is furniture, if it stands at the right place.

        >>> furniture().knows("Advertisement"), furniture().knows("The ferry runs again.")
        (True, False)
        """
        return _knows(self, line)

    def is_share_row(self, line: str) -> bool:
        """Whether a line is nothing but share buttons.

        >>> furniture().is_share_row("Share Tweet Email"), furniture().is_share_row("Share this story with them")
        (True, False)
        """
        first = line.replace("|", " ").split(maxsplit=1)[:1]
        if not first or ((word := first[0].casefold()) not in self.share_words and word not in self.fillers):
            return False  # true of nearly all lines
        words = line.casefold().replace("|", " ").split()
        named = sum(word in self.share_words for word in words)
        return 2 <= len(words) <= 12 and named > 0 and all(w in self.share_words or w in self.fillers for w in words)

    def is_breadcrumb(self, line: str) -> bool:
        """Whether a line is the way from the front page down to this one.

        >>> furniture().is_breadcrumb("Home > News > Villages"), furniture().is_breadcrumb("Home / away")
        (True, True)
        >>> furniture().is_breadcrumb("Home > is where the heart is, the mayor said.")
        False
        """
        if len(line) > _BREADCRUMB or line[-1:] in ".!?" or not any(mark in line for mark in ">»›/→|"):
            return False
        parts = _STEPS.split(line)
        return len(parts) > 1 and parts[0].strip(" \u00a0").casefold() in self.home_words


@remembered(16_384)  # a corpus has few such lines, and has them often
def _knows(known: Furniture, line: str) -> bool:
    return _find(known, line) is not None or known.is_share_row(line) or known.is_breadcrumb(line)


@remembered(16_384)
def _find(known: Furniture, line: str) -> tuple[FurnitureLine, str] | None:
    key = line_key(line)
    row = known.lines.get(key)
    if row is not None:
        return row, ""
    for start, row in known.starts.get(key[:_STEM], ()):
        rest = key[len(start) :]
        if key.startswith(start) and not (start[-1].isalpha() and rest[:1].isalpha()):
            return row, rest
    return None


def line_key(line: str) -> str:
    """A line without case, outer punctuation and double spaces.

    >>> line_key("» You  may also LIKE …")
    'you may also like'
    """
    key = " ".join(line.casefold().replace("’", "'").split())
    return key if key[:1].isalnum() and key[-1:].isalnum() else _OUTER.sub("", key)


@functools.cache
def furniture(own: str | None = None) -> Furniture:
    """Every row of our table and of the user's rule file `own`. Raises RuleError where two rows claim one line."""
    lines: dict[str, FurnitureLine] = {}
    starts: dict[str, list[tuple[str, FurnitureLine]]] = {}
    seen: dict[str, FurnitureLine] = {}
    for raw in rows("furniture", "furniture", own):
        row = _line(raw)
        key = line_key(row.text)
        other = seen.setdefault(key, row)
        if other is not row:
            raise RuleError(f"The furniture rows {other.text!r} and {row.text!r} claim the same line. Keep it in one.")
        lines[key] = row
        if row.match == "start":
            # A start keeps the mark it ends in: "Follow @" is not "Follow", nor "WATCH:" "Watch".
            start = _LEADING.sub("", " ".join(row.text.casefold().replace("’", "'").split()))
            starts.setdefault(start[:_STEM], []).append((start, row))
    ordered = {stem: tuple(sorted(some, key=lambda entry: -len(entry[0]))) for stem, some in starts.items()}
    shares = rows("furniture", "share_words", own)
    return Furniture(
        lines,
        ordered,
        frozenset(word for row in shares for word in row["words"]),
        frozenset(word for row in shares for word in row.get("fillers", ())),
        frozenset(word.casefold() for row in rows("furniture", "home_words", own) for word in row["words"]),
    )


def _line(row: dict[str, Any]) -> FurnitureLine:
    values = {key: value for key, value in frozen(row).items() if key != "class"}
    line = FurnitureLine(kind=row["class"], **values)
    if line.kind not in get_args(FurnitureClass):
        raise RuleError(f"The row {line.text!r} has the class {line.kind!r}; there are {get_args(FurnitureClass)}.")
    return line
