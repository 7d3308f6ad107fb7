"""A corpus ten times larger than --memory gives the same bytes, and what sorts its pairs takes no more than it may."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from corpus_tools.index.scratch import Sieve

from .corpora import lines
from .test_jobs import LIGHT, outputs


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_corpus_ten_times_larger_than_the_memory_gives_the_same_bytes(tmp_path: Path, jobs: int) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join(lines(800)) + b"\n")
    little = source.stat().st_size // 10
    free = outputs([source], tmp_path / "free", steps=LIGHT, jobs=1)
    bound = outputs([source], tmp_path / "bound", steps=LIGHT, jobs=jobs, common={"memory": little})
    assert bound["manifest"].pop("options")["memory"] == little
    del free["manifest"]["options"]
    for found in (free, bound):
        for step in found["manifest"]["steps"]:
            step["options"].pop("memory", None)
    assert bound == free


def test_ten_times_more_pairs_than_fit_are_sorted_in_the_memory_given() -> None:
    room = 1 << 21
    dice = np.random.default_rng(3)
    numbers = dice.integers(0, 1 << 62, 10 * room // 8, np.uint64)
    tracemalloc.start()
    sieve, last, count = Sieve(room), -1, 0
    for at in range(0, len(numbers), 4096):
        sieve.add(numbers[at : at + 4096].copy())
    for part in sieve.sorted():
        assert int(part[0]) > last
        assert (part[1:] > part[:-1]).all()
        last, count = int(part[-1]), count + len(part)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == len(np.unique(numbers))
    assert peak < room
