"""The one loader of rule tables: facts as TOML, ours in this folder, the user's own from a file they name.

A user's file may hold rows for any table (`[[agency]]`, `[[footer]]`, …); they come after ours.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from corpus_tools.errors import InputError, RuleError, why
from corpus_tools.rules.shapes import check_rows
from corpus_tools.text.toml import parse_toml


@functools.cache
def table(name: str) -> dict[str, Any]:
    """One of our own tables, parsed. Read it, don't change it: it is shared."""
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.cache
def own_table(path: str) -> dict[str, Any]:
    """A user's rule file, parsed."""
    try:
        own = parse_toml(Path(path).read_bytes())
    except OSError as error:
        raise InputError(f"The rule file {path} can't be read: {why(error)}.") from error
    except ValueError as error:
        raise RuleError(f"{path} is not valid TOML: {error}") from error
    check_rows(own, path)
    return own


def rows(name: str, kind: str, own: str | None = None) -> list[dict[str, Any]]:
    """The rows `[[kind]]` of the table `name`, ours first, then those of the user's file `own`."""
    extra = own_table(own).get(kind, []) if own else []
    return [*table(name).get(kind, []), *extra]


def frozen(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose lists are tuples, for a frozen dataclass."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def fingerprint(own: str | None = None) -> str:
    """SHA-256 over all rule files, for the run manifest: same fingerprint, same rules."""
    digest = hashlib.sha256()
    with resources.as_file(resources.files(__package__)) as folder:
        for file in sorted(folder.rglob("*")):
            if file.suffix not in (".py", ".pyc") and file.is_file():
                digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    if own:
        digest.update(Path(own).read_bytes())
    return digest.hexdigest()
