"""`python -m corpus_tools` and the command `corpus-tools`: one door, one way out."""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from corpus_tools.errors import DONE, INPUT_OUTPUT, PROMISE, CorpusToolsError, OutputError, why
from corpus_tools.shown import shown

SIGNALLED = 128
"""What shells add to the number of the signal that ended a command: 130 after Ctrl-C."""


_STDERR = 2


class Stopped(KeyboardInterrupt):
    """A signal came that asks to end."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        self.number = number
        super().__init__(number)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code (see errors.py) and prints what went wrong on stderr.

    Without arguments it takes those of the process, which then is there for this command alone.
    """
    if arguments is None:
        _collect_seldom()
    _open_closed_streams()
    _lose_what_stderr_refuses()
    try:
        with _ended_by_signals():
            return _run(arguments)
    except CorpusToolsError as error:
        print(shown(" ".join((f"corpus-tools: {error}", *getattr(error, "__notes__", ())))), file=sys.stderr)
        if isinstance(error, OutputError):
            _let_go_of_stdout()
        return error.exit_code
    except KeyboardInterrupt as stop:
        told = getattr(stop, "__notes__", ())
        print("corpus-tools: stopped. No file was left half written.", *told, file=sys.stderr)
        return SIGNALLED + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)
    except BrokenPipeError:
        _let_go_of_stdout()
        return DONE
    except OSError as error:
        if not (what := error.filename or _unnamed()):
            print("corpus-tools: the working folder is gone. Go to another one with cd.", file=sys.stderr)
            return INPUT_OUTPUT
        print(shown(f"corpus-tools: {what} could not be read or written: {why(error)}."), file=sys.stderr)
        _let_go_of_stdout()
        return INPUT_OUTPUT
    except MemoryError:
        print(
            "corpus-tools: there is not enough memory. Nothing was written. Take less at a time, e.g. --chunk-rows 200 "
            "--jobs 1, or let the process have more (`ulimit -v` says how much it may).",
            file=sys.stderr,
        )
        return INPUT_OUTPUT
    except Exception as error:  # noqa: BLE001  # the last door: exit 1 would say that findings were found
        traceback.print_exc()
        print(
            f"corpus-tools: {type(error).__name__}: {error}. Nothing was written. The lines above say where; if it was "
            "not in a step of your own, please report it.",
            file=sys.stderr,
        )
        return PROMISE


def _unnamed() -> str | None:
    """What an error is about that names no file: standard output, or None for the working folder."""
    try:
        Path.cwd()
    except OSError:
        return None
    return "standard output"


_COLLECT_EVERY = 100_000
"""New objects between two looks for garbage (arbitrary); Python's 700 look a hundred times while modules load."""


def _collect_seldom() -> None:
    """Spare a process of ours what Python's collector costs: it walks over all modules and tables, and they stay.

    It was a tenth of a short run, most of that at the end, where the system takes back all memory at once anyway.
    """
    gc.set_threshold(_COLLECT_EVERY)
    atexit.register(gc.freeze)


def _run(arguments: list[str] | None) -> int:
    import click

    from corpus_tools.cli import ClosedPipe
    from corpus_tools.cli import corpus_tools as command

    try:
        code = int(command.main(arguments, prog_name="corpus-tools", standalone_mode=False) or DONE)
        sys.stdout.flush()
    except click.exceptions.Abort as abort:  # click's word for Ctrl-C
        raise abort.__cause__ or Stopped() from None
    except ClosedPipe as closed:
        raise BrokenPipeError from closed
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let `kill` and a closed terminal end a run the way Ctrl-C does, so that unfinished files are taken back."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise Stopped(number)

    numbers = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None]
    mine = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]  # nohup ignores one: so be it
    try:
        for number in mine:
            signal.signal(number, stop)
        yield
    finally:
        for number in mine:
            signal.signal(number, signal.SIG_DFL)


def _open_closed_streams() -> None:
    """Give a closed stdin, stdout or stderr (`<&-`) back its number, so that no other file gets it.

    To read from it or to write to it is an error then, as it should be; what goes to stderr is lost.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_WRONLY if name != "stdout" else os.O_RDONLY)  # the lowest free number
            setattr(sys, name, os.fdopen(opened, "r" if name == "stdin" else "w", encoding="utf-8"))
            assert opened == number


class _Lossy(io.FileIO):
    """A file to which nothing is written where nothing can be."""

    def write(self, data: Any) -> int:  # anything with bytes in it
        try:
            return super().write(data) or 0
        except OSError:
            return len(data)


def _lose_what_stderr_refuses() -> None:
    """Let a run go on, and its exit code be right, where the log of its messages is full or its reader has gone."""
    is_ours = sys.stderr is sys.__stderr__
    if is_ours and not sys.stderr.isatty() and sys.stderr.fileno() == _STDERR:
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(_Lossy(_STDERR, "w", closefd=False)),
            sys.stderr.encoding,
            "backslashreplace",
            line_buffering=True,
        )


def _let_go_of_stdout() -> None:
    # The reader had enough, or the disk is full. Python would complain once more when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
