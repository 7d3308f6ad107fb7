"""What stands in the files now: of each line or row its hash, and of each record the key of its id.

A corpus is compared with its older state by these: what has not changed is told by its hash alone, without being read.
Sixteen bytes a line and eight a record are held, whatever its length.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corpus_tools.io.conform import wanted_id
from corpus_tools.io.events import Row
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.identity import Ids, id_key, numbered
from corpus_tools.io.pieces import Lines, Rows
from corpus_tools.io.read import Reader
from corpus_tools.io.units import Numbers, digests_of, rows_of
from corpus_tools.progress import Progress, silent


class Census:
    """The lines and rows of all files that are read; places in its arrays go by reading order.

    `file` numbers the paths, `line` counts from 1 in each, `digest` is the hash of what stands there. `id` is the key
    of the record's id, 0 where there is none. `is_old` is set where the older state has it, too.
    """

    def __init__(self, reader: Reader, progress: Progress = silent) -> None:
        files, lines, digests, ids = (array("q") for _ in range(4))
        fields, numbering = FieldMap(reader.column_map), Ids()
        for part in reader.parts():
            content = part.content
            if not isinstance(content, Lines):
                content = Rows(content.path, list(rows_of(content)))
            numbers, hashes = digests_of(content)
            keys = {event.line: _signed(_key(event, fields, numbering)) for event in content.events()
                    if isinstance(event, Row)}  # fmt: skip
            files.extend([part.file] * len(numbers))
            lines.extend(numbers.tolist())
            digests.extend(hashes.tolist())
            ids.extend(keys.get(number, 0) for number in numbers.tolist())
            progress("looking", len(numbers))
        self.paths = reader.paths
        self.file, self.line, self.digest = (np.array(some, np.int64) for some in (files, lines, digests))
        self.id: NDArray[np.uint64] = np.array(ids, np.int64).view(np.uint64)
        self.is_old = np.zeros(len(self.file), bool)

    def __len__(self) -> int:
        return len(self.file)

    def places_of(self, file: int) -> slice:
        """Where the lines of one file stand."""
        return slice(*np.searchsorted(self.file, [file, file + 1]).tolist())

    def place(self, file: int, line: int) -> int:
        """Where one line stands."""
        within = self.places_of(file)
        return int(within.start) + int(np.searchsorted(self.line[within], line))

    def lines(self, wanted: NDArray[np.bool_]) -> dict[str, Numbers]:
        """The lines of each path where `wanted` is true: what a `Reader` takes as `select`."""
        found = {}
        for file, path in enumerate(self.paths):
            within = self.places_of(file)
            found[path] = self.line[within][wanted[within]]
        return found

    def ids(self, wanted: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """The keys of the ids of those records where `wanted` is true, sorted."""
        return np.sort(self.id[wanted & (self.id != 0)])

    def where(self, key: int) -> Iterator[tuple[str, int]]:
        """The path and line of each record whose id has this key and that is old."""
        for place in np.flatnonzero((self.id == np.uint64(key)) & self.is_old).tolist():
            yield self.paths[int(self.file[place])], int(self.line[place])


def _key(event: Row, fields: FieldMap, numbering: Ids) -> int:
    wanted = wanted_id(event.record, fields)
    number = numbering.number(wanted)
    return wanted[0] if wanted[1] is None else id_key(numbered(wanted[1], number))


def _signed(key: int) -> int:
    return key - (1 << 64) if key >= 1 << 63 else key
