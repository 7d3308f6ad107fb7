"""The floor: read, parse and write the same records with orjson and pandas, and do nothing to them."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import orjson
import pandas as pd

_AT_ONCE = 2000


def main() -> None:
    """Chunk by chunk, as the chain reads."""
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with corpus.open("rb") as lines, (folder / "kept.jsonl").open("wb") as out:
        while part := [orjson.loads(line) for line in islice(lines, _AT_ONCE)]:
            frame = pd.DataFrame(part)
            out.writelines(orjson.dumps(row) + b"\n" for row in frame.to_dict("records"))


if __name__ == "__main__":
    main()
