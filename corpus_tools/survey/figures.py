"""All figures of one run: a pass over its findings, a pass over its quarantine, a walk over its records."""

from __future__ import annotations

from typing import Any

from corpus_tools.decision import policy_of_run
from corpus_tools.progress import Progress, silent
from corpus_tools.restore import Outputs
from corpus_tools.survey.chains import Chains
from corpus_tools.survey.copies import Copies
from corpus_tools.survey.cuts import Cuts
from corpus_tools.survey.dates import Dates
from corpus_tools.survey.encoding import Encoding
from corpus_tools.survey.flow import Flow
from corpus_tools.survey.languages import Languages
from corpus_tools.survey.samples import sampled
from corpus_tools.survey.visit import sidecar_rows, walk

_STEP = 1_000


def figures_of(outputs: Outputs, progress: Progress = silent) -> dict[str, Any]:
    """What a run did, in figures and samples, as plain values: `manifest`, `walked` and one entry for each subject.

    A subject whose step did not run is None. Memory is bounded whatever the size of the corpus, and the same files
    give the same figures.
    """
    manifest = outputs.manifest
    progress("read findings", 0)
    samples = sampled(outputs)
    flow = Flow(policy_of_run(manifest))
    for row in sidecar_rows(outputs, "quarantine"):
        flow.take_broken(row)
    ran = {step["name"] for step in manifest.get("steps", ())}
    subjects = {
        "encoding": Encoding() if "fix_encoding" in ran else None,
        "languages": Languages() if "detect_language" in ran else None,
        "chains": Chains() if "trace_syndication" in ran else None,
        "copies": Copies(samples) if "mark_duplicates" in ran else None,
        "dates": Dates(),
        "cuts": Cuts() if "strip_furniture" in ran else None,
    }
    takers = [flow.take, *(subject.take for subject in subjects.values() if subject)]
    walked, there = 0, sum(manifest["counts"][kind] for kind in ("kept", "removed"))
    progress("read records", 0, 0.0)
    for visit in walk(outputs):
        for take in takers:
            take(visit)
        walked += 1
        if walked % _STEP == 0:
            progress("read records", _STEP, walked / max(there, 1))
    return {
        "manifest": manifest,
        "records": str(outputs.records),
        "walked": walked,
        "flow": flow.told(),
        "flags": samples.flags,
        **{name: subject.told() if subject else None for name, subject in subjects.items()},
    }
