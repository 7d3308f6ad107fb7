"""What was changed between two states of one record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from corpus_tools.contract import COLUMNS
from corpus_tools.difference.entries import Entry, key_of
from corpus_tools.io.json_text import dump_value, parse_value
from corpus_tools.report.difference.compared import ClusterChange, Difference, FieldChange, Move, Place
from corpus_tools.text.rewording import reworded

_ORDER = {name: at for at, name in enumerate(COLUMNS)}


def added(entry: Entry) -> Difference:
    """A record that was not there before."""
    return Difference("added", entry.id, _title(entry), new=_place(entry), broken=entry.broken)


def removed(entry: Entry) -> Difference:
    """A record that is no more."""
    return Difference("removed", entry.id, _title(entry), old=_place(entry), broken=entry.broken)


def changed(old: Entry, new: Entry, ignored: Collection[str], successors: Mapping[int, int]) -> Difference:
    """What became of a record; `successors` are the clusters that go on for others."""
    names = sorted({*old.record, *new.record} - {*ignored}, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
    fields = (_field(name, old.record.get(name), new.record.get(name)) for name in names)
    had, has = (_flags(entry, ignored) for entry in (old, new))
    return Difference(
        "changed",
        new.id,
        _title(new),
        _place(old),
        _place(new),
        tuple(change for change in fields if change is not None and not _is_told_apart(change)),
        tuple(sorted(has - had)),
        tuple(sorted(had - has)),
        None if "cluster_id" in ignored else _cluster(old, new, successors),
    )


def _field(name: str, old: Any, new: Any) -> FieldChange | None:
    texts = isinstance(old, str) and isinstance(new, str)
    if old == new if texts else dump_value(old, sort_keys=True) == dump_value(new, sort_keys=True):
        return None
    if texts and (_is_prose(old) or _is_prose(new)):
        return FieldChange(name, old, new, tuple((one.old, one.new) for one in reworded(old, new)))
    return FieldChange(name, _plain(old), _plain(new))


def _is_prose(text: str) -> bool:
    return len(text.split(maxsplit=2)) > 2


def _plain(value: Any) -> Any:  # any value of a cell, as JSON has it
    return parse_value(dump_value(value))


def _is_told_apart(change: FieldChange) -> bool:
    """Whether it is told as flags or as a cluster; a column of that name may hold anything."""
    values = [value for value in (change.old, change.new) if value is not None]
    if change.name == "flags":
        are_flags = all(isinstance(value, list) and all(isinstance(one, str) for one in value) for value in values)
        return are_flags and set(change.old or ()) != set(change.new or ())
    return change.name == "cluster_id" and all(isinstance(value, str) for value in values)


def _flags(entry: Entry, ignored: Collection[str]) -> set[str]:
    flags = None if "flags" in ignored else entry.record.get("flags")
    return {flag for flag in flags if isinstance(flag, str)} if isinstance(flags, list) else set()


def _cluster(old: Entry, new: Entry, successors: Mapping[int, int]) -> ClusterChange | None:
    before, after = (
        value if isinstance(value, str) else None for value in (entry.record.get("cluster_id") for entry in (old, new))
    )
    if before == after:
        return None
    how: Move
    if before is None or after is None:
        how = "joined" if before is None else "left"
    else:
        how = "renamed" if successors.get(key_of(before)) == key_of(after) else "moved"
    return ClusterChange(how, before, after)


def _title(entry: Entry) -> str | None:
    title = entry.record.get("title")
    return title if isinstance(title, str) and title else None


def _place(entry: Entry) -> Place:
    return Place(entry.file, entry.line, entry.unit)
