"""One input, opened: its format and encoding are known, and its rows can be taken."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from pathlib import Path

from corpus_tools.io.charset import SAMPLE_BYTES, checked_encoding, find_charset
from corpus_tools.io.events import Event, Row
from corpus_tools.io.formats import format_of, refuse_foreign, sniff_format
from corpus_tools.io.json_array import read_json
from corpus_tools.io.jsonl import read_jsonl
from corpus_tools.io.pages import read_page
from corpus_tools.io.parquet_in import read_parquet
from corpus_tools.io.pointers import refuse_pointer
from corpus_tools.io.stream import InputReport, Stream
from corpus_tools.io.tables import read_table

_GUESSED = ("txt", "csv", "tsv")  # JSON is UTF-8 by its own standard


class Opened:
    """A file or standard input. `guess` is the name of the encoding where it was guessed.

    `held` is the file that holds the bytes where `path` is only their name.
    Raises InputError where it can't be opened or is a pointer of Git LFS, UsageError where it is a page, an archive or
    a feed, or where nobody knows the encoding.
    """

    def __init__(
        self,
        path: str,
        format: str | None,  # noqa: A002  # the user's word
        encoding: str | None,
        held: Path | None = None,
    ) -> None:
        self.path, self.stream = path, Stream(path, held)
        try:
            sample = self.stream.peek(SAMPLE_BYTES)
            whole = len(sample) < SAMPLE_BYTES
            refuse_pointer(path, sample)
            self.format = format or _format(path, sample, whole)
            named = checked_encoding(encoding) if encoding else None
            self.charset = find_charset(sample, whole, named, guess=self.format in _GUESSED)
        except BaseException:
            self.stream.close()
            raise
        shown = self.charset.shown()
        self.guess = shown if self.charset.guessed else None
        self.report = InputReport(
            path, self.format, self.stream.compression, None if self.format == "parquet" else shown
        )

    @property
    def cuts_at_lines(self) -> bool:
        """Whether it may be cut into pieces at its line ends, without a look at what the lines say."""
        return self.format == "jsonl" and len(self.charset.newline) == 1

    def events(self, max_record_bytes: int) -> Generator[Event, None, None]:
        """Its rows, in order; the file is closed at the end, and the report complete."""
        with self.closing():
            guess = self.guess
            for event in self._events(max_record_bytes):
                if isinstance(event, Row):
                    event.guess, guess = guess, None
                yield event
            self.stream.finish()

    @contextlib.contextmanager
    def closing(self) -> Iterator[None]:
        """Close the file after the block, and complete the report."""
        try:
            yield
        finally:
            self.report.bytes, self.report.sha256 = self.stream.bytes_read, self.stream.sha256
            self.stream.close()

    def _events(self, limit: int) -> Iterator[Event]:
        if self.format == "parquet":
            return read_parquet(self.stream)
        if self.format in ("csv", "tsv"):
            return read_table(self.stream, self.charset, limit, "\t" if self.format == "tsv" else None)
        if self.format == "txt":
            return read_page(self.stream, self.charset, limit)
        return (read_json if self.format == "json" else read_jsonl)(self.stream, self.charset, limit)


def _format(path: str, sample: bytes, whole: bool) -> str:
    named = format_of(path)
    if named is None:
        return sniff_format(path, sample, whole)
    refuse_foreign(path, sample)
    return named
