"""The way back: from the outputs of a run to the records as they came, value for value, key for key.

Kept and removed records are walked through in reading order beside the ledger; each record's changes are undone
last to first, and its keys get their old names and order.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from corpus_tools import audit
from corpus_tools.errors import InputError, PromiseBroken
from corpus_tools.io.chunk import Layout
from corpus_tools.io.formats import format_of
from corpus_tools.io.json_text import parse_value
from corpus_tools.io.outputs import siblings
from corpus_tools.io.parted import files_of, is_parted, names_in
from corpus_tools.io.read import rows
from corpus_tools.ledger import undo_edits

Place = tuple[int, int]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files of one run, or the folders of its parts, and its manifest."""

    records: Path
    names: Mapping[str, Path]
    manifest: Mapping[str, Any]

    def kept(self) -> Iterator[Row]:
        """The records that the run kept."""
        return self._rows(self.records, self._format)

    def sidecar(self, kind: str) -> Iterator[Row]:
        """The rows of one file beside the records; none where the run wrote no such file."""
        return self._rows(self.names[kind], self._format if kind == "removed" else None)

    @staticmethod
    def _rows(path: Path, format: str | None) -> Iterator[Row]:  # noqa: A002  # the user's word
        return itertools.chain.from_iterable(rows(file, format) for file in files_of(path))

    @property
    def _format(self) -> str | None:
        """What --to said; None where the names tell."""
        to: str | None = self.manifest.get("options", {}).get("to")
        return to


def find_outputs(records: Path, audit_folder: Path | None = None) -> Outputs:
    """The outputs of the run that wrote `records`.

    Raises InputError where no manifest or ledger stands beside them: a run without audit can't be undone.
    """
    if not (records.is_file() or is_parted(records)):
        raise InputError(f"There is no file {records}, and no folder of that name with the parts of a run.")
    names = names_in(records) if records.is_dir() else siblings(records, audit_folder)
    if audit_folder and not names["run"].is_file():
        names = siblings(None, audit_folder)  # the records came through a pipe
    if not names["run"].is_file():
        raise InputError(
            f"No run manifest {names['run']} stands beside {records}. If the run wrote its audit elsewhere, "
            "name that folder with --audit DIR; a run with --no-audit keeps none."
        )
    try:
        manifest = orjson.loads(names["run"].read_bytes())
        known = manifest["sources"], [manifest["counts"][kind] for kind in ("kept", "removed", "quarantined")]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        known = None
    if known is None:
        raise InputError(f"{names['run']} is no run manifest, or was changed after the run.")
    told = manifest.get("outputs", {})
    for kind in names.keys() & told.keys():
        if not names[kind].exists():  # named by another format, as where the records came through a pipe
            names[kind] = names["run"].with_name(Path(told[kind]).name)
    wrote = told.get("output", "-")
    if wrote != "-" and records.is_file() and format_of(wrote) != format_of(records):
        # out.csv and out.parquet have one ledger between them: that of the run that came last.
        raise InputError(f"{names['run']} is of the run that wrote {wrote}, which took the place of that of {records}.")
    return Outputs(records, names, manifest)


def restored_records(outputs: Outputs) -> Iterator[Row | bytes]:
    """Every input record in reading order; broken input comes as the bytes of its line.

    Raises InputError where one of the files is gone, and PromiseBroken where records were changed, moved or taken out
    after the run. What is missing at the end shows only at the end.
    """
    for kind in ("ledger", "removed", "quarantine"):
        if not outputs.names[kind].exists():
            raise InputError(f"{outputs.names[kind]} is gone, and without it the input can't be rebuilt.")
    rank = {name: at for at, name in enumerate(outputs.manifest["sources"])}

    def place(row: Row) -> Place:
        try:
            return rank.get(row["source_file"], len(rank)), row["source_line"]
        except KeyError as error:
            raise PromiseBroken(f"A row of the outputs has lost its {error}; it was changed after the run.") from error

    ledger = _Ledger(outputs.sidecar("ledger"), place)
    streams = (
        ((place(row), "kept", row) for row in outputs.kept()),
        ((place(row), "removed", row) for row in outputs.sidecar("removed")),
        ((place(row), "quarantined", row) for row in outputs.sidecar("quarantine")),
    )
    counts = Counter(kept=0, removed=0, quarantined=0)
    last: Place = (-1, 0)
    for at, kind, row in heapq.merge(*streams, key=lambda entry: entry[0]):
        if kind == "quarantined":
            counts[kind] += not row.get("more")
            yield audit.raw_bytes(row) + (b"" if row.get("more") else b"\n")
            continue
        if at <= last:
            raise PromiseBroken(
                f"The {kind} records are not in the order in which the run wrote them, from "
                f"{row['source_file']}:{row['source_line']} on. Restore from the run's own outputs."
            )
        last = at
        counts[kind] += 1
        yield restored(row, ledger.shape_at(at), ledger.changes)
    _check_counts(counts, outputs)


def _check_counts(counts: Mapping[str, int], outputs: Outputs) -> None:
    files = {"kept": outputs.records, "removed": outputs.names["removed"], "quarantined": outputs.names["quarantine"]}
    for kind, file in files.items():
        wrote = outputs.manifest["counts"][kind]
        if counts[kind] != wrote:
            raise PromiseBroken(f"{file} holds {counts[kind]} rows, and the run wrote {wrote}. The input is not whole.")


def restored(record: Row, shape: audit.Shape, changes: list[Row]) -> Row:
    """One record as it came.

    >>> shape = audit.Shape(Layout(("headline", "text"), (("headline", "title"),)))
    >>> restored({"title": "B", "text": "t", "flags": []}, shape, [{"column": "title", "old": "A", "new": "B"}])
    {'headline': 'A', 'text': 't'}
    """
    values = dict(record)
    values |= {name: parse_value(values[name]) for name in shape.json if isinstance(values.get(name), str)}
    values |= dict.fromkeys((name for name in shape.empty if values.get(name) is None), "")
    for change in reversed(changes):
        column = change["column"]
        if "edits" in change:
            now = values.get(column)
            if not isinstance(now, str):
                raise PromiseBroken(f"The outputs have lost the text of {column!r}; they were changed after the run.")
            values[column] = undo_edits(now, audit.edits_of(change))
        else:
            values[column] = change["old"]
    return {key: values.get(name) for key, name in zip(shape.layout.keys, shape.layout.names, strict=True)}


class _Ledger:
    """The ledger, read alongside the records; `changes` are those of the record last asked for."""

    def __init__(self, ledger: Iterator[Row], place: Callable[[Row], Place]) -> None:
        self._rows, self._place = ledger, place
        self._next = next(self._rows, None)
        self._shape = audit.Shape(Layout(()))
        self.changes: list[Row] = []

    def shape_at(self, place: Place) -> audit.Shape:
        """The shape of the record at this place; places are asked for in reading order."""
        self.changes = []
        while self._next is not None and self._place(self._next) <= place:
            row, self._next = self._next, next(self._rows, None)
            if "keys" in row:
                self._shape = audit.Shape.of_row(row)
            elif self._place(row) == place:  # else of a record that was taken out
                self.changes.append(row)
        return self._shape
