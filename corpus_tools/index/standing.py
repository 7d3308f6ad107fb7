"""What a keeper stands for: how many records, who ran the story and when, and what the copies know that it lacks.

A keeper of an earlier run may stand for records that were removed since; it goes on standing for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tools.contract import IN_NAMES
from corpus_tools.index.notes import Note, iso


@dataclass(frozen=True, slots=True)
class Standing:
    """What a keeper stands for."""

    copies: int
    published_by: list[dict[str, Any]]
    offered: list[dict[str, Any]]


def standing_of(keeper: int, kept: Note, members: Iterable[tuple[int, Note]], named: Mapping[str, int]) -> Standing:
    """Sum up a cluster.

    `members` are its records in reading order, the keeper among them; `named` counts how many records of this corpus
    call a record their keeper. What is offered comes from the first that has it, as a record's number in `from`, or as
    an id where it was offered in an earlier run.
    """
    lacking = kept.lacking()
    copies, published_by = 0, []
    offered: dict[str, dict[str, Any]] = {}
    for row, note in members:
        carried = carried_by(note, named)
        copies += 1 + carried
        published_by.append(_published(note))
        if row != keeper:
            for name in sorted(lacking - offered.keys() - note.lacking()):
                offered[name] = {"column": name, "value": note.value(name), "from": row}
        if carried:
            published_by += [entry for entry in note.published_by if isinstance(entry, dict)]
            for offer in note.offered:
                if isinstance(offer, dict) and offer.get("column") in lacking:
                    offered.setdefault(offer["column"], offer)
    return Standing(copies, _sorted_unique(published_by), [offered[name] for name in IN_NAMES if name in offered])


def carried_by(note: Note, named: Mapping[str, int]) -> int:
    """How many records a keeper of an earlier run stands for that are not in this corpus."""
    if note.copies is None or note.id is None:
        return 0
    return max(0, note.copies - 1 - named.get(note.id, 0))


def _published(note: Note) -> dict[str, Any]:
    return {"source": note.value("source"), "url": note.value("url"), "published_at": iso(note.published)}


def _sorted_unique(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    unique = {
        tuple(str(entry.get(name) or "") for name in ("published_at", "source", "url")): entry for entry in entries
    }
    return [unique[key] for key in sorted(unique, key=lambda key: (not key[0], key))]
