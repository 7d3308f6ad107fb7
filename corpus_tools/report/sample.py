"""Drawn records as text, for reading by eye."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tools.report.story import change_lines, finding_lines
from corpus_tools.shown import shown


def sample_lines(drawn: Mapping[str, Any], width: int) -> Iterator[str]:
    """Drawn records (see corpus_tools.sample) for a terminal of `width` columns, as lines."""
    records = drawn["records"]
    yield f"{len(records):,} of {drawn['matching']:,} records"
    for record in records:
        yield ""
        yield from map(shown, _head(record))
        yield from textwrap.wrap(shown(" ".join(record["beginning"].split())), width, initial_indent="  │ ",
                                 subsequent_indent="  │ ")  # fmt: skip
        for finding in record["findings"]:
            yield from (f"  {shown(line)}" for line in finding_lines(finding))
        for change in record["changes"]:
            yield from (f"  {shown(line)}" for line in change_lines(change))


def _head(record: Mapping[str, Any]) -> Iterator[str]:
    yield f"{record['id']}  {record['title'] or '(no title)'}"
    date = f", {record['published_at']}" if record["published_at"] else ""
    yield (
        f"  {record['source'] or 'nobody named'}{date}; {record['characters']:,} characters; "
        f"{record['where']}, verdict {record['verdict'] or 'none'}"
    )
    yield f"  {record['url'] or 'no address'}, from {record['source_file']}:{record['source_line']}"
    if record["duplicate_of"]:
        figures = ", ".join(f"{name} {record[name]}" for name in ("similarity", "containment"))
        yield f"  {record['relation']} copy of {record['duplicate_of']} ({figures})"
