"""What can go wrong, each with the values that matter and the exit code the command line gives it.

Every message says what, where, what was expected, and what to type.
"""

from __future__ import annotations

import difflib
import errno
import tempfile
from collections.abc import Iterable
from pathlib import Path

DONE, FINDINGS, USAGE, INPUT_OUTPUT, PROMISE = 0, 1, 2, 3, 4
"""Exit codes: done, findings, wrong usage, unreadable or unwritable, a promise broke."""


_SHOWN = 20
"""Columns that a message names."""

_FULL = "the disk is full; make room there, then do it again"
_WORDS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EBADF: "it is closed; name a file in its place",
    errno.EMFILE: "too many files are open; allow more with `ulimit -n 1024`",
    errno.EROFS: "the file system is read-only; name a folder elsewhere",
    errno.EACCES: "permission denied; `ls -ld` shows who may",
    errno.ELOOP: "its link leads to itself; remove it with `rm`",
    errno.ENAMETOOLONG: "its name is too long; give it a shorter one",
}


def why(error: OSError) -> str:
    """What the system says went wrong, in words, and what to do about it where that is plain.

    >>> why(OSError(28, "No space left on device"))
    'the disk is full; make room there, then do it again'
    """
    return _WORDS.get(error.errno or 0) or error.strerror or str(error)


class CorpusToolsError(Exception):
    """Anything this package raises on purpose."""

    exit_code = USAGE


class UsageError(CorpusToolsError):
    """The call itself can't be right: options that exclude each other, a name nobody knows."""


class MissingColumn(UsageError):
    """A step needs a column that the frame does not have.

    >>> raise MissingColumn("mark_duplicates", "text", ["id", "title", "body"])
    Traceback (most recent call last):
    corpus_tools.errors.MissingColumn: mark_duplicates reads the column 'text', and this frame has only: id, title,
    body. Rename it, or pass --map body=text.
    """

    def __init__(self, step: str, column: str, columns: Iterable[object]) -> None:
        self.step, self.column, self.columns = step, column, [str(name) for name in columns]
        more = len(self.columns) - _SHOWN
        have = ", ".join(self.columns[:_SHOWN]) + (f" and {more} more" if more > 0 else "") or "no columns"
        like = difflib.get_close_matches(column, self.columns, 1, 0.75) or [
            name for name in self.columns if name in ("body", "content", "article", "maintext", "raw_content")
        ]
        example = like[0] if like else "NAME"
        super().__init__(
            f"{step} reads the column {column!r}, and this frame has only: {have}. "
            f"Rename it, or pass --map {example}={column}."
        )


class UnknownName(UsageError):
    """A name that is not in a list: of steps, flags, schemas, formats. A long list is shown by the command `see`.

    >>> raise UnknownName("schema", "artcle", ["article", "clean_article"])
    Traceback (most recent call last):
    corpus_tools.errors.UnknownName: Unknown schema 'artcle'. Did you mean 'article'? There are: article, clean_article.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], see: str | None = None) -> None:
        self.kind, self.name, self.known = kind, name, list(known)
        written = {each.casefold(): each for each in self.known}
        like = difflib.get_close_matches(name.casefold(), written, 1)
        hint = f"Did you mean {written[like[0]]!r}? " if like else ""
        all_of_them = f"See them all: {see}" if see else f"There are: {', '.join(self.known)}."
        super().__init__(f"Unknown {kind} {name!r}. {hint}{all_of_them}")


class StepBroke(CorpusToolsError):
    """A step did what no step may: lose rows, reorder them, or write a column it did not declare."""

    exit_code = PROMISE

    def __init__(self, step: str, what: str) -> None:
        self.step, self.what = step, what
        super().__init__(f"The step {step} {what}")


class RuleError(UsageError):
    """A rule table that can't be used: two rows claim one line, an example does not match its own row."""


class InputError(CorpusToolsError):
    """Input that could not be read at all (a single bad record goes to quarantine instead)."""

    exit_code = INPUT_OUTPUT


class NotFetched(InputError):
    """A file whose bytes are not here: git, Git LFS or DVC keeps them elsewhere, and only a name of them is there."""


class DamagedIndex(InputError):
    """A file of an index is not as it was written."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        super().__init__(
            f"The index is damaged: {path} {what}. It was left as it is. Take the folder from a backup, or make it "
            "anew with `corpus-tools index build`."
        )


class OutputError(CorpusToolsError):
    """Output that could not be written; what stood there before still stands."""

    exit_code = INPUT_OUTPUT


class NoRoom(OutputError):
    """Temporary data could not be written: the disk of TMPDIR is full, or nobody may write there."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"Temporary data could not be written to {tempfile.tempdir or 'any temporary folder'}: {why(error)}. "
            "Set TMPDIR to a folder with more room."
        )


class WorkerLost(CorpusToolsError):
    """A process that worked on a chunk has died: killed by somebody, or by the system for want of memory.

    >>> raise WorkerLost(3, "may.jsonl, lines 4,001 to 6,000", -9)
    Traceback (most recent call last):
    corpus_tools.errors.WorkerLost: The process that worked on chunk 3 (may.jsonl, lines 4,001 to 6,000) was killed by
    signal 9. If memory ran out, use fewer --jobs or smaller chunks (--chunk-rows 500). No file was left half written.
    """

    exit_code = INPUT_OUTPUT

    def __init__(self, chunk: int | None, where: str, code: int | None) -> None:
        self.chunk, self.where, self.code = chunk, where, code
        what = f"worked on chunk {chunk} ({where})" if chunk is not None else f"was to {where}"
        end = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        super().__init__(
            f"The process that {what} {end}. If memory ran out, use fewer --jobs or smaller chunks (--chunk-rows 500). "
            "No file was left half written."
        )


class PromiseBroken(CorpusToolsError):
    """The sums don't add up, or a change can't be undone. Never the user's fault."""

    exit_code = PROMISE
