"""pandera's own command: the rules for an article in a YAML schema, over a JSON file, for it reads no JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_COLUMN = {"dtype": "str", "nullable": True, "required": False, "coerce": False, "unique": False, "regex": False}
_COLUMNS = {
    "id": {},
    "text": {"nullable": False, "required": True, "checks": {"str_length": {"min_value": 1, "max_value": None}}},
    "url": {"checks": {"str_matches": "https?://"}},
    "title": {"checks": {"str_length": {"min_value": 1, "max_value": None}}},
    "source": {},
    "language": {"checks": {"str_matches": "[a-z]{2,3}(-|$)"}},
}


def main() -> None:
    """Join the lines into one JSON array, write the schema, run the command."""
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    records, schema = folder / "records.json", folder / "schema.json"
    records.write_text(f"[{','.join(corpus.read_text(encoding='utf-8').splitlines())}]", encoding="utf-8")
    columns = {name: {**_COLUMN, "checks": None, **given} for name, given in _COLUMNS.items()}
    schema.write_text(json.dumps({"schema_type": "dataframe", "version": "0", "columns": columns, "checks": None,
                                  "index": None, "dtype": None, "coerce": False, "strict": False, "name": None,
                                  "ordered": False, "unique": None}))  # fmt: skip
    command = Path(sys.executable).with_name("pandera")
    done = subprocess.run([command, "validate", "--schema", schema, "--data", records], check=False)
    sys.exit(done.returncode if done.returncode > 1 else 0)  # 1: it has findings


if __name__ == "__main__":
    main()
