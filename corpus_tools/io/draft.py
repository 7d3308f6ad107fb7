"""A piece of input on its way to a chunk: read, and not yet numbered."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus_tools.flags import Finding
from corpus_tools.io import order
from corpus_tools.io.chunk import Chunk, Quarantined, Stand
from corpus_tools.io.conform import STEP, HalfMade
from corpus_tools.io.events import Aside, Row
from corpus_tools.io.fields import FieldMap, Record
from corpus_tools.io.order import Facts, Numbers
from corpus_tools.io.pieces import Begins, Piece
from corpus_tools.io.stream import InputReport


@dataclass(slots=True)
class Tally:
    """What was read of some inputs, by their number, and which columns their records brought."""

    counts: dict[int, list[int]] = field(default_factory=dict)  # records, quarantined rows
    reports: dict[int, InputReport] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


class Draft:
    """The records and the broken input of one piece. Number its `facts`, then make the chunk."""

    def __init__(self, piece: Piece, fields: FieldMap) -> None:
        self._records: list[Record] = []
        self._asides: list[Aside] = []
        self._is_record: list[bool] = []
        self._stands: list[Stand] = []  # of all, in reading order
        self._findings: list[Finding] = []
        self.facts, self.tally = Facts(), Tally()
        file = 0
        for event in piece.events():
            if isinstance(event, Begins):
                file = event.file
                if event.path is not None:
                    self.facts.moves.append(event.path)
            elif isinstance(event, InputReport):
                self.tally.reports[file] = event
            else:
                self._stands.append((file, event.line))
                self._take(event, self.tally.counts.setdefault(file, [0, 0]))
        self._half = HalfMade(self._records, fields)
        self.facts.wanted = self._half.wanted
        self.tally.names = self._half.names

    def _take(self, event: Row | Aside, counts: list[int]) -> None:
        self._is_record.append(isinstance(event, Row))
        if isinstance(event, Aside):
            self._asides.append(event)
            self.facts.moves.append(-event.line)
            counts[1] += not event.more
            return
        record = event.record
        if event.guess:
            self._findings.append(Finding(len(self._records), "EN003", evidence=event.guess, step=STEP))
        if "source_file" in record:
            move = order.Record(event.line, record["source_file"], record.get("source_line"))
            self.facts.moves.append(move)
        else:
            self.facts.moves.append(event.line)
        self._records.append(record)
        counts[0] += 1

    def chunk(self, numbers: Numbers) -> Chunk:
        """The finished chunk."""
        found = list(zip(numbers.places, self._stands, self._is_record, strict=True))
        chunk = self._half.chunk([place for place, _, is_record in found if is_record], numbers.ids)
        chunk.findings = sorted([*self._findings, *chunk.findings], key=lambda finding: finding.row)
        chunk.stands = [stand for _, stand, is_record in found if is_record]
        broken = [(place, stand) for place, stand, is_record in found if not is_record]
        chunk.quarantined = [
            Quarantined(*place, aside.offset, aside.reason, aside.raw, aside.more, stand)
            for (place, stand), aside in zip(broken, self._asides, strict=True)
        ]
        return chunk
