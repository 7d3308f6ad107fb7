"""Which key of a record is which column of ours: `rules/fields.toml`, and what the caller says with --map.

The answer depends on the keys of one record alone, never on its neighbours, so it is the same in every chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from corpus_tools.contract import IN, TIMES
from corpus_tools.io.chunk import Layout
from corpus_tools.rules import load
from corpus_tools.text.urls import is_absolute

Record = dict[str, Any]
Manner = Literal["names", "copies", "addresses", "last", "inside"]
_MANNERS: tuple[Manner, ...] = ("names", "copies", "addresses", "last", "inside")


@dataclass(frozen=True, slots=True)
class Fill:
    """One place to look where the cell of `column` is null."""

    column: str
    name: str  # as the rule table or the caller writes it
    path: tuple[str, ...]  # the keys to follow
    only_address: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with every record of one layout. `keys[name]` is the original key behind our name."""

    layout: Layout
    keys: dict[str, str]
    fills: tuple[Fill, ...]


class FieldMap:
    """Finds the plan for a record, and remembers the plans it found."""

    def __init__(self, column_map: Mapping[str, str] | None = None) -> None:
        self._table: dict[str, list[tuple[Manner, str]]] = {column.name: [] for column in IN}
        for old, new in (column_map or {}).items():
            self._table.setdefault(new, []).append(("names", old))
        for row in load.rows("fields", "field"):
            for manner in _MANNERS:
                self._table[row["column"]] += [(manner, name) for name in row.get(manner, ())]
        self._renamable = {
            name for tried in self._table.values() for manner, name in tried if manner in ("names", "last")
        }
        self._plans: dict[tuple[Any, ...], Plan] = {}  # keyed by the names, and by those that hold objects
        self._watched: dict[tuple[str, ...], tuple[str, ...]] = {}

    def plan(self, record: Record) -> Plan:
        """The plan for records with these keys."""
        keys = tuple(record)
        watched = self._watched.get(keys)
        if watched is None:
            watched = self._watched[keys] = tuple(key for key in keys if key in self._renamable)
        # An object is no text: `{"body": {…}}` stays what it is, and another name may serve.
        objects = tuple(key for key in watched if type(record[key]) is dict or _is_list_of_objects(record[key]))
        plan = self._plans.get((keys, objects))
        if plan is None:
            plan = self._plans[keys, objects] = self._made(keys, frozenset(objects))
        return plan

    def path(self, record: Record, column: str) -> tuple[str, ...] | None:
        """The keys, one inside the other, behind which the record has the value of our column; None where it has none.

        >>> FieldMap().path({"metadata": {"url": "https://a.example/1"}}, "url")
        ('metadata', 'url')
        """
        plan = self.plan(record)
        key = plan.keys.get(column)
        has_value = key is not None and record[key] is not None
        for fill in plan.fills:
            if fill.column == column and fill.inside == has_value and look_up(record, fill) is not None:
                return fill.path
        return None if key is None else (key,)

    @property
    def names(self) -> list[str]:
        """Our names of all keys that were seen, in the order of their first use."""
        return list({name: None for plan in self._plans.values() for name in plan.keys})

    def _made(self, keys: tuple[str, ...], objects: frozenset[str]) -> Plan:
        have = set(keys)
        renamed: dict[str, str] = {}
        fills: list[Fill] = []
        for column, tried in self._table.items():
            filled = column in have
            for manner, name in tried:
                usable = name in have and name not in renamed and name not in objects
                if not filled and usable and manner in ("names", "last") and name not in self._table:
                    renamed[name] = column
                    filled = True
                elif manner != "last" and (path := _path(name, manner, column, have)):
                    fills.append(Fill(column, name, path, manner == "addresses", manner == "inside"))
        ours = {key: renamed.get(key, key) for key in keys}
        layout = Layout(keys, tuple((key, renamed[key]) for key in keys if key in renamed))
        return Plan(layout, {name: key for key, name in ours.items()}, tuple(fills))


def _path(name: str, manner: Manner, column: str, have: set[str]) -> tuple[str, ...] | None:
    if manner == "inside":
        return (column, *name.split(".")) if column in have else None
    if name in have:
        return (name,)
    head, *rest = name.split(".")
    return (head, *rest) if rest and head in have else None


def look_up(record: Record, fill: Fill) -> Any:  # a text, a number, or a list of names
    """What stands there, if it can be a value of the column; else None."""
    value: Any = record
    for key in fill.path:
        if isinstance(value, list) and fill.column == "author":
            value = [item.get(key) if isinstance(item, dict) else item for item in value]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value if _serves(value, fill) else None


def _serves(value: Any, fill: Fill) -> bool:
    if fill.only_address:
        return isinstance(value, str) and is_absolute(value)
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return fill.column == "id" or fill.column in TIMES
    return fill.column == "author" and isinstance(value, list) and _is_list_of_names(value)


def _is_list_of_names(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(item, str) and item.strip() for item in value)


def _is_list_of_objects(value: Any) -> bool:
    return type(value) is list and any(type(item) is dict for item in value)
