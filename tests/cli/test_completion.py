"""Completion in the shells themselves: a line is typed with a tab in it, and runs as if it had been typed whole."""

import os
import re
import select
import shutil
import sys
import termios
from pathlib import Path

import pytest

from corpus_tools.__main__ import main

from ..conftest import RAW

pty = pytest.importorskip("pty", reason="no pseudo-terminals here")

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source completion.bash; PS1='@''ready '"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -u -D; source completion.zsh; PS1='@''ready '"),
    "fish": (["fish", "--no-config", "-i"], "source completion.fish; function fish_prompt; echo '@''ready '; end"),
}
"""How a shell is started bare, and what is typed first; the prompt then shows that it listens."""


def typed(shell: str, lines: list[str], folder: Path) -> str:
    """All that a shell shows while somebody types these lines, each when there is a prompt for it."""
    command, ready = SHELLS[shell]
    binaries = str(Path(sys.executable).parent)
    told = os.environ | {"PATH": binaries + os.pathsep + os.environ["PATH"], "HOME": str(folder), "TERM": "xterm"}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, told)
    termios.tcsetwinsize(terminal, (50, 200))
    shown, waiting = "", [*lines, "exit"]
    os.write(terminal, f"{ready}\r".encode())
    while select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        shown += part.decode(errors="replace")
        if waiting and "@ready" in shown.rpartition("@typed")[2]:
            os.write(terminal, f"{waiting.pop(0)}\r".encode())
            shown += "@typed"
    os.close(terminal)
    os.waitpid(child, 0)
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>()][B0]?)", "", shown)


@pytest.mark.parametrize("shell", [
    pytest.param(shell, marks=pytest.mark.skipif(shutil.which(shell) is None, reason=f"no {shell} here"))
    for shell in SHELLS
])  # fmt: skip
def test_a_tab_completes_verbs_steps_flags_and_files(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    (tmp_path / f"completion.{shell}").write_text(capsys.readouterr().out)
    shutil.copy(RAW, tmp_path / "records.jsonl")
    lines = [
        "corpus-tools sche\t clean_art\t",
        "corpus-tools clean --dry-run --steps fix_encoding,detect_l\t records.js\t",
        "corpus-tools check --max missing-lic\t",
    ]
    shown = typed(shell, lines, tmp_path)
    assert "duplicate_reason" in shown  # a line of the schema
    assert "27 read = 24 kept" in shown
    assert "missing-license" in shown  # typed was its beginning


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("corpus-tools clean --steps fix_encoding,de", ["fix_encoding,detect_language", "fix_encoding,decide"]),
        ("corpus-tools check --max pr02", ["PR020", "PR021", "PR023"]),
        ("corpus-tools clean --map body=te", ["body=text"]),
        ("corpus-tools check --format sa", ["sarif"]),
        ("corpus-tools detect-language --engine l", ["langdetect", "lingua"]),
        ("corpus-tools pairs p.jsonl --guard te", ["template"]),
        ("corpus-tools --color a", ["auto", "always"]),
        ("corpus-tools completion z", ["zsh"]),
    ],
)
def test_values_are_offered(
    words: str, offered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_CORPUS_TOOLS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit):
        main([])
    assert [line.partition(",")[2] for line in capsys.readouterr().out.split()] == offered
