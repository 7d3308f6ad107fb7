"""The models say what is valid, in step with the contract, and show their sentences."""

import subprocess
import sys

import pandas as pd
import pandera.pandas as pa
import pytest
from corpus_tools.schemas import Article, Change, CleanArticle, Finding
from corpus_tools.schemas.checks import is_address, is_integer, is_language_tag, is_license, is_not_after
from corpus_tools.schemas.finding import SEVERITIES as FINDING_SEVERITIES

from corpus_tools import contract
from corpus_tools.flags import SEVERITIES


@pytest.mark.parametrize(("model", "columns"), [(Article, contract.IN), (CleanArticle, (*contract.IN, *contract.OUT))])
def test_models_and_contract_name_the_same_columns_in_the_same_order_and_kind(model, columns) -> None:
    schema = model.to_schema()
    assert list(schema.columns) == [column.name for column in columns]
    assert [schema.columns[c.name].metadata["kind"] for c in columns] == [c.kind for c in columns]


def test_only_text_is_required_of_an_article() -> None:
    required = [name for name, column in Article.to_schema().columns.items() if column.required]
    assert required == ["text"]
    Article.validate(pd.DataFrame({"text": ["Rain is due."], "anything": [{}]}))


def test_severities_are_those_of_the_flags() -> None:
    assert FINDING_SEVERITIES == SEVERITIES


def test_every_column_but_any_checks_its_type_and_every_check_is_a_sentence() -> None:
    for model in (Article, CleanArticle, Finding, Change):
        schema = model.to_schema()
        for column in schema.columns.values():
            assert column.metadata["kind"] == "any" or any(check.name.startswith("holds_") for check in column.checks)
        for check in [*schema.checks, *(check for column in schema.columns.values() for check in column.checks)]:
            assert check.error[0].isupper()
            assert check.error.endswith(".")


def test_a_broken_value_shows_the_readers_sentence() -> None:
    with pytest.raises(pa.errors.SchemaErrors) as broken:
        Article.validate(pd.DataFrame({"text": ["x"], "url": ["/a"]}), lazy=True)
    assert broken.value.failure_cases["check"].tolist() == [
        "It must be an absolute address that starts with http:// or https://."
    ]


def test_pandera_is_not_imported_before_a_model_is_asked_for() -> None:
    code = "import sys, corpus_tools.schemas; print('pandera' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("tag", ["en", "ms", "zh-Hans", "sr-Latn-RS", "es-419", "de-CH-1996", "x-own", "en-US-x-news"])
def test_well_formed_language_tags_pass(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize("tag", ["", "en_US", "english, malay", "e", "en-", "-en", "en-US-"])
def test_other_words_are_no_language_tags(tag: str) -> None:
    assert not is_language_tag(tag)


def test_addresses_and_licences_have_a_form() -> None:
    assert is_address("https://www.example.com/a?b=c#d")
    assert is_address("http://example.com:8080")
    assert not is_address("www.example.com")
    assert not is_address("https://localhost/a")
    assert not is_address("https://example.com/a b")
    assert is_license("CC-BY-4.0")
    assert is_license("MIT OR Apache-2.0")
    assert is_license("LicenseRef-Own")
    assert not is_license("All rights reserved")


def test_times_far_from_ours_are_compared_too() -> None:
    old, new = pd.Timestamp("1650-01-01", tz="UTC"), pd.Timestamp("9999-12-31", tz="UTC")
    fine = pd.Timestamp(1_700_000_000_000_000_001, tz="UTC")  # in nanoseconds, which reach from 1677 to 2262
    frame = pd.DataFrame({"earlier": [fine, new], "later": [old, fine]}, dtype=object)
    assert is_not_after(frame, "earlier", "later", pd.Timedelta(0)).tolist() == [False, False]


def test_a_number_of_hundreds_of_digits_is_a_whole_number() -> None:
    assert is_integer(int("1" * 400))
    assert not is_integer(float("inf"))
