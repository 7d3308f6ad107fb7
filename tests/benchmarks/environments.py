"""What comparisons share: a planted corpus, and an environment of its own for each tool."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import generate

_VERSIONS = "import importlib.metadata as m, json, sys; print(json.dumps([m.version(n) for n in sys.argv[1:]]))"


def planted(folder: Path, records: int, seed: int) -> tuple[Path, Path]:
    """A generated corpus and the truth about it, made on first use."""
    corpus, truth = folder / f"planted-{records}-{seed}.jsonl", folder / f"planted-{records}-{seed}.truth.jsonl"
    if not truth.exists():
        with corpus.open("w", encoding="utf-8") as lines, truth.open("w", encoding="utf-8") as rows:
            generate.write(records, seed, lines.write, rows.write)
    return corpus, truth


def interpreter(folder: Path, name: str, packages: Sequence[str], alone: Sequence[str] = ()) -> Path:
    """The interpreter of a tool's own environment, made on first use; no packages: the one that runs now.

    What is in `alone` is installed without what it depends on, for the files that it ships.
    """
    if not packages:
        return Path(sys.executable)
    home = folder / "environments" / name
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        if alone:
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", *alone], check=True)
    return python


def versions(python: Path, packages: Sequence[str]) -> dict[str, str]:
    """The installed version of each package, extras left out of its name."""
    names = [package.partition("[")[0] for package in packages]
    done = subprocess.run([python, "-c", _VERSIONS, *names], capture_output=True, text=True, check=True)
    return dict(zip(names, json.loads(done.stdout), strict=True))
