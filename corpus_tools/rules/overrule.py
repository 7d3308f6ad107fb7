"""What people say of pairs: a file of records that always belong together, or never, and why.

    {"a": "arah-5571", "b": "bb-tin-1", "belong": "always", "reason": "same text, checked by phone"}
    {"a": "mr-1", "b": "https://arah.my/?p=5571", "belong": "never"}

JSON lines, or CSV with these columns. A record is named by its id, or else by its address. Other keys may stand beside
them, and a line whose `belong` is empty decides nothing: so the file that `--pairs` writes can be filled in.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tools.errors import InputError, RuleError, why

_SAYS = ("always", "never")


@dataclass(frozen=True, slots=True)
class Wish:
    """One decided line: `a` and `b` are ids or addresses, `place` is where it stands."""

    a: str
    b: str
    always: bool
    reason: str = ""
    place: str = ""


def wishes_of(overrule: str | Path | Iterable[Mapping[str, Any]] | None) -> list[Wish]:
    """The decided lines of a file, or of rows that were read already.

    Raises InputError where the file can't be read, and RuleError for a line that can't be right or that contradicts
    others.

    >>> rows = [{"a": "x", "b": "y", "belong": "never"}, {"a": "x", "b": "z", "belong": ""}]
    >>> [wish.always for wish in wishes_of(rows)]
    [False]
    """
    if overrule is None:
        return []
    if isinstance(overrule, (str, Path)):
        rows = _read(Path(overrule))
    else:
        rows = [(f"row {number}", dict(row)) for number, row in enumerate(overrule)]
    if rows and not any("belong" in row for _, row in rows):
        raise RuleError(
            f'No line of {overrule} says whether its pair belongs together. Add "belong": "always" or "never".'
        )
    wishes = [wish for place, row in rows if (wish := _wish(row, place)) is not None]
    _check(wishes)
    return wishes


def _read(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"The file of pairs {path} can't be read: {why(error)}.") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{path} is not UTF-8: {error.reason} at byte {error.start}.") from error
    if path.suffix.lower() in (".csv", ".tsv"):
        reader = csv.DictReader(io.StringIO(text), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        return [(f"{path}:{reader.line_num}", {k: v for k, v in row.items() if k is not None}) for row in reader]
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise RuleError(f"{path}:{number} is not JSON: {error}.") from error
        if not isinstance(row, dict):
            raise RuleError(f'{path}:{number} is no object. Write {{"a": …, "b": …, "belong": "always"}}.')
        rows.append((f"{path}:{number}", row))
    return rows


def _wish(row: Mapping[str, Any], place: str) -> Wish | None:
    belong = row.get("belong")
    if belong in (None, ""):
        return None
    if belong not in _SAYS:
        raise RuleError(f'{place}: "belong" is {belong!r}; there are: always, never.')
    for key in ("a", "b"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise RuleError(f"{place}: {key!r} must be the id or the address of a record, and is {row.get(key)!r}.")
    if row["a"] == row["b"]:
        raise RuleError(f"{place} pairs {row['a']!r} with itself. Name two records.")
    return Wish(row["a"], row["b"], belong == "always", str(row.get("reason") or ""), place)


def _check(wishes: Sequence[Wish]) -> None:
    """Raise RuleError where two lines contradict each other, also by way of others."""
    ties: dict[str, list[tuple[str, Wish]]] = {}
    for wish in wishes:
        if wish.always:
            ties.setdefault(wish.a, []).append((wish.b, wish))
            ties.setdefault(wish.b, []).append((wish.a, wish))
    for wish in wishes:
        way = [] if wish.always else _way(wish.a, wish.b, ties)
        if way:
            places = " and ".join(step.place for step in way)
            verb = "puts" if len(way) == 1 else "put"
            raise RuleError(
                f"{wish.place} keeps {wish.a!r} and {wish.b!r} apart, and {places} {verb} them together. Take one out."
            )


def _way(start: str, goal: str, ties: Mapping[str, Sequence[tuple[str, Wish]]]) -> list[Wish]:
    """The shortest row of wishes that ties two records together, from `goal` back; empty where there is none."""
    came: dict[str, tuple[str, Wish] | None] = {start: None}
    edge = [start]
    while edge and goal not in came:
        fresh = []
        for name in edge:
            for other, wish in ties.get(name, ()):
                if other not in came:
                    came[other] = (name, wish)
                    fresh.append(other)
        edge = fresh
    way, at = [], came.get(goal)
    while at is not None:
        way.append(at[1])
        at = came[at[0]]
    return way[::-1]
