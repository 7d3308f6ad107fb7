"""Read what is far too big, too deep, too wide or too well packed, and look that memory and time stay bounded.

    python -m tests.campaigns.giants [--only deep.jsonl]

Each case is a file that is made first; then `clean` reads it, whose processes may take three gigabytes and eight
minutes. Every case says how many records must be kept and set aside, or that the file is refused. Prints a line a case
with the processor seconds and the peak memory; exits 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import zstandard

_MEMORY = 3 << 30
_LONGEST = 480
_OK = b'{"text": "The ferry sails again on Thursday."}\n'
_RUN = f"""
import re, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({_MEMORY}, {_MEMORY}))
from corpus_tools.__main__ import main
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(f"{{used.ru_utime + used.ru_stime:.1f}} s, {{peak}} MB")
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Giant:
    """A file: its parts, and what must become of it: records kept, pieces set aside; None where it is refused."""

    parts: Callable[[int], Iterable[bytes]]
    kept: int | None
    quarantined: int = 0


def _line(size: int) -> Iterable[bytes]:
    yield b'{"text": "'
    for _ in range(size):
        yield b"The rain goes on. " * 58254  # a mebibyte
    yield b'"}\n' + _OK


def _zstd(size: int) -> Iterable[bytes]:
    packer = zstandard.ZstdCompressor().compressobj()
    yield from map(packer.compress, _line(size))
    yield packer.flush()


def _gzip(size: int) -> Iterable[bytes]:
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packer:
        for part in _line(size):
            packer.write(part)
    yield file.getvalue()


def _members(size: int) -> Iterable[bytes]:
    member = gzip.compress(_OK)
    yield from (member * 1000 for _ in range(size))


def _deep(size: int) -> Iterable[bytes]:
    yield b"[" * size + b"]" * size + b"\n"
    yield b'{"text": "x", "a": ' + b'{"a":' * size + b"1" + b"}" * size + b"}\n" + _OK


def _deep_array(size: int) -> Iterable[bytes]:
    yield b'[{"text": "x", "a": ' + b"[" * size + b"]" * size + b"}, " + _OK + b"]"


def _wide(size: int) -> Iterable[bytes]:
    yield ("text" + "".join(f",c{number}" for number in range(size)) + "\nRain." + "," * size + "\n").encode()


def _wide_record(size: int) -> Iterable[bytes]:
    yield json.dumps({f"c{number}": number for number in range(size)}).encode() + b"\n" + _OK


def _lying(size: int) -> Iterable[bytes]:
    sheet = io.BytesIO()
    pd.DataFrame({"text": ["Rain.", "Wind."] * 50}).to_parquet(sheet)
    true = sheet.getvalue()
    assert true.count(b"\x16\xc8\x01") > 1  # 100 rows, as its metadata says it
    yield true.replace(b"\x16\xc8\x01", b"\x16\xfe\xff\xff\xff\x0f"[: 2 + size] + b"\x01")


GIANTS: dict[str, tuple[Giant, int, int]] = {
    "line.jsonl": (Giant(_line, 1, 1), 1024, 1),
    "bomb.jsonl.gz": (Giant(_gzip, 1, 1), 2048, 1),
    "bomb.jsonl.zst": (Giant(_zstd, 1, 1), 4096, 1),
    "members.jsonl.gz": (Giant(_members, None), 10, 1),
    "deep.jsonl": (Giant(_deep, 1, 2), 100_000, 1000),
    "deep.json": (Giant(_deep_array, 1, 1), 100_000, 1000),
    "wide.csv": (Giant(_wide, None), 1_000_000, 20_000),
    "wide.jsonl": (Giant(_wide_record, 1, 1), 1_000_000, 20_000),
    "broad.csv": (Giant(_wide, 1), 16_000, 1000),
    "lying.parquet": (Giant(_lying, None), 4, 4),
}
"""By name: what it is, its size, and its size in a test."""


def made(name: str, folder: Path, size: int) -> Path:
    """The file of a case."""
    path = folder / name
    with path.open("wb") as file:
        for part in GIANTS[name][0].parts(size):
            file.write(part)
    return path


def main() -> int:
    """Try all cases."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", default=",".join(GIANTS), help="cases, joined by commas")
    given = ask.parse_args()
    failed = False
    for name in given.only.split(","):
        giant, size, _ = GIANTS[name]
        with tempfile.TemporaryDirectory(prefix="corpus_tools.giants.") as place:
            source, out = made(name, Path(place), size), Path(place) / "out.jsonl"
            command = [sys.executable, "-c", _RUN, "clean", "-q", str(source), "-o", str(out)]
            try:
                done = subprocess.run(command, capture_output=True, check=False, timeout=_LONGEST)
            except subprocess.TimeoutExpired:
                failed = True
                sys.stdout.write(f"WRONG {name}: no end after {_LONGEST} seconds\n")
                continue
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
            manifest = Path(place) / "out.run.json"
            counts = json.loads(manifest.read_text())["counts"] if manifest.exists() else {}
            if giant.kept is None:
                wrong = done.returncode not in (0, 3) or "Traceback" in done.stderr.decode("utf-8", "replace")
            else:
                came = counts.get("kept", 0) + counts.get("removed", 0), counts.get("quarantined")
                wrong = done.returncode != 0 or came != (giant.kept, giant.quarantined)
            failed |= wrong
            bytes_ = source.stat().st_size
            sys.stdout.write(f"{'WRONG ' if wrong else ''}{name:<17} {bytes_:>13,} bytes, exit {done.returncode}, "
                             f"{done.stdout.decode().strip()}, {counts} {said}\n")  # fmt: skip
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
