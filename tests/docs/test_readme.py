"""The README is true: its tables are the code's, and its examples give what it shows."""

import doctest
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from .tables import README, with_tables

TEXT = README.read_text(encoding="utf-8")
CONSOLE = re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the fixtures in it; the examples run in it one after the other."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(README.parent / "fixtures", folder / "fixtures")
    return folder


def test_the_tables_are_in_step_with_the_code() -> None:
    assert with_tables(TEXT) == TEXT, "run: python -m tests.docs.tables --write"


def test_every_console_example_gives_what_it_shows(workshop: Path) -> None:
    binaries = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": binaries + os.pathsep + os.environ["PATH"], "COLUMNS": "120"}
    checker = doctest.OutputChecker()
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    for block in CONSOLE:
        for example in re.findall(r"^\$ .*?(?=^\$ |\Z)", block, re.DOTALL | re.MULTILINE):
            command, _, shown = example[2:].partition("\n")
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=workshop,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert checker.check_output(shown, done.stdout, options), f"$ {command}\n{done.stdout}"


def test_every_python_example_gives_what_it_shows(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workshop)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )  # fmt: skip
    text = "\n".join(PYTHON)
    test = parser.get_doctest(text, {}, "README.md", str(README), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the corpus has broken lines, and reading it says so
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_both_set_up_commands_stand_on_one_line() -> None:
    for name in ("run", "tests"):
        command = re.search(rf"<!-- {name} -->\n```sh\n(.*?)\n```", TEXT, re.DOTALL)
        assert command
        assert "\n" not in command[1]


def test_every_link_within_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) <= anchors
