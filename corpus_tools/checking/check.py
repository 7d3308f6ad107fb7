"""One check: gather findings, find their places, set aside what is waived or known, and hand over a report.

Findings wait on disk between the passes, so a corpus with a million of them needs no more memory than one with ten.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import corpus_tools
from corpus_tools.chain import CHAIN, load_chain
from corpus_tools.checking.census import Census
from corpus_tools.checking.comparison import compared
from corpus_tools.checking.gather import gather
from corpus_tools.checking.old_state import old_state
from corpus_tools.checking.places import AS_CHECKED, of_file, placed, source_of
from corpus_tools.checking.remembered import index_of
from corpus_tools.checking.settings import DUPLICATES, Settings
from corpus_tools.checking.sieve import Sieve
from corpus_tools.flags import FLAGS, Flag
from corpus_tools.index.lasting import Index
from corpus_tools.io.outputs import is_beside_records
from corpus_tools.io.read import Reader
from corpus_tools.io.sources import find_sources
from corpus_tools.io.spool import Spool
from corpus_tools.io.trees import held_stdin, leads_out
from corpus_tools.pipeline import Chain, run_chain
from corpus_tools.progress import Progress, silent
from corpus_tools.report.reported import Changes, Report, Source
from corpus_tools.rules.judgement import judged_flags


@contextlib.contextmanager
def checked(paths: Sequence[str], settings: Settings, progress: Progress = silent) -> Iterator[Report]:
    """The report of a check, for the length of the block.

    Raises what reading, git and the steps raise, and UsageError where options exclude each other or the baseline is to
    be written over an input.
    """
    settings.check_together(paths)
    with contextlib.ExitStack() as stack:
        held = stack.enter_context(held_stdin(paths))
        found, reported = stack.enter_context(Spool()), stack.enter_context(Spool())
        flags = flags_of(_chain(settings), settings)
        sieve = stack.enter_context(contextlib.closing(Sieve(settings, reported)))
        wanted, links, notes = _to_read(paths, settings, held)
        sources: list[Source] = []
        for path in links:
            sources.append(source_of(path, "link"))
            sieve.take(of_file(flags["CK002"], len(sources) - 1, sources), sources[-1])
        for waiver in settings.waivers:
            if waiver.has_expired(settings.today):
                sources.append(source_of(waiver.file, "toml"))
                says = f"The waiver of {waiver.code} in {waiver.path} has expired on {waiver.expires}."
                sieve.take(of_file(flags["CK001"], len(sources) - 1, sources, waiver.line, says), sources[-1])
        corpus: Counter[str] = Counter()
        changes = None
        if wanted:
            if settings.since is None:
                reader, chain = Reader(wanted, held=held, **settings.reading), _chain(settings, settings.index)
            else:
                reader, chain, changes = stack.enter_context(_only_new(paths, wanted, settings, notes, progress))
            chunks = run_chain(reader, chain, progress=progress, share_read=lambda: reader.share)
            for one in gather(chunks, list(flags.values()), corpus):
                found.append(one)
            if changes is not None:
                notes.insert(0, _told(changes, corpus))
            for finding in placed(found, reader.inputs, sources, flags, settings.reading, held):
                sieve.take(finding, sources[finding.source])
        limits = sieve.close_books(corpus, sources, wanted)
        yield Report(
            reported,
            sources,
            sieve.tally,
            flags,
            settings.fail_on,
            limits,
            changes,
            [*notes, *sieve.notes],
            corpus_tools.__version__,
        )


@contextlib.contextmanager
def _only_new(
    paths: Sequence[str], wanted: Sequence[str], settings: Settings, notes: list[str], progress: Progress
) -> Iterator[tuple[Reader, Chain, Changes]]:
    """A reader of what is new since a revision, the chain that judges it against what was there, and the figures."""
    assert settings.since is not None
    old = old_state(settings.since, paths, wanted, settings.reading.get("format"))
    census = Census(Reader(wanted, **settings.reading), progress)
    found, old = compared(census, old, settings.reading, progress)
    notes += [f"{why} What is in it now counts as new." for why in old.broken.values()]
    reader = Reader(wanted, select=found.select, taken=found.taken, **settings.reading)
    if not any(step.name == DUPLICATES for step, _ in _chain(settings)):
        yield reader, _chain(settings), found.changes
        return
    with index_of(old, found.view, settings, partial(_chain, settings), notes, progress) as index:
        yield reader, _chain(settings, index), found.changes


def _told(changes: Changes, corpus: Counter[str]) -> str:
    moved = f", {changes.moved:,} moved to another file" if changes.moved else ""
    copies = corpus["copies of other records"]
    return (
        f"Since {changes.since}: {changes.added:,} added, {changes.changed:,} changed, {changes.removed:,} "
        f"removed{moved}; {changes.before:,} → {changes.after:,} records."
        + (f" Copies among the new: {copies:,}." if copies else "")
    )


def _chain(settings: Settings, index: Index | Path | None = None) -> Chain:
    """The chain of a check, with the index that new records are compared with."""
    steps = [name for name in CHAIN if name != "decide"] if settings.steps is None else settings.steps
    return load_chain(steps, settings.step_options, {**settings.common, "index": index})


def flags_of(chain: Chain, settings: Settings) -> dict[str, Flag]:
    """The flags by code, as the user judges them and as a check words them, those of private steps among them."""
    flags = dict(judged_flags(settings.common.get("rules")))
    for code, (says, advice) in AS_CHECKED.items():
        flags[code] = replace(flags[code], says=says, advice=advice)
    return flags | {flag.code: flag for step, _ in chain for flag in step.flags if flag.code not in FLAGS}


def _to_read(paths: Sequence[str], settings: Settings, held: Collection[str]) -> tuple[list[str], list[str], list[str]]:
    """The files to read, the links that lead out of the tree, and what to say of files that were left out."""
    wanted, links, notes = [], [], []
    for path in find_sources(paths, settings.reading.get("format"), held):
        if is_beside_records(path):
            notes.append(f"{path} belongs to a run of clean and holds no records; it was left out.")
        elif path not in held and not settings.follow_links and leads_out(path):
            links.append(path)
        else:
            wanted.append(path)
    return wanted, links, notes
