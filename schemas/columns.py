"""The kinds of columns, and how each is written in JSON.

A column's dtype is left open on purpose: frames come with `str`, object and Arrow dtypes, and one chunk's column may
be all null. What a *value* must be is said by checks: those of its type are called holds_….
"""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa

_JSON: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "time": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "list": {"type": "array"},
    "names": {"type": ["string", "array"], "items": {"type": "string"}},
    "any": {},
}


def of_kind(kind: str, *, required: bool = False, **json: Any) -> Any:
    """A column of one kind; null is allowed unless it is `required`. `json` adds to its JSON Schema.

    >>> of_kind("text", pattern="^a").metadata["json"]
    {'type': 'string', 'pattern': '^a'}
    """
    return pa.Field(nullable=not required, metadata={"kind": kind, "json": {**_JSON[kind], **json}})


def objects(*required: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of the objects in a list.

    >>> objects("name", name={"type": "string"})["required"]
    ['name']
    """
    return {"type": "object", "properties": properties, "required": list(required)}


def nullable(kind: str) -> dict[str, Any]:
    """The JSON Schema of a value of one kind, or null."""
    shape = dict(_JSON[kind])
    return {**shape, "type": [shape["type"], "null"]}
