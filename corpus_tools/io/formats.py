"""Which format a file has: by its name, by what the caller said, or by its first bytes."""

from __future__ import annotations

import re
from pathlib import Path

from corpus_tools.errors import UnknownName, UsageError
from corpus_tools.io.compression import ENDINGS

FORMATS: tuple[str, ...] = ("jsonl", "json", "csv", "tsv", "parquet", "txt")
WRITTEN: tuple[str, ...] = ("jsonl", "json", "csv", "tsv", "parquet")

_BY_ENDING: dict[str, str] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "txt",
}
_FOREIGN: dict[str, tuple[str, str]] = {
    ending: (what, tool)
    for endings, what, tool in (
        (".html .htm .xhtml", "an HTML page", "trafilatura (`trafilatura --json < page.html > page.jsonl`)"),
        (".warc", "a WARC archive", "fastwarc, and trafilatura on the pages in it"),
        (".xml .rss .atom", "XML or a feed", "feedparser, and write its entries as JSON lines"),
        (".zip .7z", "an archive", "unzip (`unzip -p raw.zip raw.jsonl | corpus-tools …`)"),
        (".tar .tgz", "an archive", "tar (`tar -xzf raw.tgz`)"),
        (".pdf .doc .docx .epub", "a document", "a converter to text (`pdftotext page.pdf page.txt`)"),
        (".xls .xlsx .ods", "a spreadsheet", "your office program: save it as CSV"),
    )
    for ending in endings.split()
}
_FOREIGN_STARTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE), ".html"),
    (re.compile(rb"WARC/\d"), ".warc"),
    (re.compile(rb"PK\x03\x04"), ".zip"),
    (re.compile(rb"%PDF-"), ".pdf"),
    (re.compile(rb"\s*<(\?xml|rss|feed|rdf:rdf)\b", re.IGNORECASE), ".xml"),
)


def name_without_compression(path: str | Path) -> str:
    """The file's name, without the ending that names a compression.

    >>> name_without_compression("data/may.jsonl.gz")
    'may.jsonl'
    """
    name = Path(path).name
    return name[: -len(Path(name).suffix)] if Path(name).suffix.lower() in ENDINGS else name


def format_of(path: str | Path) -> str | None:
    """The format that a file's name tells, None where it tells nothing; UsageError for what we do not read.

    >>> format_of("data/may.jsonl.gz"), format_of("-")
    ('jsonl', None)
    """
    ending = Path(name_without_compression(path)).suffix.lower()
    if ending in _FOREIGN:
        raise _foreign(str(path), ending)
    return _BY_ENDING.get(ending)


def compression_of_name(path: str | Path) -> str | None:
    """The compression that a file's name asks for when it is written.

    >>> compression_of_name("out.jsonl.zst")
    'zstd'
    """
    return ENDINGS.get(Path(path).suffix.lower())


def known_format(name: str) -> str:
    """The format of that name; UnknownName where there is none.

    >>> known_format("ndjson")
    'jsonl'
    """
    plain = _BY_ENDING.get("." + name.lower().lstrip("."))
    if plain is None:
        raise UnknownName("format", name, FORMATS)
    return plain


def sniff_format(path: str, head: bytes, whole: bool) -> str:
    """The format of a pipe, or of a file whose name tells nothing: JSON lines unless its first bytes say otherwise.

    `whole` says that `head` is all there is.
    """
    refuse_foreign(path, head)
    if head.startswith(b"PAR1"):
        return "parquet"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"["):
        return "jsonl"
    line, newline, more = start.partition(b"\n")
    # A list on the first line and more below is a broken line of JSON lines; else the list is the corpus.
    if newline and line.rstrip().endswith(b"]") and (more.strip() or not whole):
        return "jsonl"
    return "json"


def refuse_foreign(path: str, head: bytes) -> None:
    """Raise UsageError where the first bytes are those of a page, an archive or a feed."""
    for start, ending in _FOREIGN_STARTS:
        if start.match(head):
            raise _foreign(path, ending)


def _foreign(path: str, ending: str) -> UsageError:
    what, tool = _FOREIGN[ending]
    return UsageError(
        f"{path} is {what}, and corpus-tools reads records: {', '.join(FORMATS)}. "
        f"Take the articles out of it first, e.g. with {tool}."
    )
