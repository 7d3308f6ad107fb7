"""Questions to an index: which of its kept records each of some records is a copy of, or has much in common with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus_tools.index.collection import Collection
from corpus_tools.index.comparing import Comparer
from corpus_tools.index.judge import Judgement
from corpus_tools.index.notes import iso
from corpus_tools.index.prepare import Prepared
from corpus_tools.index.store import Store
from corpus_tools.index.verdicts import IDENTICAL

_LEAST = 0.25
"""Containment from which two texts have more than phrases in common."""


@dataclass(frozen=True, slots=True)
class Match:
    """A kept record of an index, and how like it a text is; figures as in the columns of these names, 0 to 1.

    `judgement` is `same`, `borderline`, or `different` where a quarter or more of the shorter text is shared.
    """

    id: str
    judgement: Judgement
    similarity: float
    containment: float
    title: str | None
    source: str | None
    url: str | None
    published_at: str | None


def matches_in(store: Store, prepared: Prepared) -> list[list[Match]]:
    """For each record its matches, the likest first."""
    collection = Collection(store)
    try:
        collection.add(prepared)
        collection.freeze(recognise=False)
        compared = Comparer(collection)
        kept_like: dict[int, set[int]] = {}
        for pairs in collection.pairs():
            for one, other in pairs:
                if one < collection.first:
                    kept_like.setdefault(other, set()).add(one)
        found = []
        for row in range(collection.first, collection.first + len(collection)):
            text = collection.text_of(row)
            kept = kept_like.get(text, set()) | ({text} if 0 <= text < collection.first else set())
            matches = [_match(collection, compared, text, other) for other in sorted(kept)]
            wanted = [match for match in matches if match.judgement != "different" or match.containment >= _LEAST]
            found.append(sorted(wanted, key=lambda match: (-match.containment, -match.similarity, match.id)))
        return found
    finally:
        collection.close()


def _match(collection: Collection, compared: Comparer, text: int, kept: int) -> Match:
    verdict = IDENTICAL if text == kept else compared.judged(text, kept)
    note = collection.note(kept)
    title, source, url = (_text(note.value(name)) for name in ("title", "source", "url"))
    return Match(
        note.id or "",
        verdict.judgement,
        round(verdict.similarity, 4),
        round(verdict.containment, 4),
        title,
        source,
        url,
        iso(note.published),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
