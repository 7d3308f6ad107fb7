"""The whole story of one record, gathered from the outputs of its run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Protocol

from corpus_tools.audit import edits_of
from corpus_tools.decision import PolicyRow, deciding_row, policy, policy_of_run
from corpus_tools.errors import InputError, PromiseBroken
from corpus_tools.flags import FLAGS
from corpus_tools.ledger import undo_edits

Row = dict[str, Any]
Story = dict[str, Any]


class Run(Protocol):
    """What a run left: the records it kept, and what stands beside them, row by row."""

    @property
    def records(self) -> object:
        """What the kept records are called."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The run's own account."""

    def kept(self) -> Iterator[Row]:
        """The records that the run kept."""

    def sidecar(self, kind: str) -> Iterator[Row]:
        """The rows of `removed`, `ledger` or `findings`."""


_CLUSTER = ("cluster_id", "duplicate_of", "relation", "similarity", "containment", "duplicate_reason", "copies",
            "published_by", "offered")  # fmt: skip
_AROUND = 60  # characters given on either side of a piece of evidence or an edit
_MEMBERS = 20
_NEAR = 3


def stories(outputs: Run, name: str, rules: str | None = None) -> list[Story]:
    """One story for each record of this id, or if there is none, of this address; an id that was given twice has two.

    A story is JSON: `id`, `source_file`, `source_line`, `where` (kept or removed), `title`, `source`, `url`,
    `published_at`; `changes` (ledger rows); `status` and `chain` (each hop with the text `before` and `after` its
    evidence, where that stands in the text); `cluster` (what the record says of it, how many `records` are in it, and
    the first twenty of them as `members`); `findings` (with their `advice`); `verdict` and `policy` (`flag`, `verdict`,
    `says` and `file` of the line behind the verdict).

    Raises InputError, with the nearest ids, where no record is meant.
    """
    (found,) = _records(outputs, [name])
    places = {place_of(record) for _, record in found}
    ledger = list(rows_at(outputs.sidecar("ledger"), places))
    findings = list(rows_at(outputs.sidecar("findings"), places))
    decides = policy(rules) if rules else policy_of_run(outputs.manifest)
    clusters = _members(outputs, {str(record["cluster_id"]) for _, record in found if record.get("cluster_id")})
    return [_story(where, record, ledger, findings, decides, clusters) for where, record in found]


def record_of_each(outputs: Run, names: Sequence[str]) -> list[tuple[str, Row]]:
    """Of each id or address where its record is, kept or removed, and the record; the first where several are.

    Raises InputError, with the nearest ids, where there is none.
    """
    return [found[0] for found in _records(outputs, names)]


def _records(outputs: Run, names: Sequence[str]) -> list[list[tuple[str, Row]]]:
    """The records of each name, in one pass over them all."""
    asked = [_Asked(name) for name in names]
    for where, record in _every(outputs):
        for one in asked:
            one.look_at(where, record)
    return [one.answer(outputs.records) for one in asked]


class _Asked:
    """What a name may mean: the records of that id, else of that address; where there are none, the nearest ids."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._by_id: list[tuple[str, Row]] = []
        self._by_url: list[tuple[str, Row]] = []
        self._near: list[tuple[int, str]] = []

    def look_at(self, where: str, record: Row) -> None:
        own = str(record.get("id"))
        if own == self._name:
            self._by_id.append((where, record))
        elif record.get("url") == self._name:
            self._by_url.append((where, record))
        elif not self._by_id and (likeness := _likeness(own, self._name)):
            self._near = sorted({*self._near, (-likeness, own)})[:_NEAR]

    def answer(self, records: object) -> list[tuple[str, Row]]:
        if self._by_id or self._by_url:
            return self._by_id or self._by_url
        meant = f" Did you mean {', '.join(own for _, own in self._near)}?" if self._near else ""
        raise InputError(f"No record of {records} or of those removed has the id or address {self._name!r}.{meant}")


def _likeness(one: str, other: str) -> int:
    """How many characters two ids share at their ends; 0 where it is less than half, unless one begins with `other`."""
    ends = _same(one, other) + _same(reversed(one), reversed(other))
    return ends if 2 * ends >= max(len(one), len(other)) or one.startswith(other) else 0


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _every(outputs: Run) -> Iterator[tuple[str, Row]]:
    yield from (("kept", record) for record in outputs.kept())
    yield from (("removed", record) for record in outputs.sidecar("removed"))


def place_of(row: Mapping[str, Any]) -> tuple[Any, Any]:
    """Where a record, or a row about one, is from."""
    return row.get("source_file"), row.get("source_line")


def rows_at(sidecar: Iterable[Row], places: set[tuple[Any, Any]]) -> Iterator[Row]:
    """The rows of a sidecar that are about the records of these places."""
    return (row for row in sidecar if place_of(row) in places and "keys" not in row)


def _members(outputs: Run, wanted: set[str]) -> dict[str, Row]:
    """How many records some clusters have, and the first of them, the kept ones before the others."""
    found: dict[str, Row] = {cluster: {"records": 0, "members": []} for cluster in wanted}
    if wanted:
        for where, record in _every(outputs):
            cluster = found.get(str(record.get("cluster_id")))
            if cluster is not None:
                cluster["records"] += 1
                if cluster["records"] <= _MEMBERS:
                    said = {name: record.get(name) for name in ("id", "source", "url", "relation")}
                    cluster["members"].append(said | {"where": where})
    return found


def _story(
    where: str,
    record: Row,
    ledger: Sequence[Row],
    findings: Sequence[Row],
    decides: Mapping[str, PolicyRow],
    clusters: Mapping[str, Row],
) -> Story:
    place = place_of(record)
    changes = [row for row in ledger if place_of(row) == place]
    said = [
        row | {"advice": FLAGS[row["code"]].advice if row["code"] in FLAGS else None}
        for row in findings
        if place_of(row) == place
    ]
    return {
        "id": record["id"],
        "source_file": place[0],
        "source_line": place[1],
        "where": where,
        **{name: record.get(name) for name in ("title", "source", "url", "published_at")},
        "changes": changes,
        "status": record.get("syndication_status"),
        "chain": [_inplace_of(hop, record, changes) for hop in _objects(record, "syndication_chain")],
        "cluster": {name: record[name] for name in _CLUSTER if record.get(name) is not None}
        | {name: _objects(record, name) for name in ("published_by", "offered") if record.get(name) is not None}
        | clusters.get(str(record.get("cluster_id")), {}),
        "findings": said,
        "verdict": record.get("verdict"),
        "policy": _policy(record, decides),
    }


def _policy(record: Row, decides: Mapping[str, PolicyRow]) -> Row:
    """The line behind the verdict; without a flag where there is none, or where the rules are no longer those."""
    nothing = {"flag": None, "verdict": record.get("verdict"), "file": None}
    flags = [flag for flag in _list(record, "flags") if isinstance(flag, str)]
    row = deciding_row(flags, dict(decides))
    if record.get("verdict") is None:
        return nothing | {"says": "Nobody decided: the step `decide` did not run."}
    if record["verdict"] != (row.verdict if row else "keep"):
        return nothing | {"says": "By rules that are not here any more; name the run's with --rules FILE."}
    if row is None:
        return nothing | {"says": "No flag of the policy speaks against keeping it."}
    flag = next(flag for flag in flags if decides.get(flag) == row)
    return {"flag": flag, "verdict": row.verdict, "says": row.says, "file": row.file}


def _inplace_of(hop: Row, record: Row, changes: Sequence[Row]) -> Row:
    """A hop with what stands around its evidence, in the text as it was when the evidence was found."""
    field, start, end = hop.get("field"), hop.get("start"), hop.get("end")
    if not (isinstance(field, str) and isinstance(start, int) and isinstance(end, int)):
        return hop
    for text in earlier_texts(record, field, changes):
        if text[start:end] == hop.get("evidence"):
            return hop | {"before": text[max(0, start - _AROUND) : start], "after": text[end : end + _AROUND]}
    return hop


def surrounded(change: Row, record: Row, changes: Sequence[Row]) -> Row:
    """A change with what stood `before` and `after` each of its edits; as it is where the texts can't be had back."""
    own = [row for row in changes if row["column"] == change["column"]]
    texts = list(earlier_texts(record, change["column"], changes))
    if "edits" not in change or len(texts) != len(own) + 1:
        return change
    text = texts[len(own) - own.index(change)]
    return change | {
        "edits": [
            edit | {"before": text[max(0, edit["start"] - _AROUND) : edit["start"]],
                    "after": text[edit["end"] : edit["end"] + _AROUND]}
            for edit in change["edits"]
        ]
    }  # fmt: skip


def earlier_texts(record: Row, column: str, changes: Sequence[Row]) -> Iterator[str]:
    """A column's text as it is, then as it was before the last change, and so on to how it came."""
    text = record.get(column)
    if not isinstance(text, str):
        return
    yield text
    for change in reversed([row for row in changes if row.get("column") == column]):
        try:
            text = undo_edits(text, edits_of(change)) if "edits" in change else change.get("old")
        except PromiseBroken:  # somebody changed the record after the run
            return
        if not isinstance(text, str):
            return
        yield text


def _objects(record: Row, name: str) -> list[Row]:
    """The objects of a list. Where a step did not run, the column may hold what somebody else wrote."""
    return [item for item in _list(record, name) if isinstance(item, dict)]


def _list(record: Row, name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []
