"""Known problems, written down so that only new ones speak.

A baseline is a file of JSON lines, sorted, one for each problem. It knows problems by fingerprints: record, flag and
column, whatever line the record stands on. A problem that is known twice stays quiet twice.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from corpus_tools.errors import InputError, UsageError, why
from corpus_tools.io.trees import lies_in_tree

_COLUMNS = ("file", "code", "id", "column", "fingerprint", "count")
_BY_SENTENCE = frozenset({"SC002", "SC003"})
"""Flags that one value can have for several reasons."""
_OF_FILE = frozenset({"EN003", "CK002"})
"""Flags that speak of a file; the record they stand at is only its first."""


def fingerprint(code: str, column: str | None, says: str, name: str, path: str) -> str:
    """16 hexadecimal digits that stay the same wherever the record stands; `name` is its id, or what stands for it.

    >>> fingerprint("PR002", "url", "…", "a-1", "may.jsonl") == fingerprint("PR002", "url", "", "a-1", "june.jsonl")
    True
    """
    sentence = says if code in _BY_SENTENCE else ""
    parts = [code, column or "", sentence, path if code in _OF_FILE else name]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Baseline:
    """The problems that were known before this check. Ask `knows` once for each finding, then for the rest."""

    def __init__(self, path: Path) -> None:
        self._left: dict[str, Counter[str]] = {}  # by fingerprint and file
        self._rows: dict[str, dict[str, Any]] = {}
        for row in _rows(path):
            self._left.setdefault(row["fingerprint"], Counter())[row["file"]] += row["count"]
            self._rows[row["fingerprint"]] = {name: row.get(name) for name in ("code", "id", "column")}

    def knows(self, mark: str, file: str) -> bool:
        """Whether this one more problem was known, in this file or in another one."""
        left = self._left.get(mark, Counter())
        there = file if left[file] > 0 else next((name for name in sorted(left) if left[name] > 0), None)
        if there is None:
            return False
        left[there] -= 1
        return True

    def fixed(self, checked: Collection[str]) -> Counter[str]:
        """Known problems that were not met again, by code: of files that were checked, or are no longer there."""
        gone: Counter[str] = Counter()
        for mark, file, count in self._rest():
            if file in checked or not lies_in_tree(file):
                gone[self._rows[mark]["code"]] += count
        return gone

    def unseen(self, checked: Collection[str]) -> Iterator[dict[str, Any]]:
        """The rows of known problems in files that were not looked at."""
        for mark, file, count in self._rest():
            if file not in checked and lies_in_tree(file):
                yield self._rows[mark] | {"file": file, "fingerprint": mark, "count": count}

    def _rest(self) -> Iterator[tuple[str, str, int]]:
        for mark, left in self._left.items():
            for file, count in left.items():
                if count > 0:
                    yield mark, file, count


class BaselineWriter:
    """Gathers problems in any order and number, and gives the lines of a baseline, sorted."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")  # a database on disk, without a name, that goes with its connection
        self._rows.execute("create table problem (file, code, id, column, fingerprint, count)")

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one problem: file, code, id, column, fingerprint, and how often it is there."""
        values = [row.get(name) for name in _COLUMNS]
        self._rows.execute("insert into problem values (?, ?, ?, ?, ?, ?)", values)

    def lines(self) -> Iterator[bytes]:
        """The file's lines."""
        same = "file, code, id, column, fingerprint"
        for row in self._rows.execute(f"select {same}, sum(count) from problem group by {same} order by {same}"):
            yield orjson.dumps(dict(zip(_COLUMNS, row, strict=True))) + b"\n"

    def close(self) -> None:
        """Let it go."""
        self._rows.close()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        advice = f"Write one first: corpus-tools check --write-baseline {path} …"
        raise InputError(f"{path} can't be read as a baseline: {why(error)}. {advice}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            row = None
        if not _is_row(row):
            raise UsageError(f"{path}:{number} is no line of a baseline. Write it anew with --write-baseline {path}.")
        yield row


def _is_row(row: Any) -> bool:
    if not isinstance(row, dict) or type(row.get("count")) is not int:
        return False
    return all(isinstance(row.get(name), str) for name in ("file", "code", "fingerprint"))
