"""The only door to the schemas: what a schema says of a frame becomes findings, and no row is ever lost to it.

Pandera takes a second to import, so it waits inside the functions.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import pandas as pd

from corpus_tools import cells, contract
from corpus_tools.errors import InputError, UnknownName, UsageError
from corpus_tools.flags import FLAGS
from corpus_tools.own import module_from
from corpus_tools.protocol import Log, step
from corpus_tools.text.columns import encodable

Schema = Any
"""A pandera DataFrameSchema; its type would cost the import."""

SCHEMAS: dict[str, str] = {
    "article": "a record as collected",
    "clean_article": "a record as clean writes it, with all evidence",
    "finding": "the table of findings",
    "change": "the table of changes, the ledger",
}

_PANDERA_SAYS = {
    "field_uniqueness": "Another record has the same value, and the schema wants it unique.",
    "column_in_schema": "The schema does not know this column, and allows no others.",
}


@step(reads=["text"], flags=["SC001", "SC002", "SC003", "SC005"], name="validate")
def validate(frame: pd.DataFrame, log: Log, *, schema: str | None = None) -> pd.DataFrame:
    """Every value that breaks the schema is flagged with the sentence of its check; nothing is changed or removed.

    `schema` is a name or a place as `load_schema` takes it, by default `article`.

    >>> validate(pd.DataFrame({"text": ["Rain is due.", " "], "url": ["/a", None]}))["flags"].tolist()
    [['SC003'], ['SC001']]
    """
    if not len(frame):
        return frame
    said: set[tuple[int, str | None, str]] = set()
    for row, column, code, says in sorted(_failures(frame, load_schema(schema or "article")), key=_by_place):
        if (row, column, says) not in said:
            said.add((row, column, says))
            log.flag(row, code, column=column, evidence=_shown(frame, row, column), says=says)
    return frame


@functools.cache
def load_schema(name: str) -> Schema:
    """One of our schemas by name, a user's model by its place (`path/to/file.py:Model`), or a Pandera YAML file.

    Raises UnknownName, InputError where the file is not there, or UsageError where it holds no schema.
    """
    if name.replace("-", "_") in SCHEMAS:
        from corpus_tools import schemas

        return getattr(schemas, schemas.MODELS[name.replace("-", "_")]).to_schema()
    path, _, model = name.rpartition(":")
    if path.endswith(".py"):
        return _from_python(Path(path), model)
    if name.endswith((".yaml", ".yml")):
        return _from_yaml(Path(name))
    raise UnknownName("schema", name, [*SCHEMAS, "path/to/file.py:Model", "path/to/schema.yaml"])


def describe(schema: Schema) -> list[tuple[str, str, str, str]]:
    """A row a column: its name, what it holds, whether it may be null, and the sentences of its checks.

    >>> describe(load_schema("article"))[1]
    ('url', 'text', 'yes', 'It must be an absolute address that starts with http:// or https://.')
    """
    rows = []
    for name, column in schema.columns.items():
        holds = (column.metadata or {}).get("kind") or str(column.dtype or "any")
        sentences = [_sentence(check) for check in column.checks if not _is_of_type(check)]
        sentences += [_sentence(check) for check in schema.checks if _place_of(check, schema) == name]
        rows.append((str(name), holds, "yes" if column.nullable else "no", " ".join(sentences)))
    return rows


def json_schema(schema: Schema) -> dict[str, Any]:
    """JSON Schema (2020-12) of one record as it is written in JSONL: times as text, lists as arrays.

    >>> json_schema(load_schema("article"))["properties"]["published_at"]
    {'type': ['string', 'null'], 'format': 'date-time'}
    """
    properties = {str(name): _json_column(column) for name, column in schema.columns.items()}
    # In a record, null and absent say the same, so only what may not be null is required.
    required = [str(name) for name, column in schema.columns.items() if column.required and not column.nullable]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": schema.title or schema.name,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": not schema.strict,
    }


Failure = tuple[int, str | None, str, str]
"""Row, column, code, sentence."""


def _failures(frame: pd.DataFrame, schema: Schema) -> list[Failure]:
    from pandera.errors import SchemaErrors

    prepared, failures = _prepared(frame, schema)
    of_frame: list[Failure] = []
    try:
        schema.validate(prepared, lazy=True)
    except SchemaErrors as error:
        types = {check.error for column in schema.columns.values() for check in column.checks if _is_of_type(check)}
        places = {check.error or str(check.name): _place_of(check, schema) for check in schema.checks}
        for case in error.failure_cases.to_dict("records"):
            if (
                case["schema_context"] == "DataFrameSchema"
                and str(case["check"]) in places
                and case["index"] is not None
            ):
                of_frame.append((int(case["index"]), places[str(case["check"])], "SC003", _says(str(case["check"]))))
            else:
                failures += _of_case(case, prepared, types)
    wrong = {(row, column) for row, column, code, _ in failures if code == "SC002"}
    failures = [failure for failure in failures if failure[2] != "SC005" or failure[:2] not in wrong]
    # Where a value is missing or was left out for its type, what it has to do with other values can't be judged.
    broken = {row for row, _, code, _ in failures if code in ("SC002", "SC005")}
    return failures + [failure for failure in of_frame if failure[0] not in broken]


def _is_of_type(check: Any) -> bool:  # a pandera Check
    return str(check.name).startswith("holds_")


def _place_of(check: Any, schema: Schema) -> str | None:  # a pandera Check
    """The column that a check of the frame points to: the longest name of a column that its own name holds."""
    named = [str(column) for column in schema.columns if str(column) in str(check.name)]
    return max(named, key=len, default=None)


def _prepared(frame: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, list[Failure]]:
    """The frame as the schema wants it, and what could not be made so: a value of a wrong type breaks no other check.

    Every step is made value by value, for a chunk's dtype depends on where the chunk was cut.
    """
    failures: list[Failure] = []
    ours = {*contract.OUT_NAMES, "id"} - set(schema.columns)
    prepared = frame.drop(columns=[name for name in frame.columns if name in ours])
    for name, column in schema.columns.items():
        if getattr(column, "regex", False) or (name not in frame.columns and not column.required):
            continue
        if column.dtype is None and name in frame.columns and isinstance(frame[name].dtype, pd.DatetimeTZDtype):
            continue
        values = cells.objects(frame, name)
        if name in frame.columns and frame[name].dtype == object:  # pandera can't print half of a surrogate pair
            values = [encodable(value) if isinstance(value, str) else value for value in values]
        if column.dtype is None:
            prepared[name] = cells.object_series(values)
            continue
        for row, value in enumerate(values):
            if value is not None and not _has_type(value, column.dtype):
                failures.append((row, name, "SC002", f"It must be of the type {column.dtype}."))
                values[row] = None
        prepared[name] = _typed(values, column.dtype)
    return prepared, failures


def _has_type(value: object, dtype: Any) -> bool:  # a pandera dtype
    if "str" in str(dtype) and not isinstance(value, str):
        return False  # pandera would write 5 as "5" and be content
    try:
        dtype.coerce_value(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _typed(values: list[Any], dtype: Any) -> pd.Series[Any]:  # a pandera dtype
    series = cells.object_series(values)
    numbers = all(value is None or isinstance(value, (int, float)) for value in values)
    if None in values and "int" in str(dtype).lower() and numbers:
        return series.astype("float64")  # integers with a gap: right in value, and comparable
    try:
        typed: pd.Series[Any] = dtype.coerce(series)
    except (TypeError, ValueError, OverflowError):
        return series
    return series if typed.isna().sum() != series.isna().sum() else typed


def _of_case(case: dict[str, Any], frame: pd.DataFrame, types: set[str | None]) -> list[Failure]:
    check, column, row = str(case["check"]), case["column"], case["index"]
    if check.startswith("dtype(") or check == "column_in_dataframe":
        return []  # both were settled value by value
    if check == "column_in_schema":
        column = case["failure_case"]
        held = enumerate(cells.objects(frame, column))
        return [(row, column, "SC003", _PANDERA_SAYS[check]) for row, value in held if value is not None]
    if row is None or row != row:
        raise UsageError(f"The schema's check {check!r} broke on the column {column!r}: {case['failure_case']}.")
    value = case["failure_case"]
    if column == "text" and (check == "not_nullable" or (isinstance(value, str) and not value.strip())):
        return [(int(row), column, "SC001", FLAGS["SC001"].says)]
    if check == "not_nullable":
        return [(int(row), column, "SC005", f"The schema asks for `{column}`, and the record has none.")]
    return [(int(row), column, "SC002" if check in types else "SC003", _says(check))]


def _says(check: str) -> str:
    return _PANDERA_SAYS.get(check) or (check if check.endswith(".") else f"It breaks the check {check}.")


def _sentence(check: Any) -> str:  # a pandera Check
    return _says(str(check.error or check.name))


def _by_place(failure: Failure) -> tuple[int, str, str, str]:
    row, column, code, says = failure
    return row, column or "", code, says


def _shown(frame: pd.DataFrame, row: int, column: str | None) -> str | None:
    if column is None or column not in frame.columns:
        return None
    value = cells.objects(frame.iloc[row : row + 1], column)[0]
    return None if value is None else value if isinstance(value, str) else str(value)


def _from_python(path: Path, name: str) -> Schema:
    import pandera.pandas as pa

    module = module_from(path, "a schema")
    found = getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, pa.DataFrameModel):
        return found.to_schema()
    if isinstance(found, pa.DataFrameSchema):
        return found
    models = [
        key for key, value in vars(module).items()
        if isinstance(value, pa.DataFrameSchema)
        or (isinstance(value, type) and issubclass(value, pa.DataFrameModel) and value.__module__ == module.__name__)
    ]  # fmt: skip
    raise UnknownName(f"schema in {path}", name, models or ["none; it must be a pandera DataFrameModel"])


def _from_yaml(path: Path) -> Schema:
    if not path.is_file():
        raise InputError(f"There is no file {path} to take a schema from.")
    if importlib.util.find_spec("yaml") is None:
        raise UsageError(f"Reading {path} needs PyYAML: pip install 'corpus-tools[yaml]'.")
    import yaml
    from pandera.errors import SchemaDefinitionError
    from pandera.io.pandas_io import from_yaml

    try:
        found = from_yaml(path)  # type: ignore[no-untyped-call]  # pandera left it without types
    except (
        yaml.YAMLError, SchemaDefinitionError, AttributeError, IndexError, KeyError, TypeError, ValueError
    ) as error:  # fmt: skip  # pandera trusts the file, and stumbles over whatever is not where it should be
        what = " ".join(str(error).split())
        raise UsageError(f"{path} holds no Pandera schema ({what}); pandera.io.to_yaml writes one.") from error
    if not hasattr(found, "columns"):
        raise UsageError(f"{path} holds no Pandera schema; pandera.io.to_yaml writes one.")
    return found


_JSON_TYPES = (
    ("int", {"type": "integer"}),
    ("float", {"type": "number"}),
    ("bool", {"type": "boolean"}),
    ("datetime", {"type": "string", "format": "date-time"}),
    ("str", {"type": "string"}),
)


def _json_column(column: Any) -> dict[str, Any]:  # a pandera Column
    known = (column.metadata or {}).get("json")
    if known is None:
        dtype = str(column.dtype or "").lower()
        known = dict(next((shape for name, shape in _JSON_TYPES if name in dtype), {}))
        for check in column.checks:
            known |= _json_check(check)
    shape = dict(known)
    if column.nullable and "type" in shape:
        types = [shape["type"]] if isinstance(shape["type"], str) else list(shape["type"])
        shape["type"] = [*types, "null"]
        if "enum" in shape and None not in shape["enum"]:
            shape["enum"] = [*shape["enum"], None]
    return shape


def _json_check(check: Any) -> dict[str, Any]:  # a pandera Check
    values = check.statistics or {}
    match check.name:
        case "isin":
            return {"enum": list(values["allowed_values"])}
        case "greater_than_or_equal_to":
            return {"minimum": values["min_value"]}
        case "less_than_or_equal_to":
            return {"maximum": values["max_value"]}
        case "in_range":
            return {"minimum": values["min_value"], "maximum": values["max_value"]}
        case "str_matches":
            return {"pattern": f"^(?:{values['pattern']})"}
    return {}
