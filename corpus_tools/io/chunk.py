"""A chunk: a frame that holds part of a corpus, and what reading it found out.

The layout of a record is the order and the original names of its keys; it is what lets `restore` give back
`{"b": …, "a": null}` and not `{"a": …}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tools.flags import Finding
from corpus_tools.ledger import Change

if TYPE_CHECKING:
    import pandas as pd

Stand = tuple[int, int]
"""Which of the inputs that are read, from 0, and which line, row or element of it, from 1."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The keys of a record as it came: `keys` in their order; `renamed` maps an original name to ours."""

    keys: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The keys under our names, in the order they came."""
        ours = dict(self.renamed)
        return tuple(ours.get(key, key) for key in self.keys)


@dataclass(slots=True)
class Quarantined:
    """Input that could not become a record, as it came.

    `line` counts from 1 and `offset` bytes from 0, both in the decompressed file. A line over the limit is kept in
    parts; `more` says that another part follows, and only the last part counts as an input row.
    """

    source_file: str
    source_line: int
    offset: int
    reason: str
    raw: bytes
    more: bool = False
    stand: Stand = (0, 0)


@dataclass(slots=True)
class Chunk:
    """Some records in reading order, and the broken input that stood between them.

    `frame` has a RangeIndex, the contract's names, times as UTC datetimes, and always the columns `id`,
    `source_file` and `source_line`. `layouts[row]` is the layout of the record; equal layouts are one object.
    `changes` and `findings` are those made by reading, their rows counted within this chunk. `flags` are those that
    the records brought from an earlier run, as they came. `stands` is where each record stands in the files that are
    read now, whatever place it brought along; empty where it was no file.
    """

    frame: pd.DataFrame
    layouts: list[Layout]
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    flags: list[Any] = field(default_factory=list)  # any JSON value may stand there
    stands: list[Stand] = field(default_factory=list)

    def flagged(self) -> pd.DataFrame:
        """The frame with its findings written into `flags`, for the rows they speak of."""
        from corpus_tools import cells  # here, because who reads plain records needs no pandas, which takes a second

        if not self.findings:
            return self.frame
        flags = cells.objects(self.frame, "flags")
        said = cells.words(self.frame, "flags")
        for finding in self.findings:
            said[finding.row] = flags[finding.row] = sorted({*said[finding.row], finding.code})
        return self.frame.assign(flags=cells.object_series(flags))
