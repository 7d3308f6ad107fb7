"""The files of an index: what is known of each record, by its number, and the sorted files that lead to numbers.

Files that grow hold records, samples, words and notes; each record has checksums of its parts, looked at when they are
read. Nothing is loaded whole.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import DamagedIndex
from corpus_tools.index.manifest import KINDS, Manifest, read_manifest, write_manifest
from corpus_tools.index.prepare import RECORD
from corpus_tools.index.sorted_file import Description, Entries, SortedFile, merged, write
from corpus_tools.text.fingerprints import BANDS, OPENING_KEYS, SAMPLES

BAND_COLUMNS = BANDS + OPENING_KEYS
TITLE, ADDRESS, TEXT, ID, OUTLET = range(BAND_COLUMNS, BAND_COLUMNS + 5)
"""The columns of the sorted files behind those of the bands."""
COLUMNS = OUTLET + 1

STORED = np.dtype(
    [
        *((name, RECORD[name]) for name in RECORD.names or ()),
        ("keeper", np.uint32),
        ("batch", np.uint32),
        ("words_check", np.uint32),
        ("words_end", np.uint64),
        ("notes_end", np.uint64),
        ("notes_check", np.uint32),
        ("check", np.uint32),
    ]
)
"""A record on disk: `keeper` is the number of the record kept for it, its own where it is kept itself."""

_MERGED_WITH = 4  # times a new file's size: each entry is then written again once for every factor of four
_CHECKED = STORED.itemsize - STORED["check"].itemsize


@dataclass(frozen=True, slots=True)
class Parts:
    """New records for an index; `words` and `notes` give the bytes of each in turn."""

    records: NDArray[np.void]
    samples: NDArray[np.uint8]
    words: Iterable[bytes]
    notes: Iterable[bytes]
    columns: Iterable[Entries]


class Store:
    """An index, open for reading as its manifest says.

    DamagedIndex where a file is missing or too short, and later where a part does not match its checksum.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        while True:
            self._files: dict[str, BinaryIO] = {}
            self._sorted: list[SortedFile] = []
            try:
                return self._open()
            except FileNotFoundError as error:
                self.close()
                was, self.manifest = self.manifest, read_manifest(folder)
                # A writer may have put other files in their place since the manifest was read.
                if self.manifest == was:
                    raise DamagedIndex(Path(str(error.filename)), "is missing") from error
            except BaseException:
                self.close()
                raise

    def __len__(self) -> int:
        return self.manifest.records

    def records(self, rows: NDArray[np.int64]) -> NDArray[np.void]:
        """What is known of some records, shape (rows,), of dtype STORED."""
        found = self._records[rows]
        for row, record, sample in zip(rows.tolist(), found, self._samples[rows], strict=True):
            if zlib.crc32(sample, zlib.crc32(record.tobytes()[:_CHECKED])) != record["check"]:
                raise DamagedIndex(self.manifest.path(self.folder, "records"), f"is damaged at record {row:,}")
        return found

    def record(self, row: int) -> Any:
        """What is known of one record."""
        return self.records(np.array([row]))[0]

    def samples(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The samples of some records, shape (rows, SAMPLES); checked where their records are read."""
        return self._samples[rows]

    def words(self, row: int) -> bytes:
        """The tokens of a record's bare article."""
        return self._part("words", row)

    def note(self, row: int) -> bytes:
        """The note of a record, as JSON."""
        return self._part("notes", row)

    def find(self, column: int, keys: NDArray[Any], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Records that have a key in a column: positions in `keys`, and records.

        Of each key the first `most` in each sorted file. Of a 64-bit key only the upper half counts.
        """
        found = [file.find(column, keys, most) for file in self._sorted if file.described.counts[column]]
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        places, rows = (np.concatenate(side) for side in zip(*found, strict=True))
        return places, rows

    def every_record(self, at_once: int = 1 << 14) -> Iterator[tuple[int, NDArray[np.void]]]:
        """All records, some at a time, each with the number of the first."""
        for start in range(0, len(self), at_once):
            yield start, self.records(np.arange(start, min(start + at_once, len(self))))

    def verify(self) -> None:
        """Read everything and compare it with its checksums. DamagedIndex where one does not match."""
        for start, records in self.every_record():
            for row in range(start, start + len(records)):
                self.words(row)
                self.note(row)
        for file in self._sorted:
            file.verify()

    def size(self) -> int:
        """Bytes on disk."""
        return sum((self.folder / name).stat().st_size for name in self.manifest.names())

    def column(self, number: int) -> Entries:
        """A whole column."""
        return np.sort(np.concatenate([np.empty(0, np.uint64), *(file.column(number) for file in self._sorted)]))

    def added(self, parts: Parts, of: dict[str, str] | None = None) -> Manifest:
        """Write records behind the others; they count once the manifest that is returned was written."""
        now = replace(self._grown(self.manifest, parts), batches=self.manifest.batches + 1, of=of)
        return self._with_sorted(now, parts.columns, self._sorted)

    def written_anew(self, parts: Parts) -> Manifest:
        """Write all files again with other records; they count once the manifest that is returned was written."""
        empty = replace(
            self.manifest,
            records=0,
            generation=self.manifest.generation + 1,
            lengths=dict.fromkeys(KINDS, 0),
            sorted_files=(),
            of=None,
        )
        _touch(self.folder, empty)
        return self._with_sorted(self._grown(empty, parts), parts.columns, [])

    def _grown(self, manifest: Manifest, parts: Parts) -> Manifest:
        """The growing files with more records in them."""
        lengths = dict(manifest.lengths)
        records, end = parts.records.copy(), {kind: lengths[kind] for kind in ("words", "notes")}
        for kind, data in (("words", parts.words), ("notes", parts.notes)):
            with _behind(manifest.path(self.folder, kind), lengths[kind]) as file:
                for number, part in enumerate(data):
                    file.write(part)
                    end[kind] += len(part)
                    records[f"{kind}_end"][number], records[f"{kind}_check"][number] = end[kind], zlib.crc32(part)
                _lasting(file)
        for number, sample in enumerate(parts.samples):
            records["check"][number] = zlib.crc32(sample, zlib.crc32(records[number].tobytes()[:_CHECKED]))
        for kind, rows in (("records", records), ("samples", parts.samples)):
            with _behind(manifest.path(self.folder, kind), lengths[kind]) as file:
                file.write(np.ascontiguousarray(rows).tobytes())
                end[kind] = lengths[kind] + rows.nbytes
                _lasting(file)
        return replace(manifest, records=manifest.records + len(records), lengths=end)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files.values():
            file.close()
        for sorted_file in self._sorted:
            sorted_file.close()

    def _open(self) -> None:
        for kind in KINDS:
            path = self.manifest.path(self.folder, kind)
            self._files[kind] = path.open("rb")
            if path.stat().st_size < self.manifest.lengths[kind]:
                wanted = self.manifest.lengths[kind]
                raise DamagedIndex(path, f"has {path.stat().st_size:,} bytes instead of {wanted:,}")
        self._records = self._mapped("records", STORED, (len(self),))
        self._samples = self._mapped("samples", np.dtype(np.uint8), (len(self), SAMPLES))
        for file in self.manifest.sorted_files:
            if len(file.counts) != COLUMNS:
                raise DamagedIndex(self.folder / file.name, f"has {len(file.counts)} columns instead of {COLUMNS}")
            self._sorted.append(SortedFile(self.folder / file.name, file))

    def _mapped(self, kind: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        if not shape[0]:
            return np.empty(shape, dtype)
        return np.memmap(self._files[kind], dtype, "r", shape=shape).view(np.ndarray)

    def _part(self, kind: str, row: int) -> bytes:
        record = self.record(row)
        start = int(self.record(row - 1)[f"{kind}_end"]) if row else 0
        file = self._files[kind]
        file.seek(start)
        part = file.read(int(record[f"{kind}_end"]) - start)
        if zlib.crc32(part) != record[f"{kind}_check"]:
            raise DamagedIndex(self.manifest.path(self.folder, kind), f"is damaged at record {row:,}")
        return part

    def _with_sorted(self, manifest: Manifest, columns: Iterable[Entries], before: Sequence[SortedFile]) -> Manifest:
        """A manifest with one more sorted file; files that are not much longer than it are merged into it."""
        described = self._write_sorted(manifest, columns)
        files, manifest = [*before], replace(manifest, next_file=manifest.next_file + 1)
        while files and len(files[-1]) <= _MERGED_WITH * sum(described.counts):
            new = SortedFile(self.folder / described.name, described)
            described = self._write_sorted(manifest, merged([files.pop(), new]))
            new.close()
            manifest = replace(manifest, next_file=manifest.next_file + 1)
        return replace(manifest, sorted_files=(*(file.described for file in files), described))

    def _write_sorted(self, manifest: Manifest, columns: Iterable[Entries]) -> Description:
        name = f"sorted.{manifest.next_file}.bin"
        with (self.folder / name).open("wb") as file:
            described = write(file, name, columns)
            _lasting(file)
        return described


def create(folder: Path) -> None:
    """Make an empty index in a folder that is empty or not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(lengths=dict.fromkeys(KINDS, 0))
    _touch(folder, manifest)
    write_manifest(folder, manifest)


def clear_away(folder: Path, manifest: Manifest) -> None:
    """Remove files that an add which did not end left behind, and those that were merged into others."""
    for path in folder.glob("*.bin"):
        if path.name not in manifest.names() and path.name.split(".")[0] in (*KINDS, "sorted"):
            with contextlib.suppress(OSError):  # Windows keeps what is open; the next add tries again
                path.unlink()


def _touch(folder: Path, manifest: Manifest) -> None:
    for kind in KINDS:
        manifest.path(folder, kind).touch()


def _behind(path: Path, length: int) -> BinaryIO:
    """A growing file, open behind the bytes that count; what an add that did not end left there goes."""
    file = path.open("r+b")
    file.truncate(length)
    file.seek(length)
    return file


def _lasting(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
