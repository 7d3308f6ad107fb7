"""Feed whatever reads or parses with garbage, by the million, and look at what it says.

    python -m tests.campaigns.garbage [--inputs 1000000] [--seed 1] [--guided] [--only jsonl,credits]

Inputs are made from good ones (see `targets.py`): bytes are flipped, pieces are doubled, cut out, swapped between
inputs and mixed with signs that mean something to the format. With `--guided` atheris makes them, led by the branches
of the package that an input reaches; it is installed by hand, `pip install atheris`, and nothing else needs it.

Each target has a process of its own. An input is wrong where anything but one of our own errors comes out of it, where
a row is lost, where it takes longer than ten seconds of the processor, or where the process dies. Wrong inputs are
kept in the folder `--findings`, each kind once. Prints a line a target with the seed; exits 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from corpus_tools.errors import CorpusToolsError

from .targets import SIGNS, TARGETS, Target

_LONGEST = 10
"""Seconds of processor time that one input may take, and a twentieth of those that it may wait."""
_MOST_BYTES = 4096


class Hangs(BaseException):
    """An input took too long. No `except Exception` may swallow it."""


def changed(dice: random.Random, good: list[bytes]) -> bytes:
    """An input like the good ones, and damaged in a few places."""
    data = bytearray(dice.choice(good))
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(data) + 1)
        to = min(len(data), at + dice.randrange(1, 40))
        match dice.randrange(7):
            case 0 if data:
                data[at % len(data)] ^= 1 << dice.randrange(8)
            case 1:
                data[at:at] = dice.choice(SIGNS)
            case 2:
                del data[at:to]
            case 3:
                data[at:at] = data[at:to] * dice.choice((1, 2, 30))
            case 4:
                other = dice.choice(good)
                begins = dice.randrange(len(other) + 1)
                data[at:to] = other[begins : begins + dice.randrange(60)]
            case 5:
                data[at:to] = dice.choice(SIGNS) * dice.randrange(1, 20)
            case _:
                data[at:at] = dice.randbytes(dice.randrange(1, 5))
    return bytes(data[:_MOST_BYTES])


class Trial:
    """Feeds one target, counts what came out, and keeps each kind of wrong input once."""

    def __init__(self, name: str, target: Target, findings: Path) -> None:
        self.name, self.target, self.findings = name, target, findings
        self.counts: Counter[str] = Counter()
        self.kinds: set[str] = set()
        signal.signal(signal.SIGPROF, self._hangs)
        signal.signal(signal.SIGALRM, self._hangs)

    def feed(self, data: bytes) -> None:
        """Try one input."""
        signal.setitimer(signal.ITIMER_PROF, _LONGEST)
        signal.setitimer(signal.ITIMER_REAL, 20 * _LONGEST)
        try:
            self.target.attempt(data)
            self.counts["taken"] += 1
        except CorpusToolsError as error:
            told = str(error).strip()
            self.counts["refused"] += 1
            if error.exit_code == 4 or not told:
                self._keep(error, data)
        except (Exception, Hangs) as error:  # noqa: BLE001  # whatever it is, it is what we look for
            self._keep(error, data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    @staticmethod
    def _hangs(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Hangs

    def _keep(self, error: BaseException, data: bytes) -> None:
        self.counts["wrong"] += 1
        ours = [at for at in traceback.extract_tb(error.__traceback__) if "corpus_tools/" in at.filename] or ["?"]
        kind = f"{type(error).__name__} at {ours[-1]}"
        if kind in self.kinds:
            return
        self.kinds.add(kind)
        self.findings.mkdir(parents=True, exist_ok=True)
        kept = self.findings / f"{self.name}-{hashlib.sha256(data).hexdigest()[:12]}"
        kept.write_bytes(data)
        sys.stdout.write(f"WRONG {self.name}: {kind}: {str(error)[:200]!r}; the input is {kept}\n")
        sys.stdout.flush()


def feed_one(name: str, inputs: int, seed: int, findings: Path, *, guided: bool) -> int:
    """Feed one target, in this process."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="corpus_tools.garbage.", dir=_memory()) as place:
        target = TARGETS[name](Path(place))
        trial = Trial(name, target, findings)
        started = time.process_time()

        def end() -> None:
            seconds = time.process_time() - started
            sys.stdout.write(f"seed {seed} {name:<10} {sum(trial.counts.values()):>9,} inputs {seconds:7.1f} s "
                             f"{dict(sorted(trial.counts.items()))}\n")  # fmt: skip
            sys.stdout.flush()

        if guided:
            _guided(trial, inputs, seed, end)
        dice = random.Random(f"{seed} {name}")
        for _ in range(inputs):
            trial.feed(changed(dice, target.good))
        end()
    return 1 if trial.counts["wrong"] else 0


def _guided(trial: Trial, inputs: int, seed: int, end: Callable[[], None]) -> NoReturn:
    import atheris

    place = Path(tempfile.mkdtemp(prefix="corpus_tools.guided."))
    corpus, words = place / "good", place / "signs"
    corpus.mkdir()
    for number, data in enumerate(trial.target.good):
        (corpus / str(number)).write_bytes(data)
    spelt = ("".join(rf"\x{byte:02x}" for byte in sign) for sign in SIGNS)
    words.write_text("".join(f'"{sign}"\n' for sign in spelt), encoding="ascii")
    left = inputs

    def one(data: bytes) -> None:
        nonlocal left
        trial.feed(data)
        left -= 1
        if left == 0:
            end()
            shutil.rmtree(place)
            shutil.rmtree(trial.target.place)
            os._exit(1 if trial.counts["wrong"] else 0)

    atheris.Setup([sys.argv[0], str(corpus), f"-seed={seed}", f"-dict={words}", f"-max_len={_MOST_BYTES}",
                   "-timeout=60", "-verbosity=1", "-rss_limit_mb=0"], one)  # fmt: skip
    atheris.Fuzz()
    raise AssertionError("atheris ended before all inputs were tried")


def _memory() -> str | None:
    """A folder in memory, where there is one: files that live for a millisecond need no disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def main() -> int:
    """Feed all targets, each in a process of its own."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--inputs", type=int, default=1_000_000, help="in all; what is slow gets fewer of them")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default=",".join(TARGETS), help="targets, joined by commas")
    ask.add_argument("--guided", action="store_true", help="let atheris make the inputs")
    ask.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "corpus_tools.garbage")
    ask.add_argument("--feed", help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.feed:
        return feed_one(given.feed, given.inputs, given.seed, given.findings, guided=given.guided)
    names = given.only.split(",")
    weights = {name: TARGETS[name].share for name in names}
    wrong = 0
    for name in names:
        inputs = max(1, round(given.inputs * weights[name] / sum(weights.values())))
        module = f"tests.campaigns.{'guided' if given.guided else 'garbage'}"
        command = [sys.executable, "-m", module, "--feed", name, "--inputs", str(inputs), "--seed", str(given.seed),
                   "--findings", str(given.findings)]  # fmt: skip
        if given.guided:
            done = subprocess.run([*command, "--guided"], stderr=subprocess.PIPE, text=True, check=False)
            if grew := re.findall(r"\bcov: (\d+)", done.stderr):
                sys.stdout.write(f"{name}: {grew[0]} branches reached by the good inputs, {grew[-1]} in the end\n")
        else:
            done = subprocess.run(command, check=False)
        if done.returncode:
            wrong += 1
            sys.stdout.write(f"WRONG {name}: the process ended with {done.returncode}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
