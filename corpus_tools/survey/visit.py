"""The walk over the outputs of a run: each record once, in reading order, with the changes that were made to it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from corpus_tools.errors import InputError
from corpus_tools.io.formats import compression_of_name, format_of
from corpus_tools.io.parted import MANIFEST, files_of, is_parted
from corpus_tools.restore import Outputs, find_outputs

Row = dict[str, Any]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Visit:
    """One record as the run left it; `kept` is False for one that it removed. `changes` are rows of the ledger."""

    record: Row
    kept: bool
    changes: list[Row]

    def text(self, name: str) -> str | None:
        """A column's text; None where there is none."""
        value = self.record.get(name)
        return value if isinstance(value, str) and value else None

    def objects(self, name: str) -> list[Row]:
        """The objects of a column that is a list. Where a step did not run, the column may hold anything."""
        value = self.record.get(name)
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    @property
    def flags(self) -> list[str]:
        """The codes of its flags."""
        value = self.record.get("flags")
        return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []

    @property
    def outlet(self) -> str:
        """Who served this copy: its `source`, else its host, as the run's own figures by outlet name it."""
        return self.text("source") or host_of(self.text("url")) or "(unknown)"

    @property
    def place(self) -> tuple[str, int]:
        """The file and line that it came from."""
        return place_of(self.record)

    @property
    def key(self) -> bytes:
        """What samples draw by."""
        return b"%s:%d" % (str(self.record.get("source_file")).encode("utf-8", "replace"), self.place[1])


def place_of(row: Mapping[str, Any]) -> tuple[str, int]:
    """The file and line of a row of any of the outputs; line 0 where somebody took the columns out."""
    line = row.get("source_line")
    return str(row.get("source_file")), line if isinstance(line, int) else 0


def host_of(url: str | None) -> str | None:
    """The host of an address; None where it is none."""
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


def find_run(run: Path, audit: Path | None = None) -> Outputs:
    """The outputs of a run, from its records, its manifest or the folder of its audit.

    Raises InputError where they are not there, or where the records went through a pipe and nobody says to where.
    """
    if is_parted(run):
        return find_outputs(run)
    if run.name == MANIFEST and is_parted(run.parent):
        return find_outputs(run.parent)
    if run.is_dir():
        manifests = sorted(run.glob("*.run.json"))
        if len(manifests) != 1:
            found = ", ".join(path.name for path in manifests) or "no run manifest"
            raise InputError(f"{run} holds {found}. Name the records of one run, e.g. {run / 'out.jsonl'}.")
        return find_run(manifests[0], audit)
    if not run.name.endswith(".run.json"):
        return find_outputs(run, audit)
    try:
        output = orjson.loads(run.read_bytes())["outputs"]["output"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{run} is no run manifest, or was changed after the run.") from error
    if output == "-":
        raise InputError(
            f"The run of {run} sent its records to a pipe. Name the file they went to: "
            f"corpus-tools report clean.jsonl --audit {run.parent}"
        )
    records = next((path for path in (run.with_name(Path(output).name), Path(output)) if path.is_file()), None)
    if records is None:
        raise InputError(f"{run} tells of {output}, and there is no such file. Name the records' file itself.")
    return find_outputs(records, None if records.parent == run.parent else run.parent)


def walk(outputs: Outputs) -> Iterator[Visit]:
    """Every kept and removed record once, in reading order, beside its changes.

    Records that somebody moved or took out after the run are no failure here: their changes are passed over.
    """
    rank = {name: at for at, name in enumerate(outputs.manifest["sources"])}

    def place(row: Row) -> Place:
        file, line = place_of(row)
        return rank.get(file, len(rank)), line

    kept = ((place(row), True, row) for row in kept_rows(outputs))
    removed = ((place(row), False, row) for row in sidecar_rows(outputs, "removed"))
    ledger = (row for row in sidecar_rows(outputs, "ledger") if "keys" not in row)
    waiting = next(ledger, None)
    for at, is_kept, record in heapq.merge(kept, removed, key=_first):
        changes: list[Row] = []
        while waiting is not None and (its := place(waiting)) <= at:
            if its == at:
                changes.append(waiting)
            waiting = next(ledger, None)
        yield Visit(record, is_kept, changes)


def _first(entry: tuple[Place, bool, Row]) -> Place:
    return entry[0]


def kept_rows(outputs: Outputs) -> Iterator[Row]:
    """The kept records."""
    return _lines(files_of(outputs.records)) if is_plain(outputs.records, outputs) else outputs.kept()


def sidecar_rows(outputs: Outputs, kind: str) -> Iterator[Row]:
    """The rows of a file beside the records; none where the run wrote no such file."""
    path = outputs.names[kind]
    if not path.exists():
        return iter(())
    return _lines(files_of(path)) if kind != "removed" or is_plain(path, outputs) else outputs.sidecar(kind)


def is_plain(path: Path, outputs: Outputs) -> bool:
    """Whether a file of records is JSON lines that can be read as they stand."""
    if path.is_dir():
        return all(compression_of_name(file) is None for file in files_of(path))
    to = outputs.manifest.get("options", {}).get("to")
    return (to or format_of(path)) == "jsonl" and compression_of_name(path) is None


def _lines(files: Sequence[Path]) -> Iterator[Row]:
    """JSON lines that we wrote. Three times as fast as the reader of anybody's files, which also hashes them."""
    for path in files:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    raise InputError(
                        f"{path}:{number}: not JSON. The file was changed after it was written."
                    ) from error
                if isinstance(row, dict):
                    yield row
