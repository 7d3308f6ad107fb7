"""A finished run as a page to look at: its files are surveyed, its figures drawn."""

from __future__ import annotations

from pathlib import Path

from corpus_tools.io.outputs import Outputs
from corpus_tools.progress import Progress, silent
from corpus_tools.report.page.page import check_templates, page
from corpus_tools.survey.figures import figures_of
from corpus_tools.survey.visit import find_run


def draw_report(
    run: str | Path, output: str | Path, *, audit: str | Path | None = None, progress: Progress = silent
) -> None:
    """Write the report of a run to `output`, one HTML file that needs nothing else, whole or not at all.

    `run` is the records that the run wrote, its `out.run.json`, or the folder of its audit; `audit` is that folder
    where it does not stand beside the records. Memory is bounded whatever the number of records, and the same run
    gives the same page. `progress` hears how far it is.

    Raises InputError where files of the run are missing or were changed, UsageError where Jinja is not installed
    (`pip install 'corpus-tools[report]'`) or `output` is a file of the run.
    """
    check_templates()
    found = find_run(Path(run), Path(audit) if audit else None)
    reads = [str(found.records), *(str(path) for path in found.names.values())]
    with Outputs(reads=reads) as outputs:
        target = outputs.open(output)
        target.write(page(figures_of(found, progress)).encode("utf-8"))
        outputs.commit(last=output)
