"""A comparison in Markdown, for the page of a CI run or a comment on a pull request.

Every value, id and file name stands in a code span, where no markup, link or mention works.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from corpus_tools.flags import FLAGS
from corpus_tools.report.difference.compared import Comparison, Difference, FieldChange, Kind, Place
from corpus_tools.report.difference.lines import exact, shortened
from corpus_tools.report.json_line import json_line
from corpus_tools.report.markdown import ROWS, code, table

_STRETCHES = 12  # of a text, that a cell shows
_FIELDS = 6  # of a record
_MOVES = {
    "joined": "joined a cluster",
    "left": "left their cluster",
    "moved": "moved to another cluster",
    "renamed": "stayed in a cluster with another keeper",
}


def as_markdown(comparison: Comparison) -> Iterator[str]:
    """The comparison, line by line."""
    sums = comparison.sums
    yield f"## From {code(comparison.old)} to {code(comparison.new)}"
    yield ""
    yield sums.sentence()
    moves = [(_MOVES[how], f"{sums.moves[how]:,}") for how in _MOVES if sums.moves[how]]
    if moves:
        yield from table("Clusters", ("records that", "how many"), moves)
    codes = sorted({*sums.gained, *sums.lost})
    if codes:
        rows = [(code(one), _name(one), f"{sums.gained[one]:,}", f"{sums.lost[one]:,}") for one in codes]
        yield from table("Flags", ("flag", "name", "records that gained it", "that lost it"), rows)
    if sums.fields:
        order = sorted(sums.fields, key=lambda name: (-sums.fields[name], name))
        yield from table("Fields", ("field", "records"), [(code(name), f"{sums.fields[name]:,}") for name in order])
    yield from _changed(comparison)
    yield from _listed(comparison, "added", "Added")
    yield from _listed(comparison, "removed", "Removed")


def _name(flag: str) -> str:
    return code(FLAGS[flag].name) if flag in FLAGS else ""


def _first(comparison: Comparison, kind: Kind) -> list[Difference]:
    return list(islice((one for one in comparison.differences if one.kind == kind), ROWS))


def _listed(comparison: Comparison, kind: Kind, title: str) -> Iterator[str]:
    total = comparison.sums.kinds[kind]
    if total:
        rows = [(_place(one.new or one.old), code(one.id or ""), _said(one)) for one in _first(comparison, kind)]
        yield from table(title, ("place", "id", "title"), rows, total)


def _changed(comparison: Comparison) -> Iterator[str]:
    total = comparison.sums.kinds["changed"]
    if total:
        rows = [
            (_place(one.new), code(one.id or ""), "<br>".join(_changes(one))) for one in _first(comparison, "changed")
        ]
        yield from table("Changed", ("place", "id", "what"), rows, total)


def _changes(one: Difference) -> Iterator[str]:
    for change in one.fields[:_FIELDS]:
        yield f"{code(change.name)}: {_change(change)}"
    if len(one.fields) > _FIELDS:
        yield f"… and {len(one.fields) - _FIELDS:,} more fields"
    if one.gained:
        yield f"gained {', '.join(map(code, one.gained))}"
    if one.lost:
        yield f"lost {', '.join(map(code, one.lost))}"
    if one.cluster:
        yield f"cluster {one.cluster.how}: {_was(one.cluster.old)} → {_is(one.cluster.new)}"


def _change(change: FieldChange) -> str:
    if not change.stretches:
        return f"{_was(json_line(change.old))} → {_is(json_line(change.new))}"
    last = len(change.stretches) - 1
    parts = []
    for at, (old, new) in enumerate(change.stretches[:_STRETCHES]):
        if old == new:
            parts += [code(text) for text in [shortened(old, at == 0, at == last).strip()] if text]
        else:
            parts += [_was(old)] * bool(old) + [_is(new)] * bool(new)
    return " ".join([*parts, "…"] if last >= _STRETCHES else parts)


def _was(text: str | None) -> str:
    return "none" if text is None else f"<del>{code(exact(text))}</del>"


def _is(text: str | None) -> str:
    return "none" if text is None else f"<ins>{code(exact(text))}</ins>"


def _said(one: Difference) -> str:
    if one.broken:
        return f"no record: {code(one.broken)}"
    return code(one.title) if one.title else ""


def _place(place: Place | None) -> str:
    return code(str(place or ""))
