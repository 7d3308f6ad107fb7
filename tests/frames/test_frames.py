"""The door for pandas users."""

import pandas as pd
import pytest

import corpus_tools as ct
from corpus_tools import cells


def test_clean_accounts_for_every_row_and_keeps_the_index(news: pd.DataFrame) -> None:
    labelled = news.set_axis([f"r{n}" for n in range(len(news))], axis=0)
    cleaned = ct.clean(labelled)
    assert sorted([*cleaned.frame.index, *cleaned.removed.index]) == sorted(labelled.index)
    assert set(cells.strings(cleaned.removed, "duplicate_of")) <= set(cells.strings(cleaned.frame, "id"))
    assert "source_file" not in cleaned.frame.columns


def test_clean_leaves_the_callers_frame_alone(news: pd.DataFrame) -> None:
    before = news.copy(deep=True)
    ct.clean(news)
    pd.testing.assert_frame_equal(news, before)


def test_mark_keeps_every_row_in_the_frame(news: pd.DataFrame) -> None:
    cleaned = ct.clean(news, mark=True)
    assert len(cleaned.frame) == len(news)
    assert len(cleaned.removed) == 0
    assert "drop" in set(cleaned.frame["verdict"])


def test_changes_and_findings_point_at_rows_of_the_frame(news: pd.DataFrame) -> None:
    cleaned = ct.clean(news)
    damaged = news.index[news["text"].str.contains("â€", regex=False)]
    repaired = cleaned.changes.query("step == 'fix_encoding' and column == 'text'")
    assert set(damaged) <= set(repaired["row"])
    for finding in cleaned.findings.query("column == 'language'").itertuples():
        assert finding.evidence == news.loc[finding.row, "language"]


def test_the_three_copies_of_a_chain_are_one_cluster_and_the_agencys_own_is_kept(news: pd.DataFrame) -> None:
    marked = ct.clean(news, mark=True).frame.set_index("id")
    assert set(marked.loc[["bb-tin-1", "tmr-99120", "arah-5571"], "cluster_id"]) == {"bb-tin-1"}
    assert marked.loc["arah-5571", "duplicate_reason"] == "R1 origin's own page"
    assert [(hop["role"], hop["name"]) for hop in marked.loc["arah-5571", "syndication_chain"]] == [
        ("origin", "Bloomberg"),
        ("publisher", "The Malaysian Reserve"),
        ("republisher", "Arah.my"),
    ]


def test_daily_templates_stay_apart(news: pd.DataFrame) -> None:
    marked = ct.clean(news, mark=True).frame.set_index("id")
    assert marked.loc[["grain-1", "grain-2"], "cluster_id"].isna().all()


def test_names_of_other_tools_and_own_ones_are_mapped() -> None:
    df = pd.DataFrame({"headline": ["Ferry back"], "prose": ["The ferry sails again."]}, index=["a"])
    cleaned = ct.clean(df, column_map={"prose": "text"}, steps=["normalize_whitespace"])
    assert cleaned.frame.loc["a", ["title", "text"]].to_list() == ["Ferry back", "The ferry sails again."]


def test_steps_work_in_a_pipe_of_frames(news: pd.DataFrame) -> None:
    piped = news.pipe(ct.fix_encoding).pipe(ct.detect_language).pipe(ct.mark_duplicates).pipe(ct.decide)
    assert {"detected_language", "cluster_id", "verdict"} <= set(piped.columns)


def test_validate_raises_with_the_findings_and_check_returns_them() -> None:
    df = pd.DataFrame({"text": ["ok", ""], "url": ["https://example.com/a", "/b"]})
    with pytest.raises(ct.ValidationFailed) as failed:
        ct.validate(df)
    assert failed.value.findings["code"].to_list() == ["SC001", "SC003"]
    assert ct.check(df, steps=["validate"])["row"].to_list() == [1, 1]
    good = df.iloc[:1]
    assert ct.validate(good) is good


def test_an_empty_frame_is_cleaned_to_an_empty_frame() -> None:
    cleaned = ct.clean(pd.DataFrame({"text": pd.Series([], dtype="str")}))
    assert len(cleaned.frame) == len(cleaned.removed) == len(cleaned.changes) == len(cleaned.findings) == 0


def test_a_frame_without_text_is_refused_with_advice() -> None:
    with pytest.raises(ct.errors.MissingColumn, match="--map"):
        ct.clean(pd.DataFrame({"words": ["x"]}))


def test_files_can_be_read_whole_and_in_chunks_and_written(tmp_path, raw) -> None:
    with pytest.warns(UserWarning, match="3 rows could not be read"):
        whole = ct.read(raw)
    with pytest.warns(UserWarning, match="3 rows could not be read"):
        parts = list(ct.read_chunks(raw, chunk_rows=7))
    assert sum(map(len, parts)) == len(whole)
    for name in ("a.parquet", "a.csv", "a.jsonl.gz"):
        ct.write(whole, tmp_path / name)
        again = ct.read(tmp_path / name)
        assert again["id"].to_list() == whole["id"].to_list()
        assert str(again["published_at"].dtype) == "datetime64[us, UTC]"


def test_every_public_name_is_there() -> None:
    assert ct.__all__ == sorted(ct._PLACES)
    for name in ct.__all__:
        assert getattr(ct, name) is not None
    assert set(ct.__all__) <= set(dir(ct))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ct.nothing


def test_integers_of_unknown_columns_stay_integers(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a", "big": 9007199254740993}\n{"text": "b"}\n')
    frame = ct.read(tmp_path / "a.jsonl")
    assert str(frame["big"].dtype) == "Int64"
    assert frame.loc[0, "big"] == 9007199254740993


def test_own_columns_keep_their_dtypes_and_figures_are_numbers(news: pd.DataFrame) -> None:
    n = len(news)
    own = {"share": [0.5] * n, "rank": pd.array([1] * n, "Int64"), "desk": pd.Categorical(["a"] * n)}
    frame = ct.clean(news.assign(**own), mark=True).frame
    for name, values in own.items():
        assert frame[name].dtype == pd.Series(values).dtype
    assert frame["similarity"].max() == 1.0
    assert str(frame["similarity"].dtype) == "float64"
    assert str(frame["copies"].dtype) == "Int64"


def test_options_for_a_step_that_nobody_knows_are_refused(news: pd.DataFrame) -> None:
    with pytest.raises(ct.errors.UnknownName, match="Did you mean 'detect_language'"):
        ct.clean(news, step_options={"detect_langage": {"min_chars": 3}})
