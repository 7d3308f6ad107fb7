"""What waits on disk comes back as it was, and a planted file runs nothing."""

import os
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corpus_tools import cells
from corpus_tools.errors import PromiseBroken
from corpus_tools.io import plain
from corpus_tools.io.chunk import Chunk, Layout, Quarantined
from corpus_tools.ledger import Change, Edit


@pytest.mark.parametrize(
    "value",
    [
        None,
        [1, 2.5, "x", b"y", True, {"a": [None]}, 2**70],
        {"set", "of"},
        Decimal("1.50"),
        datetime(2023, 5, 14, tzinfo=UTC),
        date(2023, 5, 14),
        timedelta(days=1),
        pd.Timestamp("2023-05-14 00:00:00.123456789"),
        np.float64(0.5),
        "\ud800",
    ],
)
def test_values_come_back(value: Any) -> None:
    back = plain.load(plain.dump(value))
    assert type(back) is type(value)
    assert back == value


def test_arrays_come_back() -> None:
    records = np.array([(1, 2.5)], dtype=[("a", np.uint64), ("b", np.float64)])
    for array in (np.arange(5, dtype=np.uint32), records, np.array(["a", None], dtype=object)):
        back = plain.load(plain.dump(array))
        assert back.dtype == array.dtype
        assert back.tolist() == array.tolist()


def test_a_chunk_comes_back_with_its_dtypes() -> None:
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", None], dtype="str"),
            "title": pd.Series(["ä", pd.NA], dtype="string"),
            "published_at": pd.to_datetime(["2023-05-14T18:00:00Z", None], utc=True).as_unit("us"),
            "source_line": [1, 2],
            "share": [0.5, float("nan")],
            "flags": [["PR001"], None],
            "n": pd.array([1, None], dtype="Int64"),
            "half": pd.Series(["\ud800", 5], dtype=object),
        }
    )
    layout = Layout(("text",), (("body", "text"),))
    chunk = Chunk(frame, [layout, layout], [Change(0, "fix_encoding", "text", (Edit(0, "b", "a"),))])
    chunk.quarantined = [Quarantined("a.jsonl", 3, 17, "not JSON", b"\xff")]
    back = plain.load(plain.dump(chunk))
    pd.testing.assert_frame_equal(back.frame, frame)
    assert back.layouts[0] is back.layouts[1]
    assert (back.layouts, back.changes, back.quarantined) == (chunk.layouts, chunk.changes, chunk.quarantined)


def test_texts_that_point_beside_their_bytes_are_refused() -> None:
    size = 77_777
    data = plain.dump(pd.DataFrame({"text": pd.Series(["x" * size], dtype="str")}))
    end = data.rindex(size.to_bytes(8, "little"))
    with pytest.raises(PromiseBroken, match="damaged texts"):
        plain.load(data[:end] + (1000 * size).to_bytes(8, "little") + data[end + 8 :])


def test_a_value_of_another_class_becomes_what_json_has_for_it() -> None:
    frame = pd.DataFrame({"a": pd.Categorical(["x", None]), "b": [Path("p"), {"of": Path("q")}]})
    back = plain.load(plain.dump(frame))
    assert {name: cells.objects(back, name) for name in back} == {"a": ["x", None], "b": ["p", {"of": "q"}]}


class Planted:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize(
    "planted",
    [
        Planted(os.system, "exit 0"),
        Planted(eval, "1"),
        Planted(getattr, "x", "system"),
        Planted(pd.read_pickle, "x"),
        Planted(np.load, "x"),
    ],
)
def test_a_planted_call_is_refused(planted: Planted) -> None:
    with pytest.raises(PromiseBroken, match="never put there"):
        plain.load(pickle.dumps(planted))


def test_of_our_own_only_what_holds_values_is_known() -> None:
    for name in ("corpus_tools.io.spool Spool", "corpus_tools.io.outputs Outputs", "corpus_tools.io.plain pickle"):
        module, _, kind = name.partition(" ")
        with pytest.raises(PromiseBroken):
            plain.load(f"c{module}\n{kind}\n.".encode())
