"""Values to bytes and back, for data that waits on disk: safe to read whoever wrote it.

Pickle runs whatever a file names. This one knows classes that only hold values (those of Python and NumPy, frames,
dataclasses and named tuples of this package) and refuses the rest.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import io
import operator
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from corpus_tools import cells
from corpus_tools.errors import PromiseBroken
from corpus_tools.io.json_text import dump_value, parse_value

_OURS = __name__.partition(".")[0]
_KNOWN: dict[str, str] = {
    "builtins": "float set frozenset bytearray complex",
    "collections": "Counter OrderedDict defaultdict",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "pandas._libs.tslibs.timestamps": "_unpickle_timestamp",
    "numpy": "dtype ndarray",
    "numpy._core.multiarray": "_reconstruct scalar",
    "numpy._core.numeric": "_frombuffer",
    f"{_OURS}.io.json_text": "parse_value",
    __name__: "_frame",
}
_NAMES = {(module, name) for module, names in _KNOWN.items() for name in names.split()}


class Takes(Protocol):
    """Something that takes bytes."""

    def write(self, data: Any, /) -> Any:  # bytes or what holds them
        """Take them."""


def dump(thing: Any) -> bytes:
    """The bytes of a value. One of a class that is not known becomes what JSON has for it."""
    file = io.BytesIO()
    write(thing, file)
    return file.getvalue()


def write(thing: Any, file: Takes) -> None:
    """The same, piece by piece: large texts are not copied on their way."""
    _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(thing)


def load(data: bytes, start: int = 0) -> Any:
    """The value again, of the bytes from `start` on; PromiseBroken where they name anything else.

    >>> load(dump({"a": [1, None]}))
    {'a': [1, None]}
    >>> load(pickle.dumps(print))
    Traceback (most recent call last):
    corpus_tools.errors.PromiseBroken: Temporary data names 'builtins.print', which was never put there. ...
    """
    file = io.BytesIO(data)
    file.seek(start)
    return _Unpickler(file).load()


class _Pickler(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        kind: type = type(thing)
        if isinstance(thing, pd.DataFrame):
            return _frame, (len(thing), _columns(thing))
        if (values := _values_of(kind)) is not None:
            return kind, values(thing)
        if _holds_values(kind) or kind.__module__.partition(".")[0] in ("builtins", "numpy"):
            return NotImplemented
        if callable(thing) and (thing.__module__, getattr(thing, "__name__", "")) in _NAMES:
            return NotImplemented
        if isinstance(thing, datetime) and thing.tzinfo in (None, UTC):  # pandas' own, which may have nanoseconds
            return NotImplemented
        return parse_value, (dump_value(thing),)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _NAMES:
            return super().find_class(module, name)
        if module.partition(".")[0] == _OURS:
            kind = getattr(importlib.import_module(module), name, None)
            if isinstance(kind, type) and kind.__module__ == module and _holds_values(kind):
                return kind
        raise PromiseBroken(
            f"Temporary data names '{module}.{name}', which was never put there. Somebody else wrote it; remove it."
        )


@functools.cache
def _values_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """What one of our dataclasses is made of again; None for other classes. Python's own way looks up every field."""
    if not (kind.__module__.startswith(f"{_OURS}.") and dataclasses.is_dataclass(kind)):
        return None
    fields = dataclasses.fields(kind)
    plain = len(fields) > 1 and all(field.init and not field.kw_only for field in fields)
    return operator.attrgetter(*(field.name for field in fields)) if plain else None


@functools.cache
def _holds_values(kind: type) -> bool:
    if (kind.__module__, kind.__qualname__) in _NAMES:
        return True
    named = issubclass(kind, tuple) and hasattr(kind, "_fields")
    return kind.__module__.startswith(f"{_OURS}.") and (named or dataclasses.is_dataclass(kind))


def _columns(frame: pd.DataFrame) -> list[tuple[str, str, Any]]:
    """Each column by name and dtype: texts as Arrow's bytes, an array where NumPy has one for it, else a list."""
    columns: list[tuple[str, str, Any]] = []
    for name in frame.columns:
        series, dtype = frame[name], str(frame[name].dtype)
        if cells.is_arrow_text(series.dtype):
            columns.append((name, dtype, _arrow_bytes(series.array.__arrow_array__())))
        elif dtype == _TIME:
            columns.append((name, dtype, series.to_numpy(dtype="datetime64[us]")))
        elif isinstance(series.dtype, np.dtype) and series.dtype != np.dtype(object):
            columns.append((name, dtype, series.to_numpy()))
        else:
            columns.append((name, dtype, cells.objects(frame, name)))
    return columns


def _frame(rows: int, columns: list[tuple[str, str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: _series(dtype, values) for name, dtype, values in columns}, index=pd.RangeIndex(rows)
    )  # fmt: skip


_TEXTS = pa.schema({"texts": pa.large_string()})


def _arrow_bytes(texts: pa.ChunkedArray) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _TEXTS) as stream:
        stream.write_table(pa.table([texts], schema=_TEXTS))
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _arrow_texts(data: bytes) -> pa.ChunkedArray:
    try:
        (texts,) = pa.ipc.open_stream(data).read_all().cast(_TEXTS).columns
        texts.validate(full=True)  # Arrow believes its bytes, wherever they point
    except (pa.ArrowException, OSError, ValueError) as error:
        raise PromiseBroken(
            f"Temporary data holds damaged texts ({error}). Somebody else wrote it; remove it."
        ) from error
    return texts


_TIME = "datetime64[us, UTC]"


def _series(dtype: str, values: Any) -> pd.Series[Any]:
    if dtype == _TIME:
        return pd.Series(values).dt.tz_localize("UTC")
    if isinstance(values, bytes):
        return cells.text_series(_arrow_texts(values), pd.api.types.pandas_dtype(dtype))
    if isinstance(values, np.ndarray):
        return pd.Series(values)
    if dtype != "object":
        try:
            kept: pd.Series[Any] = pd.Series(values, dtype=dtype)
            return kept
        except (TypeError, ValueError, OverflowError):
            pass
    return cells.object_series(values)
