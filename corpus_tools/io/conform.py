"""Records as they came to a chunk under the contract: our names, our types, an id and a place for each.

Everything that is not just another name for the same value is a Change.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from corpus_tools import cells
from corpus_tools.contract import COLUMNS, TIMES
from corpus_tools.flags import Finding
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.fields import FieldMap, Fill, Plan, Record, look_up
from corpus_tools.io.identity import Ids, Wanted, content_id, id_key, numbered
from corpus_tools.io.json_text import dump_value
from corpus_tools.ledger import Change
from corpus_tools.text.dates import format_time, parse_time

Place = tuple[str, int]
STEP = "read"


def make_chunk(records: Sequence[Record], places: Sequence[Place], fields: FieldMap, ids: Ids) -> Chunk:
    """The chunk of these records; `ids` remembers the ids of the chunks before it."""
    half = HalfMade(records, fields)
    return half.chunk(places, [ids.number(wanted) for wanted in half.wanted])


def wanted_id(record: Record, fields: FieldMap) -> Wanted:
    """The id that a record asks for: its own, as text, or one made from the content."""
    key = fields.plan(record).keys.get("id")
    had = None if key is None else record[key]
    if had is None and (path := fields.path(record, "id")):
        had = look_up(record, Fill("id", "", path))
    return _wanted(had, record)


class HalfMade:
    """Records under the contract's names, before it is known which ids and places are taken.

    `wanted` are the ids they ask for; `names` our names of their keys, in the order of their first use.
    """

    def __init__(self, records: Sequence[Record], fields: FieldMap) -> None:
        self._work = _Work(records, [fields.plan(record) for record in records])
        self._work.fill()
        self.wanted: list[Wanted] = self._work.wanted()
        self.names = list({name: None for plan in self._work.kinds for name in plan.keys})

    def chunk(self, places: Sequence[Place], numbers: Sequence[int], *, always_text: bool = True) -> Chunk:
        """The finished chunk; `numbers` are those that `Ids` gave to the wanted ids.

        `always_text` gives it the column that every step asks for, also where none of its records has a text: whether
        a step can run must not depend on where chunks are cut.
        """
        work = self._work
        work.identify(numbers)
        for name in TIMES:
            work.read_times(name)
        work.place(places)
        if always_text:
            work.columns.setdefault("text", [None] * len(places))
        # By record, not by column: the ledger must not depend on where chunks are cut.
        work.changes.sort(key=lambda change: change.row)
        work.findings.sort(key=lambda finding: finding.row)
        return Chunk(work.frame(), [plan.layout for plan in work.plans], work.changes, work.findings)


class _Work:
    """The columns of one chunk while they are made, as lists of Python values."""

    def __init__(self, records: Sequence[Record], plans: list[Plan]) -> None:
        self.records, self.plans = records, plans
        self.changes: list[Change] = []
        self.findings: list[Finding] = []
        kinds = list({id(plan): plan for plan in plans}.values())
        names = {name: None for plan in kinds for name in plan.keys}
        if len(kinds) == 1:
            self.columns = {name: [record[key] for record in records] for name, key in kinds[0].keys.items()}
        else:
            self.columns = {name: list(self._values(name)) for name in names}
        self.rows_of = {id(plan): [row for row, its in enumerate(plans) if its is plan] for plan in kinds}
        self.kinds = kinds

    def _values(self, name: str) -> Iterator[Any]:
        for record, plan in zip(self.records, self.plans, strict=True):
            key = plan.keys.get(name)
            yield None if key is None else record[key]

    def fill(self) -> None:
        """Fill null cells from the other places that may know the value."""
        for plan in self.kinds:
            rows = self.rows_of[id(plan)]
            nested = self._nested_keys(plan, rows)
            for column, fills in itertools.groupby(plan.fills, key=lambda fill: fill.column):
                worth = [fill for fill in fills if len(fill.path) == 1 or fill.path[:2] in nested]
                if not worth:
                    continue
                had = self.columns.get(column)
                left = [row for row in rows if had is None or had[row] is None or _holds_objects(had[row])]
                for fill in worth:
                    left = [row for row in left if not self._fill(fill, row)]
        order = {name: at for at, name in enumerate(COLUMNS)}
        self.changes.sort(key=lambda change: order.get(change.column, len(order)))

    def _nested_keys(self, plan: Plan, rows: list[int]) -> set[tuple[str, ...]]:
        """Which nested keys there are at all: most dotted names of the table need no look at any record."""
        found: set[tuple[str, ...]] = set()
        for head in {fill.path[0] for fill in plan.fills if len(fill.path) > 1}:
            below: set[str] = set()
            key = plan.keys.get(head, head)
            for row in rows:
                value = self.records[row].get(key)
                if isinstance(value, dict):
                    below.update(value)
                elif isinstance(value, list):
                    below.update(*(item for item in value if isinstance(item, dict)))
            found.update((head, name) for name in below)
        return found

    def _fill(self, fill: Fill, row: int) -> bool:
        column = self.columns.get(fill.column)
        had = column[row] if column else None
        if fill.inside != (had is not None):
            return False
        value = look_up(self.records[row], fill)
        if value is None:
            return False
        self.columns.setdefault(fill.column, [None] * len(self.records))[row] = value
        self._changed(row, fill.column, had, value, fill.name)
        return True

    def wanted(self) -> list[Wanted]:
        """The id that each record asks for: its own, as text, or one made from the content."""
        column = self.columns.get("id", [None] * len(self.records))
        self._wanted = [_wanted(had, self.records[row]) for row, had in enumerate(column)]
        return self._wanted

    def identify(self, numbers: Sequence[int]) -> None:
        """Give every record its id, as text; an id that an earlier record has stays, and is flagged."""
        column = self.columns.setdefault("id", [None] * len(self.records))
        for row, (had, (_, made), number) in enumerate(zip(list(column), self._wanted, numbers, strict=True)):
            if made is not None:
                column[row] = numbered(made, number)
                self._changed(row, "id", had, column[row], "made from the content")
                continue
            if not isinstance(had, str):
                column[row] = _as_text(had)
                self._changed(row, "id", had, column[row], "written as text")
            if number > 1:
                self.findings.append(Finding(row, "SC004", "id", evidence=column[row], step=STEP))

    def read_times(self, name: str) -> None:
        """Read the cells of a time column; what can't be read becomes null, with PR020."""
        column = self.columns.get(name, [])
        for row, had in enumerate(column):
            if had is None:
                continue
            time, _ = parse_time(had)
            column[row] = time
            if time is None:
                self._lost_time(row, name, had)
                continue
            written = format_time(time)
            if had != written and not _says_the_same(had):
                self._changed(row, name, _json_form(had), written, "written in one form")

    def _lost_time(self, row: int, name: str, had: Any) -> None:
        if isinstance(had, str) and not had.strip():  # missing, and said with an empty text
            self._changed(row, name, had, None, "an empty time")
            return
        self._changed(row, name, _json_form(had), None, "can't be read as a time")
        evidence = had if isinstance(had, str) else _as_text(had)
        self.findings.append(Finding(row, "PR020", name, evidence=evidence, step=STEP))

    def place(self, places: Sequence[Place]) -> None:
        """Write the places; a record that brought another one leaves it in the ledger."""
        for at, name in enumerate(("source_file", "source_line")):
            brought = self.columns.get(name)
            now = [place[at] for place in places]
            for row, value in enumerate(now):
                if brought is not None and not cells.same(brought[row], value) and name in self.plans[row].keys:
                    self._changed(row, name, brought[row], value, "the place it was read from")
            self.columns.pop(name, None)
            self.columns[name] = now

    def frame(self) -> pd.DataFrame:
        """The columns as a frame."""
        series = {name: _series(name, values) for name, values in self.columns.items()}
        return pd.DataFrame(series, index=pd.RangeIndex(len(self.records)))

    def _changed(self, row: int, column: str, old: Any, new: Any, rule: str) -> None:
        self.changes.append(Change(row, STEP, column, old=old, new=new, rule=rule))


def _wanted(had: Any, record: Record) -> Wanted:
    if had is None or had == "":
        made = content_id(record)
        return id_key(made), made
    return id_key(_as_text(had)), None


def _series(name: str, values: list[Any]) -> pd.Series[Any]:
    column = COLUMNS.get(name)
    if name == "source_line":
        return pd.Series(values, dtype="int64")
    if column is not None and column.kind == "time":
        return pd.Series(values, dtype="datetime64[us, UTC]")
    if column is not None and column.kind == "text" and cells.all_texts(values):
        try:
            # What pd.Series(values, dtype="str") makes, without looking at every value three times.
            return cells.text_series(pa.array(values, pa.large_string()))
        except UnicodeEncodeError:  # half of a surrogate pair, from a user's frame
            pass
    return cells.object_series(values)


def _says_the_same(had: object) -> bool:
    """Whether a time that is no text keeps all it says: no zone of its own, nothing finer than a microsecond."""
    return isinstance(had, datetime) and not had.utcoffset() and not getattr(had, "nanosecond", 0)


def _json_form(value: Any) -> Any:
    """A value that JSON has, for the ledger."""
    if value is None or isinstance(value, (str, int, float, bool, list, dict)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else dump_value(value).decode("utf-8")


def _holds_objects(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))
