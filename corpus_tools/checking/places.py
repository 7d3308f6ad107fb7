"""The second pass of a check: from a finding in a row to one at a line and columns of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus_tools.checking.baseline import fingerprint
from corpus_tools.checking.gather import Found
from corpus_tools.flags import Flag
from corpus_tools.io.locate import Located, Locator
from corpus_tools.io.stream import InputReport
from corpus_tools.io.trees import path_in_tree, utf8_name
from corpus_tools.report.reported import Reported, Source

# `clean` repairs these and keeps the old text in its ledger; a check only sees them.
AS_CHECKED = {
    "EN001": ("The text has damaged characters that can be repaired.", "`corpus-tools clean` repairs them."),
    "EN005": ("Markup of the page stands in the text.", "Collect the text with an extractor, or let `clean` cut it."),
}

SHOWN = 240
"""Characters of a value that a finding keeps."""


def placed(
    found: Iterable[Found],
    inputs: Sequence[InputReport],
    sources: list[Source],
    flags: Mapping[str, Flag],
    reading: Mapping[str, Any],
    held: Mapping[str, Path],
) -> Iterator[Reported]:
    """Each finding at its place, in the order they came, which is that of files and lines.

    The inputs become sources behind those that are there. `reading` are the options that the `Reader` had.
    """
    first = len(sources)
    sources += [source_of(entry.path, entry.format, entry.compression) for entry in inputs]
    options = {name: reading[name] for name in ("format", "encoding", "column_map", "max_record_bytes")
               if name in reading}  # fmt: skip
    for at, group in groupby(found, key=lambda one: one.stand[0]):
        path = inputs[at].path
        locator = Locator(path, held=held.get(path), **options)
        try:
            for one in group:
                located = locator.value(one.stand[1], one.row["column"])
                yield _placed(one, first + at, located, flags[one.row["code"]], sources[first + at])
        finally:
            locator.close()


def of_file(flag: Flag, source: int, sources: Sequence[Source], line: int = 1, says: str | None = None) -> Reported:
    """A finding about a whole file, or a line of it, that no step has made."""
    says = says or flag.says
    mark = fingerprint(flag.code, None, says, says, sources[source].in_tree)
    return Reported(flag.code, flag.name, flag.severity, says, flag.advice, source, line, fingerprint=mark)


def source_of(path: str, form: str, compression: str | None = None) -> Source:
    """A file as reports name it."""
    name = utf8_name(path)
    return Source(name, name if path == "-" else path_in_tree(name), form, compression)


def _placed(one: Found, at: int, located: Located | None, flag: Flag, source: Source) -> Reported:
    row = one.row
    says = flag.says if flag.code in AS_CHECKED else row["says"]
    written = located.written if located and located.key else None
    return Reported(
        code=flag.code,
        name=flag.name,
        severity=flag.severity,
        says=says,
        advice=flag.advice,
        source=at,
        line=one.stand[1],
        region=located.region if located else None,
        column=row["column"],
        key=located.key if located else (),
        value=written if written is None or len(written) <= SHOWN else written[: SHOWN - 1] + "…",
        evidence=row["evidence"],
        start=row["start"],
        end=row["end"],
        step=row["step"],
        id=row["id"] or None,
        chain=one.chain,
        fingerprint=fingerprint(flag.code, row["column"], says, one.whole or row["id"], source.in_tree),
    )
