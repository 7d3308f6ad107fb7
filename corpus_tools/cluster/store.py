"""What tasks leave for each other: files in a folder that every worker can reach, on a disk or in object storage.

A task may be done twice, where a worker was lost: it then writes the same files again. A file appears whole or not at
all, so whoever finds one can use it.
"""

from __future__ import annotations

import functools
import struct
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.errors import InputError, OutputError, UsageError, why
from corpus_tools.io import plain

_ENTRY = struct.Struct("<QQQ")  # whom a parcel is for, where it begins, how long it is
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
        files, root = file_system(self.address)
        try:
            data: bytes = files.cat_file(f"{root}/{name}")
        except refusals() as error:
            raise InputError(f"{self.address}/{name} can't be read: {reason(error)}.") from error
        return data

    def put(self, name: str, thing: Any) -> None:
        """Write a value; see `io.plain`."""
        self.write(name, plain.dump(thing))

    def take(self, name: str) -> Any:
        """The value again."""
        return plain.load(self.read(name))

    def send(self, name: str, sender: int, parcels: Mapping[int, bytes]) -> None:
        """Leave a parcel for each receiver, all in one file."""
        index, body, at = [], [], 8 + _ENTRY.size * len(parcels)
        for receiver, data in sorted(parcels.items()):
            index.append(_ENTRY.pack(receiver, at, len(data)))
            body.append(data)
            at += len(data)
        self.write(f"{name}/{sender}", b"".join([struct.pack("<Q", len(index)), *index, *body]))

    def received(self, name: str, senders: int, receiver: int) -> list[bytes]:
        """The parcels for a receiver, in the order of their senders."""
        return [data for sender in range(senders) for data in self.received_from(name, sender, receiver)]

    def received_from(self, name: str, sender: int, receiver: int) -> list[bytes]:
        """The parcel of one sender for a receiver, if there is one."""
        files, root = file_system(self.address)
        with files.open(f"{root}/{name}/{sender}", "rb") as file:
            (count,) = struct.unpack("<Q", file.read(8))
            for whom, start, size in _ENTRY.iter_unpack(file.read(_ENTRY.size * count)):
                if whom == receiver:
                    file.seek(start)
                    return [file.read(size)]
        return []

    def rows(self, name: str, senders: int, receiver: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        """The rows for a receiver, where parcels are rows."""
        return np.frombuffer(b"".join(self.received(name, senders, receiver)), dtype)

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
