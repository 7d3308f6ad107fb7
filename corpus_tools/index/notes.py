"""What is remembered of a record beside its words: where it was, when, whose it is, what it said of copies before."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd

from corpus_tools import cells
from corpus_tools.contract import IN_NAMES, TIMES
from corpus_tools.flags import FLAGS
from corpus_tools.text.columns import Texts, encodable
from corpus_tools.text.urls import host_of, page_key, site_of

OFFERABLE: tuple[str, ...] = tuple(name for name in IN_NAMES if name not in ("id", "text"))
"""The columns a copy can offer to its keeper."""

_PLACE = {name: place for place, name in enumerate(OFFERABLE)}
_DAMAGE_FLAGS = frozenset(("EN002", "EN004"))
_DAMAGE = re.compile("Ã[\u0080-\u00bf]")
_BREAKS_OFF = re.compile(r"(\[(…|\.\.\.|\+\d+ chars)\]|…|\.\.\.|continue reading|read more)$", re.IGNORECASE)
_BREAK_ENDS = ("…", "...", "]", "ing", "ore", "ING", "ORE")
_LONG_NAME = 12  # "c4ngk17zzkpo" names an article; sections have short names
_MOST_COPIES = 1 << 40  # arbitrary: more is no number of records
_FOUR_DIGITS = re.compile(r"\d{4}")
_EPOCH = datetime(1970, 1, 1)  # times are UTC, and "Z" says so


class Hop(NamedTuple):
    """One hop of the syndication chain, without its evidence."""

    role: str
    id: str | None
    name: str
    url: str | None
    slot: str


class Note(NamedTuple):
    """One record. Times are microseconds since 1970, UTC; `page` is the key of the page where it names one."""

    id: str | None
    outlet: str
    url_key: str | None
    canonical_key: str | None
    page: str | None
    values: tuple[Any, ...]  # of the columns in OFFERABLE, as the frame has them
    published: int | None
    modified: int | None
    retrieved: int | None
    hops: tuple[Hop, ...]
    truncated: bool
    damaged: bool
    errors: int
    words: int
    content: int
    copies: int | None
    duplicate_of: str | None
    published_by: list[Any]
    offered: list[Any]

    def value(self, column: str) -> Any:
        """The record's value in one of the OFFERABLE columns; times as `2024-05-14T08:00:00Z`."""
        return iso(self._time(column)) if column in TIMES else self.values[_PLACE[column]]

    def lacking(self) -> set[str]:
        """The OFFERABLE columns in which the record has no value."""
        empty = {name for name, value in zip(OFFERABLE, self.values, strict=True) if value is None}
        return empty.difference(name for name in TIMES if self._time(name) is not None)

    def _time(self, column: str) -> int | None:
        time: int | None = getattr(self, column.removesuffix("_at"))
        return time


def packed(notes: Sequence[Note]) -> tuple[bytes, list[int]]:
    """Notes as JSON, one after the other, and how many bytes each takes."""
    parts = [_dumped(note) for note in notes]
    return b"".join(parts), [len(part) for part in parts]


def unpacked(data: bytes) -> Note:
    """One note from its JSON."""
    note = Note(*_fields(data))
    return note._replace(values=tuple(note.values), hops=tuple(Hop(*hop) for hop in note.hops))


def id_in(data: bytes) -> str | None:
    """The id in the JSON of a note; None where the record came without one."""
    named: str | None = _fields(data)[0]
    return named


def _fields(data: bytes) -> list[Any]:
    try:
        fields: list[Any] = orjson.loads(data)
    except orjson.JSONDecodeError:  # half of a surrogate pair, or an integer over 64 bits
        fields = json.loads(data)
    return fields


def iso(micros: int | None) -> str | None:
    """A time as text.

    >>> iso(1715673600000000)
    '2024-05-14T08:00:00Z'
    """
    if micros is None:
        return None
    try:
        return (_EPOCH + timedelta(microseconds=micros)).isoformat() + "Z"
    except OverflowError:  # before the year 1 or after 9999
        return pd.Timestamp(micros, unit="us").isoformat() + "Z"


def key_of(text: str | None) -> int:
    """A name as a 64-bit number, 0 for none; the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) if text else 0


def contents_of(texts: Texts) -> list[int]:
    """The first 64 bits of the SHA-256 of each text: the numbers behind ids that are made from content.

    >>> [f"{number:016x}" for number in contents_of(Texts(["", "rain"]))]
    ['e3b0c44298fc1c14', '319b44c570a417ff']
    """
    column, data = texts.column, memoryview(texts.column.buffers()[2] or b"")
    borders = np.frombuffer(column.buffers()[1] or b"", np.int64)[column.offset :][: len(column) + 1].tolist()
    hashes = [hashlib.sha256(data[start:end]).digest()[:8] for start, end in itertools.pairwise(borders)]
    for row, text in texts.odd.items():
        hashes[row] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
    numbers: list[int] = np.frombuffer(b"".join(hashes), ">u8").tolist()
    return numbers


def notes_of(frame: pd.DataFrame, texts: Sequence[str], words: Sequence[int]) -> list[Note]:
    """A note for each row; `texts` are the row's texts, `words` is how many words each bare article has."""
    columns = {name: [None] * len(frame) if name in TIMES else cells.objects(frame, name) for name in OFFERABLE}
    sources, urls, canonicals = (map(_if_text, columns[name]) for name in ("source", "url", "canonical_url"))
    contents = contents_of(Texts(cells.texts(frame, "text")))
    notes = []
    for text, content, source, url, canonical, said, values, published, modified, retrieved, *rest in zip(
        texts,
        contents,
        sources,
        urls,
        canonicals,
        _lists(frame, "flags", cells.words),
        zip(*columns.values(), strict=True),
        *(_micros(frame, name) for name in TIMES),
        _ids(frame),
        map(_hops, _lists(frame, "syndication_chain")),
        words,
        cells.objects(frame, "copies"),
        cells.strings(frame, "duplicate_of"),
        _lists(frame, "published_by"),
        _lists(frame, "offered"),
        strict=True,
    ):
        named, hops, count, copies, keeper, published_by, offered = rest
        url_key = _key(url)
        canonical_key = url_key if canonical == url else _key(canonical)
        notes.append(
            Note(
                named,
                _site(url_key) or outlet_of(None, source),
                url_key,
                canonical_key,
                _page(url_key, canonical_key),
                values,
                published,
                modified,
                retrieved,
                hops,
                "PR019" in said or _breaks_off(text),
                not _DAMAGE_FLAGS.isdisjoint(said) or _is_damaged(text),
                sum(map(_is_error, said)),
                count,
                content,
                _count(copies),
                keeper,
                published_by,
                offered,
            )
        )
    return notes


def _lists(
    frame: pd.DataFrame, column: str, read: Callable[[pd.DataFrame, str], list[list[Any]]] = cells.lists
) -> list[list[Any]]:
    """A column of lists, to be read only: where there is none, one list stands for all."""
    return read(frame, column) if column in frame.columns else [[]] * len(frame)


def _if_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _is_error(code: str) -> bool:
    return code.startswith("PR") and code in FLAGS and FLAGS[code].severity == "error"


def _dumped(note: Note) -> bytes:
    try:
        return orjson.dumps(tuple(note), default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # half of a surrogate pair, or an integer over 64 bits
        return json.dumps(note, default=str, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, tuple) else str(value)


def outlet_of(url: str | None, source: str | None) -> str:
    """Who served a copy: the site of its address, else of a source that is a domain, else the source's name.

    >>> outlet_of("https://news.example.com/a", "Example News"), outlet_of(None, "The Daily Example ")
    ('example.com', 'the daily example')
    """
    return site_of(url) or site_of(source) or (source or "").strip().casefold()


def _key(url: str | None) -> str | None:
    """The key of a page, or of a front page its host; None where there is no address."""
    return page_key(url) or host_of(url)


@functools.lru_cache(maxsize=1 << 14)
def _site_of_host(host: str) -> str | None:
    return site_of(host)


def _site(key: str | None) -> str | None:
    return _site_of_host(key.partition("/")[0].partition("?")[0]) if key else None


def _page(url_key: str | None, canonical_key: str | None) -> str | None:
    # A canonical address on another site names the page this one was copied from, not this page.
    if canonical_key and (url_key is None or _site(canonical_key) == _site(url_key)):
        url_key = canonical_key
    return url_key if url_key and _names_a_page(url_key) else None


def _breaks_off(text: str) -> bool:
    end = text[-40:].rstrip()
    return end.endswith(_BREAK_ENDS) and _BREAKS_OFF.search(end) is not None


def _is_damaged(text: str) -> bool:
    # A single letter is found many times as fast as two, or a pattern.
    return not text.isascii() and (
        "\ufffd" in text or ("â" in text and "â€" in text) or ("Ã" in text and _DAMAGE.search(text) is not None)
    )


def _names_a_page(key: str) -> bool:
    """Whether an address names one article: by a query, a number, or a headline or code in its last part.

    `example.com/sport/football` is a section: what it holds today is no version of what it held yesterday.
    """
    path = key.partition("/")[2].rstrip("/")
    last = path.rpartition("/")[2]
    return (
        "?" in key
        or len(last.partition(".")[0]) >= _LONG_NAME
        or last.count("-") + last.count("_") >= 2
        or _FOUR_DIGITS.search(path) is not None
    )


def _ids(frame: pd.DataFrame) -> list[str | None]:
    return [value if value is None else str(value) for value in cells.objects(frame, "id")]


def _hops(chain: list[Any]) -> tuple[Hop, ...]:
    if not chain:
        return ()
    return tuple(
        Hop(str(hop.get("role")), hop.get("id"), str(hop.get("name") or ""), hop.get("url"), str(hop.get("slot")))
        for hop in chain
        if isinstance(hop, dict)
    )


def _count(copies: Any) -> int | None:
    """The number of copies that an earlier run gave; a column of that name may hold anything."""
    return int(copies) if isinstance(copies, (int, float)) and 0 <= copies <= _MOST_COPIES else None


def _micros(frame: pd.DataFrame, column: str) -> list[int | None]:
    if column not in frame.columns:
        return [None] * len(frame)
    series = frame[column]
    if not pd.api.types.is_datetime64_any_dtype(series.dtype) and not cells.is_arrow_text(series.dtype):
        told = [encodable(str(value)) if value is not None else None for value in cells.objects(frame, column)]
        series = pd.Series(told)
    times = pd.to_datetime(series, utc=True, errors="coerce", format="ISO8601").dt.as_unit("us")
    missing = times.isna().to_numpy()
    return [None if gone else when for gone, when in zip(missing, times.astype("int64").tolist(), strict=True)]
