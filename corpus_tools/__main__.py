"""`python -m corpus_tools` and the command `corpus-tools`: one door, one way out."""

from __future__ import annotations

import os
import sys
import traceback

from corpus_tools.errors import DONE, INPUT_OUTPUT, PROMISE, CorpusToolsError

INTERRUPTED = 130
"""What shells expect after Ctrl-C."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code (see errors.py) and prints what went wrong on stderr."""
    import click

    from corpus_tools.cli import ClosedPipe
    from corpus_tools.cli import corpus_tools as command

    try:
        return int(command.main(arguments, prog_name="corpus-tools", standalone_mode=False) or DONE)
    except click.exceptions.Abort:
        print("corpus-tools: stopped. Nothing was written; what stood there before is untouched.", file=sys.stderr)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CorpusToolsError as error:
        print(f"corpus-tools: {error}", file=sys.stderr)
        return error.exit_code
    except ClosedPipe:
        # The reader had enough, which is no failure. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        print(f"corpus-tools: {error.strerror or error}: {error.filename or 'input or output'}.", file=sys.stderr)
        return INPUT_OUTPUT
    except Exception as error:  # noqa: BLE001  # the last door: exit 1 would say that findings were found
        traceback.print_exc()
        print(
            f"corpus-tools: {type(error).__name__}: {error}. Nothing was written. The lines above say where; if it was "
            "not in a step of your own, please report it.",
            file=sys.stderr,
        )
        return PROMISE


if __name__ == "__main__":
    sys.exit(main())
