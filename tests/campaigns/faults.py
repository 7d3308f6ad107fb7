"""Break runs on purpose, over and over, and look at what is left.

    python -m tests.campaigns.faults [--rounds 200] [--seed 1] [--only killed,full]

Each round does one harm to one command: kill -9 or Ctrl-C at a random moment of `clean`, `index add` or
`check --since`, a disk that is full (a small file system; needs root), a folder that is read-only or vanishes, an input
that grows or is cut off while it is read, too little memory or too few open files, a pipe that is closed early or read
slowly, a clock that jumps. After each the old outputs must be whole, the new ones whole or absent, the exit code and
the message right, the index must open, and once the same command was run again nothing else may lie there. Prints a
line a round and the seed; exits 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import generate

_PROGRAM = (sys.executable, "-m", "corpus_tools")
_RECORDS = 400
_LONG = 240  # seconds after which a command hangs


@dataclass
class Ground:
    """A folder to break things in: corpora, an index, a repository, and outputs of an earlier run."""

    folder: Path
    dice: random.Random
    took: dict[str, float] = field(default_factory=dict)
    expected: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.old, self.new = self.folder / "old.jsonl", self.folder / "new.jsonl"
        for seed, path in ((1, self.old), (2, self.new)):
            with path.open("w", encoding="utf-8") as lines:
                generate.write(_RECORDS, seed, lines.write, None)
        self.out, self.index, self.repository = (self.folder / name for name in ("out", "index", "repository"))
        self.repository.mkdir()
        shutil.copyfile(self.old, self.repository / "data.jsonl")
        for command in (["init", "-q"], ["add", "."], ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit",
                        "-qm", "old"]):  # fmt: skip
            subprocess.run(["git", "-C", self.repository, *command], check=True)
        with (self.repository / "data.jsonl").open("ab") as more:
            more.write(self.new.read_bytes())
        self.commands = {
            "clean": ("clean", "-q", str(self.new), "-o", str(self.out / "out.jsonl")),
            "clean --resume": ("clean", "-q", str(self.new), "-o", str(self.out / "out.jsonl"), "--resume"),
            "clean --jobs 2": ("clean", "-q", str(self.new), "-o", str(self.out / "out.jsonl"), "--jobs", "2"),
            "index add": ("index", "add", str(self.index), str(self.new)),
            "check --since": ("check", "-q", str(self.repository / "data.jsonl"), "--since", "HEAD",
                              "--fail-on", "never", "--format", f"jsonl:{self.out / 'found.jsonl'}"),
        }  # fmt: skip
        run(("clean", "-q", str(self.old), "-o", str(self.folder / "pristine-out" / "out.jsonl")))
        run(("index", "build", str(self.folder / "pristine-index"), str(self.old)))
        self.settle()
        self.before = self.outputs()
        for name in self.commands:
            started = time.perf_counter()
            self.checked(name)
            self.took[name] = time.perf_counter() - started
            self.expected = self.outputs() if name == "clean" else self.expected
            self.settle()

    def settle(self) -> None:
        """Put the outputs and the index of an earlier run, of other records, back in their place."""
        for place in (self.out, self.index):
            pristine = self.folder / f"pristine-{place.name}"
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(pristine, place)

    def outputs(self) -> dict[str, bytes]:
        """The files that stand there under names of their own, but for manifests, which have a clock in them."""
        return {path.name: path.read_bytes() for path in self.out.iterdir()
                if path.is_file() and path.name[0] != "." and not path.name.endswith(".run.json")}  # fmt: skip

    def checked(self, name: str) -> None:
        """Do a command undisturbed; it must work."""
        done = run(self.commands[name])
        if done.returncode:
            raise Wrong(f"the next run failed: exit {done.returncode}, {_last(done.stderr)}")
        left = [path.name for path in self.out.iterdir() if path.name[0] == "."]
        if left:
            raise Wrong(f"left behind after the next run: {left}")

    def look(self, *, may_be_new: bool) -> None:
        """After a harm: what stands there is old and whole, or new and whole; the index opens."""
        out = self.outputs().get("out.jsonl")
        allowed = [self.before.get("out.jsonl"), *([self.expected.get("out.jsonl")] if may_be_new else [])]
        if out not in allowed:
            raise Wrong(f"out.jsonl is neither the old nor the new one: {len(out or b'')} bytes")
        opened = run(("index", "info", str(self.index), "--format", "json"))
        if opened.returncode:
            raise Wrong(f"the index does not open: {_last(opened.stderr)}")
        records = json.loads(opened.stdout)["records"]
        if records not in (_RECORDS, 2 * _RECORDS):
            raise Wrong(f"the index holds {records} records")


class Wrong(Exception):
    """What should not have been."""


def run(arguments: tuple[str, ...], **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end."""
    return subprocess.run([*_PROGRAM, *arguments], capture_output=True, check=False, timeout=_LONG, **more)  # type: ignore[call-overload,no-any-return]  # what subprocess takes


def started(arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a command, in a process group of its own."""
    return subprocess.Popen(
        [*_PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def _last(said: bytes) -> str:
    """The last line of a message."""
    return said.decode("utf-8", "replace").strip().rpartition("\n")[2][-300:]


def stopped(ground: Ground, name: str, number: signal.Signals) -> tuple[str, bool]:
    """Send a signal at a random moment of a command."""
    after = ground.dice.uniform(0.02, 1.05) * ground.took[name]
    with started(ground.commands[name]) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, number)
        _, said = process.communicate(timeout=_LONG)
    if number == signal.SIGINT and process.returncode not in (0, 130, -signal.SIGINT):  # Python was still starting
        raise Wrong(f"exit {process.returncode} after Ctrl-C, {_last(said)}")
    if b"Traceback" in said:
        raise Wrong(f"a traceback: {_last(said)}")
    return f"{number.name} after {after:.2f} s, exit {process.returncode}", True


def killed(ground: Ground, name: str) -> tuple[str, bool]:
    """End it with kill -9."""
    return stopped(ground, name, signal.SIGKILL)


def interrupted(ground: Ground, name: str) -> tuple[str, bool]:
    """Ctrl-C."""
    return stopped(ground, name, signal.SIGINT)


def starved(ground: Ground, name: str) -> tuple[str, bool]:
    """Too little memory (`ulimit -v`), or too few open files (`ulimit -n`)."""
    megabytes, files = ground.dice.randrange(300, 2500), ground.dice.randrange(8, 40)
    which, limit = ground.dice.choice(((resource.RLIMIT_AS, megabytes << 20), (resource.RLIMIT_NOFILE, files)))
    done = run(ground.commands[name], preexec_fn=lambda: resource.setrlimit(which, (limit, limit)))
    what = f"{'memory' if which == resource.RLIMIT_AS else 'open files'} ≤ {limit:,}, exit {done.returncode}"
    if done.returncode == 0:
        return what, True
    if which == resource.RLIMIT_AS and done.returncode == 4 and b"\nMemoryError" in done.stderr:
        raise Wrong(f"{what}: {_last(done.stderr)}")
    if done.returncode < 0 and which == resource.RLIMIT_NOFILE:
        raise Wrong(f"{what}: died of signal {-done.returncode}")
    return what, False


def full(ground: Ground, name: str) -> tuple[str, bool]:
    """A disk with too little room for the outputs."""
    place = ground.folder / "small"
    place.mkdir(exist_ok=True)
    size = ground.dice.randrange(64, 900)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        return "skipped: needs root to mount a small disk", False
    try:
        command = [part.replace(str(ground.out), str(place)) for part in ground.commands[name]]
        if name == "index add":
            command = ["index", "build", str(place / "index"), str(ground.new)]
        done = run(tuple(command))
        left = [path.name for path in place.rglob("*") if path.name.endswith(".part")]
        if done.returncode != 0 and (done.returncode != 3 or b"Traceback" in done.stderr):
            raise Wrong(f"{size} kB: exit {done.returncode}, {_last(done.stderr)}")
        if done.returncode and b"the disk is full" not in done.stderr:
            raise Wrong(f"{size} kB: the message does not name the cause: {_last(done.stderr)}")
        if left:
            raise Wrong(f"{size} kB: left behind {left}")
        return f"a disk of {size} kB, exit {done.returncode}", False
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def vanished(ground: Ground, name: str) -> tuple[str, bool]:
    """The folder of the outputs goes away while the command runs."""
    after = ground.dice.uniform(0.1, 0.95) * ground.took[name]
    with started(ground.commands[name]) as process:
        time.sleep(after)
        away = ground.folder / "away"
        if process.poll() is None:
            ground.out.rename(away)
        _, said = process.communicate(timeout=_LONG)
    if away.exists():
        shutil.rmtree(ground.out, ignore_errors=True)
        away.rename(ground.out)
    if process.returncode not in (0, 3) or b"Traceback" in said:
        raise Wrong(f"exit {process.returncode}, {_last(said)}")
    return f"gone after {after:.2f} s, exit {process.returncode}", True


def shifting(ground: Ground, name: str) -> tuple[str, bool]:
    """The input grows, or is cut off, while it is read."""
    whole, grows = ground.new.read_bytes(), ground.dice.random() < 0.5
    after = ground.dice.uniform(0.1, 0.9) * ground.took[name]
    try:
        with started(ground.commands[name]) as process:
            time.sleep(after)
            with ground.new.open("r+b") as file:
                if grows:
                    file.seek(0, os.SEEK_END)
                    file.write(whole[: ground.dice.randrange(1, 5000)])
                else:
                    file.truncate(ground.dice.randrange(len(whole)))
            _, said = process.communicate(timeout=_LONG)
    finally:
        ground.new.write_bytes(whole)
    if process.returncode not in (0, 3) or b"Traceback" in said:
        raise Wrong(f"exit {process.returncode}, {_last(said)}")
    ground.settle()
    return f"{'grew' if grows else 'was cut'} after {after:.2f} s, exit {process.returncode}", True


def piped(ground: Ground, _name: str) -> tuple[str, bool]:
    """A pipe that is closed early, or read slowly."""
    slow = ground.dice.random() < 0.5
    command = [*_PROGRAM, "clean", "-q", "--mark", str(ground.new)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        taken, wanted = 0, ground.dice.randrange(1, 200_000)
        while (block := process.stdout.read(20_000)) and (slow or taken < wanted):
            taken += len(block)
            time.sleep(0.01 if slow else 0)
        process.stdout.close()
        said = process.stderr.read()
        process.wait(_LONG)
    if said or process.returncode not in (0, 141, -signal.SIGPIPE):
        raise Wrong(f"exit {process.returncode}, {_last(said)}")
    return f"{'slow' if slow else 'closed'} after {taken:,} bytes, exit {process.returncode}", False


_JUMPS = """
import random, runpy, sys, time
dice = random.Random(int(sys.argv.pop(1)))
def jumping(real, year):
    return lambda: real() + dice.choice((-year, 0, 0, year))
for name, second in (("time", 1), ("perf_counter", 1), ("time_ns", 10**9), ("perf_counter_ns", 10**9)):
    setattr(time, name, jumping(getattr(time, name), 31_536_000 * second))
runpy.run_module("corpus_tools", run_name="__main__", alter_sys=True)
"""


def jumped(ground: Ground, name: str) -> tuple[str, bool]:
    """The clock jumps a year back and forth while the command runs, and the input is of another time each round."""
    jumps, moved = ground.dice.randrange(1000), ground.dice.choice((-(10**9), 10**9))
    os.utime(ground.new, (time.time() + moved, time.time() + moved))
    done = subprocess.run(
        [sys.executable, "-c", _JUMPS, str(jumps), *ground.commands[name]],
        capture_output=True,
        check=False,
        timeout=_LONG,
    )
    if done.returncode:
        raise Wrong(f"exit {done.returncode}, {_last(done.stderr)}")
    if name.startswith("clean") and ground.outputs() != ground.expected:
        raise Wrong("the outputs are not those of a run with a steady clock")
    return f"jumps {jumps}, input moved by {moved:+,} s, exit 0", True


HARMS: dict[str, Callable[[Ground, str], tuple[str, bool]]] = {
    "killed": killed, "interrupted": interrupted, "starved": starved, "full": full, "vanished": vanished,
    "shifting": shifting, "piped": piped, "jumped": jumped,
}  # fmt: skip


def main() -> int:
    """Do the rounds."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=200)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default=",".join(HARMS), help="harms, joined by commas")
    given = ask.parse_args()
    harms = given.only.split(",")
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="corpus_tools.faults.") as place:
        ground = Ground(Path(place), random.Random(given.seed))
        for number in range(1, given.rounds + 1):
            harm = harms[number % len(harms)]
            name = ground.dice.choice(list(ground.commands))
            try:
                what, may_be_new = HARMS[harm](ground, name)
                ground.look(may_be_new=may_be_new)
                ground.checked(name)
                said = what
            except (Wrong, subprocess.TimeoutExpired) as error:
                counts["wrong"] += 1
                said = f"WRONG: {error}"
            counts[harm] += 1
            ground.settle()
            sys.stdout.write(f"seed {given.seed} round {number:3} {harm:<12} {name:<15} {said}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{dict(counts)}\n")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
