"""A user's rule file: a row that can't be right is named, with its key, before anything reads it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from corpus_tools.errors import UsageError
from corpus_tools.rules.load import own_table, table
from corpus_tools.rules.shapes import NEEDED, SHAPES, check_rows
from corpus_tools.steps.trace_syndication import trace_syndication

WRONG = {
    '[[agncy]]\nid = "a"': "Unknown table in .*own.toml 'agncy'. Did you mean 'agency'",
    '[agency]\nid = "a"': r"rows of 'agency' are written under \[\[agency\]\]",
    "agency = 5": r"rows of 'agency' are written under \[\[agency\]\]",
    '[[license]]\nspdx = "MIT"': "Unknown table",
    '[[outlet]]\nid = "a"\nname = "A"\ncolour = "red"': "Unknown key of the outlet row 'a' in .* 'colour'",
    '[[outlet]]\nid = "a"': "the outlet row 'a' has no name; it needs: id, name",
    '[[outlet]]\nid = "a"\nname = ""': "the outlet row 'a' has an empty name",
    '[[agency]]\nid = "a"\nname = 5': "has name = 5; it must be a text",
    '[[agency]]\nid = "a"\nname = "A"\naliases = "AA"': "has aliases = 'AA'; it must be a list of texts",
    '[[agency]]\nid = "a"\nname = "A"\naliases = [""]': "it must be a list of texts",
    '[[footer]]\nid = "a"\nkind = "feed"': "the footer row 'a' has no template",
    '[[footer]]\nid = "a"\ntemplate = "a {site}"\nkind = "feed"\nexample = ""\nknown = 1': "it must be true or false",
    '[[furniture]]\ntext = "a"': "the furniture row 'a' has no class",
    '[[furniture]]\ntext = "a"\nclass = "ad"\nrisk = "high"': "has risk = 'high'; it must be low or medium",
    '[[generic]]\nword = ["x"]': "Unknown key of the generic row 'without a name'",
    '[[policy]]\nflags = ["PR001"]': "has no verdict",
    '[[policy]]\nverdict = "drop"\nflags = "PR001"': "has flags = 'PR001'; it must be a list of texts",
    '[[threshold]]\nname = "worth_url"\nvalue = true': "it must be a number",
}


@pytest.mark.parametrize("rows", WRONG)
def test_a_row_that_can_not_be_right_is_named(tmp_path: Path, rows: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(rows, encoding="utf-8")
    with pytest.raises(UsageError, match=WRONG[rows]):
        own_table(str(own))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('[[co_credit]]\ntemplate = "made from {agncy}"\nexample = "x"', "'agncy'. Did you mean 'agency'"),
        ('[[co_credit]]\ntemplate = "made from {agency} with {party}"\nexample = "x"', "one thing by two gaps"),
        ('[[signature]]\ntemplate = "made by them"\nexample = "x"\nparty = "nobody"', "names the party 'nobody'"),
    ],
)
def test_a_template_names_gaps_and_parties_that_there_are(tmp_path: Path, rows: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(rows, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        trace_syndication(pd.DataFrame({"text": ["x"]}), rules=str(own))


def test_our_own_rows_have_these_shapes() -> None:
    for name in ("agencies", "outlets", "credits", "feed_footers", "furniture", "policy"):
        check_rows(table(name), name)


def test_every_table_says_what_its_rows_need() -> None:
    assert set(NEEDED) == set(SHAPES)
    assert all(key in SHAPES[name] for name, keys in NEEDED.items() for key in keys)
