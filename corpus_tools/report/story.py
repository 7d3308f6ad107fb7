"""The story of one record as text: where it came from, what was changed, whose it is, and why it was kept or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tools.shown import shown

_SHOWN = 60
_AROUND = 40


def told(story: Mapping[str, Any]) -> str:
    """A story (see corpus_tools.explain) for a terminal."""
    return "\n".join(map(shown, _lines(story)))


def _lines(story: Mapping[str, Any]) -> Iterator[str]:
    yield f"{story['id']}  {story['title'] or '(no title)'}"
    yield f"  from {story['source_file']}:{story['source_line']}, served by {story['source'] or 'nobody named'}"
    if story["url"]:
        yield f"  {story['url']}"
    yield f"  {story['where']}, verdict {story['verdict'] or 'none'}{_because(story['policy'])}"
    yield from _section("Changes", [line for change in story["changes"] for line in change_lines(change)])
    yield from _section(
        f"Syndication: {story['status'] or 'not traced'}", [line for hop in story["chain"] for line in _hop(hop)]
    )
    yield from _section("Cluster", _cluster(story["cluster"]))
    yield from _section("Flags", [line for finding in story["findings"] for line in finding_lines(finding)])


def _section(title: str, lines: list[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {line}" for line in lines or ["none"])


def change_lines(change: Mapping[str, Any]) -> Iterator[str]:
    """What one change did, a line for each edit."""
    where = f"{change['column']}, by {change['step']}"
    if "edits" not in change:
        rule = f" ({change['rule']})" if change.get("rule") else ""
        yield f"{where}{rule}: {_short(change['old'])} → {_short(change['new'])}"
        return
    for edit in change["edits"]:
        rule = f" ({edit['rule']})" if edit.get("rule") else ""
        yield f"{where}{rule}, characters {edit['start']}–{edit['end']}: {_short(edit['old'])} → {_short(edit['new'])}"


def _because(policy: Mapping[str, Any]) -> str:
    return (
        f" (policy: {policy['flag']} → {policy['verdict']}): {policy['says']}"
        if policy["flag"]
        else f": {policy['says']}"
    )


def _hop(hop: Mapping[str, Any]) -> Iterator[str]:
    role, name, slot, field = (str(hop.get(key)) for key in ("role", "name", "slot", "field"))
    place = f"{field} {hop['start']}–{hop.get('end')}" if hop.get("start") is not None else field
    address = f" {hop['url']}" if hop.get("url") else ""
    sure = f", confidence {hop['confidence']:.2f}" if isinstance(hop.get("confidence"), float) else ""
    yield f"{role:<12} {name}{address}   {slot}: {_short(hop.get('evidence'))} ({place}{sure})"
    before, after = str(hop.get("before") or "").rpartition("\n")[2], str(hop.get("after") or "").partition("\n")[0]
    if before.strip() or after.strip():
        yield f"{'':<12} {_cut_left(before.lstrip())}‹{_within(hop['evidence'])}›{_cut_right(after.rstrip())}"


def _cut_left(text: str) -> str:
    return text if len(text) <= _AROUND else "…" + text[-_AROUND:]


def _cut_right(text: str) -> str:
    return text if len(text) <= _AROUND else text[:_AROUND] + "…"


def _cluster(cluster: Mapping[str, Any]) -> list[str]:
    lines = []
    if cluster.get("duplicate_of"):
        figures = f"similarity {cluster.get('similarity')}, containment {cluster.get('containment')}"
        lines.append(f"{cluster.get('relation')} copy of {cluster['duplicate_of']} ({figures})")
        lines.append(f"that one was chosen by {cluster.get('duplicate_reason')}")
    elif cluster.get("copies"):
        lines.append(f"kept; it stands for {cluster['copies']} records")
    lines += [
        f"run by {outlet.get('source') or outlet.get('url')} on {outlet.get('published_at') or 'no date'}"
        for outlet in cluster.get("published_by") or []
    ]
    members = cluster.get("members") or []
    if members:
        lines.append(f"in it: {', '.join(map(_member, members))}")
    lines += [
        f"{offer.get('from')} knows its {offer.get('column')}: {_short(offer.get('value'))}"
        for offer in cluster.get("offered") or []
    ]
    return lines


def _member(member: Mapping[str, Any]) -> str:
    said = (member.get("source"), member.get("relation"), member["where"])
    return f"{member['id']} ({', '.join(str(word) for word in said if word)})"


def finding_lines(finding: Mapping[str, Any]) -> Iterator[str]:
    """A flag with its evidence, and where it is given, what to do about it."""
    evidence = f" — {_short(finding['evidence'])}" if finding.get("evidence") else ""
    yield f"{finding['code']} {finding['name']} ({finding['severity']}): {finding['says']}{evidence}"
    if finding.get("advice"):
        yield f"      {finding['advice']}"


def _within(evidence: str) -> str:
    return evidence if len(evidence) <= _SHOWN else f"{evidence[: _SHOWN // 2]} … {evidence[-_SHOWN // 2 :]}"


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
