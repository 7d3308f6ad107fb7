"""Compressed bytes in and out: gzip, zstd, bzip2 and xz, told apart by their first bytes, never by their name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol, cast

import zstandard

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
ENDINGS: dict[str, str] = {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz"}

# What one call may unpack: a file of a few kilobytes that stands for gigabytes must not fill the memory.
_OUT_BYTES = 1 << 20


class Damaged(Exception):
    """The compressed data ends early or makes no sense; what came before is good."""


def compression_of(head: bytes) -> str | None:
    """The compression that these first bytes tell.

    >>> compression_of(b"BZh9"), compression_of(b'{"a"')
    ('bzip2', None)
    """
    return next((name for magic, name in MAGIC if head.startswith(magic)), None)


def unpack(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The blocks, decompressed; members and frames that follow each other are one file, as in `cat a.gz b.gz`.

    Raises Damaged where the data ends early or is corrupt, after everything before that place was given out.
    """
    member: _Member | None = None
    for block in blocks:
        rest = block
        while rest:
            if member is None:
                rest = rest.lstrip(b"\0")  # padding between members, as tapes and xz leave it
                if not rest:
                    break
                member = _MEMBERS[name]()
            try:
                yield from member.feed(rest)
            except (zlib.error, OSError, EOFError, lzma.LZMAError, zstandard.ZstdError, ValueError) as error:
                raise Damaged(f"the {name} data is corrupt from here on") from error
            if not member.ended:
                break
            rest, member = member.unused, None
    if member is not None:
        yield from member.last()
        raise Damaged(f"the {name} data ends before it is complete")


def pack(handle: BinaryIO, name: str) -> BinaryIO:
    """A file that compresses what is written to it into `handle`; closing it leaves `handle` open.

    The same bytes in give the same bytes out: no clock and no file name goes into the header.
    """
    made: Any  # four classes that only share how they are written to
    if name == "gzip":
        made = gzip.GzipFile(filename="", mode="wb", fileobj=handle, compresslevel=6, mtime=0)
    elif name == "zstd":
        made = zstandard.ZstdCompressor(level=3).stream_writer(handle, closefd=False)
    elif name == "bzip2":
        made = bz2.BZ2File(handle, "wb")
    else:
        made = lzma.LZMAFile(handle, "wb", preset=2)  # noqa: SIM115  # the caller closes it
    return cast("BinaryIO", made)


class _Member(Protocol):
    """One gzip member, zstd frame, bzip2 or xz stream."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...
    def last(self) -> Iterator[bytes]:
        """What a member that never ended still holds."""

    @property
    def ended(self) -> bool: ...
    @property
    def unused(self) -> bytes:
        """The bytes after its end."""


class _Zlib:
    _BITE = 16384

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.unused = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), self._BITE):
            bite = data[at : at + self._BITE]
            before = self._inner.copy()
            try:
                while bite:
                    yield self._inner.decompress(bite, _OUT_BYTES)
                    if self._inner.eof:
                        self.unused = self._inner.unused_data + data[at + self._BITE :]
                        return
                    bite = self._inner.unconsumed_tail
                    before = self._inner.copy() if bite else before
            except zlib.error:
                yield from self._up_to_the_damage(before, bite)
                raise

    @staticmethod
    def _up_to_the_damage(inner: Any, bite: bytes) -> Iterator[bytes]:  # zlib does not name the type of its objects
        # A call that fails gives out nothing, though most of its bytes may be good.
        for at in range(len(bite)):
            try:
                yield inner.decompress(bite[at : at + 1])
            except zlib.error:
                return

    def last(self) -> Iterator[bytes]:
        yield self._inner.flush()

    @property
    def ended(self) -> bool:
        return self._inner.eof


class _Zstd:
    # zstd sets no limit to what a call gives out, and 4 bytes of it can stand for 128 kB: at worst, 16 MB come back.
    _BITE = 512

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
        self.unused = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), self._BITE):
            yield self._inner.decompress(data[at : at + self._BITE])
            if self._inner.eof:
                self.unused = self._inner.unused_data + data[at + self._BITE :]
                return

    def last(self) -> Iterator[bytes]:
        return iter(())

    @property
    def ended(self) -> bool:
        return bool(self._inner.eof)


class _Stored:
    """bzip2 and xz, which keep what they could not give out yet."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(data, _OUT_BYTES)
        while not self._inner.eof and not self._inner.needs_input:
            yield self._inner.decompress(b"", _OUT_BYTES)

    def last(self) -> Iterator[bytes]:
        return iter(())

    @property
    def ended(self) -> bool:
        return self._inner.eof

    @property
    def unused(self) -> bytes:
        return self._inner.unused_data


_MEMBERS: dict[str, Callable[[], _Member]] = {
    "gzip": _Zlib,
    "zstd": _Zstd,
    "bzip2": lambda: _Stored(bz2.BZ2Decompressor()),
    "xz": lambda: _Stored(lzma.LZMADecompressor()),
}
