"""Two states of a corpus, compared: match by digests, then fetch only what differs.

Each side is read once for its digests, and once more only where there is something to fetch. What differs waits on
disk, so memory holds some hundred bytes a record, whatever the records hold.
"""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np

from corpus_tools.difference.changes import added, changed, removed
from corpus_tools.difference.entries import Entries, Entry
from corpus_tools.difference.matching import Keys, Match, gather_keys, match, successors
from corpus_tools.difference.sides import Side, opened_side
from corpus_tools.errors import InputError, UsageError
from corpus_tools.index.shelf import Shelf
from corpus_tools.io.spool import Spool
from corpus_tools.progress import Progress, silent
from corpus_tools.report.difference.compared import Comparison, Difference, Sums

_STEP = 1_000
"""Records after which it is told how far the work is."""


@contextlib.contextmanager
def compared(
    old: str | Side, new: str | Side, progress: Progress = silent, *, follow_links: bool = False, **reading: Any
) -> Iterator[Comparison]:
    """What became of the records of `old` in `new`, for the length of the block.

    Either is a file, a folder, a glob, `-`, or `REV:path`; or a `Side` made by hand. `reading` are the options of
    `Entries`: `format`, `encoding`, `column_map`, `max_record_bytes`, and `ignore`, keys that make no difference.

    Records are matched by id, then by content without their id, by address and by text. Null and absent are the same;
    `source_file` and `source_line` are ignored.

    Raises InputError where a side can't be read, is another one when it is read again, or has a link that leads out of
    its tree, unless those are to be followed; UsageError where both are standard input, or a revision is unknown.
    """
    if old == new == "-":
        raise UsageError("Standard input can be one of the two sides. Name a file for the other.")
    with contextlib.ExitStack() as stack:
        sides = [
            side
            if isinstance(side, Side)
            else stack.enter_context(opened_side(side, reading.get("format"), follow_links=follow_links))
            for side in (old, new)
        ]
        before, after = (Entries(side, **reading) for side in sides)
        was, now = (gather_keys(_counted(entries, progress, "reading")) for entries in (before, after))
        matched = match(was, now)
        differences = stack.enter_context(Spool())
        sums = Sums(int((~was.broken).sum()), int((~now.broken).sum()), int((matched.same & ~now.broken).sum()))
        for one in _differences(before, after, was, now, matched, progress):
            sums.add(one)
            differences.append(one)
        yield Comparison(sides[0].name, sides[1].name, differences, sums)


def _differences(
    before: Entries, after: Entries, was: Keys, now: Keys, matched: Match, progress: Progress
) -> Iterator[Difference]:
    """Those that have gone, in the order of the old state, then the others in that of the new one."""
    gone = matched.became < 0
    stayed = ~gone
    stayed[stayed] = ~matched.same[matched.became[stayed]]
    going_on = successors(was, now, matched)
    on_shelf = np.cumsum(stayed) - 1
    with contextlib.closing(Shelf()) as shelf:
        for at, entry in _fetched(before, was, gone | stayed, progress):
            if gone[at]:
                yield removed(entry)
            else:
                shelf.put([pickle.dumps(entry, protocol=pickle.HIGHEST_PROTOCOL)])
        for at, entry in _fetched(after, now, ~matched.same, progress):
            old = int(matched.was[at])
            if old < 0:
                yield added(entry)
            else:
                yield changed(pickle.loads(shelf.take(int(on_shelf[old]))), entry, after.ignored, going_on)


def _fetched(
    entries: Entries, keys: Keys, wanted: np.ndarray[Any, np.dtype[np.bool_]], progress: Progress
) -> Iterator[tuple[int, Entry]]:
    """The entries at the places wanted, read again."""
    if not wanted.any():
        return
    last, seen = int(wanted.nonzero()[0][-1]), 0
    for seen, entry in enumerate(_counted(entries, progress, "comparing"), 1):
        at = seen - 1
        if at >= len(keys) or int.from_bytes(entry.digest[:8], "big") != keys["whole"][at]:
            break
        if wanted[at]:
            yield at, entry
        if at == last:
            return
    raise InputError(f"{entries.side.name} was changed while it was read. Compare again, or compare copies of it.")


def _counted(entries: Entries, progress: Progress, doing: str) -> Iterator[Entry]:
    for number, entry in enumerate(entries, 1):
        if number % _STEP == 0:
            progress(doing, _STEP)
        yield entry
