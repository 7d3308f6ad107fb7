"""Only what is new: against an older commit, whatever became of its files, and against an index."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tools.__main__ import main
from corpus_tools.errors import InputError, UsageError
from corpus_tools.index.multiset import Multiset
from corpus_tools.report.forms import FORMS
from tests.git.repositories import commit, git, repository

from .corpus import check, jsonl, record

QUICK = ("validate", "flag_provenance")
WORDS = (
    "harbour ledger kettle bridge signal orchard tannery crane depot chapel quarry lantern granary gangway kiln mill "
    "slipway bakery causeway reservoir tramline archive clinic boathouse aqueduct weighbridge market bandstand"
).split()
ODD = ["with space.jsonl", "fête № 1.jsonl", "two\nlines.jsonl", "::error::x.jsonl", "\x1b[31mred.jsonl", "*.jsonl"]


def story(number: int, sentences: int = 12) -> str:
    """A text that no other number has."""
    dice = random.Random(number)
    lines = [" ".join(dice.choices(WORDS, k=11)).capitalize() + "." for _ in range(sentences)]
    return " ".join(lines)


def bad(id: str, **more: Any) -> dict[str, Any]:  # noqa: A002  # the column's own name
    """A record with one thing wrong in it."""
    return record(id, license=None, text=story(sum(map(ord, id)))) | more


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = repository(tmp_path / "home")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return folder


@pytest.fixture
def run(capfdbinary) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


def new(*paths: str, since: str = "HEAD", **more: Any) -> list[tuple[str | None, str]]:
    """The id and code of every finding, but for the files' own."""
    more.setdefault("steps", QUICK)
    with check(*paths, since=since, **more) as report:
        return [(one.id, one.code) for one in report.findings]


def changes(*paths: str, since: str = "HEAD") -> tuple[int, ...]:
    """Added, changed, removed, moved."""
    with check(*paths, since=since) as report:
        assert report.changes is not None
        told = report.changes
    assert told.after - told.before == told.added - told.removed
    return told.added, told.changed, told.removed, told.moved


def parquet(path: Path, *records: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(records)), path)
    return path


def packed(path: Path, *records: dict[str, Any]) -> Path:
    data = "".join(json.dumps(one) + "\n" for one in records).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else zstandard.compress(data))
    return path


def as_json(path: Path, *records: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(records), indent=1), encoding="utf-8")
    return path


def as_table(path: Path, *records: dict[str, Any]) -> Path:
    mark = "\t" if path.suffix == ".tsv" else ","
    names = list(records[0])
    rows = [names, *([str(one[name] or "") for name in names] for one in records)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(mark.join(f'"{cell}"' for cell in row) + "\n" for row in rows), encoding="utf-8")
    return path


FORMATS = [
    ("a.jsonl", jsonl),
    ("a.jsonl.gz", packed),
    ("a.jsonl.zst", packed),
    ("a.parquet", parquet),
    ("a.json", as_json),
    ("a.csv", as_table),
    ("a.tsv", as_table),
]


class TestWhatIsNew:
    @pytest.mark.parametrize(("name", "write"), FORMATS, ids=[name for name, _ in FORMATS])
    def test_in_every_format_only_added_and_changed_records_are_told(self, home, name, write):
        old = [bad(f"r{at}") for at in range(6)]
        write(home / name, *old)
        commit(home)
        changed = old[2] | {"text": f"{old[2]['text']} And more."}
        write(home / name, *old[:2], changed, *old[3:5], bad("n1"))
        assert new(name) == [("r2", "PR005"), ("n1", "PR005")]
        assert changes(name) == (1, 1, 1, 0)

    def test_pages_are_records_too(self, home):
        for name in ("a", "b"):
            (home / f"{name}.txt").write_text(f"The title of {name}\n\n{story(ord(name))}\n", encoding="utf-8")
        commit(home)
        (home / "c.txt").write_text(f"The title of c\n\n{story(9)}\n", encoding="utf-8")
        (home / "b.txt").rename(home / "d.txt")
        with check(".", since="HEAD") as report:
            assert {report.sources[one.source].path for one in report.findings} == {"c.txt"}
        assert changes(".") == (1, 0, 0, 1)

    def test_lines_are_those_of_the_file_as_it_is(self, home):
        old = [bad(f"r{at}") for at in range(5)]
        jsonl(home / "a.jsonl", *old)
        commit(home)
        jsonl(home / "a.jsonl", bad("n1"), *old[:3], bad("n2"), bad("n3"), *old[3:])
        with check("a.jsonl", since="HEAD") as report:
            found = [(one.id, one.line, one.region and one.region.line) for one in report.findings]
        assert found == [("n1", 1, 1), ("n2", 5, 5), ("n3", 6, 6)]

    def test_nothing_new_is_nothing_to_tell(self, home, run):
        jsonl(home / "data/a.jsonl", bad("a"), bad("b"))
        commit(home)
        code, out, told = run("check", "data", "--since", "HEAD", "--fail-on", "info")
        assert (code, out) == (0, "")
        assert "0 added, 0 changed, 0 removed; 2 → 2 records." in told

    def test_a_file_sorted_anew_makes_nothing_new(self, home):
        old = [bad(f"r{at}") for at in range(20)]
        jsonl(home / "a.jsonl", *old)
        commit(home)
        random.Random(7).shuffle(old)
        jsonl(home / "a.jsonl", *old)
        assert (new("a.jsonl"), changes("a.jsonl")) == ([], (0, 0, 0, 0))

    @pytest.mark.parametrize("add", [True, False])
    @pytest.mark.parametrize("given", [".", "b.jsonl"])
    def test_a_renamed_file_makes_nothing_new(self, home, add, given):
        jsonl(home / "a.jsonl", *(bad(f"r{at}") for at in range(4)))
        commit(home)
        (home / "a.jsonl").rename(home / "b.jsonl")
        if add:
            git(home, "add", "--all")
        assert (new(given), changes(given)) == ([], (0, 0, 0, 4))

    def test_a_renamed_file_with_a_new_line_has_one_new_record(self, home):
        old = [bad(f"r{at}") for at in range(4)]
        jsonl(home / "a.jsonl", *old)
        commit(home)
        (home / "a.jsonl").unlink()
        jsonl(home / "b.jsonl", *old, bad("new"))
        assert (new("b.jsonl"), changes("b.jsonl")) == ([("new", "PR005")], (1, 0, 0, 4))

    def test_a_record_that_went_to_another_file_is_not_new(self, home):
        old = [bad(f"r{at}") for at in range(4)]
        jsonl(home / "a.jsonl", *old)
        jsonl(home / "b.jsonl", bad("other"))
        commit(home)
        jsonl(home / "a.jsonl", *old[:2])
        jsonl(home / "b.jsonl", bad("other"), *old[2:])
        assert (new("."), changes(".")) == ([], (0, 0, 0, 2))

    def test_another_order_of_keys_and_another_format_make_nothing_new(self, home):
        old = [record(f"r{at}", author=None, license=None) for at in range(5)]
        jsonl(home / "a.jsonl", *old)
        commit(home)
        (home / "a.jsonl").unlink()
        parquet(home / "a.parquet", *(dict(reversed(one.items())) for one in old))
        assert (new("."), changes(".")) == ([], (0, 0, 0, 5))

    def test_a_second_copy_of_a_line_is_new(self, home):
        jsonl(home / "a.jsonl", bad("a"), bad("b"))
        commit(home)
        jsonl(home / "a.jsonl", bad("a"), bad("b"), bad("a"))
        assert set(new("a.jsonl")) == {("a", "PR005"), ("a", "SC004")}

    def test_an_id_that_an_old_record_has_is_told_of_the_new_one_wherever_it_stands(self, home):
        old = bad("a")
        jsonl(home / "b.jsonl", old)
        commit(home)
        jsonl(home / "a.jsonl", bad("a", text=story(99)))
        assert ("a", "SC004") in new(".")
        jsonl(home / "a.jsonl", bad("c", text=story(99)))
        assert ("c", "SC004") not in new(".")

    def test_records_without_ids_are_known_by_what_they_hold(self, home):
        bare = [{key: value for key, value in bad(f"r{at}").items() if key != "id"} for at in range(5)]
        jsonl(home / "a.jsonl", *bare)
        commit(home)
        jsonl(home / "a.jsonl", *reversed(bare), bare[0], bare[0] | {"title": "Another title"})
        assert changes("a.jsonl") == (2, 0, 0, 0)

    def test_an_unreadable_date_is_a_change(self, home):
        jsonl(home / "a.jsonl", record("a", published_at=None))
        commit(home)
        jsonl(home / "a.jsonl", record("a", published_at="2024-13-45"))
        assert ("a", "PR020") in new("a.jsonl")

    def test_old_broken_lines_stay_quiet_and_new_ones_do_not(self, home):
        path = jsonl(home / "a.jsonl", record("a"))
        path.write_bytes(path.read_bytes() + b"{broken\n\n")
        commit(home)
        path.write_bytes(b"{broken too\n" + path.read_bytes() + b"\xff\n")
        with check("a.jsonl", since="HEAD") as report:
            assert [(one.code, one.line) for one in report.findings] == [("SC006", 1), ("SC006", 5)]

    def test_a_cut_archive_is_told_once_it_is_new(self, home):
        whole = gzip.compress("".join(json.dumps(bad(f"r{at}")) + "\n" for at in range(300)).encode())
        (home / "a.jsonl.gz").write_bytes(whole)
        commit(home)
        (home / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
        assert [code for _, code in new("a.jsonl.gz")] == ["SC006"]
        commit(home)
        assert new("a.jsonl.gz") == []

    def test_an_old_file_that_cannot_be_read_can_be_mended(self, home):
        (home / "a.parquet").write_bytes(b"PAR1 and no more")
        jsonl(home / "b.jsonl", bad("b"))
        commit(home)
        parquet(home / "a.parquet", bad("a"))
        with check(".", since="HEAD") as report:
            assert [one.id for one in report.findings] == ["a"]
            assert any("What is in it now counts as new." in note for note in report.notes)
        assert new(".", steps=("mark_duplicates",)) == []

    def test_windows_line_ends_make_nothing_new(self, home):
        path = jsonl(home / "a.jsonl", bad("a"), bad("b"))
        commit(home)
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert changes("a.jsonl") == (0, 0, 0, 0)

    def test_an_empty_old_state_makes_all_new(self, home):
        (home / "readme").write_text("ours")
        commit(home)
        jsonl(home / "a.jsonl", bad("a"))
        assert changes(".") == (1, 0, 0, 0)

    def test_files_that_nobody_asked_for_are_no_old_state(self, home):
        jsonl(home / "data/a.jsonl", bad("a"))
        jsonl(home / "data/.hidden/b.jsonl", bad("b"))
        jsonl(home / "other/c.jsonl", bad("c"))
        (home / "data/page.html").write_text("<html>")
        commit(home)
        assert changes("data") == (0, 0, 0, 0)

    def test_chunk_sizes_make_no_difference(self, home):
        old = [bad(f"r{at}") for at in range(30)]
        jsonl(home / "a.jsonl", *old)
        parquet(home / "b.parquet", *(bad(f"p{at}") for at in range(30)))
        commit(home)
        jsonl(home / "a.jsonl", *old[5:15], bad("n1"), *old[15:], bad("n2"))
        parquet(home / "b.parquet", *(bad(f"p{at}") for at in range(3, 33)))
        told = []
        for rows in (1, 7, 2000):
            with check(".", since="HEAD", reading={"chunk_rows": rows}, steps=None) as report:
                told.append((list(report.findings), report.changes))
        assert told[0] == told[1] == told[2]

    @given(data=st.data())
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_edit_is_counted_right(self, tmp_path_factory, monkeypatch, data):
        folder = repository(tmp_path_factory.mktemp("any"))
        monkeypatch.chdir(folder)
        count = data.draw(st.integers(1, 12))
        files = {f"{at}.jsonl": [] for at in range(3)}
        where = {f"r{at}": f"{data.draw(st.integers(0, 2))}.jsonl" for at in range(count)}
        for id_, file in where.items():
            files[file].append(bad(id_))
        for file, records in files.items():
            jsonl(folder / file, *records)
        commit(folder)
        want = [0, 0, 0, 0]
        after: dict[str, list[dict[str, Any]]] = {file: [] for file in files}
        for id_, file in where.items():
            what = data.draw(st.sampled_from(("keep", "keep", "change", "remove", "move")))
            now = bad(id_, title="Another") if what == "change" else bad(id_)
            to = data.draw(st.sampled_from([one for one in files if one != file])) if what == "move" else file
            want[1] += what == "change"
            want[2] += what == "remove"
            want[3] += what == "move"
            if what != "remove":
                after[to].append(now)
        for at in range(data.draw(st.integers(0, 3))):
            want[0] += 1
            after[data.draw(st.sampled_from(sorted(files)))].append(bad(f"n{at}"))
        for file, records in after.items():
            jsonl(folder / file, *data.draw(st.permutations(records)))
        assert changes(".") == tuple(want)

    def test_what_is_said_of_a_new_record_is_what_a_whole_check_says(self, home, raw):
        lines = [*dict.fromkeys(raw.read_bytes().splitlines(keepends=True))]
        (home / "a.jsonl").write_bytes(b"".join(lines[1::2]))
        commit(home)
        (home / "a.jsonl").write_bytes(b"".join(lines))
        with check("a.jsonl", steps=None) as report:
            whole = [one for one in report.findings if one.line % 2 and not one.code.startswith("DU")]
        with check("a.jsonl", since="HEAD", steps=None) as report:
            only_new = [one for one in report.findings if not one.code.startswith("DU")]
        assert len(whole) > 20
        assert only_new == whole

    def test_memory_holds_a_few_numbers_a_record(self, home):
        peaks = []
        for count in (500, 4000):
            old = [bad(f"r{at}", text=story(at, 40)) for at in range(count)]
            jsonl(home / "a.jsonl", *old)
            commit(home)
            jsonl(home / "a.jsonl", bad("new"), *reversed(old))
            tracemalloc.start()
            with check("a.jsonl", since="HEAD", steps=("validate",), reading={"chunk_rows": 100}) as report:
                assert report.changes is not None
                assert report.changes.added == 1
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] - peaks[0] < 3500 * 400

    def test_each_of_equal_numbers_is_taken_once(self):
        several = Multiset(np.array([4, 4, 4, 2]))
        assert several.take(np.array([4, 4])).tolist() == [0, 1]
        assert several.take(np.array([2, 4, 4])).tolist() == [3, 2, -1]
        assert Multiset(np.array([], np.int64)).take(np.array([1])).tolist() == [-1]


class TestDuplicates:
    def test_a_new_copy_names_the_old_record_and_where_it_stands(self, home):
        jsonl(home / "a.jsonl", *(bad(f"r{at}") for at in range(3)), bad("old", text=story(500)))
        commit(home)
        jsonl(home / "b.jsonl", bad("new", text=story(500) + " One more word."))
        with check(".", since="HEAD", steps=("mark_duplicates",)) as report:
            found = [(one.id, one.code, one.evidence) for one in report.findings]
        assert found == [("new", "DU002", "old in a.jsonl:4")]

    def test_the_place_is_that_of_now(self, home):
        old = [bad("r1"), bad("old", text=story(500))]
        jsonl(home / "a.jsonl", *old)
        commit(home)
        jsonl(home / "a.jsonl", bad("copy", text=story(500)), *old)
        with check("a.jsonl", since="HEAD", steps=("mark_duplicates",)) as report:
            assert [(one.id, one.evidence) for one in report.findings] == [("copy", "old in a.jsonl:3")]

    def test_old_duplicates_stay_quiet(self, home):
        jsonl(home / "a.jsonl", bad("one", text=story(1)), bad("two", text=story(1)))
        commit(home)
        jsonl(home / "b.jsonl", bad("new", text=story(2)))
        assert new(".", steps=("mark_duplicates",)) == []

    def test_copies_among_the_new_are_found(self, home):
        jsonl(home / "a.jsonl", bad("one", text=story(1)))
        commit(home)
        jsonl(home / "b.jsonl", bad("x", text=story(2)), bad("y", text=story(2)))
        assert [code for _, code in new(".", steps=("mark_duplicates",))] == ["DU001"]

    def test_a_changed_record_is_no_copy_of_itself(self, home):
        jsonl(home / "a.jsonl", bad("one", text=story(1)))
        commit(home)
        jsonl(home / "a.jsonl", bad("one", text=story(1) + " A late line.", title="Another"))
        assert new("a.jsonl", steps=("mark_duplicates",)) == []

    def test_nothing_is_a_copy_of_a_record_that_is_gone(self, home):
        jsonl(home / "a.jsonl", bad("one", text=story(1)), bad("other"))
        commit(home)
        jsonl(home / "a.jsonl", bad("better", text=story(1) + " A late line."), bad("other"))
        assert new("a.jsonl", steps=("mark_duplicates",)) == []

    def test_where_the_kept_copy_is_gone_its_copies_still_stand(self, home):
        old = [bad("kept", text=story(1) + " " + story(2, 2)), bad("copy", text=story(1))]
        jsonl(home / "a.jsonl", *old)
        commit(home)
        jsonl(home / "a.jsonl", old[1], bad("new", text=story(1) + " A word."))
        with check("a.jsonl", since="HEAD", steps=("mark_duplicates",)) as report:
            assert [(one.id, one.evidence) for one in report.findings] == [("new", "copy in a.jsonl:1")]

    def test_a_line_pushed_again_is_a_copy(self, home):
        bare = {key: value for key, value in bad("a").items() if key != "id"}
        jsonl(home / "a.jsonl", bare)
        commit(home)
        jsonl(home / "a.jsonl", bare, bare)
        with check("a.jsonl", since="HEAD", steps=("mark_duplicates",)) as report:
            assert [(one.code, one.line) for one in report.findings] == [("DU001", 2)]


class TestIndex:
    COPY = ("mark_duplicates",)

    @pytest.fixture
    def corpus(self, home):
        jsonl(home / "data/a.jsonl", *(bad(f"r{at}") for at in range(5)), bad("old", text=story(500)))
        commit(home)
        jsonl(home / "data/b.jsonl", bad("new", text=story(500) + " One more word."))
        return home

    def test_it_is_made_once_and_then_the_old_side_is_not_read(self, corpus, run, monkeypatch):
        code, out, told = run("check", "data", "--since", "HEAD", "--index", "../seen", "--update-index")
        assert (code, "DU002" in out, "old in data/a.jsonl:6" in out) == (0, True, True)
        assert "The index in ../seen is now of HEAD" in told
        head = git(corpus, "rev-parse", "HEAD")
        facts = json.loads(run("index", "info", "../seen", "--format", "json")[1])
        assert (facts["records"], facts["of_commit"]) == (6, head)
        monkeypatch.setattr("corpus_tools.git.stored.Stored.lay_down", None)
        _, again, told = run("check", "data", "--since", "HEAD", "--index", "../seen")
        assert (again, "index" in told) == (out, False)

    @pytest.mark.usefixtures("corpus")
    def test_without_it_the_findings_are_the_same(self):
        plain = new("data", steps=None)
        assert new("data", steps=None, index=Path("../seen"), update_index=True) == plain
        assert new("data", steps=None, index=Path("../seen")) == plain

    def test_a_commit_with_the_same_records_finds_it_again(self, corpus, monkeypatch):
        new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        (corpus / "readme").write_text("ours")
        git(corpus, "add", "readme")
        git(corpus, "commit", "-qm", "Say what it is")
        monkeypatch.setattr("corpus_tools.git.stored.Stored.lay_down", None)
        assert new("data", steps=self.COPY, index=Path("../seen")) == [("new", "DU002")]

    def test_one_of_another_state_is_told_and_left_alone(self, corpus):
        new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        commit(corpus)
        jsonl(corpus / "data/c.jsonl", bad("third", text=story(500) + " Two more words."))
        before = {path.name: path.read_bytes() for path in Path("../seen").iterdir()}
        with check("data", since="HEAD", index=Path("../seen"), steps=self.COPY) as report:
            assert [(one.id, one.evidence) for one in report.findings] == [("third", "old in data/a.jsonl:6")]
            assert any("--update-index keeps them" in note for note in report.notes)
        assert {path.name: path.read_bytes() for path in Path("../seen").iterdir()} == before

    def test_it_grows_by_the_files_that_changed(self, corpus, monkeypatch):
        new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        jsonl(corpus / "data/b.jsonl", bad("b", text=story(600)))
        commit(corpus)
        jsonl(corpus / "data/c.jsonl", bad("third", text=story(600) + " Two more words."))
        read: list[str] = []
        whole = "corpus_tools.git.stored.Stored.lay_down"
        from corpus_tools.git.stored import Stored

        lay_down = Stored.lay_down
        monkeypatch.setattr(whole, lambda self, *more: read.append(self.path) or lay_down(self, *more))
        found = new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        assert (found, read) == ([("third", "DU002")], ["data/b.jsonl"])

    def test_what_was_removed_since_is_no_longer_asked(self, corpus):
        new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        jsonl(corpus / "data/a.jsonl", bad("r0"))
        (corpus / "data/b.jsonl").unlink()
        commit(corpus)
        jsonl(corpus / "data/c.jsonl", bad("again", text=story(500) + " Two more words."))
        assert new("data", steps=self.COPY, index=Path("../seen"), update_index=True) == []

    def test_one_that_somebody_made_is_taken_as_it_is(self, corpus, run):
        jsonl(corpus / "archive.jsonl", bad("archived", text=story(700)))
        run("index", "build", "../seen", "archive.jsonl", "-q")
        jsonl(corpus / "data/b.jsonl", bad("new", text=story(700) + " One more word."))
        with check("data", since="HEAD", index=Path("../seen"), steps=self.COPY) as report:
            assert [one.evidence for one in report.findings] == ["archived in ../seen"]
        with pytest.raises(UsageError, match="names no commit"):
            new("data", steps=self.COPY, index=Path("../seen"), update_index=True)

    @pytest.mark.usefixtures("corpus")
    def test_other_options_make_another_index(self):
        new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        with pytest.raises(UsageError, match="other options"):
            new("data", steps=("fix_encoding", *self.COPY), index=Path("../seen"), update_index=True)

    def test_records_added_by_somebody_make_it_an_index_of_no_commit(self, corpus, run):
        new("data", steps=self.COPY, index=Path("../seen"), update_index=True)
        jsonl(corpus / "more.jsonl", bad("more", text=story(800)))
        run("index", "add", "../seen", "more.jsonl", "-q")
        assert "of_commit" not in json.loads(run("index", "info", "../seen", "--format", "json")[1])

    def test_without_git_records_are_compared_with_it_and_it_stays_as_it_is(self, tmp_path, monkeypatch, run):
        monkeypatch.chdir(tmp_path)
        jsonl(tmp_path / "old.jsonl", bad("old", text=story(1)))
        jsonl(tmp_path / "new.jsonl", bad("new", text=story(1) + " A word."))
        run("index", "build", "seen", "old.jsonl", "-q")
        before = {path.name: path.read_bytes() for path in Path("seen").iterdir()}
        _, out, _ = run("check", "new.jsonl", "--index", "seen", "--steps", "mark_duplicates")
        assert "DU002 info" in out
        assert "'old in seen'" in out
        assert {path.name: path.read_bytes() for path in Path("seen").iterdir()} == before

    @pytest.mark.usefixtures("corpus")
    def test_where_there_is_none_the_option_that_makes_it_is_named(self):
        with pytest.raises(InputError, match="--update-index"):
            new("data", steps=self.COPY, index=Path("../seen"))


class TestRepositories:
    def test_only_what_a_branch_brought_is_new_since_the_merge_base(self, home):
        jsonl(home / "a.jsonl", bad("a"))
        commit(home)
        git(home, "checkout", "-q", "-b", "side")
        jsonl(home / "b.jsonl", bad("mine"))
        commit(home)
        git(home, "checkout", "-q", "main")
        jsonl(home / "c.jsonl", bad("theirs"))
        commit(home)
        git(home, "checkout", "-q", "side")
        assert new(".", since="main...") == [("mine", "PR005")]
        assert changes(".", since="main") == (1, 0, 1, 0)
        git(home, "merge", "-q", "--no-edit", "main")
        assert new(".", since="main...") == [("mine", "PR005")]
        assert new(".", since="HEAD~1") == [("theirs", "PR005")]

    def test_on_a_detached_head(self, home):
        jsonl(home / "a.jsonl", bad("a"))
        commit(home)
        jsonl(home / "a.jsonl", bad("a"), bad("b"))
        commit(home)
        git(home, "checkout", "-q", "--detach")
        assert new("a.jsonl", since="HEAD~1") == [("b", "PR005")]

    def test_in_a_shallow_clone_what_is_missing_is_named(self, home, tmp_path, monkeypatch, run):
        jsonl(home / "a.jsonl", bad("a"))
        commit(home)
        commit(home)
        git(tmp_path, "clone", "-q", "--depth=1", home.as_uri(), "shallow")
        monkeypatch.chdir(tmp_path / "shallow")
        code, _, told = run("check", "a.jsonl", "--since", "HEAD~1")
        assert (code, "git fetch --unshallow" in told) == (3, True)

    def test_in_a_submodule_and_around_it(self, home, tmp_path, monkeypatch):
        inner = repository(tmp_path / "inner")
        jsonl(inner / "a.jsonl", bad("a"))
        commit(inner)
        git(home, "submodule", "--quiet", "add", inner.as_uri(), "vendor")
        jsonl(home / "data/b.jsonl", bad("b"))
        commit(home)
        jsonl(home / "vendor/a.jsonl", bad("a"), bad("new"))
        assert new(".") == [("new", "PR005")]
        assert new("vendor") == [("new", "PR005")]
        commit(home / "vendor")
        assert new(".") == [("new", "PR005")]
        monkeypatch.chdir(home / "vendor")
        assert new("a.jsonl", since="HEAD~1") == [("new", "PR005")]

    def test_files_of_two_repositories_are_a_wrong_call(self, home, tmp_path):
        other = repository(tmp_path / "other")
        for folder in (home, other):
            jsonl(folder / "a.jsonl", bad("a"))
            commit(folder)
        with pytest.raises(UsageError, match="several repositories"):
            new("a.jsonl", str(other / "a.jsonl"))

    def test_outside_of_a_repository(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        jsonl(tmp_path / "a.jsonl", bad("a"))
        with pytest.raises(InputError, match="lies in no git repository"):
            new("a.jsonl")

    def test_odd_and_hostile_names(self, home, run):
        for at, name in enumerate(ODD):
            jsonl(home / "data" / name, bad(f"r{at}"))
        commit(home)
        for at, name in enumerate(ODD):
            jsonl(home / "data" / name, bad(f"r{at}"), bad(f"n{at}"))
        assert {id_ for id_, _ in new("data")} == {f"n{at}" for at in range(len(ODD))}
        assert {id_ for id_, _ in new(f"data/{ODD[2]}")} == {"n2"}
        code, out, told = run("check", "data", "--since", "HEAD", "--format", "github", "--fail-on", "warning")
        assert code == 1
        assert all(line.startswith(("::warning file=data/", "::notice ")) for line in out.splitlines())
        assert "\x1b" not in out + told

    def test_a_name_that_is_no_utf8(self, home, run):
        try:
            jsonl(home / b"caf\xe9.jsonl".decode("utf-8", "surrogateescape"), bad("old", text=story(1)))
        except OSError:
            pytest.skip("this file system has only names in UTF-8")
        commit(home)
        jsonl(home / "b.jsonl", bad("new", text=story(1) + " A word."))
        forms = [part for form in sorted(FORMS) for part in ("--format", f"{form}:../{form}.out")]
        assert run("check", ".", "--since", "HEAD", *forms)[0] == 0
        assert "old in caf\ufffd.jsonl:1" in (home / "../jsonl.out").read_text(encoding="utf-8")

    def test_links_out_of_the_tree_are_read_on_neither_side(self, home, tmp_path):
        jsonl(tmp_path / "secret.jsonl", bad("secret"))
        jsonl(home / "store/a.jsonl", bad("a"))
        (home / "data").mkdir()
        (home / "data/in.jsonl").symlink_to("../store/a.jsonl")
        commit(home)
        (home / "data/out.jsonl").symlink_to("../../secret.jsonl")
        jsonl(home / "store/a.jsonl", bad("a"), bad("new"))
        assert new("data") == [(None, "CK002"), ("new", "PR005")]
        commit(home)
        assert new("data") == [(None, "CK002")]

    def test_what_was_kept_by_lfs_is_asked_for(self, home, run):
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 9\n"
        (home / "a.jsonl").write_text(pointer)
        head = commit(home)
        code, _, told = run("check", "a.jsonl", "--since", "HEAD")
        assert (code, "git lfs pull --include a.jsonl" in told) == (3, True)
        jsonl(home / "a.jsonl", bad("a"))
        code, _, told = run("check", "a.jsonl", "--since", "HEAD")
        assert (code, f"git lfs fetch origin {head} --include 'a.jsonl'" in told) == (3, True)

    def test_what_is_kept_by_dvc_is_asked_for(self, home, run):
        (home / "data").mkdir()
        (home / "data/a.jsonl.dvc").write_text(f"outs:\n- md5: {'ab' * 16}\n  size: 9\n  path: a.jsonl\n")
        commit(home)
        for path in ("data", "data/a.jsonl"):
            code, _, told = run("check", path)
            assert (code, "dvc pull data/a.jsonl.dvc" in told) == (3, True)
        jsonl(home / "data/a.jsonl", bad("a"))
        code, _, told = run("check", "data", "--since", "HEAD")
        assert (code, "dvc fetch --all-commits 'data/a.jsonl.dvc'" in told) == (3, True)
        jsonl(home / ".dvc/cache/files/md5/ab" / ("ab" * 15), bad("old"))
        assert new("data") == [("a", "PR005")]


class TestBeside:
    def test_a_baseline_works_beside_it_and_loses_nothing(self, home, run):
        jsonl(home / "a.jsonl", bad("a"))
        jsonl(home / "b.jsonl", bad("known"))
        run("check", "b.jsonl", "--write-baseline", "known.jsonl", "-q")
        (home / "b.jsonl").unlink()
        commit(home)
        jsonl(home / "a.jsonl", bad("a"), bad("known"), bad("new"))
        code, out, told = run("check", "a.jsonl", "--since", "HEAD", "--baseline", "known.jsonl", "--format", "jsonl")
        assert {json.loads(line)["id"] for line in out.splitlines()} == {"new"}
        assert "fixed" not in told
        assert code == 0

    @pytest.mark.parametrize(
        "more",
        [
            ["--write-baseline", "x.jsonl"],
            ["--limit", "3"],
            ["--update-index"],
            ["--index", "seen", "--steps", "validate"],
        ],
    )
    def test_options_that_exclude_it_are_a_wrong_call(self, home, run, more):
        jsonl(home / "a.jsonl", bad("a"))
        commit(home)
        assert run("check", "a.jsonl", "--since", "HEAD", *more)[0] == 2

    def test_standard_input_has_no_older_state(self, run):
        assert run("check", "-", "--since", "HEAD")[0] == 2

    def test_a_share_is_one_of_the_new(self, home, run):
        jsonl(home / "a.jsonl", *(record(f"r{at}") for at in range(50)))
        commit(home)
        jsonl(home / "a.jsonl", *(record(f"r{at}") for at in range(50)), bad("n1"), record("n2"))
        arguments = ("check", "a.jsonl", "--since", "HEAD", "--steps", "flag_provenance", "--max")
        assert [run(*arguments, share)[0] for share in ("PR005=49%", "PR005=50%")] == [1, 0]

    def test_new_lines_come_before_what_is_said_of_files(self, home, tmp_path, run):
        jsonl(tmp_path / "secret.jsonl", bad("secret"))
        (home / "out.jsonl").symlink_to("../secret.jsonl")
        commit(home)
        jsonl(home / "a.jsonl", *(bad(f"n{at}") for at in range(12)))
        _, out, _ = run("check", ".", "--since", "HEAD", "--format", "github")
        assert "CK002" not in out
        assert out.count("PR005") == 9

    def test_the_summary_says_how_the_corpus_changes(self, home, run, monkeypatch):
        jsonl(home / "a.jsonl", *(bad(f"r{at}") for at in range(4)))
        commit(home)
        jsonl(home / "a.jsonl", bad("r0", title="Another"), bad("r1"), bad("new"), bad("n2"), bad("n3"), bad("n4"))
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(home / "summary.md"))
        _, _, told = run("check", "a.jsonl", "--since", "HEAD")
        summary = (home / "summary.md").read_text()
        head = git(home, "rev-parse", "HEAD")[:12]
        assert f"| since `HEAD ({head})` | how many |" in summary
        assert "| records | 4 → 6 (+2) |\n| added | 4 |\n| changed | 1 |\n| removed | 2 |" in summary
        assert f"Since HEAD ({head}): 4 added, 1 changed, 2 removed; 4 → 6 records." in told
