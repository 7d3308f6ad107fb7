"""What a person sees of a command: words where something was mistyped, colours where they are wanted."""

import os
import re
from pathlib import Path

import pytest

from corpus_tools.__main__ import main
from corpus_tools.cli.terminal import width

from ..conftest import RAW

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["cleen", "a.jsonl"], "Did you mean 'clean'?"),
        (["clean", "--lmit", "3"], "'--limit'"),
        (["clean", "--mark", "--steps", "fix_encodign", str(RAW)], "Did you mean 'fix_encoding'?"),
        (["clean", "--mark", "--map", "body=txt", str(RAW)], "Did you mean body=text?"),
        (["check", "--max", "missing-licence=3", str(RAW)], "Did you mean 'missing-license'?"),
        (["check", "--max", "pr005=3", str(RAW)], "Did you mean 'PR005'?"),
        (["check", "--format", "srif:a.sarif", str(RAW)], "Did you mean 'sarif'?"),
        (["check", "--schema", "artcle", str(RAW)], "Did you mean 'article'?"),
        (["detect-language", "--engine", "langdetct", str(RAW)], "Did you mean 'langdetect'?"),
        (["completion", "bsh"], "Did you mean 'bash'?"),
        (["pairs", "pairs.jsonl", "--guard", "templat"], "Did you mean 'template'?"),
    ],
)  # fmt: skip
def test_a_mistyped_name_is_answered_with_the_likely_one(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pairs.jsonl").touch()
    assert main(arguments) == 2
    assert hint in capsys.readouterr().err


def test_a_mistyped_flag_in_own_rules_is_answered_with_the_likely_one(capsys: pytest.CaptureFixture[str]) -> None:
    Path("misspelt.toml").write_text('[[policy]]\nverdict = "review"\nflags = ["missing-titel"]\n')
    assert main(["clean", "--mark", "--rules", "misspelt.toml", str(RAW)]) == 2
    assert "Did you mean 'missing-title'?" in capsys.readouterr().err


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Both streams of a check of the fixtures."""
    assert main([*arguments[:1], "check", "--fail-on", "never", *arguments[1:], str(RAW)]) == 0
    told = capsys.readouterr()
    return told.out + told.err


def test_colours_stay_away_from_files_and_pipes(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in checked(capsys, "--color=auto")


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        (["--color=always"], {}, True),
        (["--color=auto", "--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color=auto"], {"FORCE_COLOR": "1"}, True),
        (["--color=never"], {"FORCE_COLOR": "1"}, False),
        (["--color=auto"], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color=auto"], {"FORCE_COLOR": "1", "TERM": "dumb"}, False),
    ],
)
def test_the_option_comes_before_the_environment(
    arguments: list[str],
    environment: dict[str, str],
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert bool(ESCAPE.search(checked(capsys, *arguments))) is coloured


def test_colours_say_nothing_that_the_words_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    plain, coloured = checked(capsys, "--color=never"), checked(capsys, "--color=always")
    assert coloured != plain
    assert [line.rstrip() for line in ESCAPE.sub("", coloured).split("\n")] == plain.split("\n")


def test_a_terminal_that_nobody_looks_at_has_no_columns_and_gets_the_usual_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((0, 0)))
    assert width() == 120


@pytest.mark.parametrize("columns", [40, 80])
def test_the_summary_fits_its_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    Path("raw.jsonl").symlink_to(RAW)
    assert main(["clean", "raw.jsonl", "-o", "out.jsonl"]) == 0
    assert main(["check", "--fail-on", "never", "raw.jsonl"]) == 0
    drawn = [line for line in capsys.readouterr().err.split("\n") if re.match(" [A-Z]{2}| flag|──", line)]
    assert max(map(len, drawn)) <= columns
