"""The first pass of a check: the chain runs over the records as they are, and what it finds is kept on disk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tools import audit, cells
from corpus_tools.flags import FLAGS, Flag
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
        rows = zip(audit.in_order(chunk.findings), audit.finding_rows(chunk, own), strict=True)
        found = [
            Found(chunk.stands[finding.row], row, _parties(chains[finding.row]) if row["code"] == "SY001" else ())
            for finding, row in rows
        ]
        judged = {flag.code: flag for flag in own}
        found += [_broken(piece, judged.get("SC006", FLAGS["SC006"])) for piece in chunk.quarantined if not piece.more]
        yield from sorted(found, key=lambda one: one.stand)  # the sort keeps the order within a record


def _count(chunk: Chunk, corpus: Counter[str]) -> None:
    frame = chunk.frame
    corpus["records"] += len(frame)
    corpus["broken pieces"] += sum(not piece.more for piece in chunk.quarantined)
    corpus["copies of other records"] += sum(bool(_COPIES & set(codes)) for codes in cells.words(frame, "flags"))
    corpus["syndicated"] += sum(status == "syndicated" for status in cells.objects(frame, "syndication_status"))


def _parties(chain: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(hop.get("name")) for hop in chain)


def _broken(piece: Quarantined, flag: Flag) -> Found:
    row = audit.broken_row(piece) | {"severity": flag.severity}
    return Found(piece.stand, row, whole=hashlib.sha256(piece.raw).hexdigest()[:16])
