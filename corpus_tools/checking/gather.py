"""The first pass of a check: the chain runs over the records as they are, and what it finds is kept on disk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tools import audit, cells
from corpus_tools.flags import Flag
from corpus_tools.io.chunk import Chunk, Quarantined, Stand

_COPIES = frozenset({"DU001", "DU002", "DU004"})


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and where its record stands. `whole` is what names a broken piece: its content's hash."""

    stand: Stand
    row: dict[str, Any]
    chain: tuple[str, ...] = ()
    whole: str | None = None


def gather(chunks: Iterable[Chunk], own: Sequence[Flag], corpus: Counter[str]) -> Iterator[Found]:
    """The findings of finished chunks, by place, code and column; `corpus` is told what the records are.

    `own` are flags with a severity of the user's, and those of private steps.
    """
    for chunk in chunks:
        _count(chunk, corpus)
        chains = cells.entries(chunk.frame, "syndication_chain")
        found = []
        for finding, row in zip(audit.in_order(chunk.findings), audit.finding_rows(chunk, own), strict=True):
            chain = _parties(chains[finding.row]) if finding.code == "SY001" else ()
            found.append(Found(chunk.stands[finding.row], row, chain))
        found += [_broken(piece) for piece in chunk.quarantined if not piece.more]
        yield from sorted(found, key=lambda one: one.stand)  # the sort keeps the order within a record


def _count(chunk: Chunk, corpus: Counter[str]) -> None:
    frame = chunk.frame
    corpus["records"] += len(frame)
    corpus["broken pieces"] += sum(not piece.more for piece in chunk.quarantined)
    corpus["copies of other records"] += sum(bool(_COPIES & set(codes)) for codes in cells.words(frame, "flags"))
    corpus["syndicated"] += sum(status == "syndicated" for status in cells.objects(frame, "syndication_status"))


def _parties(chain: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(hop.get("name")) for hop in chain)


def _broken(piece: Quarantined) -> Found:
    return Found(piece.stand, audit.broken_row(piece), whole=hashlib.sha256(piece.raw).hexdigest()[:16])
