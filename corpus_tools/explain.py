"""The whole story of one record, gathered from the outputs of its run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tools.decision import PolicyRow, deciding_row, policy
from corpus_tools.flags import FLAGS
from corpus_tools.restore import Outputs

Story = dict[str, Any]
_CLUSTER = ("cluster_id", "duplicate_of", "relation", "similarity", "containment", "duplicate_reason", "copies",
            "published_by", "offered")  # fmt: skip


def stories(outputs: Outputs, id: str, rules: str | None = None) -> list[Story]:  # noqa: A002  # the column's name
    """One story for each record of this id; an id that was given twice has two. Empty where there is none.

    A story has: id, source_file, source_line, where (kept or removed), title, source, url, changes (ledger rows),
    chain, status, cluster, findings (with advice), verdict and policy (the line behind the verdict).
    """
    found = [
        (where, record)
        for where, records in (("kept", outputs.kept()), ("removed", outputs.sidecar("removed")))
        for record in records
        if record.get("id") == id
    ]
    if not found:
        return []
    places = {(record.get("source_file"), record.get("source_line")) for _, record in found}
    ledger = list(_at(outputs.sidecar("ledger"), places))
    findings = list(_at(outputs.sidecar("findings"), places))
    return [_story(where, record, ledger, findings, rules) for where, record in found]


def _at(sidecar: Iterator[dict[str, Any]], places: set[tuple[Any, Any]]) -> Iterator[dict[str, Any]]:
    return (row for row in sidecar if (row["source_file"], row["source_line"]) in places and "keys" not in row)


def _story(
    where: str,
    record: dict[str, Any],
    ledger: list[dict[str, Any]],
    findings: list[dict[str, Any]],
    rules: str | None,
) -> Story:
    place = (record.get("source_file"), record.get("source_line"))
    line = deciding_row([flag for flag in _list(record, "flags") if isinstance(flag, str)], policy(rules))
    said = [
        row | {"advice": FLAGS[row["code"]].advice if row["code"] in FLAGS else None}
        for row in findings
        if (row["source_file"], row["source_line"]) == place
    ]
    return {
        "id": record["id"],
        "source_file": place[0],
        "source_line": place[1],
        "where": where,
        **{name: record.get(name) for name in ("title", "source", "url")},
        "changes": [row for row in ledger if (row["source_file"], row["source_line"]) == place],
        "status": record.get("syndication_status"),
        "chain": _objects(record, "syndication_chain"),
        "cluster": {name: record[name] for name in _CLUSTER if record.get(name) is not None}
        | {name: _objects(record, name) for name in ("published_by", "offered") if record.get(name) is not None},
        "findings": said,
        "verdict": record.get("verdict"),
        "policy": _policy(record, line),
    }


def _policy(record: dict[str, Any], line: PolicyRow | None) -> str:
    if record.get("verdict") is None:
        return "Nobody decided: the step `decide` did not run."
    return line.says if line else "No flag of the policy speaks against keeping it."


def _objects(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list. Where a step did not run, the column may hold what somebody else wrote."""
    return [item for item in _list(record, name) if isinstance(item, dict)]


def _list(record: dict[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []
