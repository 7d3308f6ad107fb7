"""A JSON value on one line that is safe to print: whoever parses it gets the value as it is."""

from __future__ import annotations

import re
from typing import Any

import orjson

# The orders to CI systems and the unseen characters of corpus_tools.shown, in the escapes that JSON has for them.
_UNSEEN = re.compile("##(?=[a-z]*\\[)|[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def json_line(value: Any) -> str:  # any JSON value
    r"""The value as JSON.

    >>> print(json_line({"id": "##[error]\u202e"}))
    {"id":"\u0023#[error]\u202e"}
    """
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", orjson.dumps(value).decode())
