r"""Damaged characters: repaired where the repair is certain, and every repair written down so that it can be replayed.

The repairs are ftfy's (Robyn Speer, https://ftfy.readthedocs.io), told to leave alone what is not damage: curly
quotes, line breaks, ligatures, full-width characters, decomposed accents.

>>> text, repairs = repair("The cafÃ© is open.\nSo is the bar.")
>>> text
'The café is open.\nSo is the bar.'
>>> repairs
[{'parts': [0], 'steps': [['encode', 'latin-1'], ['decode', 'utf-8']]}]
>>> replay(repairs, "The cafÃ© is open.\nSo is the bar.") == text
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import ftfy
from ftfy import TextFixerConfig
from ftfy.badness import BADNESS_RE
from ftfy.fixes import fix_latin_ligatures

from corpus_tools.text.manifests import MANIFEST

Repair = dict[str, Any]
"""`parts`: which parts of the text; `steps`: what ftfy.apply_plan does to each, as [operation, argument]."""

_CAREFUL = TextFixerConfig(
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    normalization=None,
)
_MARKUP = re.compile(r"<[A-Za-z!/]")

# A part is a line, or what a manifest leaves of one: ftfy judges each on its own, so that one line in
# another encoding does not hide the damage of the rest.
_SEAMS = re.compile(f"(\n|{MANIFEST.pattern})")

# What ftfy changes without asking whether the text looks damaged: entities, controls, lone surrogates, stray marks.
_ALWAYS = re.compile(
    "&#?[0-9A-Za-z]{1,24};|[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u206a-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+(?:[\x00-\x7f]{1,12}[^\x00-\x7f]+)*")
_REACH = 6  # ftfy's longest sign of damage has six characters, at least one of them not ASCII
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_LOST = re.compile("\ufffd+")


def repair(text: str) -> tuple[str, list[Repair]]:
    """The text without what is certainly damage, and the repairs in the order they were made.

    Clean text comes back as it is, with an empty list; so does text whose damage no repair is certain for.
    """
    repairs: list[Repair] = []
    while may_be_damaged(text):
        fixed, made = _repair_once(text)
        if not made:
            break
        text, repairs = fixed, repairs + made
    return text, repairs


def replay(repairs: Iterable[Mapping[str, Any]], text: str) -> str:
    """What `repair` made of the old text, from its list of repairs alone."""
    for made in repairs:
        pieces = _SEAMS.split(text)
        for part in made["parts"]:
            plan = [(operation, argument) for operation, argument in made["steps"]]
            pieces[2 * part] = ftfy.apply_plan(pieces[2 * part], plan)
        text = "".join(pieces)
    return text


def may_be_damaged(text: str) -> bool:
    """A cheap look that never overlooks anything `repair` would change; most clean text ends here.

    ftfy's pattern reads 5 MB/s. Every sign it knows holds a character beyond ASCII and is short, so in text that
    is mostly ASCII it is enough to look around those characters.
    """
    return _ALWAYS.search(text) is not None or _has_signs(text)


def damage(text: str) -> tuple[int, int] | None:
    """Where the text still looks damaged: the first unlikely neighbours, as a span; None where nothing does."""
    text = text.replace("\ufffd", " ")  # `lost` speaks of those
    found = BADNESS_RE.search(text) if _has_signs(text) else None
    return _word_around(text, *found.span()) if found else None


def lost(text: str) -> tuple[int, int] | None:
    """Where U+FFFD stands for characters that were lost: the first word that has one, as a span."""
    found = _LOST.search(text) if "\ufffd" in text else None
    return _word_around(text, *found.span()) if found else None


def _has_signs(text: str) -> bool:
    if text.isascii():
        return False
    # "a\n" stands before each window: a sign may ask for a letter, a space or the start of a line there.
    windows = [text[max(0, m.start() - _REACH) : m.end() + _REACH] for m in _NOT_ASCII.finditer(text)]
    return BADNESS_RE.search("a\n" + "a\n".join(windows)) is not None


def _repair_once(text: str) -> tuple[str, list[Repair]]:
    # Entities in a page's source are markup, not damage: "&lt;b&gt;" beside a real "<b>" means something else.
    config = _CAREFUL._replace(unescape_html=False) if _MARKUP.search(text) else _CAREFUL
    pieces = _SEAMS.split(text)
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    breaking: list[Repair] = []
    for part in range((len(pieces) + 1) // 2):
        piece = pieces[2 * part]
        if not may_be_damaged(piece):
            continue
        fixed, steps = _repair_part(piece, config)
        if fixed == piece:
            continue
        pieces[2 * part] = fixed
        if "\n" in fixed:  # "&#10;": the parts behind it will be counted anew
            breaking.insert(0, {"parts": [part], "steps": [list(step) for step in steps]})
        else:
            groups.setdefault(tuple(steps), []).append(part)
    made = [{"parts": parts, "steps": [list(step) for step in steps]} for steps, parts in groups.items()]
    return "".join(pieces), made + breaking


def _repair_part(piece: str, config: TextFixerConfig) -> tuple[str, list[tuple[str, str]]]:
    fixed, explanation = ftfy.fix_and_explain(piece, config)
    steps = [(step.action, step.parameter) for step in explanation or []]
    if not any(operation in ("decode", "transcode") or "utf8" in argument for operation, argument in steps):
        return fixed, steps
    # These letters came out of the repair, so they are ours to tidy. Full width stays where the script uses it:
    # folding turned "，" into "," in 70 of 77 Chinese sentences.
    tidy = [("fix_latin_ligatures", fix_latin_ligatures)]
    if not _CJK.search(fixed):
        tidy.append(("fix_character_width", ftfy.fixes.fix_character_width))
    for name, fix in tidy:
        tidied = fix(fixed)
        if tidied != fixed:
            fixed, steps = tidied, [*steps, ("apply", name)]
    return fixed, steps


def _word_around(text: str, start: int, end: int, reach: int = 20) -> tuple[int, int]:
    """The span, widened to whole words as far as `reach` (arbitrary) characters go."""
    before = re.search(r"\S*$", text[max(0, start - reach) : start])
    after = re.match(r"\S*", text[end : end + reach])
    return start - len(before[0] if before else ""), end + len(after[0] if after else "")
