"""Cells of a frame, read and written as Python values, whatever dtype the frame gave them.

A frame may come with `str`, object, category or Arrow dtypes, with NaN, NaT, None or pd.NA for null, and
with lists as NumPy arrays. Steps see str, list, dict, float or None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_arrow_strings: Any = pd.arrays.ArrowStringArray  # the stubs lag behind: it takes a dtype and any Arrow strings
_STR = pd.StringDtype(na_value=float("nan"))  # the dtype that pandas 3 calls `str`


def objects(frame: pd.DataFrame, column: str) -> list[Any]:
    """The column as Python values, shape (rows,); None for null, and for a column that is not there.

    >>> objects(pd.DataFrame({"a": [1.5, None], "b": ["x", None]}), "a")
    [1.5, None]
    >>> objects(pd.DataFrame({"a": [1.5, None]}), "b")
    [None, None]
    """
    if column not in frame.columns:
        return [None] * len(frame)
    series = frame[column]
    if isinstance(series.dtype, pd.api.extensions.ExtensionDtype) and series.dtype.kind != "M":
        values = series.to_numpy(dtype=object, na_value=None)  # type: ignore[call-overload]  # the stubs want no None
        return values.tolist() if is_arrow_text(series.dtype) else list(map(_plain, values))
    held = series.astype(object).to_numpy()
    if _PLAIN.issuperset(map(type, held)):
        return list(held)
    return [value if type(value) in _PLAIN else _plain(value) for value in held]


def texts(frame: pd.DataFrame, column: str) -> pa.ChunkedArray | list[str]:
    """The column as texts, shape (rows,): Arrow's own, nulls included, where the frame has them there, else a list.

    In the list "" stands where there is no text.

    >>> texts(pd.DataFrame({"a": ["x", None]}), "a").to_pylist(), texts(pd.DataFrame({"a": ["x", 5]}), "a")
    (['x', None], ['x', ''])
    """
    if column in frame.columns and is_arrow_text(frame[column].dtype):
        return frame[column].array.__arrow_array__()
    return [text or "" for text in strings(frame, column)]


def may_hold_objects(frame: pd.DataFrame, column: str) -> bool:
    """Whether a cell may be an object or a list, or a text that opens as one; of texts in Arrow one look tells.

    >>> frame = pd.DataFrame({"a": ["x"], "b": ['{"x": 1}'], "c": [["x"]]})
    >>> [may_hold_objects(frame, name) for name in frame]
    [False, True, True]
    """
    if column not in frame.columns or not is_arrow_text(frame[column].dtype):
        return True
    return bool(pc.any(pc.match_substring_regex(texts(frame, column), r"\A[{\[]")).as_py())


def is_arrow_text(dtype: Any) -> bool:  # a NumPy dtype or an extension dtype
    """Whether a column of this dtype keeps its texts in Arrow: pandas' `str`, where pyarrow is at hand."""
    return isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"


def strings(frame: pd.DataFrame, column: str) -> list[str | None]:
    """The column as texts, shape (rows,); None where the cell is null, absent or no text.

    >>> strings(pd.DataFrame({"a": ["x", 5, None]}), "a")
    ['x', None, None]
    """
    values = objects(frame, column)
    if column not in frame.columns or is_arrow_text(frame[column].dtype):
        return values
    return [value if isinstance(value, str) else None for value in values]


def lists(frame: pd.DataFrame, column: str) -> list[list[Any]]:
    """The column as lists, shape (rows,); an empty list where the cell is null or no list."""
    return [value if isinstance(value, list) else [] for value in objects(frame, column)]


def words(frame: pd.DataFrame, column: str) -> list[list[str]]:
    """The column as lists of texts, shape (rows,), e.g. `flags`; what is no text in them is left out."""
    return [value and [item for item in value if isinstance(item, str)] for value in lists(frame, column)]


def entries(frame: pd.DataFrame, column: str) -> list[list[dict[str, Any]]]:
    """The column as lists of objects, shape (rows,), e.g. `syndication_chain`; what is no object in them is left out.

    A record may bring a column of our name from somewhere else, with anything in it.
    """
    return [value and [item for item in value if isinstance(item, dict)] for value in lists(frame, column)]


def same(one: Any, other: Any) -> bool:  # any two cells
    """Whether two cells hold the same value of the same type, at any depth: 1, 1.0 and True are three values.

    >>> same([1, {"a": None}], [1, {"a": None}]), same(1, 1.0), same([1], [True]), same(0.0, -0.0)
    (True, False, False, False)
    """
    if one is other:
        return True
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, dict):
        return all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return all(map(same, one, other))
    return not isinstance(one, float) or math.copysign(1, one) == math.copysign(1, other)


def differing(before: pd.DataFrame, after: pd.DataFrame, column: str) -> list[tuple[int, Any, Any]]:
    """Where two frames of as many rows do not hold the `same` in a column: row, old value, new value.

    >>> differing(pd.DataFrame({"a": ["x", None, None]}), pd.DataFrame({"a": ["x", "y", None]}), "a")
    [(1, None, 'y')]
    """
    frames = (before, after)
    if all(column in frame.columns and is_arrow_text(frame[column].dtype) for frame in frames):
        old, new = (frame[column].array.__arrow_array__() for frame in frames)
        # Nothing is unequal to null, and null is what it gives.
        rows = pc.indices_nonzero(pc.fill_null(pc.not_equal(old, new), pc.xor(pc.is_null(old), pc.is_null(new))))
        return list(zip(*(them.to_pylist() for them in (rows, old.take(rows), new.take(rows))), strict=True))
    pairs = zip(objects(before, column), objects(after, column), strict=True)
    return [(row, was, now) for row, (was, now) in enumerate(pairs) if not same(was, now)]


def replace(frame: pd.DataFrame, column: str, changed: Mapping[int, str]) -> None:
    """Set some cells of a column of texts in place, by row; the others are not looked at.

    >>> frame = pd.DataFrame({"a": ["x", "y"]})
    >>> replace(frame, "a", {1: "z"}); frame["a"].to_list()
    ['x', 'z']
    """
    if not changed:
        return
    series = frame[column]
    if not is_arrow_text(series.dtype):
        values = objects(frame, column)
        for row, text in changed.items():
            values[row] = text
        put(frame, column, values)
        return
    held, rows = series.array.__arrow_array__(), sorted(changed)
    new = pa.array([changed[row] for row in rows], pa.large_string())
    # What stays between two changes is copied in one piece, into memory of just the right size: fresh memory is dear.
    pieces, at = [], 0
    for number, row in enumerate(rows):
        pieces += [*held.slice(at, row - at).chunks, new.slice(number, 1)]
        at = row + 1
    frame[column] = text_series(pa.concat_arrays([*pieces, *held.slice(at).chunks]), series.dtype)


def cut(frame: pd.DataFrame, column: str, gone: Mapping[int, Sequence[tuple[int, int]]]) -> None:
    """Take stretches out of some cells of a column of texts in place, by row; the others are not looked at.

    A stretch is where it begins and what stands behind it, in bytes of UTF-8; they stand in their order, none over
    another.

    >>> frame = pd.DataFrame({"a": ["Rain is due. Share", "Sun"]})
    >>> cut(frame, "a", {0: [(12, 18)]}); frame["a"].to_list()
    ['Rain is due.', 'Sun']
    """
    if not gone:
        return
    series = frame[column]
    if not is_arrow_text(series.dtype):
        values = objects(frame, column)
        replace(frame, column, {row: _without(values[row], spans) for row, spans in gone.items()})
        return
    held = series.array.__arrow_array__()
    texts = held.chunk(0) if held.num_chunks == 1 else held.combine_chunks()
    _, offsets, data = texts.buffers()
    borders, whole = np.frombuffer(offsets, np.int64)[texts.offset :][: len(texts) + 1], memoryview(data)
    lengths, pieces, at = np.diff(borders), [], int(borders[0])
    # What stays between two cuts is copied in one piece, into memory of just the right size: fresh memory is dear.
    for row in sorted(gone):
        first = int(borders[row])
        for start, stop in gone[row]:
            pieces.append(whole[at : first + start])
            at = first + stop
            lengths[row] -= stop - start
    kept = b"".join([*pieces, whole[at : int(borders[-1])]])
    there = pc.is_valid(texts).buffers()[1] if texts.null_count else None
    new = np.append(0, np.cumsum(lengths))
    cut_texts = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(new), pa.py_buffer(kept), there)
    frame[column] = text_series(cut_texts, series.dtype)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    whole = memoryview(text.encode("utf-8", "surrogatepass"))
    starts, stops = [0, *(stop for _, stop in spans)], [*(start for start, _ in spans), len(whole)]
    kept = b"".join(whole[start:stop] for start, stop in zip(starts, stops, strict=True))
    return kept.decode("utf-8", "surrogatepass")


def put(frame: pd.DataFrame, column: str, values: Sequence[Any]) -> None:
    """Set a column in place, in the dtype it had where that still holds the values, else a fitting one.

    Text becomes pandas' `str`, unless the frame had it as object; lists and mixed values become object.
    """
    had = frame[column].dtype if column in frame.columns else None
    frame[column] = _series(list(values), had)


def _series(values: list[Any], had: Any) -> pd.Series[Any]:  # `had` is a NumPy dtype or an extension dtype
    # A category would turn every new value into a null, without a word.
    if had is not None and had != np.dtype(object) and not isinstance(had, pd.CategoricalDtype):
        try:
            kept: pd.Series[Any] = pd.Series(values, dtype=had)
            return kept
        except (TypeError, ValueError, OverflowError):
            pass
    if had != np.dtype(object) and all_texts(values) and any(value is not None for value in values):
        try:
            return text_series(pa.array(values, pa.large_string()))
        except UnicodeEncodeError:  # a lone surrogate has no place in an Arrow string
            pass
    return object_series(values)


def all_texts(values: Sequence[Any]) -> bool:
    """Whether every value is a text or None; told by the few types that there are, not value by value.

    >>> all_texts(["x", None]), all_texts(["x", 5])
    (True, False)
    """
    return all(issubclass(kind, (str, type(None))) for kind in set(map(type, values)))


def text_series(texts: pa.LargeStringArray, dtype: Any = _STR) -> pd.Series[Any]:  # a string dtype of pandas
    """A series of texts that Arrow has already, as they are."""
    series: pd.Series[Any] = pd.Series(_arrow_strings(texts, dtype=dtype))
    return series


def object_series(values: Sequence[Any]) -> pd.Series[Any]:
    """A series of any Python values, lists included, left as they are."""
    series: pd.Series[Any] = pd.Series(np.fromiter(values, dtype=object, count=len(values)), dtype=object)
    return series


_PLAIN = frozenset((str, list, dict, bool, int, type(None)))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, list, dict, bool, int)):
        return value
    if isinstance(value, float):
        return None if value != value else value
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return value
