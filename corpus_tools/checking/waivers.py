"""Findings that somebody has decided to live with, until a day that they named, in corpus-tools.toml.

Example:
    [[waiver]]
    code = "PR005"                 # or its name, missing-license
    path = "data/archive/*"        # a glob over paths from the root of the tree; a star crosses folders
    id = "arah-5571"               # only this record, if it is given
    reason = "Licences of the archive are being cleared, ticket 214."
    expires = 2030-06-30
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from corpus_tools.errors import UsageError
from corpus_tools.flags import flag_of

_KEYS = ("code", "path", "id", "reason", "expires")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One [[waiver]], and where it is written down."""

    code: str
    reason: str
    expires: date
    path: str = "*"
    id: str | None = None
    file: str = ""
    line: int = 1

    def covers(self, code: str, path: str, id: str | None) -> bool:  # noqa: A002  # the column's own name
        """Whether it speaks of this finding."""
        return self.code == code and self.id in (None, id) and fnmatchcase(path, self.path)

    def has_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires


def read_waivers(rows: Sequence[Mapping[str, Any]], file: Path | None) -> tuple[Waiver, ...]:
    """The waivers of a settings file; UsageError where one lacks a code, a reason or a last day."""
    lines = _lines_of_waivers(file) if rows and file else []
    return tuple(_read(row, file, at, lines[at] if at < len(lines) else 1) for at, row in enumerate(rows))


def _read(row: Mapping[str, Any], file: Path | None, at: int, line: int) -> Waiver:
    where = f"{file}: [[waiver]] number {at + 1}"
    if unknown := sorted(set(row) - set(_KEYS)):
        raise UsageError(f"{where} has {unknown[0]!r}; it takes {', '.join(_KEYS)}.")
    if missing := [key for key in ("code", "reason", "expires") if not row.get(key)]:
        raise UsageError(f"{where} needs {missing[0]!r}, e.g. expires = 2030-06-30. A waiver says why, and until when.")
    expires = row["expires"]
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            raise UsageError(f"{where}: {expires!r} is no day; write e.g. expires = 2030-06-30.") from None
    if isinstance(expires, datetime):
        expires = expires.date()
    if not isinstance(expires, date):
        raise UsageError(f"{where}: {expires!r} is no day; write e.g. expires = 2030-06-30.")
    code = flag_of(str(row["code"])).code
    name = None if row.get("id") is None else str(row["id"])
    return Waiver(code, str(row["reason"]), expires, str(row.get("path", "*")), name, str(file), line)


def _lines_of_waivers(file: Path) -> list[int]:
    """The lines that open a waiver; TOML's reader gives values and no places."""
    lines = file.read_text(encoding="utf-8").split("\n")
    headers = ("[[waiver]]", "[[tool.corpus-tools.waiver]]")
    return [number for number, line in enumerate(lines, 1) if line.replace(" ", "").startswith(headers)]
