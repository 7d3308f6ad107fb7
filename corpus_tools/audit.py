"""What a run writes beside its records: ledger, findings, quarantine. Rows in reading order, whatever the chunk size.

A ledger row is one of two things. Where the keys of a record differ from those of the record before it, a row of
step `read` names them in their order; every other row is one change of one cell.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tools import cells
from corpus_tools.flags import FLAGS, Finding, Flag
from corpus_tools.io.chunk import Chunk, Layout, Quarantined
from corpus_tools.io.tables import is_json_cell
from corpus_tools.ledger import Change, Edit

Row = dict[str, Any]
SHOWN = 240
"""Characters of evidence that a finding quotes; the rest stands in the record."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a record came, and what the output's format can't say of it.

    `json` and `empty` matter for CSV and TSV alone, where all is text and null is nothing: the keys whose value stands
    there as JSON, and those whose value was an empty text.
    """

    layout: Layout
    json: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()

    def as_row(self) -> Row:
        """As it stands in the ledger."""
        row: Row = {"keys": list(self.layout.keys), "renamed": dict(self.layout.renamed)}
        return row | {name: list(keys) for name, keys in (("json", self.json), ("empty", self.empty)) if keys}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Shape:
        """From the ledger."""
        layout = Layout(tuple(row["keys"]), tuple(row["renamed"].items()))
        return cls(layout, tuple(row.get("json", ())), tuple(row.get("empty", ())))


def ledger_rows(chunk: Chunk, shapes: Sequence[Shape], last: Shape | None) -> Iterator[Row]:
    """The ledger of one chunk; `last` is the shape of the record before it."""
    changes: dict[int, list[Change]] = defaultdict(list)
    for change in chunk.changes:
        changes[change.row].append(change)
    places = _places(chunk)
    for row, shape in enumerate(shapes):
        if shape != last:
            file, line, _ = places[row]
            yield {"source_file": file, "source_line": line, "step": "read"} | shape.as_row()
            last = shape
        for change in changes[row]:
            yield change_row(change, *places[row])


def shapes_of(chunk: Chunk, *, as_text: bool, is_safe: bool = False) -> list[Shape]:
    """The shape of each record; `as_text` where the output's cells are all text, `is_safe` as `cell_of` takes it."""
    plain: dict[int, Shape] = {id(layout): Shape(layout) for layout in chunk.layouts}
    if not as_text:
        return [plain[id(layout)] for layout in chunk.layouts]
    names = dict.fromkeys(name for shape in plain.values() for name in shape.layout.names)
    columns = {name: cells.objects(chunk.frame, name) for name in names}
    shapes = []
    for row, layout in enumerate(chunk.layouts):
        values = {name: columns[name][row] for name in layout.names}
        as_json = tuple(name for name, value in values.items() if is_json_cell(name, value, is_safe=is_safe))
        shapes.append(Shape(layout, as_json, tuple(name for name, value in values.items() if value == "")))
    return shapes


def change_row(change: Change, file: str, line: int, id: str) -> Row:  # noqa: A002  # the column's own name
    """One change as it stands in the ledger.

    >>> change_row(Change(0, "fix_encoding", "title", (Edit(3, "Ã©", "é"),)), "a.jsonl", 1, "x")
    {'source_file': 'a.jsonl', 'source_line': 1, 'id': 'x', 'step': 'fix_encoding', 'column': 'title',
     'edits': [{'start': 3, 'end': 5, 'old': 'Ã©', 'new': 'é'}]}
    """
    row: Row = {"source_file": file, "source_line": line, "id": id, "step": change.step, "column": change.column}
    if change.rule:
        row["rule"] = change.rule
    if change.edits:
        return row | {"edits": [_edit_row(edit) for edit in change.edits]}
    return row | {"old": change.old, "new": change.new}


def _edit_row(edit: Edit) -> Row:
    row: Row = {"start": edit.start, "end": edit.end, "old": edit.old, "new": edit.new}
    return row | {"rule": edit.rule} if edit.rule else row


def edits_of(row: Mapping[str, Any]) -> list[Edit]:
    """The edits of a ledger row."""
    return [Edit(edit["start"], edit["old"], edit["new"], edit.get("rule")) for edit in row["edits"]]


def finding_rows(chunk: Chunk, own: Sequence[Flag] = ()) -> Iterator[Row]:
    """The findings of one chunk, by record and code; `own` are flags of private steps."""
    places = _places(chunk)
    flags = FLAGS | {flag.code: flag for flag in own}
    for finding in in_order(chunk.findings):
        yield finding_row(finding, flags[finding.code], *places[finding.row])


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Findings by record, code and place."""
    return sorted(findings, key=lambda f: (f.row, f.code, f.column or "", f.start or 0))


def finding_row(finding: Finding, flag: Flag, file: str, line: int, id: str) -> Row:  # noqa: A002  # the column's name
    """One finding as it is written, with its flag spelled out."""
    evidence = finding.evidence
    return {
        "code": flag.code,
        "name": flag.name,
        "severity": flag.severity,
        "says": finding.says or flag.says,
        "column": finding.column,
        "start": finding.start,
        "end": finding.end,
        "evidence": evidence if evidence is None or len(evidence) <= SHOWN else evidence[: SHOWN - 1] + "…",
        "step": finding.step or "read",
        "id": id,
        "source_file": file,
        "source_line": line,
    }


def broken_row(broken: Quarantined) -> Row:
    """Broken input as a finding, for those who only check."""
    finding = Finding(0, "SC006", says=f"{FLAGS['SC006'].says[:-1]}: {broken.reason}.")
    return finding_row(finding, FLAGS["SC006"], broken.source_file, broken.source_line, "")


def quarantine_row(broken: Quarantined) -> Row:
    """Broken input as it came: as text where it is UTF-8, else in base64."""
    row: Row = {
        "source_file": broken.source_file,
        "source_line": broken.source_line,
        "offset": broken.offset,
        "reason": broken.reason,
    }
    try:
        row["raw"] = broken.raw.decode("utf-8")
    except UnicodeDecodeError:
        row["raw_base64"] = base64.b64encode(broken.raw).decode("ascii")
    return row | {"more": True} if broken.more else row


def raw_bytes(row: Mapping[str, Any]) -> bytes:
    r"""The bytes of a quarantined piece of input.

    >>> raw_bytes(quarantine_row(Quarantined("a", 1, 0, "not UTF-8", b"caf\xe9")))
    b'caf\xe9'
    """
    if "raw_base64" in row:
        return base64.b64decode(row["raw_base64"])
    return str(row["raw"]).encode("utf-8")


def _places(chunk: Chunk) -> list[tuple[str, int, str]]:
    frame = chunk.frame
    return list(
        zip(
            cells.objects(frame, "source_file"),
            cells.objects(frame, "source_line"),
            cells.objects(frame, "id"),
            strict=True,
        )
    )
