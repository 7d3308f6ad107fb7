"""Small corpora for the check, and the text that a region names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus_tools.checking.check import checked
from corpus_tools.checking.settings import Settings
from corpus_tools.flags import Region
from corpus_tools.report.reported import Report

STORY = (
    "The ferry to Saint Orrin sails again on Monday, the harbour office said. Repairs to the pier took eleven weeks."
)


def record(id: str, **more: Any) -> dict[str, Any]:  # noqa: A002  # the column's own name
    """A record with nothing wrong in it but what `more` puts there."""
    return {
        "id": id,
        "url": f"https://orrin-post.example/{id}",
        "title": f"Ferry sails again, {id}",
        "text": f"{STORY} This is the account of {id}.",
        "source": "Orrin Post",
        "author": "Mara Quill",
        "published_at": "2024-05-14T06:00:00Z",
        "retrieved_at": "2024-05-15T06:00:00Z",
        "language": "en",
        "license": "CC-BY-4.0",
    } | more


def jsonl(path: Path, *records: dict[str, Any]) -> Path:
    """The records as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


@contextmanager
def check(*paths: Path | str, **settings: Any) -> Iterator[Report]:
    """A check with two quick steps, unless `settings` has others."""
    settings.setdefault("steps", ("validate", "flag_provenance"))
    with checked([str(path) for path in paths], Settings(**settings)) as report:
        yield report


def found(*paths: Path | str, **settings: Any) -> list[tuple[str, int, tuple[str, ...]]]:
    """Code, line or row, and key of every finding."""
    with check(*paths, **settings) as report:
        return [(one.code, one.line, one.key) for one in report.findings]


def text_at(text: str, region: Region) -> str:
    """What stands in a region of a text, by the words of its promise."""
    lines = text.split("\n")[region.line - 1 : region.end_line]
    lines[-1] = lines[-1][: region.end_column - 1]
    lines[0] = lines[0][region.column - 1 :]
    return "\n".join(lines)
