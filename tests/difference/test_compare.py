"""What became of each record: nothing differs without a reason, and every difference is told once."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.difference.compare import compared
from corpus_tools.difference.matching import gather_keys
from corpus_tools.errors import InputError, UsageError
from corpus_tools.report.difference.lines import json_row
from corpus_tools.text.rewording import reworded

from .states import became, jsonl, kinds, record

CORPUS = [record(number) for number in range(6)]


def test_the_same_records_in_another_order_and_another_file_are_no_difference(tmp_path: Path) -> None:
    jsonl(tmp_path / "old/all.jsonl", CORPUS)
    jsonl(tmp_path / "new/b.jsonl", CORPUS[:2])
    jsonl(tmp_path / "new/a.jsonl", CORPUS[:1:-1])
    with compared(str(tmp_path / "old"), str(tmp_path / "new")) as comparison:
        assert not comparison.differs
        assert comparison.sums.same == 6


def test_added_removed_and_changed_records_are_told_where_they_stand(tmp_path: Path) -> None:
    changed = record(2, title="Another title", license="CC0-1.0")
    found, sums = became(tmp_path, CORPUS, [*CORPUS[3:], record(9), changed, CORPUS[0]])
    assert kinds(found) == [("removed", "r1", []), ("added", "r9", []), ("changed", "r2", ["title", "license"])]
    assert (found[0].old.line, found[1].new.line, found[2].old.line, found[2].new.line) == (2, 4, 3, 5)
    assert (sums.old, sums.new, sums.same) == (6, 6, 4)


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        (record(1), record(1, text="Other words altogether."), ["text"]),
        (record(1), record(1, id="other"), ["id"]),
        (record(1, id=None), record(1, id=None, text="Other words, at the same address."), ["text"]),
        (record(1), record(1, id="other", title="Other", url="https://orrin-post.example/2"), ["id", "url", "title"]),
        (record(1, id=1), record(1, id="1"), ["id"]),
        (record(1, copies=1), record(1, copies=True), ["copies"]),
    ],
)  # fmt: skip
def test_a_record_is_known_by_id_else_by_content_address_or_text(tmp_path, old, new, fields) -> None:
    found, _ = became(tmp_path, [record(0), old], [new, record(0)])
    assert [(kind, names) for kind, _, names in kinds(found)] == [("changed", fields)]


def test_ids_that_come_twice_are_matched_in_their_order(tmp_path: Path) -> None:
    twice = [record(1), record(1, title="Second"), record(1, title="Third")]
    assert kinds(became(tmp_path, twice, twice[::-1])[0]) == []
    found, _ = became(tmp_path, twice, [twice[0], twice[2]])
    assert kinds(found) == [("removed", "r1", [])]
    assert found[0].title == "Second"


def test_null_is_absent_and_places_make_no_difference(tmp_path: Path) -> None:
    old = [record(1, license=None, source_file="raw.jsonl", source_line=1, meta={"a": 1, "b": [2]})]
    new = [record(1, source_file="raw.jsonl", source_line=7, meta={"b": [2], "a": 1})]
    assert kinds(became(tmp_path, old, new)[0]) == []


def test_what_is_ignored_makes_no_difference(tmp_path: Path) -> None:
    old, new = [record(1, retrieved_at="2024-05-14", flags=["PR002"])], [record(1, retrieved_at="2024-05-15")]
    assert kinds(became(tmp_path, old, new, ignore=("retrieved_at", "flags"))[0]) == []
    found, _ = became(tmp_path, old, [*new, record(2)], ignore=("retrieved_at",))
    assert [(one.kind, one.lost) for one in found] == [("changed", ("PR002",)), ("added", ())]


def test_flags_gained_and_lost_are_told_apart_from_fields(tmp_path: Path) -> None:
    found, sums = became(tmp_path, [record(1, flags=["PR002", "PR005"])], [record(1, flags=["PR005", "SC001"])])
    assert (found[0].fields, found[0].gained, found[0].lost) == ((), ("SC001",), ("PR002",))
    assert (dict(sums.gained), dict(sums.lost)) == ({"SC001": 1}, {"PR002": 1})


def test_a_column_of_our_name_with_something_else_in_it_is_a_field(tmp_path: Path) -> None:
    found, _ = became(tmp_path, [record(1, flags="red", cluster_id=4)], [record(1, flags="blue", cluster_id=5)])
    assert kinds(found) == [("changed", "r1", ["cluster_id", "flags"])]
    found, _ = became(tmp_path, [record(1, flags=["b", "a"])], [record(1, flags=["a", "b"])])
    assert kinds(found) == [("changed", "r1", ["flags"])]


def test_moves_between_clusters_are_told_and_a_new_keeper_is_no_move(tmp_path: Path) -> None:
    clusters = {
        "r0": ("a", "c"),
        "r1": ("a", "c"),
        "r2": ("a", "b"),
        "r3": ("b", "b"),
        "r4": (None, "b"),
        "r5": ("b", None),
    }
    old, new = ([record(at, cluster_id=clusters[f"r{at}"][side]) for at in range(6)] for side in (0, 1))
    found, sums = became(tmp_path, old, new)
    assert {one.id: one.cluster.how for one in found} == {"r0": "renamed", "r1": "renamed", "r2": "moved",
                                                          "r4": "joined", "r5": "left"}  # fmt: skip
    assert all(one.fields == () for one in found)
    assert dict(sums.moves) == {"renamed": 2, "moved": 1, "joined": 1, "left": 1}


def test_where_two_clusters_become_one_the_records_of_the_smaller_have_moved(tmp_path: Path) -> None:
    old = [record(at, cluster_id="a" if at < 2 else "b") for at in range(5)]
    found, _ = became(tmp_path, old, [record(at, cluster_id="c") for at in range(5)])
    assert [one.cluster.how for one in found] == ["moved", "moved", "renamed", "renamed", "renamed"]


def test_all_formats_hold_the_same_records(tmp_path: Path) -> None:
    records = [one | {"published_at": "2024-05-14T06:00:00Z", "flags": ["PR002"]} for one in CORPUS]
    name = jsonl(tmp_path / "a.jsonl", records)
    data = Path(name).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data))
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.compress(data))
    (tmp_path / "a.json").write_text(json.dumps(records))
    table = pa.Table.from_pylist(records)
    times = pa.array(["2024-05-14T06:00:00"] * 6).cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    at = table.column_names.index("published_at")
    pq.write_table(table.set_column(at, "published_at", times), tmp_path / "a.parquet")
    rows = [",".join(records[0]), *(",".join([*list(one.values())[:3], f'"{one["text"]}"', one["published_at"],
                                              '"[""PR002""]"']) for one in records)]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    for other in ("a.jsonl.gz", "a.jsonl.zst", "a.json", "a.parquet", "a.csv"):
        with compared(name, str(tmp_path / other)) as comparison:
            assert list(comparison.differences) == [], other


def test_parquet_has_rows_instead_of_lines(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(CORPUS[:2]), tmp_path / "a.parquet")
    with compared(jsonl(tmp_path / "a.jsonl", CORPUS[:1]), str(tmp_path / "a.parquet")) as comparison:
        assert [str(one.new) for one in comparison.differences] == [f"{tmp_path}/a.parquet:row 2"]


def test_broken_input_is_told_and_matched_by_its_bytes(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text('{"id": "a", "text": "x"}\n{broken\n[1]\n')
    new.write_text('{broken\n{"id": "a", "text": "x"}\n\xe9\n', encoding="latin-1")
    with compared(str(old), str(new)) as comparison:
        found = [(one.kind, one.broken) for one in comparison.differences]
        assert (comparison.sums.old, comparison.sums.new, comparison.sums.same) == (1, 1, 1)
    assert found == [("removed", "JSON, but no object: a list"), ("added", "not UTF-8: the byte 0xe9 at column 1")]


def test_lines_over_the_limit_are_matched_whole(tmp_path: Path) -> None:
    long = [record(1, text="word " * 2000), record(2, text="word " * 1999 + "last")]
    found, _ = became(tmp_path, long, long[::-1], max_record_bytes=1000)
    assert found == []
    found, _ = became(tmp_path, long, [long[0], record(2, text="word " * 1999 + "other")], max_record_bytes=1000)
    assert [one.kind for one in found] == ["removed", "added"]


def test_a_file_that_changes_between_two_looks_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = jsonl(tmp_path / "old.jsonl", CORPUS[:3]), jsonl(tmp_path / "new.jsonl", CORPUS[3:])

    def gather_and_change(entries):
        keys = gather_keys(entries)
        jsonl(tmp_path / "old.jsonl", CORPUS[1:2])
        return keys

    monkeypatch.setattr("corpus_tools.difference.compare.gather_keys", gather_and_change)
    with pytest.raises(InputError, match="was changed while it was read"), compared(old, new):
        pass


def test_standard_input_can_be_one_side_only(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one of the two sides"), compared("-", "-"):
        pass


records = st.lists(
    st.builds(
        lambda number, title, text, flags: record(number, title=title, text=text, flags=flags),
        st.integers(0, 8),
        st.sampled_from(["One", "Two", None]),
        st.text("abc é字.\n", max_size=40),
        st.lists(st.sampled_from(["PR002", "SC001"]), unique=True),
    ),
    max_size=8,
)


@given(records, records, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_sums_hold_and_order_is_no_difference(tmp_path_factory, old, new, chance) -> None:
    folder: Path = tmp_path_factory.mktemp("states")
    found, sums = became(folder, old, new)
    assert sums.same + sums.kinds["changed"] + sums.kinds["removed"] == sums.old == len(old)
    assert sums.same + sums.kinds["changed"] + sums.kinds["added"] == sums.new == len(new)
    assert all(one.fields or one.gained or one.lost or one.cluster for one in found if one.kind == "changed")
    assert became(folder, old, random.Random(chance.random()).sample(old, len(old)))[0] == []


@given(records, records)
@settings(max_examples=60)
def test_what_jsonl_tells_turns_the_old_records_into_the_new_ones(tmp_path_factory, old, new) -> None:
    found, _ = became(tmp_path_factory.mktemp("states"), old, new)
    for row in map(json_row, found):
        if row["kind"] != "changed":
            continue
        was, now = old[row["old"]["line"] - 1], new[row["new"]["line"] - 1]
        made = was | {field["name"]: field["new"] for field in row["fields"]}
        made["flags"] = [*({*(made["flags"] or [])} - {*row["flags_lost"]}), *row["flags_gained"]]
        assert made | {"flags": sorted(made["flags"])} == now | {"flags": sorted(now["flags"])}
        for field in row["fields"]:
            if "edits" in field:
                text = field["old"]
                for edit in reversed(field["edits"]):
                    text = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
                assert text == field["new"]


@given(st.text("ab 字é.\n\u200d", max_size=60), st.text("ab 字é.\n\u200d", max_size=60))
def test_stretches_put_together_are_the_texts(old: str, new: str) -> None:
    stretches = reworded(old, new)
    assert "".join(one.old for one in stretches) == old
    assert "".join(one.new for one in stretches) == new
    assert old != new or all(one.is_same for one in stretches)
