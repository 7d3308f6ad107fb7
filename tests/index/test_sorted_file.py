from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.errors import DamagedIndex
from corpus_tools.index.sorted_file import Entries, SortedFile, entries, merged, write


def written(folder: Path, *columns: Entries, name: str = "sorted.1.bin") -> SortedFile:
    with (folder / name).open("wb") as file:
        described = write(file, name, columns)
    return SortedFile(folder / name, described)


def found(file: SortedFile, column: int, key: int, most: int = 100) -> list[int]:
    return file.find(column, np.array([key], np.uint32), most)[1].tolist()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=300), st.integers(1, 9))
def test_a_key_leads_to_its_first_records(tmp_path_factory: pytest.TempPathFactory, keys: list[int], most: int) -> None:
    array = np.array(keys, np.uint32)
    file = written(tmp_path_factory.mktemp("s"), entries(array, np.arange(len(keys))))
    places, rows = file.find(0, np.arange(1, 45, dtype=np.uint32), most)
    expected = [(key - 1, row) for key in range(1, 45) for row in np.flatnonzero(array == key)[:most].tolist()]
    assert list(zip(places.tolist(), rows.tolist(), strict=True)) == expected


def test_a_column_of_many_pages_is_searched_as_one(tmp_path: Path) -> None:
    rows = np.arange(50_000)
    file = written(
        tmp_path, entries((rows // 3 + 1).astype(np.uint32), rows), entries(np.full(9, 7, np.uint32), rows[:9])
    )
    for key in (1, 683, 684, 9_999, 16_667):
        assert found(file, 0, key) == np.flatnonzero(rows // 3 + 1 == key).tolist()
    assert found(file, 0, 16_668) == []
    assert found(file, 0, 0xFFFFFFFF) == []
    assert found(file, 1, 7, most=4) == [0, 1, 2, 3]


def test_of_a_long_key_the_upper_half_counts(tmp_path: Path) -> None:
    file = written(tmp_path, entries(np.array([5 << 40, 6 << 40], np.uint64), np.array([1, 2])))
    assert file.find(0, np.array([(5 << 40) + 3], np.uint64), 9)[1].tolist() == [1]


def test_merging_gives_what_one_file_would_have(tmp_path: Path) -> None:
    one, two = (entries(np.arange(1, 5000, step, dtype=np.uint32), np.arange(0, 4999, step)) for step in (2, 3))
    files = [written(tmp_path, part, name=f"sorted.{number}.bin") for number, part in enumerate((one, two))]
    assert np.concatenate(list(merged(files))).tolist() == np.sort(np.concatenate([one, two])).tolist()


def test_a_changed_page_is_noticed_when_it_is_used_and_not_before(tmp_path: Path) -> None:
    rows = np.arange(20_000)
    column = entries((rows + 1).astype(np.uint32), rows)
    path, described = written(tmp_path, column).path, written(tmp_path, column).described
    data = bytearray(path.read_bytes())
    data[8 * 15_000] ^= 1
    path.write_bytes(data)
    file = SortedFile(path, described)
    assert found(file, 0, 11) == [10]
    with pytest.raises(DamagedIndex, match="is damaged at byte"):
        found(file, 0, 15_001)
    with pytest.raises(DamagedIndex):
        file.verify()


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x", lambda data: data[:-1] + b"\xff"])
def test_a_file_of_another_length_or_tail_is_not_opened(tmp_path: Path, change: object) -> None:
    file = written(tmp_path, entries(np.arange(1, 9, dtype=np.uint32), np.arange(8)))
    file.path.write_bytes(change(file.path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(DamagedIndex):
        SortedFile(file.path, file.described)
