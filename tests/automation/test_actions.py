"""The action for GitHub and the job for GitLab: their scripts run under a shell, as the CI systems run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from junitparser import JUnitXml

from ..checking.corpus import jsonl, record
from ..git.repositories import commit, git, repository

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github/actions/check"
INPUTS = {"PATHS": "data", "SINCE": "auto", "BEFORE": "", "FAIL_ON": "error", "MAX": "", "FORMAT": "text\ngithub\n",
          "BASELINE": ""}  # fmt: skip
EVIL = ("$(touch owned) `touch owned`; touch owned", "--write-baseline=owned", '"; touch owned; "', "* ~ $HOME")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A pull request: `origin/main` has good records, the branch adds one that is wrong."""
    folder = repository(tmp_path / "dataset")
    jsonl(folder / "data/may.jsonl", record("a", license=None), record("b"))
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(folder, "switch", "-qc", "june")
    jsonl(folder / "data/june.jsonl", record("c", url=None))
    commit(folder)
    return folder


def environment(folder: Path, given: dict[str, str]) -> dict[str, str]:
    """What the scripts find: this Python's commands, nothing of GitHub's but what is given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GIT", "CI_"))}
    ours = f"{Path(sys.executable).parent}{os.pathsep}{plain['PATH']}"
    return plain | {"PATH": ours, "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(folder)} | given


def checked(folder: Path, **given: str) -> tuple[int, str, dict[str, str]]:
    """Run the action's script: exit code, log, outputs."""
    temporary = folder.parent / "runner"
    temporary.mkdir(exist_ok=True)
    told = temporary / "output"
    told.write_text("")
    of_github = {"GITHUB_OUTPUT": str(told), "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
                 "RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(ACTION)}  # fmt: skip
    done = subprocess.run(["bash", ACTION / "check.sh"], cwd=folder, capture_output=True, text=True, check=False,
                          env=environment(folder, of_github | INPUTS | given))  # fmt: skip
    outputs = dict(line.split("=", 1) for line in told.read_text().splitlines())
    return done.returncode, done.stdout + done.stderr, outputs


def stubbed(folder: Path) -> Path:
    """A command of our name that only writes down what it was given."""
    folder.mkdir(parents=True, exist_ok=True)
    stub = folder / "corpus-tools"
    stub.write_text('#!/bin/sh\nprintf "%s\\0" "$@" > "$0.given"\n')
    stub.chmod(0o755)
    return stub


def assert_harmless(stub: Path, value: str) -> None:
    """The value came whole, as the value of one option or as a path, or it was a revision that nobody has."""
    arguments = stub.with_name("corpus-tools.given").read_text().split("\0")[:-1]
    options, paths = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    holding = [one.partition("=")[2] for one in options if value in one]
    assert all(given in (value, f"origin/{value}...") for given in holding)
    assert paths in (["data"], [value])
    assert not any(one.startswith("--write-baseline") for one in options)


class TestTheActionForGitHub:
    def test_a_pull_request_is_told_what_is_wrong_with_its_own_records(self, dataset: Path) -> None:
        code, log, outputs = checked(dataset, GITHUB_BASE_REF="main")
        assert code == 1
        assert "data/june.jsonl:1:20: PR002 error" in log
        assert "::error file=data/june.jsonl,line=1,endLine=1" in log
        assert "data/may.jsonl" not in log
        results = json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["results"]
        assert {result["ruleId"] for result in results} == {"PR002"}
        assert "## Check of the corpus: failed" in (dataset.parent / "runner/summary.md").read_text()
        assert (dataset.parent / "runner/corpus-tools/index").is_dir()

    def test_a_push_is_held_against_what_was_there_before(self, dataset: Path) -> None:
        before = git(dataset, "rev-parse", "HEAD~1")
        assert "data/may.jsonl" not in checked(dataset, BEFORE=before)[1]
        for unknown in ("0" * 40, "1" * 40):
            assert "data/may.jsonl:1:391: PR005" in checked(dataset, BEFORE=unknown)[1]

    def test_inputs_reach_the_check(self, dataset: Path) -> None:
        git(dataset, "mv", "data/june.jsonl", "data/june 1.jsonl")
        given = {"PATHS": "\ndata/june 1.jsonl\n\ndata/may.jsonl\n", "SINCE": "all"}
        assert checked(dataset, **given, FAIL_ON="never")[0] == 0
        assert checked(dataset, **given, FAIL_ON="never", MAX="PR002=100%\nPR005=0\n")[0] == 1
        _, log, _ = checked(dataset, **given, FORMAT="junit:junit.xml\nmarkdown")
        assert "## Check of the corpus" in log
        assert JUnitXml.fromfile(str(dataset / "junit.xml")).failures == 1
        assert checked(dataset, **given, BASELINE="gone.jsonl")[0] in (2, 3)

    @pytest.mark.parametrize("name", [*INPUTS, "GITHUB_BASE_REF"])
    def test_no_input_is_run_or_taken_for_an_option(self, dataset: Path, name: str) -> None:
        stub = stubbed(dataset.parent / "runner/corpus-tools/venv/bin")
        for value in EVIL:
            checked(dataset, **{name: value})
            assert not (dataset / "owned").exists()
            assert_harmless(stub, value)

    def test_scripts_hold_no_expressions_and_actions_are_pinned(self) -> None:
        text = (ACTION / "action.yml").read_text()
        action = yaml.safe_load(text)
        for step in action["runs"]["steps"]:
            assert "${{" not in step.get("run", "")
        used = re.findall(r"uses: (\S+)(.*)", text)
        assert len(used) == 3
        for name, remark in used:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", remark)
        for name, about in action["inputs"].items():
            assert about["description"].endswith(".")
            assert f"inputs.{name}" in text

    def test_only_a_version_number_is_installed(self, tmp_path: Path) -> None:
        given = {"PYTHON": "false", "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"),
                 "GITHUB_ACTION_PATH": str(ACTION)}  # fmt: skip
        for version, expected in (("0.1.0", 1), ("--index-url=x", 2), ("0.1 evil", 2), ("git+https://x", 2)):
            done = subprocess.run(["bash", ACTION / "install.sh"], capture_output=True, check=False,
                                  env=environment(tmp_path, given | {"VERSION": version}))  # fmt: skip
            assert done.returncode == expected


class TestTheJobForGitLab:
    @pytest.fixture
    def job(self) -> dict:
        return yaml.safe_load((ROOT / ".gitlab/corpus-tools.yml").read_text())["corpus-check"]

    def run(self, job: dict, folder: Path, **given: str) -> tuple[int, str]:
        """Run the job's script the way GitLab's runner does."""
        known = job["variables"] | {"CORPUS_PATHS": "data", "CI_COMMIT_BEFORE_SHA": "0" * 40}
        done = subprocess.run(["bash", "-c", "set -eo pipefail\n" + "\n".join(job["script"])], cwd=folder, check=False,
                              capture_output=True, text=True, env=environment(folder, known | given))  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def test_a_merge_request_gets_its_code_quality_and_tests(self, job: dict, dataset: Path) -> None:
        code, log = self.run(job, dataset, CI_MERGE_REQUEST_DIFF_BASE_SHA=git(dataset, "rev-parse", "HEAD~1"))
        assert code == 1
        assert "data/may.jsonl" not in log
        issues = json.loads((dataset / job["artifacts"]["reports"]["codequality"]).read_text())
        assert [issue["check_name"] for issue in issues] == ["PR002"]
        assert JUnitXml.fromfile(str(dataset / job["artifacts"]["reports"]["junit"])).failures == 1

    def test_variables_reach_the_check(self, job: dict, dataset: Path) -> None:
        assert self.run(job, dataset, CORPUS_FAIL_ON="never")[0] == 0
        assert self.run(job, dataset, CORPUS_FAIL_ON="never", CORPUS_MAX="PR005=0\nPR002=5")[0] == 1

    @pytest.mark.parametrize("name", ["CORPUS_PATHS", "CORPUS_MAX", "CORPUS_BASELINE", "CORPUS_FAIL_ON",
                                      "CI_COMMIT_BEFORE_SHA"])  # fmt: skip
    def test_no_variable_is_run_or_taken_for_an_option(self, job: dict, dataset: Path, name: str) -> None:
        stub = stubbed(dataset.parent / "bin")
        path = f"{stub.parent}{os.pathsep}{os.environ['PATH']}"
        for value in EVIL:
            self.run(job, dataset, **{name: value, "PATH": path})
            assert not (dataset / "owned").exists()
            assert_harmless(stub, value)
