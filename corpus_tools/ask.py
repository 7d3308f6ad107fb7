"""Questions about a run from Python: the story of one record, and two records side by side.

The run is what `clean` gave, or the files that `corpus-tools clean` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from corpus_tools import cells
from corpus_tools.comparison import compared
from corpus_tools.frames import Cleaned
from corpus_tools.io.json_text import dump_value
from corpus_tools.report.comparison import laid_out
from corpus_tools.report.story import told
from corpus_tools.story import Run, stories
from corpus_tools.survey.visit import find_run

Row = dict[str, Any]
Place = tuple[str, int]
_WIDTH = 100


class Story(dict[str, Any]):
    """The story of one record, as plain values; `print` shows it as text."""

    def __str__(self) -> str:
        return told(self, _WIDTH)


class Comparison(dict[str, Any]):
    """Two records side by side, as plain values; `print` shows them as text."""

    def __str__(self) -> str:
        return "\n".join(laid_out(self, _WIDTH))


def explain(run: Cleaned | str | Path, name: str, *, rules: str | None = None) -> Story:
    """The whole story of one record: what was changed, whose it is, its cluster, its flags, its verdict.

    `run` is what `clean` gave, or the path of the records that a run wrote, of its `out.run.json`, or of the folder of
    its audit. `name` is the record's id or address; of several records, the first is told. `rules` is the file of rules
    that the run had.

    The keys are those that `corpus-tools explain --format json` writes: `id`, `source_file`, `source_line`, `where`
    (kept or removed), `title`, `source`, `url`, `published_at`, `changes`, `status`, `chain`, `cluster`, `findings`,
    `verdict`, `policy`. Of a frame without columns `source_file` and `source_line`, these are "frame" and the row's
    position, from 0.

    Raises InputError, with the nearest ids, where no record is meant, or the run's files are not there.

    >>> import pandas as pd, corpus_tools as ct
    >>> cleaned = ct.clean(pd.DataFrame({"id": ["a"], "text": ["The cafÃ© on the quay opens again."]}))
    >>> print(ct.explain(cleaned, "a"))
    a  (no title)
      from frame:0, served by nobody named
      kept, verdict keep: No flag of the policy speaks against keeping it.
    ...
      text, by fix_encoding
          7–9: 'Ã©' → 'é'
    ...
    """
    return Story(stories(_run(run), name, rules)[0])


def compare(run: Cleaned | str | Path, one: str, other: str) -> Comparison:
    """Two records of a run side by side: how alike they are, what both say, what only one says, what was cut.

    `run` is as for `explain`; `one` and `other` are ids or addresses. The keys are those that `corpus-tools compare
    --format json` writes: `one`, `other`, `figures` (similarity, containment and aligned from 0 to 1, of the texts as
    they are now) and `passages`.

    Raises InputError, with the nearest ids, where a record is not there.

    >>> import pandas as pd, corpus_tools as ct
    >>> texts = ["The ferry sails at nine on Sundays.", "The ferry sails at ten on Sundays."]
    >>> pair = ct.compare(ct.clean(pd.DataFrame({"id": ["a", "b"], "text": texts})), "a", "b")
    >>> [(row["one"], row["other"]) for row in pair["passages"] if row["kind"] == "changed"]
    [('nine ', 'ten ')]
    """
    return Comparison(compared(_run(run), one, other))


def _run(run: Cleaned | str | Path) -> Run:
    return _Frames(run, _places(run)) if isinstance(run, Cleaned) else find_run(Path(run))


def _places(cleaned: Cleaned) -> list[Place]:
    """Where each row of the frame that came is from: its file and line where it tells, else its position."""
    told: list[Any] = [None] * len(cleaned.is_kept)
    for frame, is_here in ((cleaned.frame, cleaned.is_kept), (cleaned.removed, ~cleaned.is_kept)):
        here = zip(cells.objects(frame, "source_file"), cells.objects(frame, "source_line"), strict=True)
        for row, place in zip(np.flatnonzero(is_here), here, strict=True):
            told[row] = place
    is_told = all(isinstance(file, str) and isinstance(line, int) for file, line in told)
    return told if is_told and len(set(told)) == len(told) else [("frame", row) for row in range(len(told))]


@dataclass(frozen=True, slots=True)
class _Frames:
    """What `clean` gave, as the rows that a run writes to files."""

    cleaned: Cleaned
    places: Sequence[Place]
    records: str = "the frame"
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> Iterator[Row]:
        return self._rows(self.cleaned.frame, np.flatnonzero(self.cleaned.is_kept).tolist())

    def sidecar(self, kind: str) -> Iterator[Row]:
        if kind == "removed":
            return self._rows(self.cleaned.removed, np.flatnonzero(~self.cleaned.is_kept).tolist())
        table = {"ledger": self.cleaned.changes, "findings": self.cleaned.findings}[kind]
        return (
            {name: value for name, value in row.items() if name != "row" and (name != "edits" or value is not None)}
            for row in self._rows(table, table["row"].to_list())
        )

    def _rows(self, frame: pd.DataFrame, rows: Sequence[int]) -> Iterator[Row]:
        """The rows of a frame as JSON has them, and where each is from."""
        columns = {str(name): cells.objects(frame, name) for name in frame.columns}
        for at, row in enumerate(rows):
            file, line = self.places[row]
            values = {name: values[at] for name, values in columns.items()}
            yield orjson.loads(dump_value(values)) | {"source_file": file, "source_line": line}
