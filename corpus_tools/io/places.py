"""Where each record came from: a place that is unique and grows, so that `restore` can sort by it.

A record of an earlier run brings its place along, and keeps it as long as the order of places holds; so the
place still names the first file, however many runs lie between.
"""

from __future__ import annotations

from corpus_tools.io.trees import utf8_name


class Places:
    """Gives every record its `(source_file, source_line)`.

    Within one file name the lines grow, and a name never comes back once another one followed. A name that would
    come back gets `#2`. What is no UTF-8 in the name of a file is U+FFFD here: no output could hold it.

    >>> places = Places()
    >>> places.enter("a.jsonl")
    >>> places.of_record(1), places.of_record(2, "first.jsonl", 7), places.of_record(3, "first.jsonl", 5)
    (('a.jsonl', 1), ('first.jsonl', 7), ('a.jsonl#2', 3))
    >>> places.sources
    ['a.jsonl', 'first.jsonl', 'a.jsonl#2']
    """

    def __init__(self) -> None:
        self.sources: list[str] = []
        self._used: set[str] = set()
        self._path = self._name = ""
        self._current: str | None = None  # the name of the last record's place
        self._last = 0  # and its line
        self._only_aside: str | None = None  # a name that so far only quarantined rows have

    def enter(self, path: str) -> None:
        """A new input file is read from here on."""
        self._path = self._name = utf8_name(path)
        if self._path in self._used:
            self._name = self._free_name()

    def of_record(self, line: int, carried_file: object = None, carried_line: object = None) -> tuple[str, int]:
        """The place of the record on that line of the file; the one it brings along, where that keeps the order."""
        if (
            isinstance(carried_file, str)
            and carried_file
            and isinstance(carried_line, int)
            and not isinstance(carried_line, bool)
            and carried_line >= 1
            and self._keeps_order(carried_file, carried_line)
        ):
            return self._take(carried_file, carried_line)
        if not self._keeps_order(self._name, line):
            self._name = self._free_name()
        return self._take(self._name, line)

    def of_quarantined(self, line: int) -> tuple[str, int]:
        """The place of a quarantined row: always its line in the file that was read."""
        if self._name in self._used and self._name not in (self._current, self.sources[-1]):
            self._name = self._free_name()
        if self._name not in self._used:
            self._add(self._name)
            self._only_aside = self._name
        if self._name == self._current:
            self._last = max(self._last, line)
        return self._name, line

    def _keeps_order(self, name: str, line: int) -> bool:
        if name == self._current:
            return line > self._last
        return name not in self._used or (name == self._only_aside and name == self.sources[-1])

    def _take(self, name: str, line: int) -> tuple[str, int]:
        if name not in self._used:
            self._add(name)
        if name == self._only_aside:
            self._only_aside = None
        self._current, self._last = name, line
        return name, line

    def _add(self, name: str) -> None:
        self._used.add(name)
        self.sources.append(name)

    def _free_name(self) -> str:
        number = 2
        while f"{self._path}#{number}" in self._used:
            number += 1
        return f"{self._path}#{number}"
