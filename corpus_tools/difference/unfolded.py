"""Records as lines that any tool for lines can compare: a line a field, and one for each line of a text.

git calls this a text conversion: it lets `git diff` and `git log -p` show what was changed in compressed files and in
Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tools.contract import COLUMNS
from corpus_tools.difference.entries import PLACES, Entries, Entry
from corpus_tools.io.json_text import dump_value
from corpus_tools.report.difference.lines import key_name
from corpus_tools.shown import shown

_ORDER = {name: at for at, name in enumerate(COLUMNS)}


def unfolded(entries: Entries) -> Iterator[str]:
    """The lines of all records, in the order they stand in; null, and the place of a record, is left out."""
    for entry in entries:
        yield from _lines(entry)


def _lines(entry: Entry) -> Iterator[str]:
    if entry.broken is not None:
        # What is wrong names no line, so that it reads the same wherever it stands.
        yield f"no record {entry.digest.hex()[:16]}"
        yield f"  {shown(entry.broken)}"
        return
    yield f"record {shown(entry.id)}" if entry.id is not None else "record"
    for name in sorted(entry.record, key=lambda name: (_ORDER.get(name, len(_ORDER)), name)):
        if name in PLACES:
            continue
        value = entry.record[name]
        if isinstance(value, str) and "\n" in value:
            yield f"  {key_name(name)}:"
            yield from (f"  | {shown(line)}" for line in value.split("\n"))
        else:
            text = value if isinstance(value, str) else dump_value(value, sort_keys=True).decode("utf-8")
            yield f"  {key_name(name)}: {shown(text)}"
