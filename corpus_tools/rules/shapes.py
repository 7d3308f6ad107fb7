"""What a row of a user's rule file may hold and must: one table, asked before anything reads the row.

Our own rows have tests; theirs get a sentence that names the row and the key, and no traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from corpus_tools.errors import RuleError, UnknownName

Shape = Literal["text", "texts", "number", "truth"] | tuple[str, ...]
"""What a value must be; a tuple holds all values there are."""

_PARTY: dict[str, Shape] = {
    "id": "text", "name": "text", "kind": "text", "country": "text", "owner": "text", "languages": "texts",
    "aliases": "texts", "codes": "texts", "shared": "texts", "native": "texts", "datelined": "texts",
    "bracketed": "texts", "domains": "texts", "heads": "texts", "tails": "texts", "near_misses": "texts",
}  # fmt: skip
_WORDING: dict[str, Shape] = {"template": "text", "example": "text", "party": "text", "wires": "truth"}
_WORDS: dict[str, Shape] = {"words": "texts"}

SHAPES: Mapping[str, Mapping[str, Shape]] = {
    "agency": _PARTY,
    "outlet": _PARTY,
    "footer": {
        "id": "text", "template": "text", "kind": "text", "example": "text", "party": "text", "known": "truth",
        "near_misses": "texts",
    },
    "source_labels": _WORDS,
    "generic": _WORDS,
    "house_generic": _WORDS,
    "before_name": _WORDS,
    "signature": _WORDING,
    "copyright": _WORDING,
    "co_credit": _WORDING,
    "furniture": {
        "text": "text", "class": "text", "match": ("line", "start"), "risk": ("low", "medium"), "languages": "texts",
        "example": "text", "near_misses": "texts",
    },
    "share_words": {"words": "texts", "fillers": "texts"},
    "home_words": _WORDS,
    "keeper": {"rule": "text", "says": "text"},
    "policy": {"verdict": "text", "flags": "texts", "says": "text"},
    "severity": {"severity": "text", "flags": "texts", "says": "text"},
    "threshold": {"name": "text", "value": "number", "says": "text"},
}  # fmt: skip
"""The tables that a user's file may add rows to, with the keys of their rows."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "agency": ("id", "name"), "outlet": ("id", "name"), "footer": ("id", "template", "kind", "example"),
    "signature": ("template", "example"), "copyright": ("template", "example"), "co_credit": ("template", "example"),
    "furniture": ("text", "class"), "source_labels": ("words",), "generic": ("words",), "house_generic": ("words",),
    "before_name": ("words",),
    "share_words": ("words",), "home_words": ("words",), "policy": ("verdict", "flags"),
    "severity": ("severity", "flags"), "threshold": ("name", "value"), "keeper": ("rule",),
}  # fmt: skip

_ARE = {"text": "a text", "texts": "a list of texts", "number": "a number", "truth": "true or false"}


def check_rows(own: Mapping[str, Any], path: str) -> None:
    """Check all tables of a user's file. Raises UnknownName or RuleError for the first row that can't be right.

    >>> check_rows({"agency": [{"id": "rw", "name": "River Wire", "codes": "RW"}]}, "ours.toml")
    Traceback (most recent call last):
    corpus_tools.errors.RuleError: ours.toml: the agency row 'rw' has codes = 'RW'; it must be a list of texts.
    """
    for table, rows in own.items():
        if table not in SHAPES:
            raise UnknownName(f"table in {path}", table, SHAPES)
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise RuleError(f"{path}: rows of {table!r} are written under [[{table}]], each with its keys.")
        for row in rows:
            _check_row(table, row, path)


def _check_row(table: str, row: Mapping[str, Any], path: str) -> None:
    name = next((row[key] for key in ("id", "name", "text", "template", "verdict") if key in row), "without a name")
    for key, value in row.items():
        shape = SHAPES[table].get(key)
        if shape is None:
            raise UnknownName(f"key of the {table} row {name!r} in {path}", key, SHAPES[table])
        if not _is_of(shape, value):
            raise RuleError(f"{path}: the {table} row {name!r} has {key} = {value!r}; it must be {_told(shape)}.")
    for key in NEEDED[table]:
        if key not in row:
            raise RuleError(f"{path}: the {table} row {name!r} has no {key}; it needs: {', '.join(NEEDED[table])}.")
        if row[key] == "" and key != "example":
            raise RuleError(f"{path}: the {table} row {name!r} has an empty {key}.")


def _is_of(shape: Shape, value: Any) -> bool:
    if isinstance(shape, tuple):
        return value in shape
    if shape == "texts":
        return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
    if shape == "truth":
        return isinstance(value, bool)
    if shape == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str)


def _told(shape: Shape) -> str:
    return " or ".join(shape) if isinstance(shape, tuple) else _ARE[shape]
