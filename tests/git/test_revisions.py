"""Revisions by every name, files as they were, and what is said where git can't tell."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from corpus_tools.errors import InputError, NotFetched, UsageError
from corpus_tools.git.repository import Repository
from corpus_tools.git.stored import Laid, stored_files
from corpus_tools.io.read import Reader

from .repositories import commit, git, repository, written

ODD = ["with space.jsonl", "fête № 1.jsonl", "two\nlines.jsonl", "::error::x.jsonl", "\x1b[31mred.jsonl", "*.jsonl"]


@pytest.fixture
def home(tmp_path):
    return repository(tmp_path / "home")


def names(home: Path, at: str, *under: str) -> list[str]:
    found = Repository.around(home)
    return [stored.path for stored in stored_files(found, found.commit(at), under or (".",))]


def read(home: Path, at: str, path: str) -> str:
    found = Repository.around(home)
    files = {one.path: one for one in stored_files(found, found.commit(at), [path])}
    laid = Laid(at, files)
    try:
        return laid[path].read_text()
    finally:
        laid.close()


class TestRevisions:
    def test_a_branch_a_tag_a_hash_and_a_parent_are_found(self, home):
        first, second = commit(home), commit(home)
        git(home, "tag", "-a", "v1", "-m", "one", first)
        found = Repository.around(home)
        assert [found.commit(name) for name in ("main", "v1", first[:9], "HEAD~1", " HEAD ")] == [
            second, first, first, first, second,
        ]  # fmt: skip

    def test_three_dots_are_the_merge_base(self, home):
        base = commit(home)
        git(home, "checkout", "-q", "-b", "side")
        commit(home)
        git(home, "checkout", "-q", "main")
        commit(home)
        git(home, "checkout", "-q", "--detach", "side")
        assert Repository.around(home).commit("main...") == base

    @pytest.mark.parametrize("name", ["mian", "", "-h", "--all", "main..side", "^main", "HEAD:a", "HEAD~99"])
    def test_what_names_no_commit_is_a_wrong_call(self, home, name):
        commit(home)
        with pytest.raises(UsageError):
            Repository.around(home).commit(name)

    def test_a_near_miss_is_guessed(self, home):
        commit(home)
        with pytest.raises(UsageError, match="Did you mean 'main'"):
            Repository.around(home).commit("mian")

    def test_branches_without_a_common_commit_are_told(self, home):
        commit(home)
        git(home, "checkout", "-q", "--orphan", "other")
        commit(home)
        with pytest.raises(UsageError, match="no commit in common"):
            Repository.around(home).commit("main...")

    def test_a_shallow_clone_says_how_to_deepen_it(self, home, tmp_path):
        commit(home)
        commit(home)
        git(tmp_path, "clone", "-q", "--depth=1", home.as_uri(), "shallow")
        with pytest.raises(InputError, match="git fetch --unshallow"):
            Repository.around(tmp_path / "shallow").commit("HEAD~1")

    def test_outside_of_a_repository_that_is_said(self, tmp_path):
        with pytest.raises(InputError, match="lies in no git repository"):
            Repository.around(tmp_path)

    def test_without_git_that_is_said(self, home, monkeypatch):
        monkeypatch.setenv("PATH", "")
        with pytest.raises(InputError, match="no git on the path"):
            Repository.around(home)

    def test_variables_of_a_hook_lead_nowhere_else(self, home, tmp_path, monkeypatch):
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
        monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
        assert Repository.around(home).root == home.resolve()


class TestFiles:
    def test_every_name_is_listed_and_read(self, home):
        for at, name in enumerate(ODD):
            written(home / "data" / name, f"{at}\n")
        commit(home)
        for name in ODD:
            (home / "data" / name).unlink()
        assert sorted(names(home, "HEAD", "data")) == sorted(f"data/{name}" for name in ODD)
        assert [read(home, "HEAD", f"data/{name}") for name in ODD] == [f"{at}\n" for at in range(len(ODD))]

    def test_a_path_is_no_pattern_and_no_prefix(self, home):
        for name in ("*.jsonl", "a.jsonl", "data/a.jsonl", "database.jsonl"):
            written(home / name)
        commit(home)
        assert names(home, "HEAD", "*.jsonl") == ["*.jsonl"]
        assert names(home, "HEAD", "data") == ["data/a.jsonl"]
        assert names(home, "HEAD", *(f"n{at}" for at in range(100)), "data") == ["data/a.jsonl"]

    def test_a_link_is_the_file_it_leads_to_and_never_one_outside(self, home, tmp_path):
        written(tmp_path / "secret.jsonl", "secret\n")
        written(home / "store" / "a.jsonl", "a\n")
        (home / "data").mkdir()
        (home / "data" / "in.jsonl").symlink_to("../store/a.jsonl")
        (home / "data" / "out.jsonl").symlink_to("../../secret.jsonl")
        (home / "data" / "far.jsonl").symlink_to(tmp_path / "secret.jsonl")
        (home / "data" / "round.jsonl").symlink_to("round.jsonl")
        (home / "linked").symlink_to("store")
        commit(home)
        assert names(home, "HEAD", "data") == ["data/in.jsonl"]
        assert read(home, "HEAD", "data/in.jsonl") == "a\n"
        assert read(home, "HEAD", "linked/a.jsonl") == "a\n"

    def test_a_submodule_is_read_at_the_commit_that_the_tree_names(self, home, tmp_path):
        inner = repository(tmp_path / "inner")
        written(inner / "deep/a.jsonl", "old\n")
        commit(inner)
        git(home, "submodule", "--quiet", "add", inner.as_uri(), "vendor")
        commit(home)
        written(home / "vendor/deep/a.jsonl", "new\n")
        commit(home / "vendor")
        git(home, "commit", "-q", "-am", "Move on")
        assert names(home, "HEAD") == [".gitmodules", "vendor/deep/a.jsonl"]
        assert names(home, "HEAD~1", "vendor/deep") == ["vendor/deep/a.jsonl"]
        assert [read(home, at, "vendor/deep/a.jsonl") for at in ("HEAD~1", "HEAD")] == ["old\n", "new\n"]

    def test_changes_are_told_by_where_files_stand_now(self, home):
        for name in ("same", "changed", "moved", "removed"):
            written(home / f"{name}.jsonl", f"{name}\n" * 9)
        commit(home)
        written(home / "changed.jsonl", "other\n")
        written(home / "untracked.jsonl", "new\n")
        (home / "removed.jsonl").unlink()
        git(home, "mv", "moved.jsonl", "moved elsewhere.jsonl")
        changed = Repository.around(home).changed("HEAD")
        assert changed.renamed == {"moved elsewhere.jsonl": "moved.jsonl"}
        assert changed.gone == {"moved.jsonl", "removed.jsonl"}
        assert "same.jsonl" not in changed.paths
        assert "changed.jsonl" in changed.paths

    def test_what_a_repository_configures_is_not_run(self, home, tmp_path):
        ran = tmp_path / "ran"
        written(home / ".gitattributes", "*.jsonl diff=trap filter=trap\n")
        written(home / "a.jsonl")
        commit(home)
        written(home / "a.jsonl", "two\n")
        for key in ("diff.trap.textconv", "diff.trap.command", "diff.external", "core.fsmonitor", "core.pager"):
            git(home, "config", key, f"touch '{ran}'; cat")
        found = Repository.around(home)
        assert "a.jsonl" in found.changed("HEAD").paths
        assert read(home, "HEAD", "a.jsonl") == "one\n"
        assert not ran.exists()

    def test_an_object_that_was_lost_is_told(self, home):
        written(home / "a.jsonl")
        commit(home)
        lost = git(home, "rev-parse", "HEAD:a.jsonl")
        (home / ".git/objects" / lost[:2] / lost[2:]).unlink()
        with pytest.raises(NotFetched, match="git cat-file failed"):
            read(home, "HEAD", "a.jsonl")

    def test_a_place_goes_from_the_root_and_through_links_to_folders(self, home, monkeypatch):
        written(home / "store/a.jsonl")
        (home / "linked").symlink_to("store")
        monkeypatch.chdir(home / "store")
        found = Repository.around(Path("a.jsonl"))
        assert [found.place(path) for path in ("a.jsonl", "..", "../linked", "../linked/a.jsonl", ".")] == [
            "store/a.jsonl", ".", "store", "store/a.jsonl", "store",
        ]  # fmt: skip
        with pytest.raises(InputError, match="lies outside"):
            found.place("../../elsewhere.jsonl")


class TestPointers:
    TEXT = '{"id": "a", "text": "Rain."}\n'

    def test_a_pointer_of_lfs_is_followed_where_the_object_is_there(self, home):
        digest = hashlib.sha256(self.TEXT.encode()).hexdigest()
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(self.TEXT)}\n"
        written(home / "a.jsonl", pointer)
        at = commit(home)
        with pytest.raises(InputError, match=r"git lfs fetch origin \w{40} --include 'a.jsonl'"):
            read(home, at, "a.jsonl")
        written(home / ".git/lfs/objects" / digest[:2] / digest[2:4] / digest, self.TEXT)
        assert read(home, "HEAD", "a.jsonl") == self.TEXT

    def test_a_pointer_of_lfs_in_the_tree_is_refused_with_what_fetches_it(self, tmp_path):
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n"
        path = written(tmp_path / "it's.jsonl", text)
        with pytest.raises(InputError, match=r"git lfs pull --include '.*it'\\''s.jsonl'"):
            list(Reader([path]))

    @pytest.mark.parametrize("store", [".dvc/cache/files/md5", ".dvc/cache"])
    def test_what_dvc_keeps_is_read_from_its_cache(self, home, store):
        digest = hashlib.md5(self.TEXT.encode()).hexdigest()
        written(home / "data/a.jsonl.dvc", f"outs:\n- md5: {digest}\n  size: 29\n  hash: md5\n  path: a.jsonl\n")
        commit(home)
        assert names(home, "HEAD", "data") == ["data/a.jsonl"]
        assert names(home, "HEAD", "data/a.jsonl") == ["data/a.jsonl"]
        with pytest.raises(InputError, match=r"dvc fetch --all-commits 'data/a.jsonl.dvc'"):
            read(home, "HEAD", "data/a.jsonl")
        written(home / store / digest[:2] / digest[2:], self.TEXT)
        assert read(home, "HEAD", "data/a.jsonl") == self.TEXT

    def test_a_link_in_the_place_of_a_cache_leads_nowhere(self, home, tmp_path):
        written(tmp_path / "secret.jsonl", self.TEXT)
        written(home / "a.jsonl.dvc", f"outs:\n- md5: {'ab' * 16}\n  path: a.jsonl\n")
        (home / ".dvc/cache/files/md5/ab").mkdir(parents=True)
        (home / ".dvc/cache/files/md5/ab" / ("ab" * 15)).symlink_to(tmp_path / "secret.jsonl")
        commit(home)
        with pytest.raises(NotFetched):
            read(home, "HEAD", "a.jsonl")

    def test_a_folder_that_dvc_keeps_is_its_files(self, home):
        digest = hashlib.md5(self.TEXT.encode()).hexdigest()
        listed = json.dumps([{"md5": digest, "relpath": "2024/a.jsonl"}, {"md5": "../../x", "relpath": "b.jsonl"}])
        written(home / "data.dvc", f"outs:\n- md5: {'ab' * 16}.dir\n  path: data\n")
        commit(home)
        written(home / ".dvc/cache/files/md5/ab" / ("ab" * 15 + ".dir"), listed)
        written(home / ".dvc/cache/files/md5" / digest[:2] / digest[2:], self.TEXT)
        assert names(home, "HEAD", "data/2024") == ["data/2024/a.jsonl"]
        assert names(home, "HEAD", "data") == ["data/2024/a.jsonl"]
        assert read(home, "HEAD", "data/2024/a.jsonl") == self.TEXT
