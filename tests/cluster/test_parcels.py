"""What tasks leave for each other, and into how many buckets it is sorted."""

from pathlib import Path

import fsspec
import numpy as np
import pytest

from corpus_tools.cluster.job import Job
from corpus_tools.cluster.store import Store, divided
from corpus_tools.settings import Settings

A_PART = Settings().part_bytes


def test_each_receiver_gets_its_own_parcels_in_the_order_of_senders(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    for sender, rows in enumerate(([5, 6, 7], [], [8])):
        numbers = np.array(rows, np.int64)
        store.send("rows", sender, divided(numbers, numbers % 2), receivers=3)
    got = [store.rows("rows", 3, receiver, np.dtype(np.int64)).tolist() for receiver in range(3)]
    assert got == [[6, 8], [5, 7], []]


def test_a_receiver_reads_as_much_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    files, read = fsspec.filesystem("memory"), list[int]()
    cat = files.cat_file

    def counted(path: str, start: int | None = None, end: int | None = None) -> bytes:
        data: bytes = cat(path, start=start, end=end)
        read.append(len(data))
        return data

    store = Store("memory://parcels")
    store.send("rows", 0, dict.fromkeys(range(9000), b"12345678"), receivers=9000)
    monkeypatch.setattr(files, "cat_file", counted)
    assert store.received_from("rows", 0, 8999) == b"12345678"
    assert read == [16, 8]
    store.remove()


@pytest.mark.parametrize(
    ("parts", "part_bytes", "buckets"),
    [(1, A_PART, 1), (16, A_PART, 16), (600, A_PART, 512), (41_000, A_PART, 1281), (51_000, 8 * A_PART, 12_750)],
)
def test_there_are_more_buckets_of_a_larger_corpus(parts: int, part_bytes: int, buckets: int) -> None:
    assert Job.of(Settings(output="out", part_bytes=part_bytes), parts).buckets == buckets
