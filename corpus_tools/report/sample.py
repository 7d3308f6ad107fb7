"""Drawn records as text, for reading by eye."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tools.report.columns import Line, Part, line, typeset
from corpus_tools.report.marks import COLOURS
from corpus_tools.report.story import beginning_of, copy_of, cut_inside, end_of, finding_lines, head_lines

_LONGEST_CUT = 1_200  # characters; who reads cuts by eye wants to see all of them, but no page of junk
_MOST_EDITS = 12
_AROUND = 59  # characters around an edit; a sample gives more where there is more, so … shows it
_BREAKS = re.compile(r"(?<!\s)\s*[\r\n]\s*")


def sample_lines(drawn: Mapping[str, Any], width: int, *, colours: bool = False) -> Iterator[str]:
    """Drawn records (see corpus_tools.sample) for a terminal of `width` columns, as lines."""
    return typeset(_lines(drawn), width, colours=colours)


def _lines(drawn: Mapping[str, Any]) -> Iterator[Line]:
    yield line(f"{len(drawn['records']):,} of {drawn['matching']:,} records")
    for record in drawn["records"]:
        yield line()
        yield from head_lines(record)
        verdict = record["verdict"] or "none"
        yield line(f"{record['characters']:,} characters; {record['where']}, verdict ",
                   (verdict, COLOURS.get(verdict, "")), indent=2)  # fmt: skip
        if record["duplicate_of"]:
            yield line(copy_of(record), indent=2)
        if not record["changes"]:
            yield _beside(" ".join(record["beginning"].split()))
        for finding in record["findings"]:
            yield from finding_lines(finding)
        for change in record["changes"]:
            yield from _change(change)


def _change(change: Mapping[str, Any]) -> Iterator[Line]:
    """A change in its place: between [- and -] what stood there, between {+ and +} what stands there now."""
    edits, last = change.get("edits", [change]), None
    for edit in edits[:_MOST_EDITS]:
        rule = f" ({edit['rule']})" if edit.get("rule") else ""
        if rule != last:
            yield line(f"{change['column']}, by {change['step']}{rule}", indent=2)
        last = rule
        parts: list[Part] = [end_of(_flat(edit.get("before")), _AROUND)]
        for mark, value in (("old", edit["old"]), ("new", edit["new"])):
            if value not in (None, ""):
                opening, closing = ("[-", "-]") if mark == "old" else ("{+", "+}")
                parts.append((f"{opening}{cut_inside(_flat(value), _LONGEST_CUT)}{closing}", COLOURS[mark]))
        yield _beside(*parts, beginning_of(_flat(edit.get("after")), _AROUND))
    if len(edits) > _MOST_EDITS:
        yield line(f"… and {len(edits) - _MOST_EDITS:,} more; --format json has them all", indent=2)


def _beside(*parts: Part) -> Line:
    return Line(parts, "  │ ", "  │ ")


def _flat(value: Any) -> str:
    """A value on one line; ¶ where the text breaks."""
    return "" if value is None else _BREAKS.sub(" ¶ ", str(value))
