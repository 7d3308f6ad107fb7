"""The story of one record as text: where it came from, what was changed, whose it is, and why it was kept or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus_tools.report.columns import Line, Part, line, typeset
from corpus_tools.report.marks import COLOURS

_SHOWN = 60
_AROUND = 40
_LONGEST_NAME = 200
_MOST_EDITS = 12


def told(story: Mapping[str, Any], width: int, *, colours: bool = False) -> str:
    """A story (see corpus_tools.story) for a terminal of `width` columns."""
    return "\n".join(typeset(_lines(story), width, colours=colours))


def _lines(story: Mapping[str, Any]) -> Iterator[Line]:
    yield from head_lines(story)
    yield line(*_verdict(story), indent=2)
    yield from _section("Changes", [each for change in story["changes"] for each in _change(change)])
    yield from _section(
        f"Syndication: {story['status'] or 'not traced'}", [each for hop in story["chain"] for each in _hop(hop)]
    )
    yield from _section("Cluster", list(_cluster(story["cluster"])))
    yield from _section("Flags", [each for finding in story["findings"] for each in finding_lines(finding)])


def head_lines(record: Mapping[str, Any], mark: str = "") -> Iterator[Line]:
    """What a record is: id and title, address, and where it came from."""
    yield line((f"{mark}{record['id']}", "bold"), f"  {cut_short(record['title'] or '(no title)', _LONGEST_NAME)}")
    if record["url"]:
        yield Line((cut_short(record["url"], 5 * _LONGEST_NAME),), "  ", "  ", whole=True)  # broken, it opens nothing
    date = f" on {record['published_at']}" if record.get("published_at") else ""
    source = cut_short(record["source"] or "nobody named", _LONGEST_NAME)
    yield line(f"from {record['source_file']}:{record['source_line']}, served by {source}{date}", indent=2)


def _section(title: str, lines: list[Line]) -> Iterator[Line]:
    yield line()
    yield line((title, "bold"))
    yield from lines or [line("none", indent=2)]


def _verdict(story: Mapping[str, Any]) -> Iterator[Part]:
    verdict, policy = story["verdict"] or "none", story["policy"]
    yield from (f"{story['where']}, verdict ", (verdict, COLOURS.get(verdict, "")), f": {policy['says']}")
    if policy["flag"]:
        yield f" ({policy['file']}: {policy['flag']} → {policy['verdict']})"


def _change(change: Mapping[str, Any]) -> Iterator[Line]:
    """What one change did, a line for each edit."""
    rule = f" ({change['rule']})" if change.get("rule") else ""
    yield line(f"{change['column']}, by {change['step']}{rule}", indent=2)
    if "edits" not in change:
        yield line(*_from_to(change["old"], change["new"]), indent=6)
        return
    for edit in change["edits"][:_MOST_EDITS]:
        rule = f" ({edit['rule']})" if edit.get("rule") else ""
        yield line(f"{edit['start']}–{edit['end']}{rule}: ", *_from_to(edit["old"], edit["new"]), indent=6)
    if len(change["edits"]) > _MOST_EDITS:
        yield line(f"… and {len(change['edits']) - _MOST_EDITS:,} more; --format json has them all", indent=6)


def _from_to(old: Any, new: Any) -> Sequence[Part]:
    return (_quoted(old), COLOURS["old"]), " → ", (_quoted(new), COLOURS["new"])


def _hop(hop: Mapping[str, Any]) -> Iterator[Line]:
    role, name, slot, field = (str(hop.get(key)) for key in ("role", "name", "slot", "field"))
    sure = f", confidence {hop['confidence']:.2f}" if isinstance(hop.get("confidence"), float) else ""
    place = f" {hop['start']}–{hop.get('end')}" if hop.get("start") is not None else ""
    yield line(f"{role:<12} ", (name, "bold"), f"  ({slot} in {field}{place}{sure})", indent=2, hang=13)
    if hop.get("url"):
        yield Line((str(hop["url"]),), " " * 15, whole=True)
    if hop.get("evidence"):
        before, after = str(hop.get("before") or "").rpartition("\n")[2], str(hop.get("after") or "").partition("\n")[0]
        yield line(
            end_of(before.lstrip(), _AROUND), (f"‹{_within(str(hop['evidence']))}›", COLOURS["evidence"]),
            beginning_of(after.rstrip(), _AROUND), indent=15, hang=0,
        )  # fmt: skip


def end_of(text: str, limit: int) -> str:
    """The last words of a text that is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    end = text[-limit:]
    return "…" + (end.partition(" ")[2] or end)


def beginning_of(text: str, limit: int) -> str:
    """The first words of a text that is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    return (text[:limit].rpartition(" ")[0] or text[:limit]) + "…"


def _cluster(cluster: Mapping[str, Any]) -> Iterator[Line]:
    if cluster.get("duplicate_of"):
        yield line(copy_of(cluster), indent=2)
        yield line(f"that one was chosen by {cluster.get('duplicate_reason')}", indent=2)
    elif cluster.get("copies"):
        yield line(f"kept; it stands for {cluster['copies']} records", indent=2)
    for outlet in cluster.get("published_by") or []:
        name = outlet.get("source") or outlet.get("url")
        yield line(f"run by {name} on {outlet.get('published_at') or 'no date'}", indent=2)
    members = cluster.get("members") or []
    if members:
        yield line(f"in it, {cluster['records']:,} records:", indent=2)
        yield from (line(_member(member), indent=6) for member in members)
        if cluster["records"] > len(members):
            yield line(f"… and {cluster['records'] - len(members):,} more", indent=6)
    for offer in cluster.get("offered") or []:
        yield line(f"{offer.get('from')} knows its {offer.get('column')}: {_quoted(offer.get('value'))}", indent=2)


def copy_of(record: Mapping[str, Any]) -> str:
    """Whose copy a record is, and how alike the run found the two."""
    figures = ", ".join(f"{name} {_figure(record.get(name))}" for name in ("similarity", "containment"))
    return f"{record.get('relation')} copy of {record['duplicate_of']} ({figures})"


def _figure(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, int | float) else "unknown"


def _member(member: Mapping[str, Any]) -> str:
    said = (member.get("source"), member.get("relation"), member["where"])
    return f"{member['id']} ({', '.join(str(word) for word in said if word)})"


def finding_lines(finding: Mapping[str, Any]) -> Iterator[Line]:
    """A flag with its evidence, and where it is given, what to do about it."""
    evidence = f" — {_quoted(finding['evidence'])}" if finding.get("evidence") else ""
    severity = str(finding["severity"])
    yield line(f"{finding['code']} {finding['name']} (", (severity, COLOURS.get(severity, "")),
               f"): {finding['says']}{evidence}", indent=2)  # fmt: skip
    if finding.get("advice"):
        yield line(finding["advice"], indent=6, hang=0)


def _within(evidence: str) -> str:
    return cut_inside(evidence, 4 * _SHOWN)


def cut_inside(text: str, limit: int) -> str:
    """A text with its middle left out where it is longer than `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit * 2 // 3]} … {text[-(limit // 3) :]}"


def cut_short(text: object, limit: int) -> str:
    """A text without its end where it is longer than `limit` characters."""
    written = str(text)
    return written if len(written) <= limit else written[: limit - 1] + "…"


def _quoted(value: Any) -> str:
    return repr(cut_inside(value, _SHOWN)) if isinstance(value, str) else cut_short(value, _SHOWN)
