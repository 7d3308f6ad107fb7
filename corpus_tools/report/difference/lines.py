"""What became of each record, for people in a terminal or a log, and as JSON lines for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from corpus_tools.flags import FLAGS
from corpus_tools.report.difference.compared import ClusterChange, Comparison, Difference, FieldChange
from corpus_tools.report.json_line import json_line
from corpus_tools.shown import shown

Paint = Callable[[str, str], str]
"""Colours a text that stands for "old", "new" or "name"; the text says the same without."""

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_MEANS = {"added": "new", "removed": "old", "changed": "name"}
_WORD = re.compile(r"[\w.-]+", re.ASCII)
_SPACES = re.compile(r"[^\S ]")
_VALUE, _TITLE = 160, 80
_ENDS = 40  # characters shown of either end of what stayed


def plain(_kind: str, text: str) -> str:
    """No colours."""
    return text


def as_text(comparison: Comparison, paint: Paint = plain) -> Iterator[str]:
    """What became of each record; below it, what was changed. `[-old-]` stands for what went, `{+new+}` for what came.

    No line starts with what records say, and nothing of it moves a cursor.
    """
    for one in comparison.differences:
        yield _heading(one, paint)
        if one.broken:
            yield f"    no record: {shown(one.broken, _VALUE)}"
        for change in one.fields:
            yield f"    {key_name(change.name)}: {_change(change, paint)}"
        if one.gained or one.lost:
            signs = [paint("new", f"+{_flag(code)}") for code in one.gained]
            yield f"    flags: {', '.join([*signs, *(paint('old', f'-{_flag(code)}') for code in one.lost)])}"
        if one.cluster:
            yield f"    cluster: {_cluster(one.cluster)}"


def _heading(one: Difference, paint: Paint) -> str:
    name = shown(one.id, _TITLE) if one.id is not None else "(no id)"
    title = f"  {shown(one.title, _TITLE)}" if one.title else ""
    where = " → ".join(shown(str(place)) for place in (one.old, one.new) if place)
    return f"{paint(_MEANS[one.kind], f'{_SIGNS[one.kind]} {one.kind} {name}')}{title}  ({where})"


def _change(change: FieldChange, paint: Paint) -> str:
    if not change.stretches:
        old, new = (shown(json_line(value), _VALUE) for value in (change.old, change.new))
        return f"{paint('old', old)} → {paint('new', new)}"
    last = len(change.stretches) - 1
    return "".join(
        _piece(shortened(old, at == 0, at == last)) if old == new else _marked(old, new, paint)
        for at, (old, new) in enumerate(change.stretches)
    )


def _marked(old: str, new: str, paint: Paint) -> str:
    went = paint("old", f"[-{exact(_piece(old))}-]") if old else ""
    return went + (paint("new", f"{{+{exact(_piece(new))}+}}") if new else "")


def _piece(text: str) -> str:
    """Shown so that it gives no order whatever is written behind it."""
    return shown(f"{text}[").removesuffix("[")


def exact(text: str) -> str:
    r"""With the spaces told apart that look alike.

    >>> exact("5\xa0%")
    '5\\xa0%'
    """
    return _SPACES.sub(lambda found: ascii(found[0])[1:-1], text)


def shortened(text: str, is_first: bool, is_last: bool) -> str:
    """What stayed, as much of it as tells the place of a change.

    >>> shortened("The ferry to Saint Orrin sails again on Monday, the harbour office said.", True, False)
    '… on Monday, the harbour office said.'
    """
    head = "" if is_first else text[:_ENDS].rsplit(" ", 1)[0]
    tail = "" if is_last else text[-_ENDS:].split(" ", 1)[-1]
    if len(text) <= len(head) + len(tail) + 8:
        return text
    return f"{head}{' ' * bool(head)}…{' ' * bool(tail)}{tail}"


def key_name(name: str) -> str:
    """The name of a column; in quotes where it is more than a word, so that no line starts with what it says.

    >>> key_name("url"), key_name("::error::")
    ('url', '"::error::"')
    """
    return name if _WORD.fullmatch(name) else f'"{shown(name, _TITLE)}"'


def _flag(code: str) -> str:
    name = f" {FLAGS[code].name}" if code in FLAGS else ""
    return f"{shown(code, _TITLE)}{name}"


def _cluster(change: ClusterChange) -> str:
    old, new = (shown(name or "", _TITLE) for name in (change.old, change.new))
    return {
        "joined": f"joined {new}",
        "left": f"left {old}",
        "moved": f"moved from {old} to {new}",
        "renamed": f"goes on with another keeper, {old} → {new}",
    }[change.how]


def as_jsonl(comparison: Comparison) -> Iterator[str]:
    """What became of each record as a JSON object, with all that is known of it."""
    for one in comparison.differences:
        yield json_line(json_row(one))


def json_row(one: Difference) -> dict[str, Any]:
    """What became of one record.

    `old` and `new` are its places, null where it was not. A field of text has `edits`: where to cut the old text, from
    `start` to `end`, and the `text` to put there.
    """
    return {
        "kind": one.kind,
        "id": one.id,
        "title": one.title,
        "old": asdict(one.old) if one.old else None,
        "new": asdict(one.new) if one.new else None,
        "fields": [
            {"name": change.name, "old": change.old, "new": change.new}
            | ({"edits": _edits(change)} if change.stretches else {})
            for change in one.fields
        ],
        "flags_gained": list(one.gained),
        "flags_lost": list(one.lost),
        "cluster": asdict(one.cluster) if one.cluster else None,
        "broken": one.broken,
    }


def _edits(change: FieldChange) -> list[dict[str, Any]]:
    edits, at = [], 0
    for old, new in change.stretches:
        if old != new:
            edits.append({"start": at, "end": at + len(old), "text": new})
        at += len(old)
    return edits
