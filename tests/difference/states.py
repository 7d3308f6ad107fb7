"""Two states of a small corpus, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus_tools.difference.compare import compared
from corpus_tools.report.difference.compared import Difference, Sums

TEXTS = (
    "The ferry to Saint Orrin sails again on Monday, the harbour office said.",
    "Rain closed the pass above Hohenwaldau for the third time this spring.",
    "The council of Talica voted for a second bridge, and against a toll.",
    "A lamp maker in Orrin Bay hired forty people for its new hall.",
)


def record(number: int, **more: Any) -> dict[str, Any]:
    """A record like no other of its kind."""
    return {
        "id": f"r{number}",
        "url": f"https://orrin-post.example/{number}",
        "title": f"Report {number}",
        "text": f"{TEXTS[number % len(TEXTS)]} This is report {number}.",
    } | more


def jsonl(path: Path, records: Sequence[dict[str, Any]]) -> str:
    """The records as JSON lines; the file's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return str(path)


def became(
    folder: Path, old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]], **reading: Any
) -> tuple[list[Difference], Sums]:
    """What became of the records, and the counts."""
    with compared(jsonl(folder / "old.jsonl", old), jsonl(folder / "new.jsonl", new), **reading) as comparison:
        return list(comparison.differences), comparison.sums


def kinds(differences: Sequence[Difference]) -> list[tuple[str, str | None, list[str]]]:
    """Kind, id and changed fields of each."""
    return [(one.kind, one.id, [change.name for change in one.fields]) for one in differences]
