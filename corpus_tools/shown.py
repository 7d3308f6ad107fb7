"""Text from the data, made safe to show: on a terminal, in the log of a CI system, in a table.

Whoever writes a record chooses its text, and whoever adds a file chooses its name. Printed as they are, they can move
the cursor, reverse the line they stand in, or give orders to the system that reads the log.
"""

from __future__ import annotations

import re

# Controls, and what is invisible or turns the direction of writing. The joiners U+200C and U+200D stay: Persian and
# the Indic scripts need them, and they move nothing.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Azure reads `##vso[…]` and old GitHub runners `##[…]` anywhere in a line; TeamCity at its start.
_ORDER = re.compile(r"##(?=[a-z]*\[)")


def shown(text: object, limit: int | None = None) -> str:
    r"""The text on one line, without anything that is not seen; cut to `limit` characters.

    >>> shown("Rain\n::error::\x1b[31m\u202e")
    'Rain\\n::error::\\x1b[31m\\u202e'
    """
    text = str(text)
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return _ORDER.sub(r"#\\x23", _UNSEEN.sub(_escaped, text))


def shown_line(text: object) -> str:
    """The same for a whole line, which must not start as an order to GitHub does.

    >>> shown_line("::error::x.jsonl:1: …")
    './::error::x.jsonl:1: …'
    """
    line = shown(text)
    return f"./{line}" if line.lstrip().startswith("::") else line


def _escaped(found: re.Match[str]) -> str:
    number = ord(found[0])
    if found[0] in _NAMES:
        return _NAMES[found[0]]
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
