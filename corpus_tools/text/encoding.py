r"""Damaged characters: repaired where the repair is certain, and every repair written down so that it can be replayed.

The repairs are ftfy's (Robyn Speer, https://ftfy.readthedocs.io), told to leave alone what is not damage: curly
quotes, line breaks, ligatures, full-width characters. Markup that scraping left is cut where it can be nothing else.

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
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ftfy
import numpy as np
from ftfy import TextFixerConfig
from ftfy.badness import BADNESS_RE
from ftfy.fixes import fix_latin_ligatures

from corpus_tools.text.columns import Texts, matching
from corpus_tools.text.composed import LONG, composed, is_composed
from corpus_tools.text.manifests import MANIFEST
from corpus_tools.text.markup import MAY_HOLD, cut_markup, may_hold_markup
from corpus_tools.text.suspects import not_composed, pattern, suspects

Repair = dict[str, Any]
"""`parts`: which parts of the text, None for all of it; `steps`: what is done to each, as [operation, argument]: what
ftfy.apply_plan knows, ["normalize", "NFC"], ["collapse", "&amp;"], and ["cut", "markup"]."""

_CAREFUL = TextFixerConfig(
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
)
# A part is a line with its end, or what a manifest leaves of one: ftfy judges each on its own, so that one line in
# another encoding does not hide the damage of the rest.
_SEAMS = re.compile(f"({MANIFEST.pattern})|(?<=\n)")
# What ftfy changes without asking whether the text looks damaged: entities, controls, lone surrogates, stray marks.
# Written as one class and what follows it: Python's `re` runs through the rest of a text four times as fast.
_ALWAYS = re.compile(
    "[&\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u206a-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff](?:(?<!&)|#?[0-9A-Za-z]{1,24};)"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+(?:[\x00-\x7f]{1,12}[^\x00-\x7f]+)*")
_REACH = 6  # ftfy's longest sign of damage has six characters, at least one of them not ASCII
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
# Nothing that ftfy looks for reaches farther than a dozen characters into printable ASCII, and none of its repairs
# makes or takes a line end: one stands for the inside of each long run while ftfy reads the rest.
_PLAIN = re.compile("(?<=[ -~]{16})([ -~]{16,})(?=[ -~]{16})")
_LOST = re.compile("\ufffd+")
_CUT = ["cut", "markup"]
# ftfy takes one layer a round, each round reading the whole part. Two have been seen on pages; eight are arbitrary.
_NESTED = re.compile("&(?:(?:amp|AMP|#0*38|#[xX]0*26);){8,}")


def repair_all(texts: Sequence[str] | Texts) -> dict[int, tuple[str, list[Repair]]]:
    """`repair` of each text that is worth a look, by number; in the others no damage and no markup can be.

    >>> repair_all(["clean", "schÃ¶n"])[1][0]
    'schön'
    """
    held = texts if isinstance(texts, Texts) else Texts(texts)
    # One pattern for all that is looked for: three would read the column three times, at the same pace each.
    rows = np.flatnonzero(matching(held, f"{pattern()}|{not_composed()}|{MAY_HOLD}")).tolist()
    looked = Texts([held[row] for row in rows])
    suspect = suspects(looked) | may_hold_markup(looked)
    return {row: repair(held[row]) for row, is_one in zip(rows, suspect.tolist(), strict=True) if is_one}


def repair(text: str) -> tuple[str, list[Repair]]:
    """The text without what is certainly damage, and the repairs in the order they were made.

    Clean text comes back as it is, with an empty list; so does text whose damage no repair is certain for.
    """
    repairs: list[Repair] = []
    while True:
        plain = cut_markup(text)
        if plain != text:
            text, repairs = plain, [*repairs, {"parts": None, "steps": [_CUT]}]
        fixed, made = repair_characters(text)
        if not made:
            return text, repairs
        text, repairs = fixed, repairs + made


def replay(repairs: Iterable[Mapping[str, Any]], text: str) -> str:
    """What `repair` made of the old text, from its list of repairs alone."""
    for made in repairs:
        if made["parts"] is None:
            text = cut_markup(text)
            continue
        pieces = _pieces(text)
        for part in made["parts"]:
            for operation, argument in made["steps"]:
                pieces[2 * part] = _apply(pieces[2 * part], operation, argument)
        text = "".join(piece for piece in pieces if isinstance(piece, str))
    return text


def _apply(piece: Any, operation: str, argument: str) -> Any:  # str or bytes, as ftfy's plans go
    if operation == "normalize":
        return composed(piece)  # the only form in `_CAREFUL`
    if operation == "collapse":
        return _NESTED.sub(argument, piece)
    return ftfy.apply_plan(piece, [(operation, argument)])


def cuts_markup(repairs: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the repairs cut markup."""
    return any(made.get("parts", []) is None for made in repairs)


def repairs_characters(repairs: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the repairs mended characters."""
    return any(made.get("parts") is not None for made in repairs)


def may_be_damaged(text: str) -> bool:
    """The look of `suspects` at one line; it overlooks nothing that `repair_characters` would change.

    ftfy's pattern reads 5 MB/s. Every sign it knows holds a character beyond ASCII and is short, so in text that
    is mostly ASCII it is enough to look around those characters.
    """
    return _ALWAYS.search(text) is not None or not (text.isascii() or is_composed(text)) or _has_signs(text)


def _has_signs(text: str) -> bool:
    if text.isascii():
        return False
    # "a\n" stands before each window: a sign may ask for a letter, a space or the start of a line there.
    windows = [text[max(0, m.start() - _REACH) : m.end() + _REACH] for m in _NOT_ASCII.finditer(text)]
    return BADNESS_RE.search("a\n" + "a\n".join(windows)) is not None


def damage(text: str) -> tuple[int, int] | None:
    """Where the text still looks damaged: the first unlikely neighbours, as a span; None where nothing does."""
    text = text.replace("\ufffd", " ")  # `lost` speaks of those
    found = BADNESS_RE.search(text) if _has_signs(text) else None
    return _word_around(text, *found.span()) if found else None


def lost(text: str) -> tuple[int, int] | None:
    """Where U+FFFD stands for characters that were lost: the first word that has one, as a span."""
    found = _LOST.search(text) if "\ufffd" in text else None
    return _word_around(text, *found.span()) if found else None


def _pieces(text: str) -> list[str]:
    """Parts at even places, manifests (or nothing) at odd ones."""
    if "\ufeff" not in text:  # no manifest, and splitting at a letter is faster
        *lines, last = text.split("\n")
        pieces = [""] * (2 * len(lines) + 1)
        pieces[::2] = [*(f"{line}\n" for line in lines), last]
        return pieces
    return [piece or "" for piece in _SEAMS.split(text)]


def repair_characters(text: str) -> tuple[str, list[Repair]]:
    """One run of ftfy over the parts of a text that need it; no markup is cut."""
    pieces = _pieces(text)
    parts = pieces[::2]
    # As ftfy does it: from the first "<" on, entities are a page's source, not damage.
    source = next((part for part, piece in enumerate(parts) if "<" in piece), len(parts))
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    breaking: list[Repair] = []
    for part, piece in enumerate(parts):
        if not may_be_damaged(piece):
            continue
        config = _CAREFUL._replace(unescape_html=False) if part >= source else _CAREFUL
        fixed, steps = _repair_part(piece, config)
        if fixed == piece:
            continue
        pieces[2 * part] = fixed
        if fixed.count("\n") != piece.count("\n"):  # "&#10;": the parts behind it will be counted anew
            breaking.insert(0, {"parts": [part], "steps": [list(step) for step in steps]})
        else:
            groups.setdefault(tuple(steps), []).append(part)
    made = [{"parts": parts, "steps": [list(step) for step in steps]} for steps, parts in groups.items()]
    return "".join(pieces), made + breaking


def _repair_part(piece: str, config: TextFixerConfig) -> tuple[str, list[tuple[str, str]]]:
    if "&" in piece or "\x1b" in piece:  # entities and terminal codes may be long, and read plain characters
        return _tidied(*_as_ftfy_does_it(piece, config, apart=len(piece) >= LONG))
    runs = _PLAIN.split(piece)  # what is read at even places, what is plain between
    fixed, steps = _tidied(*_as_ftfy_does_it("\n".join(runs[::2]), config, apart=len(piece) >= LONG))
    runs[::2] = fixed.split("\n", len(runs) // 2)
    return "".join(runs), steps


def _tidied(fixed: str, steps: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
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


def _as_ftfy_does_it(piece: str, config: TextFixerConfig, *, apart: bool) -> tuple[str, list[tuple[str, str]]]:
    """What ftfy makes of a part and its steps; `apart`, in time that grows with the part, not with its square."""
    steps: list[tuple[str, str]] = []
    if config.unescape_html and _NESTED.search(piece):
        piece, steps = _NESTED.sub("&amp;", piece), [("collapse", "&amp;")]
    while True:
        fixed, explanation = ftfy.fix_and_explain(piece, config._replace(normalization=None) if apart else config)
        steps += [(step.action, step.parameter) for step in explanation or []]
        piece = composed(fixed) if apart else fixed
        if piece == fixed:
            return piece, steps
        steps.append(("normalize", "NFC"))


def _word_around(text: str, start: int, end: int, reach: int = 20) -> tuple[int, int]:
    """The span, widened to whole words as far as `reach` (arbitrary) characters go."""
    before = re.search(r"\S*$", text[max(0, start - reach) : start])
    after = re.match(r"\S*", text[end : end + reach])
    return start - len(before[0] if before else ""), end + len(after[0] if after else "")
