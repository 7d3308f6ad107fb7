"""What a reader of one format says, one thing after the other: a record, or something that is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Row:
    """A record as it came. `line` counts lines or rows from 1; `size` is its length in bytes, about.

    `guess` stands on the first record of a file whose encoding was guessed, and names it.
    """

    line: int
    record: dict[str, Any]
    size: int
    guess: str | None = None


@dataclass(slots=True)
class Aside:
    """Input that is no record: where it starts (byte `offset` of the decompressed file), why, and its bytes."""

    line: int
    offset: int
    reason: str
    raw: bytes
    more: bool = False


Event = Row | Aside
