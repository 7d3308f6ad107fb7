"""Validation turns what a schema says into findings, on any frame, and loses no row."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

from corpus_tools.errors import InputError, MissingColumn, UnknownName, UsageError
from corpus_tools.protocol import Log
from corpus_tools.validation import SCHEMAS, describe, json_schema, load_schema, validate

OWN = """
import pandera.pandas as pa

class Report(pa.DataFrameModel):
    text: str
    words: int = pa.Field(ge=1, nullable=False)
    desk: str = pa.Field(isin=["city", "sport"], nullable=True)

    @pa.dataframe_check(name="words", error="It has fewer words than it says.")
    def as_long_as_it_says(cls, frame):
        return frame["text"].str.split().str.len() >= frame["words"]
"""


def findings(frame: pd.DataFrame, schema: str | None = None) -> list[tuple]:
    log = Log()
    result = validate.run(frame, log, schema=schema)
    assert len(result) == len(frame)
    return [(f.row, f.code, f.column, f.evidence) for f in log.findings]


def test_each_fault_is_said_once_with_its_column_and_evidence() -> None:
    frame = pd.DataFrame(
        {
            "text": ["x", 5, None, "", "ok"],
            "url": ["http://a.example", "ftp://x", 7, None, None],
            "language": ["en_US", None, "ms", None, None],
            "author": ["A. Lim", ["A", "B"], ["A", 3], 5, None],
        },
        index=[1, 1, 2, 2, 3],
    )
    assert findings(frame) == [
        (0, "SC003", "language", "en_US"),
        (1, "SC002", "text", "5"),
        (1, "SC003", "url", "ftp://x"),
        (2, "SC002", "author", "['A', 3]"),
        (2, "SC001", "text", None),
        (2, "SC002", "url", "7"),
        (3, "SC002", "author", "5"),
        (3, "SC001", "text", ""),
    ]


def test_times_are_compared_by_day_where_they_have_no_time() -> None:
    def at(*times: str | None) -> list[pd.Timestamp | None]:
        return [pd.Timestamp(time, tz="UTC") if time else None for time in times]

    frame = pd.DataFrame(
        {
            "text": ["x"] * 5,
            "published_at": at("2023-05-14T10:00", "2023-05-14T10:00", "2023-05-15", "2023-05-15T10:00", None),
            "modified_at": at("2023-05-14T09:00", "2023-05-14", None, None, "2023-05-14"),
            "retrieved_at": at(None, None, "2023-05-14T02:00", "2023-05-14T02:00", None),
        }
    )
    assert [(row, column) for row, _, column, _ in findings(frame)] == [(0, "modified_at"), (3, "retrieved_at")]


def test_a_text_where_a_time_belongs_is_a_wrong_type_and_breaks_no_other_check() -> None:
    frame = pd.DataFrame(
        {"text": ["x"], "published_at": ["yesterday"], "modified_at": [datetime(2023, 5, 1, tzinfo=UTC)]}
    )
    assert findings(frame) == [(0, "SC002", "published_at", "yesterday")]


def test_evidence_columns_are_checked_by_the_clean_schema_only() -> None:
    frame = pd.DataFrame(
        {"text": ["x"], "verdict": ["perhaps"], "similarity": [1.5], "flags": ["SC001"], "copies": [0]}
    )
    assert findings(frame[["text", "verdict", "similarity", "copies"]]) == []
    faults = findings(frame, "clean_article")
    assert {(code, column) for _, code, column, _ in faults} == {
        ("SC003", "verdict"), ("SC003", "similarity"), ("SC002", "flags"), ("SC003", "copies"),
    }  # fmt: skip


def test_without_the_column_text_the_error_says_what_to_type() -> None:
    with pytest.raises(MissingColumn, match="--map body=text"):
        validate(pd.DataFrame({"body": ["x"]}))


def test_a_users_model_is_judged_value_by_value(tmp_path: Path) -> None:
    place = tmp_path / "own.py"
    place.write_text(OWN, encoding="utf-8")
    frame = pd.DataFrame(
        {
            "text": ["one two", "one two three", "x", "x"],
            "words": [3, "many", None, 1],
            "desk": ["city", "garden", None, 4],
        },
        dtype=object,
    )
    faults = findings(frame, f"{place}:Report")
    assert [(row, code, column) for row, code, column, _ in faults] == [
        (0, "SC003", "words"),
        (1, "SC003", "desk"),
        (1, "SC002", "words"),
        (2, "SC005", "words"),
        (3, "SC002", "desk"),
    ]
    one_by_one = [fault for row in range(4) for fault in findings(frame.iloc[[row]], f"{place}:Report")]
    assert [fault[1:] for fault in one_by_one] == [fault[1:] for fault in faults]


def test_a_column_that_a_users_model_asks_for_is_missing_on_every_row(tmp_path: Path) -> None:
    place = tmp_path / "own.py"
    place.write_text(OWN, encoding="utf-8")
    faults = findings(pd.DataFrame({"text": ["x", "y"], "desk": ["city", None]}), f"{place}:Report")
    assert [(row, code, column) for row, code, column, _ in faults] == [(0, "SC005", "words"), (1, "SC005", "words")]


def test_a_yaml_schema_is_read_and_needs_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "own.yaml"
    place.write_text(
        "schema_type: dataframe\ncolumns:\n  text:\n    dtype: str\n  words:\n    dtype: int64\n"
        "    greater_than_or_equal_to: 1\n    nullable: true\n    required: false\n",
        encoding="utf-8",
    )
    assert findings(pd.DataFrame({"text": ["x"], "words": [0]}), str(place)) == [(0, "SC003", "words", "0")]
    load_schema.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"corpus-tools\[yaml\]"):
        load_schema(str(place))


def test_a_schema_that_nobody_knows_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'article'"):
        load_schema("artcle")
    with pytest.raises(InputError, match="no file"):
        load_schema(str(tmp_path / "none.py:Model"))
    with pytest.raises(InputError, match="no file"):
        load_schema(str(tmp_path / "none.yaml"))
    place = tmp_path / "own.py"
    place.write_text(OWN, encoding="utf-8")
    with pytest.raises(UnknownName, match="Did you mean 'Report'"):
        load_schema(f"{place}:Reports")


def test_every_schema_describes_its_columns() -> None:
    for name in SCHEMAS:
        rows = describe(load_schema(name))
        assert all(len(row) == 4 for row in rows)
    assert ("text", "text", "no", "It must not be empty.") in describe(load_schema("article"))


RECORD = {
    "id": "0012", "url": "https://example.com/a", "title": "Rain", "text": "Rain is due.", "author": ["A. Lim"],
    "published_at": "2023-05-14T10:00:00Z", "language": "en", "desk": {"floor": 3}, "license": None,
    "syndication_status": "syndicated", "flags": ["PR005"], "similarity": None, "verdict": "keep",
    "syndication_chain": [{"role": "origin", "name": "Bloomberg", "id": "bloomberg", "url": None, "slot": "credit_line",
                           "field": "text", "start": 3, "end": 9, "evidence": "–Bloom", "confidence": 0.9}],
}  # fmt: skip


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_json_schemas_are_well_formed(name: str) -> None:
    shape = json_schema(load_schema(name))
    jsonschema.Draft202012Validator.check_schema(shape)
    assert json.loads(json.dumps(shape)) == shape


@pytest.mark.parametrize("name", ["article", "clean_article"])
def test_a_written_record_passes_the_json_schema(name: str) -> None:
    jsonschema.validate(RECORD, json_schema(load_schema(name)))


@pytest.mark.parametrize(
    "fault", [{"text": None}, {"text": " "}, {"url": "/a"}, {"published_at": 5}, {"verdict": "perhaps"},
              {"flags": ["x"]}, {"similarity": 2}, {"syndication_chain": [{"role": "origin"}]}],
)  # fmt: skip
def test_a_faulty_record_breaks_the_json_schema(fault: dict) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(RECORD | fault, json_schema(load_schema("clean_article")))


def test_a_users_model_becomes_a_json_schema(tmp_path: Path) -> None:
    place = tmp_path / "own.py"
    place.write_text(OWN, encoding="utf-8")
    shape = json_schema(load_schema(f"{place}:Report"))
    assert shape["properties"]["words"] == {"type": "integer", "minimum": 1}
    assert shape["properties"]["desk"] == {"type": ["string", "null"], "enum": ["city", "sport", None]}
    assert shape["required"] == ["text", "words"]


def test_pandera_waits_until_a_schema_is_needed() -> None:
    code = "import sys, corpus_tools.validation; print('pandera' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


STRICT = """
import pandera.pandas as pa

Strict = pa.DataFrameSchema(
    {
        "text": pa.Column(str, [pa.Check.str_matches(r"[A-Z]")], unique=True),
        "share": pa.Column(float, [pa.Check.in_range(0, 1)], required=False, nullable=True),
        "rank": pa.Column(int, [pa.Check.le(9)], required=False),
        "seen": pa.Column("datetime64[us]", required=False, nullable=True),
    },
    strict=True,
)
Broken = pa.DataFrameSchema({"text": pa.Column(str, [pa.Check(lambda column: column.nonsense())])})
"""


@pytest.fixture
def strict(tmp_path: Path) -> str:
    place = tmp_path / "strict.py"
    place.write_text(STRICT, encoding="utf-8")
    return str(place)


def test_a_strict_schema_speaks_of_every_value_it_does_not_know(strict: str) -> None:
    frame = pd.DataFrame(
        {"text": ["A", "A", "b"], "extra": [None, 1, None], "id": ["1", "2", "3"], "flags": [[], [], []]}
    )
    faults = findings(frame, f"{strict}:Strict")
    assert [(row, column) for row, _, column, _ in faults] == [(0, "text"), (1, "extra"), (1, "text"), (2, "text")]


def test_checks_of_pandera_become_json_schema(strict: str) -> None:
    shape = json_schema(load_schema(f"{strict}:Strict"))
    assert shape["additionalProperties"] is False
    assert shape["properties"]["text"] == {"type": "string", "pattern": "^(?:[A-Z])"}
    assert shape["properties"]["share"] == {"type": ["number", "null"], "minimum": 0, "maximum": 1}
    assert shape["properties"]["rank"] == {"type": "integer", "maximum": 9}
    assert shape["properties"]["seen"] == {"type": ["string", "null"], "format": "date-time"}


def test_a_check_that_breaks_is_named(strict: str) -> None:
    with pytest.raises(UsageError, match="broke on the column 'text'"):
        validate(pd.DataFrame({"text": ["x"]}), schema=f"{strict}:Broken")


def test_an_empty_frame_has_no_findings() -> None:
    assert findings(pd.DataFrame({"text": []})) == []
