"""One JSON text to a record, or to a sentence that says why it is none; and back.

orjson does the work; where it is not to be trusted (integers over 64 bits, keys that come twice) or gives up,
the standard library looks again and finds the words.
"""

from __future__ import annotations

import base64
import itertools
import json
import math
import re
from datetime import date, time
from decimal import Decimal
from typing import Any

import orjson

Record = dict[str, Any]

_LARGEST = float(1 << 63)
_DEEPEST = 200
"""Levels of objects and lists. Beyond some 250 pickle and orjson give up, and no news is that deep."""

_SENTENCES: dict[str, str] = {
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Expecting value": "a value is missing",
    "Unterminated string starting at": "a text that starts here never ends",
    "Invalid control character at": "a control character, such as a line break, stands inside a text",
    "Invalid \\escape": "a backslash starts no escape that JSON knows",
    "Invalid \\uXXXX escape": "a \\u escape is incomplete",
    "Extra data": "something follows after the end of the value",
    "Illegal trailing comma before end of object": "a comma stands before the end of the object",
    "Illegal trailing comma before end of array": "a comma stands before the end of the list",
}
_KINDS: dict[type, str] = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}


MOST_FIELDS = 16_384
"""That a record may have, as many as a spreadsheet has columns: every field becomes a column of the frame."""


class NotARecord(ValueError):
    """The reason, as a clause: 'not JSON: a comma is missing at column 12'."""


def parse_record(data: bytes) -> Record:
    """The object that the bytes hold; NotARecord says why they hold none.

    Integers of any size stay integers. Refused are also NaN and Infinity, keys that come twice, halves of surrogate
    pairs and NUL bytes: no later program would read them the same way.

    >>> parse_record(b'{"id": 123456789012345678901}')
    {'id': 123456789012345678901}
    >>> parse_record(b'{"title": "A" "text": "B"}')
    Traceback (most recent call last):
    corpus_tools.io.json_text.NotARecord: not JSON: a comma is missing at column 15
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        value = _second_look(data)
    else:
        if type(value) is dict:
            keys = _count_keys(value, _DEEPEST)
            if keys < 0 or not _has_each_once(data, keys):
                value = _second_look(data)
    if type(value) is not dict:
        raise NotARecord(f"JSON, but no object: {_KINDS.get(type(value), 'null')}")
    if len(value) > MOST_FIELDS:
        raise NotARecord(f"not read: it has {len(value):,} fields, and {MOST_FIELDS:,} are the most")
    return value


def parse_value(data: str | bytes) -> Any:  # any JSON value
    """A JSON value that we wrote ourselves; integers of any size stay integers. ValueError where it is no JSON."""
    try:
        value = orjson.loads(data)
        if _count_keys(value, _DEEPEST) >= 0:
            return value
    except orjson.JSONDecodeError:  # or an integer of hundreds of digits
        pass
    return _second_look(data if isinstance(data, bytes) else data.encode())


def dump_value(value: Any, *, sort_keys: bool = False) -> bytes:  # any value that a cell may hold
    """The value as JSON in UTF-8, in one form whatever library its parts came from.

    With `sort_keys` the order of the keys makes no difference.

    >>> from datetime import UTC, datetime
    >>> dump_value({"id": 1 << 70, "at": datetime(2023, 5, 14, tzinfo=UTC), "share": float("nan")})
    b'{"id":1180591620717411303424,"at":"2023-05-14T00:00:00Z","share":null}'
    """
    try:
        return orjson.dumps(value, default=_stand_in, option=orjson.OPT_UTC_Z | (orjson.OPT_SORT_KEYS * sort_keys))
    except TypeError:  # an integer over 64 bits, keys that are no texts, half of a surrogate pair
        plain = _plain(value)
        try:
            return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys).encode("utf-8")
        except UnicodeEncodeError:
            return json.dumps(plain, separators=(",", ":"), sort_keys=sort_keys).encode("ascii")


def _stand_in(value: Any) -> Any:
    """What JSON has for a value it does not know."""
    if isinstance(value, (date, time)):  # NaT is one of them, and unequal to itself
        return _moment(value) if value == value else None
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    if hasattr(value, "tolist"):  # NumPy
        return value.tolist()
    return None if str(value) in ("<NA>", "NaT") else str(value)


def _moment(value: date | time) -> str:
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else _plain(_stand_in(value))


def _count_keys(value: Any, deepest: int) -> int:
    """How many keys are in there, at any depth; negative if a number may have been an integer over 64 bits.

    NotARecord where it is deeper than `deepest` levels.
    """
    if deepest < 0:
        raise _too_deep()
    if type(value) is dict:
        count, inner = len(value), value.values()
    elif type(value) is list:
        count, inner = 0, value  # type: ignore[assignment]  # both are iterated, no more
    else:
        return -1 if type(value) is float and abs(value) >= _LARGEST else 0
    for item in inner:
        kind = type(item)
        if kind is dict or kind is list or kind is float:
            below = _count_keys(item, deepest - 1)
            if below < 0:
                return -1
            count += below
    return count


def _has_each_once(data: bytes, keys: int) -> bool:
    """Whether the text has as many keys as the value; a cheap look that may say no where the answer is yes."""
    ends = data.count(b'":')
    return ends == keys or ends - data.count(b'\\":') == keys  # an escaped quote before a colon ends no key


def _second_look(data: bytes) -> Any:  # any JSON value
    if b"\0" in data:
        hint = "" if data.count(0) < len(data) // 3 else "; name the encoding if it is UTF-16: --encoding utf-16-le"
        raise NotARecord(f"a NUL byte at column {data.index(0) + 1}{hint}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotARecord(f"not UTF-8: the byte 0x{data[error.start]:02x} at column {error.start + 1}") from None
    try:
        value = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = _SENTENCES.get(error.msg, error.msg)
        raise NotARecord(f"not JSON: {what} at column {error.pos + 1}") from None
    except RecursionError:
        raise _too_deep() from None
    except NotARecord:
        raise
    except ValueError:  # Python reads integers up to 4,300 digits
        raise NotARecord("not read: a number has thousands of digits") from None
    _refuse_unwritable(value, _DEEPEST)
    return value


def _too_deep() -> NotARecord:
    return NotARecord(f"not read: objects or lists are nested more than {_DEEPEST} deep")


def _without_doubles(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for at, key in enumerate(keys) if key in keys[:at])
        raise NotARecord(f"the key {twice[:80]!r} comes twice in one object")
    return record


def _no_constant(name: str) -> None:
    raise NotARecord(f"not JSON: {name} is not JSON")


def _refuse_unwritable(value: Any, deepest: int) -> None:
    if isinstance(value, str):
        if half := re.search("[\ud800-\udfff]", value):
            raise NotARecord(f"half of a surrogate pair, \\u{ord(half[0]):04x}, stands alone")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise NotARecord("not read: a number is too large")
    elif isinstance(value, (dict, list)):
        if deepest < 0:
            raise _too_deep()
        for item in itertools.chain(value, value.values()) if isinstance(value, dict) else value:
            _refuse_unwritable(item, deepest - 1)
