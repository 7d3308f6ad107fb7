"""An index that lasts: what it finds, that batches make no difference, and that it is never half written."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools import cells
from corpus_tools.errors import DamagedIndex, InputError, OutputError, UsageError
from corpus_tools.index import lasting
from corpus_tools.index.batch import Added
from corpus_tools.index.lasting import Index
from corpus_tools.protocol import Log
from corpus_tools.steps.mark_duplicates import mark_duplicates

from ..duplicates.articles import article, sentences_of
from ..duplicates.test_mark_duplicates import CORPUS, DRESSED, STORY, TRIMMED, record, verdicts
from .kills import killed

# Every copy here holds up against every other, so which of them comes first must not matter.
STORIES = pd.DataFrame(
    [
        record(f"{name}{number}", make(article(number)))
        for number in range(40, 46)
        for name, make in {
            "plain": lambda text: text,
            "loud": str.upper,
            "cut": lambda text: " ".join(sentences_of(text)[:18]),
            "dressed": lambda text: f"Write to the desk of the Marl Gazette.\n\n{text}\n\nBack to the top of the page.",
        }.items()
        if number % 5 or name == "plain"
    ]
)


def frame(*records: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(records))


def added(folder: Path, df: pd.DataFrame) -> Added:
    with Index.open(folder, writing=True, create_missing=True) as index:
        return index.add(df)


def against(folder: Path, *records: dict[str, Any]) -> pd.DataFrame:
    return mark_duplicates(frame(*records), index=folder).set_index("id", drop=False)


def clusters(folder: Path) -> set[frozenset[str]]:
    """The ids of the records of each story that an index holds."""
    stories: dict[int, set[str]] = {}
    with Index.open(folder) as index:
        for start, part in index.store.every_record():
            for row, keeper in enumerate(part["keeper"].tolist(), start):
                name = orjson.loads(index.store.note(row))[0]
                stories.setdefault(keeper, set()).add(name)
    return set(map(frozenset, stories.values()))


def clusters_at_once(df: pd.DataFrame) -> set[frozenset[str]]:
    stories: dict[str, set[str]] = {}
    found = mark_duplicates(df)
    for name, keeper in zip(found["id"], cells.objects(found, "cluster_id"), strict=True):
        stories.setdefault(keeper or name, set()).add(name)
    return set(map(frozenset, stories.values()))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".bin", ".json")}


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    added(tmp_path / "seen", CORPUS)
    return tmp_path / "seen"


def test_a_new_copy_names_the_record_that_was_kept_before(seen: Path) -> None:
    log = Log()
    found = mark_duplicates.run(frame(record("new", TRIMMED), record("other one", article(77))), log, index=seen)
    assert found["duplicate_of"].tolist()[0] == found["cluster_id"].tolist()[0] == "bay"
    assert found["relation"].tolist()[0] == "trimmed"
    assert cells.objects(found, "duplicate_of")[1] is None
    assert [(f.row, f.code, f.evidence) for f in log.findings] == [(0, "DU002", f"bay in {seen}")]


def test_a_copy_of_a_record_that_was_dropped_names_the_one_that_was_kept_for_it(seen: Path) -> None:
    assert against(seen, record("new", DRESSED)).loc["new", "duplicate_of"] == "bay"


def test_a_better_copy_that_comes_late_is_flagged_and_does_not_replace_what_was_published(seen: Path) -> None:
    found = against(seen, record("prime", STORY, published_at="2024-05-01T08:00:00Z")).loc["prime"]
    assert (found["duplicate_of"], found["duplicate_reason"]) == ("bay", "R0 published before")
    assert found["flags"] == ["DU001", "DU005"]
    late = against(seen, record("late", STORY, published_at="2024-06-01T08:00:00Z")).loc["late"]
    assert (late["duplicate_reason"], late["flags"]) == ("R6 published first", ["DU001"])


def test_a_borderline_pair_is_flagged_across_runs(seen: Path) -> None:
    half = " ".join(sentences_of(article(3))[:16] + sentences_of(article(99))[:8])
    assert against(seen, record("half3", half)).loc["half3", "flags"] == ["DU003"]


def test_the_same_records_again_are_the_same_records(seen: Path) -> None:
    before = contents(seen)
    assert verdicts(mark_duplicates(CORPUS, index=seen)) == verdicts(mark_duplicates(CORPUS))
    assert added(seen, CORPUS) == Added(known=len(CORPUS))
    assert contents(seen) == before


def test_a_record_whose_text_was_revised_is_no_copy_of_itself(seen: Path) -> None:
    found = against(seen, record("bay", TRIMMED), record("alone", article(3) + " One sentence was added since."))
    assert found["duplicate_of"].isna().all()


def test_an_id_that_two_articles_have_does_not_make_them_one(seen: Path) -> None:
    assert added(seen, frame(record("bay", article(500), url="https://x.example/p/1-2-3"))).records == 1


def test_records_without_an_id_are_recognised_by_their_content(tmp_path: Path) -> None:
    df = pd.DataFrame({"text": [article(1), article(2), article(1)]})
    assert added(tmp_path / "seen", df) == Added(records=3, copies=1)
    assert added(tmp_path / "seen", df) == Added(known=3)


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_batches_and_their_order_give_the_clusters_of_all_at_once(
    tmp_path_factory: pytest.TempPathFactory, dice: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("batches") / "seen"
    order = list(range(len(STORIES)))
    dice.shuffle(order)
    while order:
        size = dice.randint(1, 8)
        added(folder, STORIES.iloc[order[:size]])
        order = order[size:]
    assert clusters(folder) == clusters_at_once(STORIES)


@pytest.mark.parametrize("size", [1, 4])
def test_the_size_of_chunks_makes_no_difference_with_an_index_either(seen: Path, size: int) -> None:
    df = pd.concat([STORIES, frame(record("new", TRIMMED))], ignore_index=True)
    state = mark_duplicates.start(index=seen)
    chunks = [df.iloc[at : at + size] for at in range(0, len(df), size)]
    for chunk in chunks:
        state.add(mark_duplicates.prepare(chunk))
    state.resolve()
    found = pd.concat([mark_duplicates.mark(state.answer(len(chunk)), chunk, Log()) for chunk in chunks])
    state.close()
    assert verdicts(found) == verdicts(mark_duplicates(df, index=seen))


def test_reading_an_index_adds_nothing_to_it(seen: Path) -> None:
    before = contents(seen)
    against(seen, record("new", article(600)))
    with Index.open(seen) as index, pytest.raises(UsageError, match="reading only"):
        index.add(CORPUS)
    assert contents(seen) == before


def test_a_question_is_answered_with_the_kept_records(seen: Path) -> None:
    with Index.open(seen) as index:
        copy, part, other = index.query(
            frame(
                {"text": STORY},
                {"text": " ".join(sentences_of(article(2))[:9] + sentences_of(article(889)))},
                {"text": article(999)},
            )
        )
    assert (copy[0].id, copy[0].judgement, copy[0].similarity) == ("bay", "same", 1.0)
    assert copy[0].url == "https://bay.example/news/one-two-three"
    assert [match.id for match in part] == ["again"]
    assert part[0].judgement == "different"
    assert 0.25 < part[0].containment < 0.6
    assert other == []


def test_what_is_removed_is_gone_from_the_disk_and_its_copies_may_be_kept_again(seen: Path) -> None:
    with Index.open(seen, writing=True) as index:
        removed = index.remove(ids=["bay"])
        assert removed.ids == ["bay"]
        assert sorted(removed.copies) == ["cross", "east", "marl", "west"]
        index.verify()
    assert not any(b'"bay"' in data for data in contents(seen).values())
    assert cells.objects(against(seen, record("new", STORY)), "duplicate_of") == [None]
    assert against(seen, record("newer", article(2))).loc["newer", "duplicate_of"] in ("other", "again")


def test_a_text_is_still_found_when_the_first_of_its_records_was_removed(tmp_path: Path) -> None:
    added(tmp_path / "seen", frame(record("kept", STORY), record("one", DRESSED)))
    added(tmp_path / "seen", frame(record("two", DRESSED)))
    with Index.open(tmp_path / "seen", writing=True) as index:
        assert index.remove(ids=["one"]).copies == []
    assert clusters(tmp_path / "seen") == {frozenset({"kept", "two"})}
    assert against(tmp_path / "seen", record("new", DRESSED)).loc["new", "duplicate_of"] == "kept"


@pytest.mark.parametrize(
    ("named", "gone"),
    [
        ({"urls": ["http://www.other.example/news/one-two-three?utm_source=feed"]}, ["other"]),
        ({"outlets": ["other.example"]}, ["other"]),
        ({"ids": ["no such id"]}, []),
    ],
)
def test_records_are_removed_by_id_page_or_outlet(seen: Path, named: dict[str, list[str]], gone: list[str]) -> None:
    with Index.open(seen, writing=True) as index:
        assert index.remove(**named).ids == gone


def test_two_writers_are_one_too_many(seen: Path) -> None:
    with Index.open(seen, writing=True), pytest.raises(InputError, match="being changed by another run"):
        Index.open(seen, writing=True)
    with Index.open(seen, writing=True), Index.open(seen) as reading:
        assert len(reading) == len(CORPUS)


@pytest.mark.parametrize("kind", ["records.1.bin", "samples.1.bin", "words.1.bin", "notes.1.bin", "sorted.1.bin"])
def test_a_changed_byte_is_found_by_looking_for_it(seen: Path, kind: str) -> None:
    data = bytearray((seen / kind).read_bytes())
    data[len(data) // 3] ^= 4
    (seen / kind).write_bytes(data)
    with Index.open(seen) as index, pytest.raises(DamagedIndex, match="backup"):
        index.verify()


@pytest.mark.parametrize("kind", ["records.1.bin", "words.1.bin", "notes.1.bin", "sorted.1.bin"])
def test_damage_where_a_run_reads_ends_it_and_the_index_is_left_as_it_is(seen: Path, kind: str) -> None:
    data = bytearray((seen / kind).read_bytes())
    for at in range(50, len(data), 100):
        data[at] ^= 4
    (seen / kind).write_bytes(data)
    before = contents(seen)
    copies = CORPUS.assign(id=[f"copy of {name}" for name in CORPUS["id"]], url=None)
    with pytest.raises(DamagedIndex):
        mark_duplicates(copies, index=seen)
    with pytest.raises(DamagedIndex):
        added(seen, copies)
    assert contents(seen) == before


@pytest.mark.parametrize("name", ["records.1.bin", "samples.1.bin", "words.1.bin", "notes.1.bin", "sorted.1.bin"])
def test_a_file_that_is_missing_or_too_short_is_told_at_once(seen: Path, name: str) -> None:
    whole = (seen / name).read_bytes()
    (seen / name).write_bytes(whole[:-1])
    with pytest.raises(DamagedIndex, match=f"{name} has"):
        Index.open(seen)
    (seen / name).unlink()
    with pytest.raises(DamagedIndex, match=f"{name} is missing"):
        Index.open(seen)


def test_an_index_of_another_version_says_what_to_do(seen: Path) -> None:
    manifest = orjson.loads((seen / "manifest.json").read_bytes())
    for version, advice in ((3, "Update corpus_tools"), (1, "anew")):
        (seen / "manifest.json").write_bytes(orjson.dumps(manifest | {"corpus_tools_index": version}))
        with pytest.raises(InputError, match=advice):
            Index.open(seen, writing=True)
    manifest["manifest"]["records"] += 1
    (seen / "manifest.json").write_bytes(orjson.dumps(manifest))
    with pytest.raises(DamagedIndex, match="does not match"):
        Index.open(seen)
    (seen / "manifest.json").write_bytes(b"{")
    with pytest.raises(DamagedIndex, match="is no manifest"):
        Index.open(seen)


@pytest.mark.parametrize(
    "lie",
    [
        {"generation": "../../elsewhere"},
        {"generation": -1},
        {"records": "2"},
        {"records": True},
        {"lengths": {"records": 0}},
        {"lengths": {"records": 0, "samples": 0, "words": 0, "notes": None}},
        {"sorted_files": [{"counts": [], "check": 0}]},
        {"sorted_files": [{"name": "../sorted.1.bin", "counts": [], "check": 0}]},
        {"sorted_files": [{"name": "sorted.1.bin", "counts": [], "check": 0}]},
        {"sorted_files": None},
        {"of": []},
        {"next_fi1e": 1},
    ],
    ids=str,
)
def test_a_manifest_that_lies_is_refused_whatever_its_checksum(seen: Path, lie: dict[str, object]) -> None:
    told = orjson.loads((seen / "manifest.json").read_bytes())["manifest"] | lie
    check = hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
    (seen / "manifest.json").write_bytes(orjson.dumps({"corpus_tools_index": 2, "manifest": told, "sha256": check}))
    before = contents(seen)
    for writing in (False, True):
        with pytest.raises(DamagedIndex):
            Index.open(seen, writing=writing)
    assert contents(seen) == before


def test_what_an_add_left_behind_that_did_not_end_does_not_count(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path, _manifest: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(lasting, "write_manifest", full)
        with pytest.raises(OutputError, match="It is as before"):
            added(seen, STORIES)
    with Index.open(seen) as index:
        index.verify()
        assert len(index) == len(CORPUS)
    twin = seen.with_name("twin")
    added(twin, CORPUS)
    assert added(seen, STORIES) == added(twin, STORIES)
    assert clusters(seen) == clusters(twin)
    assert {name for name in contents(seen) if name.startswith("words")} == {"words.1.bin"}
    assert contents(seen)["words.1.bin"] == contents(twin)["words.1.bin"]


def test_many_small_batches_leave_few_files(tmp_path: Path) -> None:
    for number in range(12):
        added(tmp_path / "seen", frame(record(f"r{number}", article(number))))
    with Index.open(tmp_path / "seen") as index:
        assert index.facts()["batches"] == 12
        assert index.facts()["sorted_files"] <= 3
    assert len(list((tmp_path / "seen").glob("sorted.*.bin"))) <= 3


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(InputError, match="not empty"):
        Index.open(tmp_path, writing=True, create_missing=True)
    with pytest.raises(InputError, match="index build"):
        Index.open(tmp_path)


def test_a_copied_index_is_an_index(seen: Path, tmp_path: Path) -> None:
    shutil.copytree(seen, tmp_path / "copy")
    assert against(tmp_path / "copy", record("new", STORY)).loc["new", "duplicate_of"] == "bay"


def test_a_process_that_is_killed_while_it_adds_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    assert len(list(killed(tmp_path / "seen", 3, random.Random(5)))) == 3
