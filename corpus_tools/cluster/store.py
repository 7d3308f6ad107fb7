"""What tasks leave for each other: files in a folder that every worker can reach, on a disk or in object storage.

A task may be done twice, where a worker was lost: it then writes the same files again. A file appears whole or not at
all, so whoever finds one can use it.
"""

from __future__ import annotations

import functools
import itertools
import struct
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import InputError, OutputError, UsageError, why
from corpus_tools.io import plain

_ENTRY = struct.Struct("<QQ")  # where a parcel begins and ends
_MIXED = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ over the golden ratio: neighbours end far apart


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Store:
    """A folder by its address, e.g. `s3://bucket/clean` or a path; nothing is open between two calls."""

    address: str

    def below(self, name: str) -> Store:
        """A folder in it."""
        return Store(f"{self.address}/{name}")

    def write(self, name: str, data: bytes) -> None:
        """Write a file. OutputError where that can't be done."""
        files, root = file_system(self.address)
        path = f"{root}/{name}"
        try:
            files.makedirs(path.rpartition("/")[0], exist_ok=True)
            if "file" in _protocols(files):
                hidden = f"{path}.{uuid.uuid4().hex}"
                files.pipe_file(hidden, data)
                files.mv(hidden, path)
            else:  # object storage shows what was sent whole
                files.pipe_file(path, data)
        except refusals() as error:
            raise OutputError(f"{self.address}/{name} could not be written: {reason(error)}.") from error

    def read(self, name: str) -> bytes:
        """The bytes of a file. InputError where it is not there."""
        return self._read_span(name, None, None)

    def _read_span(self, name: str, start: int | None, end: int | None) -> bytes:
        files, root = file_system(self.address)
        try:
            # An opened file of object storage would fetch megabytes around what is read of it.
            data: bytes = files.cat_file(f"{root}/{name}", start=start, end=end)
        except refusals() as error:
            raise InputError(f"{self.address}/{name} can't be read: {reason(error)}.") from error
        return data

    def put(self, name: str, thing: Any) -> None:
        """Write a value; see `io.plain`."""
        self.write(name, plain.dump(thing))

    def take(self, name: str) -> Any:
        """The value again."""
        return plain.load(self.read(name))

    def send(self, name: str, sender: int, parcels: Mapping[int, bytes], receivers: int) -> None:
        """Leave a parcel for each of so many receivers, counted from 0, all in one file."""
        sizes = [len(parcels.get(receiver, b"")) for receiver in range(receivers)]
        ends = list(itertools.accumulate(sizes, initial=8 * (receivers + 1)))
        body = [data for _, data in sorted(parcels.items())]
        self.write(f"{name}/{sender}", b"".join([struct.pack(f"<{len(ends)}Q", *ends), *body]))

    def received(self, name: str, senders: int, receiver: int) -> Iterator[bytes]:
        """The parcels for a receiver, in the order of their senders."""
        for sender in range(senders):
            if data := self.received_from(name, sender, receiver):
                yield data

    def received_from(self, name: str, sender: int, receiver: int) -> bytes:
        """The parcel of one sender for a receiver; empty where there is none.

        Nothing else of the file is read, however many receivers it is for.
        """
        start, end = _ENTRY.unpack(self._read_span(f"{name}/{sender}", 8 * receiver, 8 * receiver + _ENTRY.size))
        return self._read_span(f"{name}/{sender}", start, end) if start < end else b""

    def rows(self, name: str, senders: int, receiver: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        """The rows for a receiver, where parcels are rows."""
        joined = bytearray()
        for data in self.received(name, senders, receiver):
            joined += data
        return np.frombuffer(joined, dtype)

    def names(self) -> list[str]:
        """What is in the folder; empty where there is none."""
        files, root = file_system(self.address)
        try:
            return sorted(path.rstrip("/").rpartition("/")[2] for path in files.ls(root, detail=False))
        except FileNotFoundError:
            return []

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        files, root = file_system(self.address)
        if files.exists(root):
            files.rm(root, recursive=True)


def scattered(rows: NDArray[Any], keys: NDArray[np.uint64], buckets: int) -> dict[int, bytes]:
    r"""Rows by the bucket of their key.

    >>> sorted(scattered(np.array([1, 2, 3], np.uint8), np.array([7, 9, 7], np.uint64), 2).values(), key=len)
    [b'\x02', b'\x01\x03']
    """
    return divided(rows, bucket_of(keys, buckets))


def divided(rows: NDArray[Any], buckets: NDArray[np.int64]) -> dict[int, bytes]:
    """Rows by the bucket that is given for each."""
    order = np.argsort(buckets, kind="stable")
    found, starts = np.unique(buckets[order], return_index=True)
    ends = [*starts.tolist(), len(rows)][1:]
    return {
        number: rows[order[start:end]].tobytes()
        for number, start, end in zip(found.tolist(), starts.tolist(), ends, strict=True)
    }


def bucket_of(keys: NDArray[np.uint64], buckets: int) -> NDArray[np.int64]:
    """The bucket of each key, from 0."""
    return ((keys * _MIXED >> np.uint64(32)) % np.uint64(buckets)).astype(np.int64)


@functools.lru_cache(maxsize=64)
def file_system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it; UsageError where the package for it is missing."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError("Files are reached through fsspec here: pip install 'corpus-tools[dask]'.") from error
    try:
        files, path = fsspec.url_to_fs(address)
    except ImportError as error:
        raise UsageError(f"{address} needs another package: {error}.") from error
    except ValueError as error:
        raise UsageError(f"{address} is no address that can be read: {error}.") from error
    return files, path.rstrip("/")


def refusals() -> tuple[type[Exception], ...]:
    """What says that a storage can't be reached: S3's client raises errors of its own where it finds no credentials."""
    known = sys.modules.get("botocore.exceptions")
    return (OSError, known.BotoCoreError) if known else (OSError,)


def reason(error: Exception) -> str:
    """Why a storage can't be reached, in words."""
    return why(error) if isinstance(error, OSError) else str(error)


def _protocols(files: Any) -> Iterable[str]:
    return (files.protocol,) if isinstance(files.protocol, str) else files.protocol
