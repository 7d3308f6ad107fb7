"""A piece of input on its way to a chunk: read, and not yet numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from corpus_tools import cells
from corpus_tools.errors import UsageError
from corpus_tools.flags import Finding
from corpus_tools.io import order
from corpus_tools.io.chunk import Chunk, Quarantined, Stand
from corpus_tools.io.conform import STEP, HalfMade
from corpus_tools.io.events import Aside, Row
from corpus_tools.io.fields import FieldMap, Record
from corpus_tools.io.order import Facts, Numbers, Order
from corpus_tools.io.pieces import Begins, Piece
from corpus_tools.io.stream import InputReport

FRAME = "frame"
"""What stands for the file of a record that came in a frame."""


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


class FrameDraft:
    """The rows of a user's frame, any index and any dtypes, as records whose lines count from 1; number its `facts`.

    The frame itself is not changed. UsageError where two columns have one name.
    """

    def __init__(self, df: pd.DataFrame, fields: FieldMap) -> None:
        names = [str(name) for name in df.columns]
        if len(set(names)) < len(names):
            twice = next(name for at, name in enumerate(names) if name in names[:at])
            raise UsageError(f"The frame has two columns named {twice!r}. Rename one.")
        plain = df.set_axis(names, axis=1).reset_index(drop=True)
        columns = [cells.objects(plain, name) for name in names]
        records = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] or [{} for _ in df.index]
        self._half = HalfMade(records, fields)
        self.tally = Tally(names=self._half.names)
        self.facts = Facts(wanted=self._half.wanted)
        for line, record in enumerate(records, 1):
            brought = "source_file" in record
            self.facts.moves.append(
                order.Record(line, record["source_file"], record.get("source_line")) if brought else line
            )

    def chunk(self, numbers: Numbers) -> Chunk:
        """The finished chunk."""
        return self._half.chunk(numbers.places, numbers.ids, always_text=False)


def frame_chunk(df: pd.DataFrame, column_map: Mapping[str, str] | None = None) -> Chunk:
    """A user's frame as one chunk, its places `frame` 1, 2 and so on."""
    draft = FrameDraft(df, FieldMap(column_map))
    draft.facts.moves.insert(0, FRAME)
    return draft.chunk(Order().number(draft.facts))
