"""Values to bytes and back, for data that waits on disk: safe to read whoever wrote it.

Pickle may run anything that a file names. This one knows a few classes that only hold values, and refuses the rest.
"""

from __future__ import annotations

import io
import pickle
from datetime import UTC, datetime
from typing import Any

from corpus_tools.errors import PromiseBroken
from corpus_tools.io.json_text import dump_value, parse_value

_KNOWN: dict[str, str] = {
    "builtins": "float set frozenset bytearray complex",
    "collections": "Counter OrderedDict defaultdict",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "pandas._libs.tslibs.timestamps": "_unpickle_timestamp",
    "numpy": "dtype ndarray",
    "numpy._core.multiarray": "_reconstruct scalar",
    "numpy._core.numeric": "_frombuffer",
    "corpus_tools.io.json_text": "parse_value",
}
_NAMES = {(module, name) for module, names in _KNOWN.items() for name in names.split()}


def dump(thing: Any, *also: type) -> bytes:
    """The bytes of a value made of texts, numbers, lists, objects, times, arrays, and of the classes `also`.

    A value of any other class becomes what JSON has for it.
    """
    file = io.BytesIO()
    _Pickler(file, frozenset((kind.__module__, kind.__qualname__) for kind in also)).dump(thing)
    return file.getvalue()


def load(data: bytes, *also: type) -> Any:
    """The value again; PromiseBroken where something else stands in the bytes.

    >>> load(dump({"a": [1, None]}))
    {'a': [1, None]}
    >>> load(pickle.dumps(print))
    Traceback (most recent call last):
    corpus_tools.errors.PromiseBroken: Temporary data names 'builtins.print', which was never put there. ...
    """
    return _Unpickler(io.BytesIO(data), {(kind.__module__, kind.__qualname__): kind for kind in also}).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, also: frozenset[tuple[str, str]]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._also = also

    def reducer_override(self, thing: Any) -> Any:
        kind = type(thing)
        where = (kind.__module__, kind.__qualname__)
        if where in self._also or where in _NAMES or kind.__module__.partition(".")[0] in ("builtins", "numpy"):
            return NotImplemented
        if isinstance(thing, datetime) and thing.tzinfo in (None, UTC):  # pandas' own, which may have nanoseconds
            return NotImplemented
        if isinstance(thing, tuple):  # one with names: its place is in `also`
            raise TypeError(f"{where} is not among the classes to be kept")
        return parse_value, (dump_value(thing),)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, also: dict[tuple[str, str], type]) -> None:
        super().__init__(file)
        self._also = also

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self._also:
            return self._also[module, name]
        if (module, name) in _NAMES:
            return super().find_class(module, name)
        raise PromiseBroken(
            f"Temporary data names '{module}.{name}', which was never put there. Somebody else wrote it; remove it."
        )
