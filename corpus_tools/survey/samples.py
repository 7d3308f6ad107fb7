"""Some findings of every flag, drawn from the findings alone; and which pairs of copies are worth a look.

Findings are read before the records, because they say which records to keep hold of on the walk. Most lines are never
parsed: the code stands at their beginning, and whether one is drawn depends on its bytes.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from corpus_tools.errors import InputError
from corpus_tools.io.parted import files_of
from corpus_tools.restore import Outputs
from corpus_tools.survey.tally import Lot, number_of
from corpus_tools.survey.visit import Row, place_of

_EXAMPLES, _CLUSTERS, _CODES = 4, 6, 300
PAIRS = {"DU001": 2, "DU002": 6, "DU003": 10, "DU004": 3}
"""How many pairs of each kind are shown side by side; borderline ones most, since somebody must judge them."""
_START = b'{"code":"'


@dataclass(frozen=True, slots=True)
class Pair:
    """A finding that says: this record is like that one; `likeness` are the figures where the finding has them."""

    code: str
    place: tuple[str, int]
    id: str
    other: str
    likeness: str | None = None


@dataclass(slots=True)
class Samples:
    """What the findings gave. `largest` are the clusters with most records: size by the number of their id."""

    flags: list[Row] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    largest: dict[int, int] = field(default_factory=dict)


def sampled(outputs: Outputs) -> Samples:
    """One pass over the findings. Memory holds the samples, and eight bytes for each copy."""
    lots: dict[str, Lot[bytes]] = {}
    counts: dict[str, int] = {}
    pairs = {code: Lot[bytes](size) for code, size in PAIRS.items()}
    keepers = array("Q")
    for path in files_of(outputs.names["findings"]):
        with path.open("rb") as lines:
            for line in lines:
                code = _code(line, str(path))
                if code not in lots:
                    if len(lots) >= _CODES:
                        continue
                    lots[code], counts[code] = Lot(_EXAMPLES), 0
                counts[code] += 1
                number = number_of(line)
                lots[code].offer(number, line)
                if code in pairs:
                    pairs[code].offer(number, line)
                    if code != "DU003":
                        keepers.append(number_of_id(_other(orjson.loads(line))))
    found = Samples([_flag(code, counts[code], lots[code]) for code in sorted(lots)])
    found.pairs = [_pair(orjson.loads(line)) for code in sorted(pairs) for line in pairs[code].drawn()]
    ids, copies = np.unique(np.frombuffer(keepers, np.uint64), return_counts=True)
    for size, clusters in zip(*np.unique(copies + 1, return_counts=True), strict=True):
        found.sizes[int(size)] = int(clusters)
    for at in np.lexsort((ids, -copies))[:_CLUSTERS]:
        found.largest[int(ids[at])] = int(copies[at]) + 1
    return found


def number_of_id(name: str) -> int:
    """Eight bytes that stand for an id."""
    data = name.encode("utf-8", "replace")
    return number_of(data) << 32 | number_of(data[::-1])


def _code(line: bytes, path: str) -> str:
    if line.startswith(_START):
        return line[len(_START) : line.index(b'"', len(_START))].decode("utf-8", "replace")
    try:
        return str(orjson.loads(line)["code"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path} holds a line that is no finding; it was changed after the run.") from error


def _flag(code: str, count: int, lot: Lot[bytes]) -> Row:
    rows = [orjson.loads(line) for line in lot.drawn()]
    return {"code": code, "name": rows[0]["name"], "severity": rows[0]["severity"], "findings": count,
            "examples": [{name: row.get(name) for name in ("id", "source_file", "source_line", "column", "says",
                                                           "evidence")} for row in rows]}  # fmt: skip


def _pair(row: dict[str, Any]) -> Pair:
    figures = str(row.get("evidence")).removeprefix(_other(row)).strip(" ()")
    return Pair(str(row["code"]), place_of(row), str(row.get("id")), _other(row), figures or None)


def _other(row: dict[str, Any]) -> str:
    """The id of the other record: the evidence, before what a borderline one says of the likeness."""
    return str(row.get("evidence")).rpartition(" (similarity")[0] or str(row.get("evidence"))
