"""One input as a stream of decompressed bytes; the raw bytes are counted and hashed as they pass."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus_tools.errors import InputError, why
from corpus_tools.io.compression import Damaged, compression_of, unpack

BLOCK_BYTES = 1 << 18


@dataclass(slots=True)
class InputReport:
    """What was read from one input, for the run manifest.

    `bytes` and `sha256` are of the raw file; the hash is None if it was not read whole.
    """

    path: str
    format: str
    compression: str | None = None
    encoding: str | None = None
    bytes: int = 0
    sha256: str | None = None
    records: int = 0
    quarantined: int = 0


class Stream:
    """The bytes of a file, of standard input for `-`, or of the file `held` that holds what `path` names.

    `blocks()` gives them decompressed, once, and stops at damage; `broken` then says what is wrong.
    """

    def __init__(self, path: str, held: Path | None = None) -> None:
        self.path = path
        self._is_stdin = path == "-" and held is None
        self.bytes_read = 0
        self.broken: str | None = None
        self._damage: str | None = None
        self._digest = hashlib.sha256()
        self._whole = False
        try:
            self._raw: BinaryIO = sys.stdin.buffer if self._is_stdin else (held or Path(path)).open("rb")
        except OSError as error:
            raise InputError(f"{path} can't be opened: {why(error)}.") from error
        self._ahead: list[bytes] = []
        first = self._read()
        self.compression = compression_of(first)
        raw = self._raw_blocks(first)
        self._blocks = self._guarded(unpack(raw, self.compression) if self.compression else raw)
        self._rest = raw

    def peek(self, size: int) -> bytes:
        """Up to the first `size` bytes; `blocks()` gives them again."""
        have = sum(map(len, self._ahead))
        while have < size:
            block = next(self._blocks, None)
            if block is None:
                break
            self._ahead.append(block)
            have += len(block)
        return b"".join(self._ahead)[:size]

    def blocks(self) -> Iterator[bytes]:
        """The decompressed bytes."""
        ahead, self._ahead = self._ahead, []
        yield from ahead
        yield from self._blocks
        self.broken = self._damage  # only now: readers take it as "the bytes ended inside what I hold"

    def finish(self) -> None:
        """Read what is left of a damaged file, so that the hash is the file's."""
        for _ in self._rest:
            pass

    @property
    def sha256(self) -> str | None:
        """Of the raw bytes; None while they were not read to the end."""
        return self._digest.hexdigest() if self._whole else None

    def close(self) -> None:
        """Close the file; standard input is left open."""
        if not self._is_stdin:
            self._raw.close()

    def _read(self) -> bytes:
        try:
            block = self._raw.read(BLOCK_BYTES)
        except OSError as error:
            name = "Standard input" if self.path == "-" else self.path
            raise InputError(f"{name} can't be read: {why(error)}.") from error
        self.bytes_read += len(block)
        self._digest.update(block)
        self._whole = not block
        return block

    def _raw_blocks(self, block: bytes) -> Iterator[bytes]:
        while block:
            yield block
            block = self._read()

    def _guarded(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from (block for block in blocks if block)
        except Damaged as damage:
            self._damage = str(damage)
