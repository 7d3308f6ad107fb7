"""Real repositories, made in a folder of the test's own."""

from __future__ import annotations

import itertools
import os
import subprocess
from pathlib import Path

AUTHOR = ("-c", "user.name=Mara Quill", "-c", "user.email=mara@orrin-post.example", "-c", "commit.gpgsign=false")

_NUMBERS = itertools.count(1)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; what it says, without the last line end."""
    command = ["git", *AUTHOR, "-c", "protocol.file.allow=always", *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean["GIT_CONFIG_GLOBAL"] = os.devnull
    done = subprocess.run(command, cwd=folder, env=clean, check=True, capture_output=True, text=True)
    return done.stdout.removesuffix("\n")


def repository(folder: Path) -> Path:
    """An empty repository on the branch `main`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def commit(folder: Path) -> str:
    """Commit all that lies there; the commit's hash, which no other one has."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", f"Go on, {next(_NUMBERS)}")
    return git(folder, "rev-parse", "HEAD")


def written(path: Path, text: str = "one\n") -> Path:
    """A file with a text, and the folders on the way to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
