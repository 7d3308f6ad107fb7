"""What `check --since` costs for a few new lines in a large repository, as a table in Markdown.

    python -m tests.benchmarks.since --records 200000 --new 1000 --folder bench

A repository with one file of invented records gets new lines at its end. Each row is a process of its own; seconds are
processor seconds. `ratio` is against checking the new lines alone plus reading the files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

READ = """
import sys
from corpus_tools.io.read import Reader
print(sum(len(chunk.frame) for chunk in Reader(sys.argv[1:])))
"""
AUTHOR = ("-c", "user.name=Mara Quill", "-c", "user.email=mara@orrin-post.example")


def spent(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """The processor seconds of a command, its helpers included, and its peak memory in MB."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"failed: {' '.join(command)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def prepared(folder: Path, records: int, new: int) -> None:
    """A repository with `records` records committed and `new` ones behind them, and the new ones in a file alone."""
    folder.mkdir(parents=True)
    generate = [sys.executable, "-m", "tests.benchmarks.generate", "--records", str(records + new)]
    made = subprocess.Popen(generate, stdout=subprocess.PIPE)
    assert made.stdout is not None
    (folder / "data").mkdir()
    with (folder / "data/news.jsonl").open("wb") as corpus, (folder / "new.jsonl").open("wb") as alone:
        for number, line in enumerate(made.stdout):
            if number == records:
                corpus.flush()
                git = ["git", *AUTHOR]
                subprocess.run([*git, "init", "-q"], cwd=folder, check=True)
                subprocess.run([*git, "add", "data"], cwd=folder, check=True)
                subprocess.run([*git, "commit", "-qm", "The corpus"], cwd=folder, check=True)
            corpus.write(line)
            if number >= records:
                alone.write(line)
    made.wait()


def main() -> None:
    """Measure, and print the table as it grows."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--records", type=int, default=200_000)
    ask.add_argument("--new", type=int, default=1_000)
    ask.add_argument("--folder", type=Path, required=True, help="where the repository is made, once, and the index")
    given = ask.parse_args()
    repository, index = given.folder.absolute() / "repository", given.folder.absolute() / "index"
    if not repository.exists():
        prepared(repository, given.records, given.new)
    if index.exists():
        sys.exit(f"There is an index of an earlier run in {index}. Delete it first.")
    check = [sys.executable, "-m", "corpus_tools", "check", "--quiet", "--fail-on", "never"]
    since = [*check, "data", "--since", "HEAD", "--index", str(index)]
    parts = {
        "check the new lines alone": [*check, "new.jsonl"],
        "read the files": [sys.executable, "-c", READ, "data/news.jsonl"],
    }
    whole = {
        "`check --since`, and make the index": [*since, "--update-index"],
        "`check --since` with the index": since,
        "`check --since` with `--steps validate` alone": [*check, "data", "--since", "HEAD", "--steps", "validate"],
    }
    say = sys.stdout.write
    say("| what | processor seconds | peak memory | ratio |\n| --- | ---: | ---: | ---: |\n")
    base = 0.0
    for what, command in (parts | whole).items():
        seconds, memory = spent(command, repository)
        base += seconds if what in parts else 0
        ratio = "" if what in parts else f"{seconds / base:.2f}"
        say(f"| {what} | {seconds:.1f} | {memory:,.0f} MB | {ratio} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
