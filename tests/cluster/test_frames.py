"""A Dask DataFrame is cleaned as the pandas frame would be, however it is parted."""

import gc
import itertools
from collections.abc import Iterator
from pathlib import Path

import dask
import dask.dataframe as dd
import pandas as pd
import pytest

import corpus_tools as ct
from corpus_tools.errors import MissingColumn, OutputError, UsageError


@pytest.fixture(autouse=True)
def set_up_as_users_of_lists_do() -> Iterator[None]:
    with dask.config.set({"dataframe.convert-string": False, "scheduler": "synchronous"}):
        yield


@pytest.fixture
def many(news: pd.DataFrame) -> pd.DataFrame:
    """Own columns of several dtypes, rows with and without ids, and an index that is none from 0 on."""
    return pd.concat([news, news.head(5)]).assign(
        shelf=lambda df: pd.Categorical(["a", "b", None][at % 3] for at in range(len(df))),
        seen=lambda df: pd.date_range("2024-05-01", periods=len(df), tz="Asia/Jakarta"),
    ).set_axis([f"row {at}" for at in range(len(news) + 5)])  # fmt: skip


def parted(df: pd.DataFrame, parts: int) -> dd.DataFrame:
    bounds = [len(df) * at // parts for at in range(parts + 1)]
    frames = [df.iloc[start:end] for start, end in itertools.pairwise(bounds)]
    return dd.from_map(lambda at: frames[at], range(parts), meta=df.iloc[:0])


def assert_same(found: ct.Cleaned, local: ct.Cleaned) -> None:
    for name in ("frame", "removed"):
        mine, other = getattr(found, name), getattr(local, name)
        assert set(mine.columns) == set(other.columns)
        pd.testing.assert_frame_equal(mine[list(other.columns)], other)
    for name in ("changes", "findings"):
        mine, other = (pd.DataFrame(getattr(side, name)).astype(object) for side in (found, local))
        pd.testing.assert_frame_equal(mine.where(mine.notna(), None), other.where(other.notna(), None))
    assert found.is_kept.tolist() == local.is_kept.tolist()


@pytest.mark.parametrize("parts", [1, 3, 16])
def test_the_partitions_do_not_matter(many: pd.DataFrame, parts: int) -> None:
    local, found = ct.clean(many), ct.clean(parted(many, parts))
    assert (found.kept, found.removed_rows) == (len(local.frame), len(local.removed))
    assert found.frame.npartitions == found.findings.npartitions == parts
    assert_same(found.compute(), local)


def test_a_partition_without_rows_is_no_obstacle(many: pd.DataFrame) -> None:
    empty = parted(many, 3).map_partitions(lambda df: df[df.index != "row 0"] if len(df) > 1 else df)
    gap = dd.concat([empty.partitions[0], empty.partitions[1].loc[lambda df: df.index == ""], empty.partitions[2]])
    assert_same(ct.clean(gap).compute(), ct.clean(gap.compute()))


def test_options_are_those_of_a_pandas_frame(many: pd.DataFrame) -> None:
    options = {"mark": True, "steps": ["fix_encoding", "mark_duplicates", "decide"], "column_map": {"body": "text"}}
    renamed = many.rename(columns={"text": "body"})
    found = ct.clean(parted(renamed, 4), **options)
    assert found.removed_rows == len(found.removed) == 0
    assert_same(found.compute(), ct.clean(renamed, **options))


def test_a_chain_without_duplicates_passes_once(many: pd.DataFrame) -> None:
    steps = ["fix_encoding", "detect_language"]
    assert_same(ct.clean(parted(many, 3), steps=steps).compute(), ct.clean(many, steps=steps))


def test_results_wait_in_a_folder_as_long_as_somebody_may_want_them(many: pd.DataFrame, tmp_path: Path) -> None:
    named = ct.clean(parted(many, 2), steps=["decide"], folder=str(tmp_path / "found"))
    assert sorted(path.name for path in (tmp_path / "found").iterdir()) == ["changes", "findings", "frame", "is_kept"]
    with pytest.raises(OutputError, match="is not empty"):
        ct.clean(parted(many, 2), steps=["decide"], folder=named.folder)
    temporary = ct.clean(parted(many, 2), steps=["decide"])
    folder, frame = Path(temporary.folder), temporary.frame
    del temporary
    gc.collect()
    assert len(frame) == len(many)
    del frame
    gc.collect()
    assert not folder.exists()


def test_what_can_not_be_cleaned_leaves_nothing(many: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match="text"):
        ct.clean(parted(many.drop(columns="text"), 2), folder=str(tmp_path / "found"))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="is a list"):
        ct.clean([1, 2])
    with pytest.raises(UsageError, match="folder"):
        ct.clean(many, folder="found")


def test_a_result_says_where_rows_went(many: pd.DataFrame) -> None:
    found = ct.clean(parted(many, 2))
    assert repr(found) == f"{found.kept} rows kept, {found.removed_rows} removed; `.compute()` gives pandas frames."
