"""What is fed with garbage: each target has good inputs to begin with, and one way to take an input.

An attempt returns, or raises one of our own errors. AssertionError says that a row was lost.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import hashlib
import io
import json
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import orjson
import pandas as pd
import zstandard

from corpus_tools.__main__ import main
from corpus_tools.checking.baseline import Baseline
from corpus_tools.checking.settings import read_limit
from corpus_tools.checking.waivers import read_waivers
from corpus_tools.config import load_config
from corpus_tools.errors import CorpusToolsError
from corpus_tools.index.lasting import Index
from corpus_tools.io.events import Aside, Row
from corpus_tools.io.opened import Opened
from corpus_tools.io.pointers import dvc_outs, lfs_object
from corpus_tools.io.read import Reader
from corpus_tools.pairs import in_doubt_first, read_pairs
from corpus_tools.restore import find_outputs, restored_records
from corpus_tools.rules.directory import directory
from corpus_tools.rules.furniture import furniture
from corpus_tools.rules.licenses import spdx_of
from corpus_tools.rules.load import own_table
from corpus_tools.rules.overrule import wishes_of
from corpus_tools.run import Settings, run
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication
from corpus_tools.text.bylines import signatures
from corpus_tools.text.dates import parse_time
from corpus_tools.text.encoding import repair, replay
from corpus_tools.text.markup import cut_markup, markup
from corpus_tools.text.mixed import paragraphs, pieces
from corpus_tools.text.notices import notice_kinds
from corpus_tools.text.rights import reservation
from corpus_tools.text.signals import signals
from corpus_tools.text.truncation import cut_mark
from corpus_tools.text.urls import host_of, page_key, site_of
from corpus_tools.text.whitespace import normalize

CORPORA = Path(__file__).parents[2] / "fixtures" / "corpora"
LIMIT = 2000
"""Bytes of the longest record; longer ones are set aside, and that way is to be tried, too."""

SIGNS = [
    sign.encode("utf-8", "surrogatepass")
    for sign in (
        '"', "\\", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\r", "\t", "\0", " ", "null", "true", "-0", "1e999",
        "1" * 400, "\\ud800", "\\u0000", "\ud800", "\ufeff", "\ufeff\ufe00\ufe01", "\u2028", "\u200b", "Ã©", "â€œ",
        "–BLOOMBERG", "(Reuters) -", "KUALA LUMPUR, May 14 (Bernama) --", "By A. Lim", "© 2024 ANA", "/PRNewswire/",
        "The post Tin rises appeared first on Arah.my.", "You may also like", "https://x.example/?p=1", "<p>",
        "</script>",
        "[[agency]]", "[step.x]", "= 1", '= ["x"]', "=1+1", "..", "/", "999999-99-99",
        "2024-05-14T06:10:00Z", "مرحبا", "漢字",
    )
] + [b"\xff", b"\xfe\xff", b"\x80", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\x00", b"PAR1"]  # fmt: skip
_RAW = (CORPORA / "raw_news.jsonl").read_bytes()
_LINES = [line for line in _RAW.split(b"\n") if line]
_ARRAY = b"[" + b",\n".join(line for line in _LINES[:4]) + b"]"
_TABLE = (CORPORA / "briefs.csv").read_bytes()
_PAGES = [path.read_bytes() for path in sorted((CORPORA / "pages").iterdir())]


def _texts() -> list[bytes]:
    found = [*_PAGES]
    for line in _LINES:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            found.append(str(json.loads(line)["text"]).encode())
    return found


class Target:
    """Something that takes bytes. `share` is its part of all inputs: the slow ones get few."""

    good: ClassVar[list[bytes]] = []
    share: ClassVar[float] = 1.0

    def __init__(self, place: Path) -> None:
        self.place = place

    def attempt(self, data: bytes) -> None:
        """Take one input."""
        raise NotImplementedError


class _Read(Target):
    """A reader: every line or row it met comes out, as a record or set aside."""

    ending: ClassVar[str]

    def attempt(self, data: bytes) -> None:
        file = self.place / f"in{self.ending}"
        file.write_bytes(data)
        events = list(Opened(str(file), None, None).events(LIMIT))
        assert all(isinstance(event, (Row, Aside)) for event in events)
        self.look(data, events)
        if len(data) % 16 == 0:  # and as frames, which takes ten times as long
            for chunk in Reader([str(file)], max_record_bytes=LIMIT):
                assert len(chunk.frame) == len(chunk.layouts)

    def look(self, data: bytes, events: list[Row | Aside]) -> None:
        """See that nothing is lost."""


class Jsonl(_Read):
    """JSON lines."""

    good, ending, share = [b"\n".join(_LINES[at : at + 3]) for at in range(12)], ".jsonl", 6

    def look(self, data: bytes, events: list[Row | Aside]) -> None:
        """Every line that is not blank is there once."""
        if (
            data[:2] in (b"\xff\xfe", b"\xfe\xff")
            or data[:4] == b"\x2b\x2f\x76\x38"
            or data[:1] in (b"\x1f", b"\x28", b"B", b"\xfd", b"\0")
        ):
            return  # another encoding, or packed: its lines are not these bytes
        there = sum(1 for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip())
        begun = sum(1 for event in events if isinstance(event, Row) or not event.more)
        assert begun == there, f"{there} lines, and {begun} came out"


class JsonArray(_Read):
    """A JSON array."""

    good, ending, share = [_ARRAY, json.dumps(json.loads(_ARRAY), indent=1).encode(), _LINES[0]], ".json", 2


class Csv(_Read):
    """A table with commas."""

    good, ending, share = [_TABLE, _TABLE.replace(b",", b";"), b'text,id\n"a ""b""\nc",1\n'], ".csv", 2


class Tsv(_Read):
    """A table with tabs."""

    good, ending, share = [_TABLE.replace(b",", b"\t")], ".tsv", 1


class Page(_Read):
    """A page."""

    good, ending, share = _PAGES, ".txt", 4


class Packed(_Read):
    """Lines in one of the compressions, damaged before or after they were packed."""

    good, ending, share = [b"\n".join(_LINES[at : at + 2]) for at in range(6)], ".jsonl", 4
    _PACK: ClassVar[list[Callable[[bytes], bytes]]] = [gzip.compress, zstandard.compress, bz2.compress, lzma.compress]

    def attempt(self, data: bytes) -> None:
        """Pack it in the way that its length says, and cut or flip where its last bytes say."""
        packed = bytearray(self._PACK[len(data) % 4](data))
        if len(data) > 3 and data[-1] % 3:
            at = int.from_bytes(data[-3:], "little") % len(packed)
            if data[-1] % 3 == 1:
                packed[at] ^= 1 << data[-2] % 8
            else:
                del packed[at:]
        super().attempt(bytes(packed))


class Parquet(_Read):
    """A Parquet file."""

    ending, share = ".parquet", 3

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        sheet = io.BytesIO()
        pd.DataFrame({"text": ["Rain.", "Wind."], "n": [1, 2]}).to_parquet(sheet)
        self.good = [sheet.getvalue()]  # type: ignore[misc]


class Credits(Target):
    """The parsers of pages and credits, over one text: syndication traced, furniture cut."""

    good, share = _texts(), 0.5

    def attempt(self, data: bytes) -> None:
        """Every chain has its evidence where it says."""
        text = data.decode("utf-8", "surrogateescape" if len(data) % 5 == 0 else "replace")
        row = {"text": text, "source": text[:40], "author": text[-40:], "title": text[:60]}
        frame = pd.DataFrame([row], dtype=object)
        traced = trace_syndication(frame)
        for hop in traced["syndication_chain"].iloc[0] or ():
            value = frame[hop["field"]].iloc[0] if hop["field"] in frame else None
            if isinstance(value, str) and hop["start"] is not None:
                assert value[hop["start"] : hop["end"]] == hop["evidence"], hop
        assert len(strip_furniture(traced)) == 1


class Words(Target):
    """The parsers of single lines and values."""

    good, share = [line for text in _texts() for line in text.split(b"\n") if line] + [b"2024-05-14T06:10:00+08:00"], 50

    def attempt(self, data: bytes) -> None:
        """None may raise; what is repaired can be replayed."""
        text = data.decode("utf-8", "surrogateescape" if len(data) % 5 == 0 else "replace")
        for parse in (signatures, parse_time, cut_markup, markup, paragraphs, pieces, notice_kinds, reservation,
                      cut_mark, host_of, page_key, site_of, spdx_of, dvc_outs):  # fmt: skip
            parse(text)
        lfs_object(data)
        known = directory()
        known.parties.named(text[:80])
        furniture().knows(text[:200])
        clean = normalize(text)
        assert normalize(clean) == clean
        repaired, plan = repair(text)
        assert replay(plan, text) == repaired


class Signals(Target):
    """Metadata of any shape, looked through for what it declares."""

    good, share = [*_LINES[:6], b'{"@type": "NewsArticle", "publisher": {"name": "ANA"}, "robots": "noai"}'], 10

    def attempt(self, data: bytes) -> None:
        """Whatever is JSON is looked through."""
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            value = {"meta": data.decode("utf-8", "replace")}
        signals(value if isinstance(value, dict) else {"meta": value})


class _Toml(Target):
    """A file of rules or settings."""

    def attempt(self, data: bytes) -> None:
        """Read it."""
        file = self.place / "in.toml"
        file.write_bytes(data)
        self.read(file)

    def read(self, file: Path) -> None:
        """Read the file."""
        raise NotImplementedError


class Rules(_Toml):
    """A user's own rules."""

    share = 2
    good: ClassVar[list[bytes]] = [
        b'[[agency]]\nid = "rw"\nname = "River Wire"\nkind = "wire"\ncodes = ["RVW"]\ndomains = ["rw.example"]\n',
        b'[[furniture]]\ntext = "Read the tide table"\nclass = "promo"\nmatch = "line"\nexample = "x"\n',
        b'[[footer]]\nid = "x"\nkind = "feed"\ntemplate = "First by {outlet}: {title}"\nexample = "First by X: Y"\n',
        b'[[policy]]\nflags = ["DU001"]\nverdict = "review"\n[[threshold]]\nname = "x"\nvalue = 0.5\n',
        b'[[home_words]]\nwords = ["Home"]\n[[share_words]]\nwords = ["Share"]\n',
    ]

    def read(self, file: Path) -> None:
        """Read the tables, and where they pass, make the directory of them."""
        own_table.cache_clear()
        rows = own_table(str(file))
        if rows and len(str(rows)) % 8 == 0:  # the whole directory takes a tenth of a second
            directory.__wrapped__(str(file))
            furniture.__wrapped__(str(file))


class Config(_Toml):
    """A settings file."""

    share = 12
    good: ClassVar[list[bytes]] = [
        b'rules = "our.toml"\nsteps = ["fix_encoding", "mine.py:count"]\n[clean]\nfail-on = "error"\n',
        b'[step.detect_language]\nmin_chars = 30\n[check]\nmax = ["missing-license=2%"]\n',
        b'[[waiver]]\ncode = "missing-license"\nreason = "Being cleared."\nexpires = 2030-06-30\npath = "a/*"\n',
    ]

    def read(self, file: Path) -> None:
        """Read the settings, their waivers and their limits."""
        config = load_config(file)
        read_waivers(config.waivers, file)
        limits = config.verbs.get("check", {}).get("max")
        for limit in limits if isinstance(limits, list) else [limits]:
            if isinstance(limit, str):
                read_limit(limit)


class Beside(_Toml):
    """Files that the package wrote and reads again: baselines, pairs, and what people say of pairs."""

    share = 10
    good: ClassVar[list[bytes]] = [
        b'{"file":"a.jsonl","code":"PR002","id":"a-1","column":"url","fingerprint":"0123456789abcdef","count":1}\n',
        b'{"a":"x","b":"y","similarity":0.5,"containment":0.6,"aligned":0.7,"judgement":"borderline","guard":null}\n',
        b'{"a":"x","b":"y","belong":"always"}\n{"a":"x","b":"z","belong":"never","reason":"r"}\n',
        b"a,b,belong\nx,y,always\n",
    ]

    def read(self, file: Path) -> None:
        """Each reader has its turn."""
        table = self.place / "in.csv"
        table.write_bytes(file.read_bytes())
        for read in (
            Baseline,
            lambda path: in_doubt_first(read_pairs(path)),
            wishes_of,
            lambda _path: wishes_of(table),
        ):
            with contextlib.suppress(CorpusToolsError):
                read(file)


class IndexFiles(Target):
    """One file of an index, damaged; with a checksum that is right, where it is the manifest."""

    share = 5

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.folder = place / "index"
        with Index.open(self.folder, writing=True, create_missing=True) as index:
            index.add(
                pd.DataFrame({"id": ["a", "b"], "text": ["The ferry sails again on Thursday. " * 9, "Rain. " * 60]})
            )
        self.whole = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        self.names = sorted(name for name in self.whole if name.endswith((".bin", ".json")))
        self.good = [bytes([at]) + self.whole[name][:3000] for at, name in enumerate(self.names)]  # type: ignore[misc]

    def attempt(self, data: bytes) -> None:
        """Put the bytes into one of the files, and open, read and verify the index."""
        name = self.names[data[0] % len(self.names)] if data else "manifest.json"
        now = data[1:] + self.whole[name][3000:]
        if name == "manifest.json":
            with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError):
                outer = orjson.loads(now)
                told = orjson.dumps(outer["manifest"], option=orjson.OPT_SORT_KEYS)
                outer["sha256"] = hashlib.sha256(told).hexdigest()
                now = orjson.dumps(outer)
        (self.folder / name).write_bytes(now)
        try:
            with Index.open(self.folder) as index:
                index.verify()
                index.query(pd.DataFrame({"id": ["c"], "text": ["The ferry sails again on Thursday. " * 9]}))
        finally:
            (self.folder / name).write_bytes(self.whole[name])
        there = {path.name for path in self.folder.parent.rglob("*")} - {"index", *self.whole}
        assert not there, there


class Whole(Target):
    """A whole run, and back: every line is kept, removed or set aside, and `restore` gives it back."""

    good, share = [b"\n".join(_LINES[at : at + 4]) for at in range(12)], 0.03

    def attempt(self, data: bytes) -> None:
        """The input is what comes back."""
        source, out = self.place / "in.jsonl", self.place / "out.jsonl"
        for old in self.place.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        source.write_bytes(b'{"text": "A corpus in which no record has a text is refused."}\n' + data)
        lines = [line for line in source.read_bytes().split(b"\n") if line.strip(b" \t\r")]
        counts = run([str(source)], Settings(output=str(out))).manifest["counts"]
        assert counts["read"] == counts["kept"] + counts["removed"] + counts["quarantined"] == len(lines), counts
        back = list(restored_records(find_outputs(out)))
        assert len(back) == len(lines)
        for line, record in zip(lines, back, strict=True):
            if isinstance(record, dict):
                assert record == json.loads(line)
            else:
                assert record == line + b"\n"


class Commands(Target):
    """The command line, over garbage in any format; it may refuse, and never break."""

    good, share = [*Whole.good, _TABLE, _ARRAY, *_PAGES], 0.04
    _VERBS: ClassVar[list[list[str]]] = [
        ["clean", "-q", "IN", "-o", "OUT"], ["check", "IN"], ["validate", "IN"], ["fix-encoding", "-q", "IN"],
        ["mark-duplicates", "-q", "IN"], ["check", "IN", "--format", "sarif"], ["check", "IN", "--format", "github"],
        ["restore", "IN"], ["explain", "IN", "a"], ["report", "IN", "-o", "OUT.html"], ["diff", "IN", "IN"],
        ["clean", "-q", "IN", "-o", "OUT", "--rules", "IN"], ["check", "IN", "--baseline", "IN"],
        ["clean", "-q", "IN", "-o", "OUT.parquet"], ["clean", "-q", "IN", "-o", "OUT.csv", "--spreadsheet-safe"],
        ["index", "build", "OUT.index", "IN"], ["index", "info", "IN"], ["sample", "IN"],
    ]  # fmt: skip
    _ENDINGS: ClassVar[list[str]] = [".jsonl", ".json", ".csv", ".tsv", ".txt", ".parquet", ".jsonl.gz", ".toml", ""]

    def attempt(self, data: bytes) -> None:
        """The exit code is one of 0, 1, 2 and 3."""
        for old in self.place.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        verb = self._VERBS[len(data) % len(self._VERBS)]
        file = self.place / f"in{self._ENDINGS[len(data) // 7 % len(self._ENDINGS)]}"
        file.write_bytes(data)
        arguments = [part.replace("IN", str(file)).replace("OUT", str(self.place / "out")) for part in verb]
        said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = main(arguments)
        said.seek(0)
        assert code in (0, 1, 2, 3), f"{verb} exits {code}: {said.read()[-600:]}"


TARGETS: dict[str, type[Target]] = {
    "jsonl": Jsonl, "json": JsonArray, "csv": Csv, "tsv": Tsv, "page": Page, "packed": Packed, "parquet": Parquet,
    "credits": Credits, "words": Words, "signals": Signals, "rules": Rules, "config": Config, "beside": Beside,
    "index": IndexFiles, "whole": Whole, "commands": Commands,
}  # fmt: skip
