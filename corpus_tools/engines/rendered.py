"""A finished chunk as the bytes of every output and the counts of the manifest: all that is left to do is to join them.

Made from the chunk alone. Only one thing depends on the chunk before: whether the ledger names the keys of the first
record again; so its row is there, and `ledger_without_keys` says how to leave it out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from corpus_tools import audit, cells
from corpus_tools.flags import FLAGS
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.write import Packed, json_line, packed_frame, written_format
from corpus_tools.pipeline import Chain, columns_added, dropped
from corpus_tools.report.provenance import ProvenanceTally
from corpus_tools.rules.judgement import judged_flags
from corpus_tools.settings import Settings

EXAMPLES = 5
"""Broken pieces of input that a run names on the terminal; the quarantine has all of them."""


@dataclass(slots=True)
class Counts:
    """What a manifest counts, of some chunks."""

    ends: Counter[str] = field(default_factory=lambda: Counter(kept=0, removed=0, quarantined=0))
    flags: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=lambda: Counter(error=0, warning=0, info=0))
    verdicts: Counter[str] = field(default_factory=Counter)
    provenance: ProvenanceTally | None = None
    broken: list[str] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        """Add the counts of the next chunk."""
        self.ends.update(other.ends)
        self.flags.update(other.flags)
        self.severities.update(other.severities)
        self.verdicts.update(other.verdicts)
        if self.provenance and other.provenance:
            self.provenance.merge(other.provenance)
        self.broken = [*self.broken, *other.broken][:EXAMPLES]


@dataclass(slots=True)
class Rendered:
    """One chunk, ready to be written."""

    kept: Packed
    removed: Packed
    ledger: bytes
    findings: bytes
    quarantine: bytes
    counts: Counts
    first: audit.Shape | None = None
    last: audit.Shape | None = None
    keys_end: int = 0
    dropped_for_itself: list[int] = field(default_factory=list)  # rows dropped for what they are, not as copies

    def ledger_after(self, last: audit.Shape | None) -> bytes:
        """The ledger behind that of a record of the shape `last`."""
        return self.ledger[self.keys_end :] if self.first == last else self.ledger


class Renderer:
    """Turns finished chunks into bytes, as the settings of a run ask for."""

    def __init__(self, settings: Settings, chain: Chain) -> None:
        self._settings = settings
        self._kind = written_format(settings.output, settings.output_format)
        self._added = added_columns(chain)
        judged = judged_flags(settings.common.get("rules"))
        self._own_flags = [*judged.values(), *(f for step, _ in chain for f in step.flags if f.code not in FLAGS)]
        self._provenance = scores_provenance(chain)

    def render(self, chunk: Chunk) -> Rendered:
        """The bytes and counts of one chunk."""
        settings, frame = self._settings, chunk.frame
        drop = dropped(frame) if settings.remove else np.zeros(len(frame), dtype=bool)
        counts = self._counted(chunk)
        counts.ends.update(kept=int((~drop).sum()), removed=int(drop.sum()))
        findings = []
        for row in audit.finding_rows(chunk, self._own_flags):
            counts.severities[row["severity"]] += 1
            findings.append(json_line(row))
        copies = np.array([keeper is not None for keeper in cells.objects(frame, "duplicate_of")], bool)
        kept, removed = (self._records(chunk, mask) for mask in (~drop, drop))
        rendered = Rendered(kept, removed, b"", b"".join(findings), self._set_aside(chunk, counts), counts)
        rendered.dropped_for_itself = np.flatnonzero(dropped(frame) & ~copies).tolist()
        as_text = self._kind in ("csv", "tsv")
        shapes = audit.shapes_of(chunk, as_text=as_text, is_safe=settings.spreadsheet_safe)
        if shapes:
            ledger = [json_line(row) for row in audit.ledger_rows(chunk, shapes, None)]
            rendered.ledger, rendered.keys_end = b"".join(ledger), len(ledger[0])
            rendered.first, rendered.last = shapes[0], shapes[-1]
        return rendered

    def _records(self, chunk: Chunk, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Packed:
        if self._settings.dry_run or not mask.any():
            return Packed(b"")
        layouts = [layout for layout, wanted in zip(chunk.layouts, mask, strict=True) if wanted]
        frame = chunk.frame if mask.all() else chunk.frame[mask]
        return packed_frame(frame, layouts, self._added, self._kind)

    def _counted(self, chunk: Chunk) -> Counts:
        counts, frame = Counts(), chunk.frame
        counts.verdicts.update(verdict for verdict in cells.strings(frame, "verdict") if verdict)
        flags = cells.words(frame, "flags")
        for codes in flags:
            counts.flags.update(codes)
        if self._provenance:
            counts.provenance = ProvenanceTally()
            columns = cells.strings(frame, "source"), cells.strings(frame, "url")
            counts.provenance.add(*columns, cells.objects(frame, "provenance_score"), flags)
        return counts

    @staticmethod
    def _set_aside(chunk: Chunk, counts: Counts) -> bytes:
        lines = []
        for broken in chunk.quarantined:
            lines.append(json_line(audit.quarantine_row(broken)))
            if broken.more:
                continue
            counts.ends["quarantined"] += 1
            if len(counts.broken) < EXAMPLES:
                counts.broken.append(f"{broken.source_file}:{broken.source_line}: {broken.reason}")
        return b"".join(lines)


def added_columns(chain: Chain) -> list[str]:
    """The columns that every written record has, whatever it came with."""
    return [*columns_added(chain), "source_file", "source_line"]


def scores_provenance(chain: Chain) -> bool:
    """Whether the manifest says something of the corpus's provenance."""
    return any(step.name == "flag_provenance" for step, _ in chain)
