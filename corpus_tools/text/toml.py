"""TOML that somebody else wrote: settings and rules come with a repository, and may be there to do harm."""

from __future__ import annotations

import re
import tomllib
from typing import Any

# The parser takes a square of the parts of a dotted key: 100,000 of them, 200 kB, are minutes.
_LONG_KEY = re.compile(r"""(?:\.[ \t]*(?:[\w-]{1,80}|"[^"\n]{0,80}"|'[^'\n]{0,80}')[ \t]*){100}""")


def parse_toml(data: bytes) -> dict[str, Any]:
    """The tables of a file in UTF-8, with or without a BOM. ValueError says what is wrong, and how to mend it.

    >>> parse_toml(b'rules = "ours.toml"')
    {'rules': 'ours.toml'}
    >>> parse_toml("é = 1".encode("utf-16"))
    Traceback (most recent call last):
    ValueError: the byte 0xff at 0 is no UTF-8. Save the file as UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise ValueError(f"the byte 0x{byte:02x} at {error.start} is no UTF-8. Save the file as UTF-8.") from error
    if _LONG_KEY.search(text):
        raise ValueError("a key has more than 100 parts. Write it as tables, e.g. [step.detect_language].")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("its lists or tables are nested too deep. Write them flat.") from error
