"""The work folder: what a run has finished so far, kept beside its output until the output is there.

Each chunk has two files for each stage it went through: the chunk itself, until the next stage has it, and what came
of the task. A file is written under another name, flushed to the disk and then given its own: what has its name is
whole, and a checksum says so once more.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from corpus_tools.engines.bench import Done
from corpus_tools.errors import OutputError, PromiseBroken, why
from corpus_tools.io import plain
from corpus_tools.io.chunk import Chunk

_DIGEST_BYTES = 16


class WorkFolder:
    """Where chunks wait between two stages, and what came of each task; any process may use it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, stage: int, number: int, chunk: Chunk) -> None:
        """Put a chunk aside after a stage."""
        self._write(f"{stage}-{number}.chunk", chunk)

    def take(self, stage: int, number: int) -> Chunk:
        """The chunk as it was after that stage."""
        chunk = self._read(f"{stage}-{number}.chunk")
        if not isinstance(chunk, Chunk):
            raise PromiseBroken(f"{self.path} has lost chunk {number + 1}. Start over without --resume.")
        return chunk

    def keep(self, done: Done) -> None:
        """Keep what came of a task; the chunk as it was before is needed no more."""
        self._write(f"{done.stage}-{done.number}.done", done)
        (self.path / f"{done.stage - 1}-{done.number}.chunk").unlink(missing_ok=True)

    def kept(self, stage: int, number: int) -> Done | None:
        """What came of that task in a run that was stopped; None where it was not finished."""
        done = self._read(f"{stage}-{number}.done")
        return done if isinstance(done, Done) else None

    def has_parts(self) -> bool:
        """Whether any task was finished."""
        return any(self.path.glob("*.done"))

    def close(self) -> None:
        """Nothing is open between two calls."""

    def _write(self, name: str, thing: object) -> None:
        hidden = self.path / f"{name}.{os.getpid()}"
        try:
            with hidden.open("wb") as file:
                file.write(bytes(_DIGEST_BYTES))
                summed = _Summed(file)
                plain.write(thing, summed)
                file.seek(0)
                file.write(summed.digest())
                file.flush()
                os.fsync(file.fileno())
            hidden.replace(self.path / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                hidden.unlink(missing_ok=True)
            raise OutputError(f"{self.path} could not be written: {why(error)}.") from error

    def _read(self, name: str) -> object:
        try:
            data = (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        if digest(memoryview(data)[_DIGEST_BYTES:]) != data[:_DIGEST_BYTES]:
            return None
        thing: object = plain.load(data, _DIGEST_BYTES)
        return thing

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def digest(data: bytes | memoryview) -> bytes:
    """What a file begins with, of all that follows."""
    return hashlib.sha256(data).digest()[:_DIGEST_BYTES]


class _Summed:
    """A file that is written, and the digest of what was written into it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sum = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        return self._file.write(data)

    def digest(self) -> bytes:
        return self._sum.digest()[:_DIGEST_BYTES]
