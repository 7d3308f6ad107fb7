"""frictionless: a table schema over JSON lines."""

from __future__ import annotations

import sys
from pathlib import Path

from frictionless import Resource, Schema, formats, system, validate

_FIELDS = [
    {"name": "id", "type": "string"},
    {"name": "url", "type": "string", "constraints": {"pattern": "https?://.*"}},
    {"name": "title", "type": "string", "constraints": {"minLength": 1}},
    {"name": "text", "type": "string", "constraints": {"required": True, "minLength": 1}},
    {"name": "source", "type": "string"},
    {"name": "language", "type": "string", "constraints": {"pattern": "[a-z]{2,3}(-.*)?"}},
]


def main() -> None:
    """Validate every row; fields beyond the schema are left as they are."""
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    control = formats.JsonControl(keyed=True)
    with system.use_context(trusted=True):
        resource = Resource(path=str(corpus), format="jsonl", control=control)
        resource.infer()
        known = {field["name"]: field for field in _FIELDS}
        resource.schema = Schema.from_descriptor(
            {"fields": [known.get(name, {"name": name, "type": "any"}) for name in resource.header]}
        )
        report = validate(resource)
    (folder / "report.json").write_text(report.to_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
